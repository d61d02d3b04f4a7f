// Each part looks for the metrics that it needs and leaves out what is not there.
#include "collectors/prometheus/node_exporter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "collectors/device_name.hpp"
#include "collectors/local_parts.hpp"
#include "collectors/prometheus/exposition.hpp"
#include "collectors/report_builder.hpp"

namespace kurabe::collectors::prometheus {
namespace {

constexpr double kJiffiesPerSecond = 100;
constexpr double kSectorBytes = 512;
constexpr double kBlockBytes = 1024;

// A family's samples by the value of one of their labels; the first of each counts.
using ByLabel = std::map<std::string_view, double>;

using Family = std::span<const ScrapedSample* const>;

class Scrape {
  public:
    explicit Scrape(const Exposition& exposition) {
        for (const ScrapedSample& sample : exposition.samples) {
            if (sample.name.starts_with("node_")) families_[sample.name].push_back(&sample);
        }
    }

    [[nodiscard]] Family family(std::string_view name) const {
        const auto found = families_.find(name);
        return found == families_.end() ? Family() : Family(found->second);
    }

    [[nodiscard]] std::optional<double> value(std::string_view name) const {
        const Family samples = family(name);
        if (samples.empty() || !std::isfinite(samples.front()->value)) return std::nullopt;
        return samples.front()->value;
    }

    [[nodiscard]] ByLabel by(std::string_view label, std::string_view name) const {
        ByLabel values;
        for (const ScrapedSample* sample : family(name)) {
            const std::string_view key = sample->label(label);
            if (!key.empty() && std::isfinite(sample->value)) values.emplace(key, sample->value);
        }
        return values;
    }

  private:
    std::map<std::string_view, std::vector<const ScrapedSample*>> families_;
};

void derive(ReportBuilder& report, std::string name, double count) {
    if (count >= 0 && count < kCounterMax) {
        report.derive(std::move(name), static_cast<std::int64_t>(std::llround(count)));
    }
}

void report_memory(const Scrape& scrape, ReportBuilder& report) {
    const auto total = scrape.value("node_memory_MemTotal_bytes");
    const auto free = scrape.value("node_memory_MemFree_bytes");
    if (!total || !free) return;
    const auto size = [&](std::string_view name) { return scrape.value(name).value_or(0); };
    const double buffers = size("node_memory_Buffers_bytes");
    const double cached = size("node_memory_Cached_bytes");
    const double swap = size("node_memory_SwapTotal_bytes");
    report.gauge("memory-total", *total);
    report.gauge("memory-free", *free);
    report.gauge("memory-buffers", buffers);
    report.gauge("memory-cached", cached);
    report.gauge("memory-used", *total - *free - buffers - cached);
    report.gauge("memory-swap-total", swap);
    report.gauge("memory-swap-used", swap - size("node_memory_SwapFree_bytes"));
}

void report_load(const Scrape& scrape, ReportBuilder& report) {
    constexpr std::array<std::pair<const char*, const char*>, 3> kNames{
        {{"node_load1", "loadavg-1"}, {"node_load5", "loadavg-5"}, {"node_load15", "loadavg-15"}}};
    for (const auto& [theirs, ours] : kNames) {
        if (const auto load = scrape.value(theirs)) report.gauge(ours, *load);
    }
    if (const auto count = scrape.value("node_netstat_Tcp_CurrEstab")) {
        report.gauge("tcp-established", *count);
    }
}

// Seconds of each mode over all processors.
ByLabel sums_by_mode(const Scrape& scrape, std::string_view name) {
    ByLabel seconds;
    for (const ScrapedSample* sample : scrape.family(name)) {
        if (std::isfinite(sample->value)) seconds[sample->label("mode")] += sample->value;
    }
    return seconds;
}

void report_cpu(const Scrape& scrape, ReportBuilder& report) {
    constexpr std::array kModes{"user",   "nice", "system",  "idle",
                                "iowait", "irq",  "softirq", "steal"};
    const ByLabel seconds = sums_by_mode(scrape, "node_cpu_seconds_total");
    if (seconds.empty()) return;
    const auto add = [&report](const ByLabel& from, std::string_view mode, std::string name) {
        const auto found = from.find(mode);
        derive(report, std::move(name),
               found == from.end() ? 0 : found->second * kJiffiesPerSecond);
    };
    for (const char* mode : kModes) add(seconds, mode, fmt::format("cpu-{}", mode));
    const ByLabel guests = sums_by_mode(scrape, "node_cpu_guest_seconds_total");
    add(guests, "user", "cpu-guest");
    add(guests, "nice", "cpu-guest-nice");
    std::set<std::string_view> processors;
    for (const ScrapedSample* sample : scrape.family("node_cpu_seconds_total")) {
        processors.insert(sample->label("cpu"));
    }
    report.gauge("processors", static_cast<double>(processors.size()));
}

bool has_plain_name(std::string_view interface) {
    return interface.size() <= kDeviceNameBytesMax && interface != "lo" &&
           std::ranges::all_of(
               interface, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

// Kurado's filter: plain names that are up.
void report_traffic(const Scrape& scrape, ReportBuilder& report) {
    const ByLabel received = scrape.by("device", "node_network_receive_bytes_total");
    const ByLabel sent = scrape.by("device", "node_network_transmit_bytes_total");
    const ByLabel up = scrape.by("device", "node_network_up");
    std::vector<std::string> names;
    for (const auto& [device, bytes] : received) {
        const auto other = sent.find(device);
        const auto state = up.find(device);
        const bool is_down = state != up.end() && state->second == 0;
        if (other == sent.end() || is_down || !has_plain_name(device)) continue;
        if (names.size() >= kDevicesMax) continue;
        names.emplace_back(device);
        derive(report, fmt::format("traffic-{}-rxbytes", device), bytes);
        derive(report, fmt::format("traffic-{}-txbytes", device), other->second);
    }
    report_devices(report, "traffic-interfaces", names);
}

void report_disk_usage(const Scrape& scrape, ReportBuilder& report) {
    constexpr std::string_view kFolder = "/dev/";
    const ByLabel free = scrape.by("mountpoint", "node_filesystem_free_bytes");
    const ByLabel available = scrape.by("mountpoint", "node_filesystem_avail_bytes");
    std::vector<std::string> names;
    for (const ScrapedSample* size : scrape.family("node_filesystem_size_bytes")) {
        const std::string_view device = size->label("device");
        const std::string_view mount = size->label("mountpoint");
        const auto unused = free.find(mount);
        const auto usable = available.find(mount);
        if (!device.starts_with(kFolder) || mount == "/boot" || unused == free.end() ||
            usable == available.end() || !std::isfinite(size->value)) {
            continue;
        }
        std::string name = key_name(device.substr(kFolder.size()));
        if (name.empty() || name.size() > kDeviceNameBytesMax || names.size() >= kDevicesMax ||
            std::ranges::find(names, name) != names.end()) {
            continue;
        }
        report.gauge(fmt::format("disk-usage-{}-used", name),
                     std::ceil(std::max(size->value - unused->second, 0.0) / kBlockBytes));
        report.gauge(fmt::format("disk-usage-{}-available", name),
                     std::ceil(usable->second / kBlockBytes));
        report.meta(fmt::format("disk-usage-{}-mount", name), mount);
        names.push_back(std::move(name));
    }
    report_devices(report, "disk-usage-devices", names);
}

// Mapped devices are numbered, "dm-0"; newer exporters tell their names as well.
std::string disk_name(const Scrape& scrape, std::string_view device) {
    for (const ScrapedSample* info : scrape.family("node_disk_device_mapper_info")) {
        if (info->label("device") == device && !info->label("name").empty()) {
            return key_name(fmt::format("mapper/{}", info->label("name")));
        }
    }
    return key_name(device);
}

void report_disk_io(const Scrape& scrape, ReportBuilder& report) {
    const ByLabel read_ios = scrape.by("device", "node_disk_reads_completed_total");
    const ByLabel write_ios = scrape.by("device", "node_disk_writes_completed_total");
    const ByLabel read_bytes = scrape.by("device", "node_disk_read_bytes_total");
    const ByLabel written_bytes = scrape.by("device", "node_disk_written_bytes_total");
    const auto of = [](const ByLabel& values, std::string_view device) {
        const auto found = values.find(device);
        return found == values.end() ? 0 : found->second;
    };
    std::vector<std::string> names;
    for (const auto& [device, reads] : read_ios) {
        const double writes = of(write_ios, device);
        if (is_numbered(device, "loop") || is_numbered(device, "ram")) continue;
        if ((reads == 0 && writes == 0) || names.size() >= kDevicesMax) continue;
        std::string name = disk_name(scrape, device);
        if (name.size() > kDeviceNameBytesMax) continue;
        derive(report, fmt::format("disk-io-{}-read-ios", name), reads);
        derive(report, fmt::format("disk-io-{}-read-sectors", name),
               of(read_bytes, device) / kSectorBytes);
        derive(report, fmt::format("disk-io-{}-write-ios", name), writes);
        derive(report, fmt::format("disk-io-{}-write-sectors", name),
               of(written_bytes, device) / kSectorBytes);
        names.push_back(std::move(name));
    }
    report_devices(report, "disk-io-devices", names);
}

void report_system(const Scrape& scrape, ReportBuilder& report, store::Time now) {
    if (const auto booted = scrape.value("node_boot_time_seconds")) {
        const double clock = scrape.value("node_time_seconds")
                                 .value_or(static_cast<double>(now.time_since_epoch().count()));
        report.meta("uptime", fmt::format("{:.0f}", std::max(clock - *booted, 0.0)));
    }
    const Family names = scrape.family("node_uname_info");
    if (names.empty()) return;
    report.meta("version",
                fmt::format("{} version {} {}", names.front()->label("sysname"),
                            names.front()->label("release"), names.front()->label("version")));
}

}  // namespace

std::optional<Report> base_report(const Exposition& exposition, std::string_view host,
                                  store::Time now) {
    const Scrape scrape(exposition);
    ReportBuilder report(host, "base", now);
    report_memory(scrape, report);
    report_load(scrape, report);
    report_cpu(scrape, report);
    report_traffic(scrape, report);
    report_disk_usage(scrape, report);
    report_disk_io(scrape, report);
    report_system(scrape, report, now);
    Report made = report.take();
    if (made.batch.samples.empty()) return std::nullopt;
    return made;
}

}  // namespace kurabe::collectors::prometheus
