// File systems and disks.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "collectors/device_name.hpp"
#include "collectors/snmp/mibs.hpp"
#include "collectors/snmp/survey_parts.hpp"

namespace kurabe::collectors::snmp {
namespace {

using Role = Instance::Role;

// File systems that have no disk, and /boot, which Kurado leaves out. A device does not say so: to
// HOST-RESOURCES-MIB all of them are fixed disks.
bool is_no_disk(std::string_view mount) {
    constexpr std::array<std::string_view, 5> kPlaces = {"/dev", "/proc", "/sys", "/run", "/boot"};
    return std::ranges::any_of(kPlaces, [mount](std::string_view place) {
        return mount == place ||
               (mount.starts_with(place) && mount.substr(place.size()).starts_with('/'));
    });
}

// The device that is mounted there, where net-snmp's configuration has a `disk` line for it.
std::string device_of(const Tables& tables, std::string_view mount) {
    constexpr std::string_view kDevicePrefix = "/dev/";
    for (const auto& [index, path] : tables.column(mibs::kUcdDiskEntry, mibs::kDiskPath)) {
        if (path.text != mount) continue;
        std::string device = text_at(tables.column(mibs::kUcdDiskEntry, mibs::kDiskDevice), index);
        if (device.starts_with(kDevicePrefix)) return device.substr(kDevicePrefix.size());
    }
    return {};
}

// "/" is "root", "/var/lib" "var_lib", and "C:\ Label:..." of Windows "C".
std::string name_of_mount(std::string_view mount) {
    if (mount == "/") return "root";
    if (mount.starts_with('/')) return key_name(mount.substr(1));
    const std::size_t colon = mount.find(':');
    return key_name(mount.substr(0, colon == 0 ? mount.size() : colon));
}

struct StorageRow {
    Oid index;
    std::string descr;
    std::uint64_t unit_bytes;
};

void plan_storage_row(Plan& plan, const StorageRow& row, const std::string& device) {
    plan.storages.push_back({.key = "disk-usage-" + device, .unit_bytes = row.unit_bytes});
    const auto add = [&](OidNumber column, Role role) {
        plan.instances.push_back({.name = below(below(mibs::kHrStorageEntry, {column}), row.index),
                                  .role = role,
                                  .item = plan.storages.size()});
    };
    add(mibs::kHrStorageSize, Role::kStorageSize);
    add(mibs::kHrStorageUsed, Role::kStorageUsed);
    plan.meta.push_back({0, fmt::format("disk-usage-{}-mount", device), row.descr});
}

// Memory of a device that has no UCD-SNMP-MIB. "Physical memory" counts buffers and cached pages as
// used, and Linux tells them apart in rows of their own.
void plan_memory_row(Plan& plan, const StorageRow& row, bool is_memory) {
    const auto add = [&](OidNumber column, MemoryPart part) {
        plan.instances.push_back({.name = below(below(mibs::kHrStorageEntry, {column}), row.index),
                                  .role = Role::kMemory,
                                  .factor = static_cast<double>(row.unit_bytes),
                                  .part = part});
    };
    if (is_memory) {
        add(mibs::kHrStorageSize, MemoryPart::kTotal);
        add(mibs::kHrStorageUsed, MemoryPart::kUsed);
    } else if (row.descr == "Memory buffers") {
        add(mibs::kHrStorageUsed, MemoryPart::kBuffers);
    } else if (row.descr == "Cached memory") {
        add(mibs::kHrStorageUsed, MemoryPart::kCached);
    } else if (row.descr == "Swap space") {
        add(mibs::kHrStorageSize, MemoryPart::kSwapTotal);
        add(mibs::kHrStorageUsed, MemoryPart::kSwapUsed);
    }
}

bool has_memory(const Plan& plan) {
    return std::ranges::any_of(plan.instances, [](const Instance& instance) {
        return instance.role == Role::kMemory && instance.part == MemoryPart::kTotal;
    });
}

// Partitions are left out, as Kurado counts disks as a whole: "sda1" where there is "sda", and
// "nvme0n1p2" where there is "nvme0n1".
bool is_partition(const std::string& name, const std::set<std::string>& names) {
    const std::size_t digits = name.find_last_not_of("0123456789") + 1;
    if (digits == name.size() || digits == 0) return false;
    const std::string disk = name.substr(0, digits);
    return names.contains(disk) ||
           (disk.ends_with('p') && names.contains(disk.substr(0, disk.size() - 1)));
}

void plan_disk(Plan& plan, const Oid& index, const std::string& device) {
    constexpr std::uint64_t kSectorBytes = 512;
    const auto add = [&](OidNumber column, std::string_view what, std::uint64_t divisor) {
        plan.instances.push_back({.name = below(below(mibs::kDiskIoEntry, {column}), index),
                                  .role = Role::kCounter,
                                  .key = fmt::format("disk-io-{}-{}", device, what),
                                  .divisor = divisor});
    };
    add(mibs::kDiskIoReads, "read-ios", 1);
    add(mibs::kDiskIoReadBytes, "read-sectors", kSectorBytes);
    add(mibs::kDiskIoWrites, "write-ios", 1);
    add(mibs::kDiskIoWrittenBytes, "write-sectors", kSectorBytes);
}

}  // namespace

void plan_storage(const Planning& planning) {
    const Tables& tables = planning.tables;
    const bool wants_memory = !has_memory(planning.plan);
    std::vector<std::string> devices;
    std::set<std::string> seen;
    for (const auto& [index, type] : tables.column(mibs::kHrStorageEntry, mibs::kHrStorageType)) {
        const StorageRow row{
            .index = index,
            .descr = text_at(tables.column(mibs::kHrStorageEntry, mibs::kHrStorageDescr), index),
            .unit_bytes =
                count_at(tables.column(mibs::kHrStorageEntry, mibs::kHrStorageUnits), index, 0)};
        if (row.unit_bytes == 0) continue;
        const bool is_disk = are_equal(type.oid, mibs::kHrStorageFixedDisk);
        if (!is_disk && wants_memory) {
            plan_memory_row(planning.plan, row, are_equal(type.oid, mibs::kHrStorageRam));
        }
        const bool is_empty =
            count_at(tables.column(mibs::kHrStorageEntry, mibs::kHrStorageSize), index, 0) == 0;
        if (!is_disk || is_empty || row.descr.empty() || is_no_disk(row.descr)) continue;
        const std::string told = device_of(tables, row.descr);
        const std::string device = told.empty() ? name_of_mount(row.descr) : key_name(told);
        if (device.empty() || device.size() > kDeviceNameBytesMax) continue;
        if (!planning.filters.disks.keeps(row.descr)) continue;
        if (!seen.insert(device).second) continue;  // mounted (bound) at several places
        if (devices.size() == kDevicesMax) {
            complain(planning.plan, "disk_usage", fmt::format("more than {} devices", kDevicesMax));
            break;
        }
        plan_storage_row(planning.plan, row, device);
        devices.push_back(device);
    }
    plan_list(planning.plan, "disk-usage-devices", devices);
}

void plan_disk_io(const Planning& planning) {
    const Tables& tables = planning.tables;
    std::set<std::string> names;
    const Column& column = tables.column(mibs::kDiskIoEntry, mibs::kDiskIoDevice);
    for (const auto& [index, name] : column) names.insert(name.text);
    std::vector<std::string> devices;
    for (const auto& [index, told] : column) {
        const std::string name = text_at(column, index).substr(0, kDeviceNameBytesMax);
        if (name.empty() || is_numbered(name, "loop") || is_numbered(name, "ram")) continue;
        if (is_partition(name, names) || !planning.filters.disks.keeps(name)) continue;
        const auto operations = [&](OidNumber what) {
            return count_at(tables.column(mibs::kDiskIoEntry, what), index, 0);
        };
        if (operations(mibs::kDiskIoReads) == 0 && operations(mibs::kDiskIoWrites) == 0) continue;
        const std::string device = key_name(name);
        if (std::ranges::find(devices, device) != devices.end()) continue;
        if (devices.size() == kDevicesMax) {
            complain(planning.plan, "disk_io", fmt::format("more than {} devices", kDevicesMax));
            break;
        }
        plan_disk(planning.plan, index, device);
        devices.push_back(device);
    }
    plan_list(planning.plan, "disk-io-devices", devices);
}

}  // namespace kurabe::collectors::snmp
