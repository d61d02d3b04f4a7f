// The parts of the local collector: each reads some kernel files and adds to the report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/local.hpp"
#include "collectors/report.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

inline constexpr std::size_t kKernelFileBytesMax = std::size_t{8} << 20;
inline constexpr std::size_t kDevicesMax = 1000;  // interfaces, disks, mounts: each

// Kernel files below a root.
class KernelFiles {
  public:
    explicit KernelFiles(std::filesystem::path root);

    // The whole file. kSystem names the file; kLimit when it is over kKernelFileBytesMax.
    [[nodiscard]] Result<std::string> read(std::string_view path) const;
    // Names in a directory, sorted.
    [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const;

  private:
    std::filesystem::path root_;
};

// Adds to a report under the plugin `base`.
class BaseReport {
  public:
    explicit BaseReport(Report& report);
    void gauge(std::string_view name, double value);
    void derive(std::string_view name, std::uint64_t value);
    void meta(std::string_view key, std::string value);
    void warning(std::string_view key, std::string text);

  private:
    void add(std::string key, store::RawValue value);
    Report& report_;
};

// local_system.cpp
[[nodiscard]] Result<void> collect_memory(const KernelFiles& files, BaseReport& report);
[[nodiscard]] Result<void> collect_load_average(const KernelFiles& files, BaseReport& report);
[[nodiscard]] Result<void> collect_uptime(const KernelFiles& files, BaseReport& report);
[[nodiscard]] Result<void> collect_version(const KernelFiles& files, BaseReport& report);
[[nodiscard]] Result<void> collect_processors(const KernelFiles& files, BaseReport& report);
[[nodiscard]] Result<void> collect_cpu(const KernelFiles& files, BaseReport& report);

// local_network.cpp
[[nodiscard]] Result<void> collect_established(const KernelFiles& files, BaseReport& report);
[[nodiscard]] Result<void> collect_traffic(const KernelFiles& files, BaseReport& report);

// local_disks.cpp
[[nodiscard]] Result<void> collect_disk_usage(const KernelFiles& files, BaseReport& report,
                                              const DiskUsageReader& disk_usage);
[[nodiscard]] Result<void> collect_disk_io(const KernelFiles& files, BaseReport& report);
[[nodiscard]] Result<void> collect_swaps(const KernelFiles& files, BaseReport& report);

// ---- Reading their texts ----

// Without empty lines.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
// Split at blanks and tabs; at least one field, of which only a lone one may be empty.
[[nodiscard]] std::vector<std::string_view> fields_of(std::string_view line);
[[nodiscard]] Result<std::uint64_t> count_of(std::string_view digits);
// The count in a field; kInvalid also when there are fewer fields.
[[nodiscard]] Result<std::uint64_t> count_at(const std::vector<std::string_view>& fields,
                                             std::size_t index);
// "a,b,c"
[[nodiscard]] std::string joined(const std::vector<std::string>& names);

}  // namespace kurabe::collectors
