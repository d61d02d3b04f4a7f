// The kernel's text files of one host, /proc and /sys, wherever they come from: a directory of this
// machine, or what another host sent (collectors/ssh).
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
    HostFiles() = default;
    virtual ~HostFiles() = default;
    HostFiles(const HostFiles&) = delete;
    HostFiles& operator=(const HostFiles&) = delete;

    // The whole content of a file. `path` is absolute, as on the host: "/proc/stat". kSystem when
    // it cannot be read, kLimit when it is larger than kHostFileBytesMax.
    [[nodiscard]] virtual Result<std::string> read(std::string_view path) const = 0;

    // The names in a directory, sorted. kSystem or, with too many entries, kLimit.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(std::string_view path) const = 0;
};

// Those below a directory of this machine.
class HostDirectory : public HostFiles {
  public:
    explicit HostDirectory(std::filesystem::path root) : root_(std::move(root)) {}

    [[nodiscard]] Result<std::string> read(std::string_view path) const override;
    [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override;

    // Where this tree holds what the host calls `path`.
    [[nodiscard]] std::filesystem::path locate(std::string_view path) const;

  private:
    std::filesystem::path root_;
};

}  // namespace kurabe::collectors
