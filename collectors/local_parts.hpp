// The parts of a collection of the base metrics, one function each, in Kurado's order and with
// Kurado's filters. Each adds what it finds to the report and returns the first thing that was
// wrong, if any; what it could read is reported all the same. Used by local.cpp only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/host_files.hpp"
#include "collectors/local.hpp"
#include "collectors/report_builder.hpp"

namespace kurabe::collectors {

inline constexpr std::size_t kDevicesMax = 1000;         // disks, mounts or interfaces, each
inline constexpr std::size_t kDeviceNameBytesMax = 255;  // keeps keys under store::kKeyBytesMax

// Where a part reads from and writes to; `ask` is given directories as the host names them. The
// references outlive the part's call.
struct LocalCollection {
    const HostFiles& files;
    const AskFileSystem& ask;
    ReportBuilder& report;
};

// local_system.cpp
[[nodiscard]] Result<void> collect_memory(const LocalCollection& local);
[[nodiscard]] Result<void> collect_loadavg(const LocalCollection& local);
[[nodiscard]] Result<void> collect_uptime(const LocalCollection& local);
[[nodiscard]] Result<void> collect_version(const LocalCollection& local);
[[nodiscard]] Result<void> collect_processors(const LocalCollection& local);
[[nodiscard]] Result<void> collect_cpu(const LocalCollection& local);

// local_network.cpp
[[nodiscard]] Result<void> collect_tcp(const LocalCollection& local);
[[nodiscard]] Result<void> collect_traffic(const LocalCollection& local);

// local_disk.cpp
[[nodiscard]] Result<void> collect_disk_usage(const LocalCollection& local);
[[nodiscard]] Result<void> collect_disk_io(const LocalCollection& local);
[[nodiscard]] Result<void> collect_swaps(const LocalCollection& local);

// A file that does not look as the kernel writes it: "/proc/stat: no line \"cpu\"".
[[nodiscard]] std::unexpected<Error> malformed(std::string_view path, std::string_view problem);

// Adds a list of device names as comma-joined meta; none is no meta, as in Kurado.
void report_devices(ReportBuilder& report, std::string key, const std::vector<std::string>& names);

}  // namespace kurabe::collectors
