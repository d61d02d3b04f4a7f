// Memory, load, uptime, version, processors and CPU time.
#include <array>
#include <charconv>
#include <map>

#include "collectors/local_parts.hpp"

namespace kurabe::collectors {

namespace {

std::unexpected<Error> malformed(std::string_view file) {
    return fail(ErrorCode::kInvalid, std::string(file) + " is not of the kernel's form");
}

// "MemTotal:  8000000 kB" -> {"MemTotal", bytes}; lines of another form are passed over.
std::map<std::string_view, double> parse_meminfo(std::string_view text) {
    constexpr double kBytesPerKib = 1024;
    std::map<std::string_view, double> bytes;
    for (const std::string_view line : lines_of(text)) {
        const auto fields = fields_of(line);
        if (fields.size() < 2 || !fields[0].ends_with(':')) {
            continue;
        }
        if (const auto kib = count_of(fields[1])) {
            bytes[fields[0].substr(0, fields[0].size() - 1)] =
                static_cast<double>(*kib) * kBytesPerKib;
        }
    }
    return bytes;
}

Result<double> number_of(std::string_view text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end) {
        return fail(ErrorCode::kInvalid, "'" + std::string(text.substr(0, 40)) + "' is no number");
    }
    return number;
}

}  // namespace

Result<void> collect_memory(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/meminfo");
    if (!text) {
        return std::unexpected(text.error());
    }
    const auto bytes = parse_meminfo(*text);
    for (const char* name : {"MemTotal", "MemFree", "Buffers", "Cached", "SwapTotal", "SwapFree"}) {
        if (!bytes.contains(name)) {
            return fail(ErrorCode::kInvalid, std::string("proc/meminfo has no ") + name);
        }
    }
    const double total = bytes.at("MemTotal");
    const double free = bytes.at("MemFree");
    const double buffers = bytes.at("Buffers");
    const double cached = bytes.at("Cached");
    const double swap_total = bytes.at("SwapTotal");
    report.gauge("memory-total", total);
    report.gauge("memory-free", free);
    report.gauge("memory-buffers", buffers);
    report.gauge("memory-cached", cached);
    report.gauge("memory-used", total - free - buffers - cached);
    report.gauge("memory-swap-total", swap_total);
    report.gauge("memory-swap-used", swap_total - bytes.at("SwapFree"));
    return {};
}

Result<void> collect_load_average(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/loadavg");
    if (!text) {
        return std::unexpected(text.error());
    }
    constexpr std::array kNames = {"loadavg-1", "loadavg-5", "loadavg-15"};
    const auto fields = fields_of(*text);
    if (fields.size() < kNames.size()) {
        return malformed("proc/loadavg");
    }
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const auto load = number_of(fields[i]);
        if (!load) {
            return malformed("proc/loadavg");
        }
        report.gauge(kNames[i], *load);
    }
    return {};
}

Result<void> collect_uptime(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/uptime");
    if (!text) {
        return std::unexpected(text.error());
    }
    const std::string_view seconds = std::string_view(*text).substr(0, text->find_first_of(". \n"));
    if (!count_of(seconds)) {
        return malformed("proc/uptime");
    }
    report.meta("uptime", std::string(seconds));
    return {};
}

Result<void> collect_version(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/version");
    if (!text) {
        return std::unexpected(text.error());
    }
    report.meta("version", text->substr(0, text->find('\n')));
    return {};
}

Result<void> collect_processors(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/cpuinfo");
    if (!text) {
        return std::unexpected(text.error());
    }
    int processors = 0;
    for (const std::string_view line : lines_of(*text)) {
        const auto fields = fields_of(line);
        processors += fields.size() >= 2 && fields[0] == "processor" && fields[1] == ":";
    }
    if (processors == 0) {
        return malformed("proc/cpuinfo");
    }
    report.gauge("processors", processors);
    return {};
}

Result<void> collect_cpu(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/stat");
    if (!text) {
        return std::unexpected(text.error());
    }
    constexpr std::array kNames = {"cpu-user",   "cpu-nice",      "cpu-system",  "cpu-idle",
                                   "cpu-iowait", "cpu-irq",       "cpu-softirq", "cpu-steal",
                                   "cpu-guest",  "cpu-guest-nice"};
    for (const std::string_view line : lines_of(*text)) {
        const auto fields = fields_of(line);
        if (fields[0] != "cpu") {
            continue;
        }
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            // Older kernels have fewer columns.
            const auto jiffies =
                i + 1 < fields.size() ? count_of(fields[i + 1]) : Result<std::uint64_t>{0};
            if (!jiffies) {
                return malformed("proc/stat");
            }
            report.derive(kNames[i], *jiffies);
        }
        return {};
    }
    return malformed("proc/stat");
}

}  // namespace kurabe::collectors
