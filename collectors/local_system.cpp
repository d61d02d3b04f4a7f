// Memory, load, processors and the system's own description.
// Rule: proc(5); names and filters are Kurado's `base` collectors.
#include <array>
#include <map>

#include "collectors/fields.hpp"
#include "collectors/local_parts.hpp"

namespace kurabe::collectors {
namespace {

constexpr double kKibibyte = 1024;

// Name -> bytes of the lines "Name:   123 kB".
std::map<std::string_view, double> parse_meminfo(std::string_view text) {
    std::map<std::string_view, double> bytes;
    for (const std::string_view line : split_lines(text)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto fields = split_fields(line.substr(colon + 1));
        const auto count = fields.empty() ? std::nullopt : parse_count(fields[0]);
        if (!count) continue;
        const double unit = fields.size() > 1 && fields[1] == "kB" ? kKibibyte : 1;
        bytes.emplace(line.substr(0, colon), static_cast<double>(*count) * unit);
    }
    return bytes;
}

}  // namespace

Result<void> collect_memory(const LocalCollection& local) {
    const auto text = local.files.read("/proc/meminfo");
    if (!text) return std::unexpected(text.error());
    const auto bytes = parse_meminfo(*text);
    if (!bytes.contains("MemTotal") || !bytes.contains("MemFree")) {
        return malformed("/proc/meminfo", "no size of MemTotal or MemFree");
    }
    // What a kernel does not have (a container without swap) counts as 0.
    const auto size = [&bytes](std::string_view name) {
        const auto found = bytes.find(name);
        return found == bytes.end() ? 0 : found->second;
    };
    const double total = size("MemTotal");
    const double free = size("MemFree");
    const double buffers = size("Buffers");
    const double cached = size("Cached");
    local.report.gauge("memory-total", total);
    local.report.gauge("memory-free", free);
    local.report.gauge("memory-buffers", buffers);
    local.report.gauge("memory-cached", cached);
    local.report.gauge("memory-used", total - free - buffers - cached);
    local.report.gauge("memory-swap-total", size("SwapTotal"));
    local.report.gauge("memory-swap-used", size("SwapTotal") - size("SwapFree"));
    return {};
}

Result<void> collect_loadavg(const LocalCollection& local) {
    constexpr std::array kNames = {"loadavg-1", "loadavg-5", "loadavg-15"};
    const auto text = local.files.read("/proc/loadavg");
    if (!text) return std::unexpected(text.error());
    const auto fields = split_fields(*text);
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const auto load = i < fields.size() ? parse_decimal(fields[i]) : std::nullopt;
        if (!load) return malformed("/proc/loadavg", "does not begin with three numbers");
        local.report.gauge(kNames[i], *load);
    }
    return {};
}

Result<void> collect_uptime(const LocalCollection& local) {
    const auto text = local.files.read("/proc/uptime");
    if (!text) return std::unexpected(text.error());
    // Only whole seconds: Kurado cuts the fraction, and its pages show minutes.
    const std::string_view whole = std::string_view(*text).substr(0, text->find('.'));
    if (!parse_count(whole)) return malformed("/proc/uptime", "does not begin with seconds");
    local.report.meta("uptime", whole);
    return {};
}

Result<void> collect_version(const LocalCollection& local) {
    constexpr std::size_t kVersionBytesMax = 1024;
    const auto text = local.files.read("/proc/version");
    if (!text) return std::unexpected(text.error());
    const auto lines = split_lines(*text);
    if (lines.empty()) return malformed("/proc/version", "is empty");
    local.report.meta("version", lines[0].substr(0, kVersionBytesMax));
    return {};
}

Result<void> collect_processors(const LocalCollection& local) {
    const auto text = local.files.read("/proc/cpuinfo");
    if (!text) return std::unexpected(text.error());
    int count = 0;
    for (const std::string_view line : split_lines(*text)) {
        // "processor" alone before the colon: ARM's "Processor" names the model.
        const auto fields = split_fields(line.substr(0, line.find(':')));
        if (fields.size() == 1 && fields[0] == "processor" && line.contains(':')) ++count;
    }
    if (count == 0) return malformed("/proc/cpuinfo", "no line \"processor\"");
    local.report.gauge("processors", count);
    return {};
}

Result<void> collect_cpu(const LocalCollection& local) {
    // Fields of the line "cpu", in the kernel's order; kernels before 2.6.33 lack the last ones.
    constexpr std::array kNames = {"cpu-user",   "cpu-nice",      "cpu-system",  "cpu-idle",
                                   "cpu-iowait", "cpu-irq",       "cpu-softirq", "cpu-steal",
                                   "cpu-guest",  "cpu-guest-nice"};
    const auto text = local.files.read("/proc/stat");
    if (!text) return std::unexpected(text.error());
    for (const std::string_view line : split_lines(*text)) {
        const auto fields = split_fields(line);
        if (fields.empty() || fields[0] != "cpu") continue;
        std::array<std::uint64_t, kNames.size()> jiffies{};
        for (std::size_t i = 0; i < kNames.size() && i + 1 < fields.size(); ++i) {
            const auto count = parse_count(fields[i + 1]);
            if (!count) return malformed("/proc/stat", "the line \"cpu\" holds no numbers");
            jiffies[i] = *count;
        }
        for (std::size_t i = 0; i < kNames.size(); ++i) local.report.derive(kNames[i], jiffies[i]);
        return {};
    }
    return malformed("/proc/stat", "no line \"cpu\"");
}

}  // namespace kurabe::collectors
