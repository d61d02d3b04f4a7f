// Bounded reading of the kernel's text files of one host: /proc and /sys below a root.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/result.hpp"

namespace kurabe::collectors {

inline constexpr std::size_t kHostFileBytesMax = 8 << 20;  // /proc/cpuinfo of 4000 processors
inline constexpr std::size_t kDirectoryEntriesMax = 10000;

class HostFiles {
  public:
    explicit HostFiles(std::filesystem::path root) : root_(std::move(root)) {}

    // The whole content of a file. `path` is absolute, as on the host: "/proc/stat". kSystem when
    // it cannot be read, kLimit when it is larger than kHostFileBytesMax.
    [[nodiscard]] Result<std::string> read(std::string_view path) const;

    // The names in a directory, sorted. kSystem or, with too many entries, kLimit.
    [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const;

    // Where this tree holds what the host calls `path`.
    [[nodiscard]] std::filesystem::path locate(std::string_view path) const;

  private:
    std::filesystem::path root_;
};

}  // namespace kurabe::collectors
