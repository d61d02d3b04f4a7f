// Disks without room: a limit for the size of files, and small file systems.
#pragma once

#include <csignal>
#include <filesystem>
#include <string>

#include <sys/mount.h>
#include <sys/resource.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

// No file may become larger than `bytes` while this lives.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int);
};

// A file system in memory. Mounting one takes root: tests skip what they cannot see.
class SmallDisk {
  public:
    static constexpr const char* kNeedsRoot = "mounting a small file system takes root";

    explicit SmallDisk(const std::string& size)
        : is_mounted_(::mount("tmpfs", path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0) {
    }
    // Whatever is still open in it goes with the last user.
    ~SmallDisk() {
        if (is_mounted_) ::umount2(path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool is_mounted() const noexcept { return is_mounted_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return directory_.path(); }
    // From now on nothing in it can be changed.
    [[nodiscard]] bool make_read_only() const noexcept {
        return ::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }

  private:
    TemporaryDirectory directory_;
    bool is_mounted_;
};

}  // namespace kurabe::tests
