// Use of file systems, input and output of block devices, and which devices hold swap.
// Rule: proc(5), Documentation/block/stat.rst of Linux, df(1); names and filters are Kurado's.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "collectors/device_name.hpp"
#include "collectors/fields.hpp"
#include "collectors/local_parts.hpp"

namespace kurabe::collectors {
namespace {

constexpr std::string_view kDevicePrefix = "/dev/";

// /proc/mounts writes blanks, line ends and backslashes as "\040": a backslash and three octal
// digits.
std::string decode_octal(std::string_view text) {
    const auto is_octal = [](char digit) { return digit >= '0' && digit <= '7'; };
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() &&
            std::ranges::all_of(text.substr(i + 1, 3), is_octal)) {
            decoded += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                         (text[i + 3] - '0'));
            i += 3;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

struct Mount {
    std::string device;  // without /dev/, as in keys
    std::string point;
};

// The mounts whose use is asked for. Asking one that does not answer would hang the collection;
// that cannot happen to what this keeps: network file systems name a server in the place of the
// device, never a path below /dev/, and a file system on a block device answers from memory. The
// exception is /dev/fuse, which stands for a process and not for a disk; it is left out.
std::optional<Mount> parse_mount(std::string_view line) {
    const auto fields = split_fields(line);
    if (fields.size() < 2 || !fields[0].starts_with(kDevicePrefix)) return std::nullopt;
    const std::string_view device = fields[0].substr(kDevicePrefix.size());
    if (device.empty() || device.size() > kDeviceNameBytesMax || device == "fuse") {
        return std::nullopt;
    }
    Mount mount{.device = key_name(decode_octal(device)), .point = decode_octal(fields[1])};
    if (!mount.point.starts_with('/') || mount.point == "/boot") return std::nullopt;
    return mount;
}

// Blocks of 1024 bytes, rounded up as df(1) does.
double in_kibibytes(std::uint64_t blocks, std::uint64_t block_bytes) {
    return std::ceil(static_cast<double>(blocks) * static_cast<double>(block_bytes) / 1024);
}

void report_use(ReportBuilder& report, const Mount& mount, const FileSystemUse& use) {
    // More free than there is would wrap around; some FUSE file systems say so.
    const std::uint64_t used = use.blocks - std::min(use.blocks, use.free_blocks);
    report.gauge(fmt::format("disk-usage-{}-used", mount.device),
                 in_kibibytes(used, use.block_bytes));
    report.gauge(fmt::format("disk-usage-{}-available", mount.device),
                 in_kibibytes(use.available_blocks, use.block_bytes));
    report.meta(fmt::format("disk-usage-{}-mount", mount.device), mount.point);
}

// Kurado calls a mapped device by its name, not by its changing number: "dm-0" -> "mapper/root".
Result<std::string> device_name(const HostFiles& files, std::string_view device) {
    if (!is_numbered(device, "dm-")) return std::string(device);
    const auto name = files.read(fmt::format("/sys/block/{}/dm/name", device));
    if (!name) return name;
    return "mapper/" + name->substr(0, name->find('\n'));
}

// The four counters that are kept of a block device's `stat`.
struct DiskCounters {
    std::uint64_t read_ios;
    std::uint64_t read_sectors;
    std::uint64_t write_ios;
    std::uint64_t write_sectors;
};

Result<DiskCounters> read_disk_counters(const HostFiles& files, std::string_view device) {
    const std::string path = fmt::format("/sys/block/{}/stat", device);
    const auto text = files.read(path);
    if (!text) return std::unexpected(text.error());
    const auto lines = split_lines(*text);
    const auto fields = lines.empty() ? std::vector<std::string_view>() : split_fields(lines[0]);
    const auto field = [&fields](std::size_t index) {
        return index < fields.size() ? parse_count(fields[index]) : std::nullopt;
    };
    const auto read_ios = field(0), read_sectors = field(2);
    const auto write_ios = field(4), write_sectors = field(6);
    if (!read_ios || !read_sectors || !write_ios || !write_sectors) {
        return malformed(path, "does not begin with seven numbers");
    }
    return DiskCounters{*read_ios, *read_sectors, *write_ios, *write_sectors};
}

// Reports one device and returns its name in keys; none when it has never been used.
Result<std::optional<std::string>> report_disk(const LocalCollection& local,
                                               std::string_view device) {
    const auto counters = read_disk_counters(local.files, device);
    if (!counters) return std::unexpected(counters.error());
    if (counters->read_ios == 0 && counters->write_ios == 0) return std::nullopt;
    const auto full_name = device_name(local.files, device);
    if (!full_name) return std::unexpected(full_name.error());
    const std::string name = key_name(full_name->substr(0, kDeviceNameBytesMax));
    local.report.derive(fmt::format("disk-io-{}-read-ios", name), counters->read_ios);
    local.report.derive(fmt::format("disk-io-{}-read-sectors", name), counters->read_sectors);
    local.report.derive(fmt::format("disk-io-{}-write-ios", name), counters->write_ios);
    local.report.derive(fmt::format("disk-io-{}-write-sectors", name), counters->write_sectors);
    return name;
}

std::unexpected<Error> too_many(std::string_view path, std::string_view what) {
    return fail(ErrorCode::kLimit, fmt::format("{}: more than {} {}", path, kDevicesMax, what));
}

}  // namespace

Result<void> collect_disk_usage(const LocalCollection& local) {
    constexpr std::string_view kPath = "/proc/mounts";
    const auto text = local.files.read(kPath);
    if (!text) return std::unexpected(text.error());
    Result<void> outcome;
    std::vector<std::string> devices;
    std::set<std::string> seen;  // a device may be mounted (bound) at several places
    for (const std::string_view line : split_lines(*text)) {
        const auto mount = parse_mount(line);
        if (!mount || seen.contains(mount->device)) continue;
        if (seen.size() == kDevicesMax) {
            if (outcome) outcome = too_many(kPath, "devices");
            break;
        }
        const auto use = local.ask(mount->point);
        if (!use) {
            if (outcome) outcome = std::unexpected(use.error());
            continue;
        }
        seen.insert(mount->device);
        report_use(local.report, *mount, *use);
        devices.push_back(mount->device);
    }
    report_devices(local.report, "disk-usage-devices", devices);
    return outcome;
}

Result<void> collect_disk_io(const LocalCollection& local) {
    constexpr std::string_view kPath = "/sys/block";
    const auto names = local.files.list(kPath);
    if (!names) return std::unexpected(names.error());
    Result<void> outcome;
    std::vector<std::string> devices;
    for (const std::string& name : *names) {
        if (is_numbered(name, "loop") || is_numbered(name, "ram")) continue;
        if (devices.size() == kDevicesMax) {
            if (outcome) outcome = too_many(kPath, "devices");
            break;
        }
        auto device = report_disk(local, name);
        if (!device && outcome) outcome = std::unexpected(device.error());
        if (device && *device) devices.push_back(**std::move(device));
    }
    report_devices(local.report, "disk-io-devices", devices);
    return outcome;
}

Result<void> collect_swaps(const LocalCollection& local) {
    constexpr std::string_view kPath = "/proc/swaps";
    const auto text = local.files.read(kPath);
    if (!text) return std::unexpected(text.error());
    Result<void> outcome;
    std::vector<std::string> devices;
    for (const std::string_view line : split_lines(*text)) {
        const auto fields = split_fields(line);  // swap in files is no device
        if (fields.size() < 2 || fields[1] != "partition") continue;
        if (!fields[0].starts_with(kDevicePrefix)) continue;
        if (devices.size() == kDevicesMax) {
            if (outcome) outcome = too_many(kPath, "devices");
            break;
        }
        const auto device =
            device_name(local.files, fields[0].substr(kDevicePrefix.size(), kDeviceNameBytesMax));
        if (!device && outcome) outcome = std::unexpected(device.error());
        if (device) devices.push_back(key_name(*device));
    }
    report_devices(local.report, "disk-swap-devices", devices);
    return outcome;
}

}  // namespace kurabe::collectors
