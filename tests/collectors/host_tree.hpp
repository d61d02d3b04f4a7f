// A directory tree in place of a host's / for collectors to read; removed with its owner.
#pragma once

#include <filesystem>
#include <string_view>

namespace kurabe::collectors::test {

class HostTree {
  public:
    HostTree();
    ~HostTree();
    HostTree(const HostTree&) = delete;
    HostTree& operator=(const HostTree&) = delete;

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

    // Makes the file with its directories, or replaces it. `path` is absolute as on the host.
    void write(std::string_view path, std::string_view text) const;
    // Removes a file or a directory with all in it.
    void remove(std::string_view path) const;
    [[nodiscard]] std::filesystem::path locate(std::string_view path) const;

  private:
    std::filesystem::path root_;
};

// What a small Debian machine shows: see the .cpp for its disks and interfaces.
void write_debian(const HostTree& tree);

}  // namespace kurabe::collectors::test
