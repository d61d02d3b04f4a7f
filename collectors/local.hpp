// This machine's metrics, from /proc and /sys, without starting a process.
// Gives exactly the names, types, units and filters of Kurado's `base` plugin, so that a host looks
// the same however it is watched.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "collectors/report.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

// Space of a file system in df's numbers.
struct DiskUsage {
    std::uint64_t used_kib = 0;       // blocks that are not free
    std::uint64_t available_kib = 0;  // free for ordinary users
};

// Asked for the mount point of each local file system.
using DiskUsageReader = std::function<Result<DiskUsage>(const std::string& mount_point)>;

// statvfs(3).
[[nodiscard]] Result<DiskUsage> read_disk_usage(const std::string& mount_point);

// `root` is "/" or a copied tree of proc/ and sys/ (tests). `host` names the host in the report,
// and `now` is the time of all samples. A part that cannot be read becomes a warning named as
// Kurado names it ("memory", "disk_io", ...), never an error.
[[nodiscard]] Report collect_local(const std::filesystem::path& root, std::string_view host,
                                   store::Time now,
                                   const DiskUsageReader& disk_usage = read_disk_usage);

}  // namespace kurabe::collectors
