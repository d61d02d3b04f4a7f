// By stat(2).
#include "server/file_identity.hpp"

#include <sys/stat.h>

namespace kurabe::server {

std::optional<FileIdentity> identity_of(const std::filesystem::path& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) return std::nullopt;
    // Every change of a file's content or inode moves it, and nobody can set it back.
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    return FileIdentity{
        .device = status.st_dev,
        .number = status.st_ino,
        .bytes = status.st_size,
        .changed_ns = status.st_ctim.tv_sec * kNanoseconds + status.st_ctim.tv_nsec};
}

}  // namespace kurabe::server
