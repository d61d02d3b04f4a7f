// Space of local file systems, reads and writes of block devices, and which of them are swap.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include <sys/statvfs.h>

#include "collectors/local_parts.hpp"

namespace kurabe::collectors {

namespace {

constexpr std::string_view kDevices = "/dev/";

// Names become parts of keys: everything but letters, digits, '_' and '-' turns into '_'.
std::string key_part(std::string_view name) {
    std::string part(name);
    std::ranges::replace_if(
        part,
        [](char c) {
            const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                               (c >= '0' && c <= '9') || c == '_' || c == '-';
            return !plain;
        },
        '_');
    return part;
}

// The kernel writes blanks and backslashes of mount points as "\040".
std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto is_octal = [&](std::size_t at) {
            return at < text.size() && text[at] >= '0' && text[at] <= '7';
        };
        if (text[i] == '\\' && is_octal(i + 1) && is_octal(i + 2) && is_octal(i + 3)) {
            plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                       (text[i + 3] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

bool starts_with_number(std::string_view name, std::string_view prefix) {
    return name.starts_with(prefix) && count_of(name.substr(prefix.size()));
}

// "dm-0" is called by the name of its mapping.
std::string block_device_name(const KernelFiles& files, const std::string& device) {
    if (!starts_with_number(device, "dm-")) {
        return key_part(device);
    }
    const auto name = files.read("sys/block/" + device + "/dm/name");
    return name ? "mapper_" + key_part(name->substr(0, name->find('\n'))) : key_part(device);
}

// Reads completed, sectors read, writes completed, sectors written. Rule: the kernel's
// Documentation/block/stat.rst.
struct BlockCounters {
    std::uint64_t read_ios = 0;
    std::uint64_t read_sectors = 0;
    std::uint64_t write_ios = 0;
    std::uint64_t write_sectors = 0;
};

Result<BlockCounters> parse_block_counters(std::string_view text, const std::string& device) {
    const auto fields = fields_of(text);
    const auto read_ios = count_at(fields, 0);
    const auto read_sectors = count_at(fields, 2);
    const auto write_ios = count_at(fields, 4);
    const auto write_sectors = count_at(fields, 6);
    if (!read_ios || !read_sectors || !write_ios || !write_sectors) {
        return fail(ErrorCode::kInvalid,
                    "sys/block/" + device + "/stat is not of the kernel's form");
    }
    return BlockCounters{*read_ios, *read_sectors, *write_ios, *write_sectors};
}

}  // namespace

Result<DiskUsage> read_disk_usage(const std::string& mount_point) {
    struct statvfs space {};
    if (::statvfs(mount_point.c_str(), &space) != 0) {
        return fail(ErrorCode::kSystem,
                    "cannot ask for the space of " + mount_point + ": " + std::strerror(errno));
    }
    constexpr std::uint64_t kBytesPerKib = 1024;
    const std::uint64_t block_bytes = space.f_frsize;
    return DiskUsage{(space.f_blocks - space.f_bfree) * block_bytes / kBytesPerKib,
                     space.f_bavail * block_bytes / kBytesPerKib};
}

// Only mounts of devices are asked for: network file systems, which can keep a caller waiting for
// ever, have no device under /dev.
Result<void> collect_disk_usage(const KernelFiles& files, BaseReport& report,
                                const DiskUsageReader& disk_usage) {
    const auto text = files.read("proc/mounts");
    if (!text) {
        return std::unexpected(text.error());
    }
    std::vector<std::string> devices;
    std::set<std::string> seen;
    for (const std::string_view line : lines_of(*text)) {
        const auto fields = fields_of(line);
        if (fields.size() < 2 || !fields[0].starts_with(kDevices) || fields[1] == "/boot" ||
            devices.size() == kDevicesMax) {
            continue;
        }
        const std::string device = key_part(fields[0].substr(kDevices.size()));
        if (!seen.insert(device).second) {
            continue;  // mounted a second time elsewhere
        }
        const std::string mount_point = unescaped(fields[1]);
        const auto usage = disk_usage(mount_point);
        if (!usage) {
            report.warning("disk_usage", usage.error().message);
            continue;
        }
        const std::string prefix = "disk-usage-" + device;
        report.gauge(prefix + "-used", static_cast<double>(usage->used_kib));
        report.gauge(prefix + "-available", static_cast<double>(usage->available_kib));
        report.meta(prefix + "-mount", mount_point);
        devices.push_back(device);
    }
    report.meta("disk-usage-devices", joined(devices));
    return {};
}

Result<void> collect_disk_io(const KernelFiles& files, BaseReport& report) {
    const auto names = files.list("sys/block");
    if (!names) {
        return std::unexpected(names.error());
    }
    std::vector<std::string> devices;
    for (const std::string& name : *names) {
        if (starts_with_number(name, "loop") || starts_with_number(name, "ram") ||
            devices.size() == kDevicesMax) {
            continue;
        }
        const auto text = files.read("sys/block/" + name + "/stat");
        if (!text) {
            continue;  // gone since the directory was listed
        }
        const auto counters = parse_block_counters(*text, name);
        if (!counters) {
            return std::unexpected(counters.error());
        }
        if (counters->read_ios == 0 && counters->write_ios == 0) {
            continue;
        }
        const std::string device = block_device_name(files, name);
        const std::string prefix = "disk-io-" + device;
        report.derive(prefix + "-read-ios", counters->read_ios);
        report.derive(prefix + "-read-sectors", counters->read_sectors);
        report.derive(prefix + "-write-ios", counters->write_ios);
        report.derive(prefix + "-write-sectors", counters->write_sectors);
        devices.push_back(device);
    }
    report.meta("disk-io-devices", joined(devices));
    return {};
}

Result<void> collect_swaps(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/swaps");
    if (!text) {
        return std::unexpected(text.error());
    }
    std::vector<std::string> devices;
    for (const std::string_view line : lines_of(*text)) {
        const auto fields = fields_of(line);
        if (fields[0].starts_with(kDevices) && devices.size() < kDevicesMax) {
            const std::string device(fields[0].substr(kDevices.size()));
            devices.push_back(block_device_name(files, device));
        }
    }
    report.meta("disk-swap-devices", joined(devices));
    return {};
}

}  // namespace kurabe::collectors
