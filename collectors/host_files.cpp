// Bounded reading of the kernel's text files of this machine. Their size is not known before
// reading (stat(2) says 0 in /proc and 4096 in /sys), so they are read until they end or grow too
// large.
#include "collectors/host_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"

namespace kurabe::collectors {
namespace {

constexpr std::size_t kReadBytes = 16 << 10;

std::unexpected<Error> cannot_read(std::string_view path, std::string_view reason) {
    return fail(ErrorCode::kSystem, fmt::format("cannot read {}: {}", path, reason));
}

std::unexpected<Error> cannot_read(std::string_view path, int error) {
    return cannot_read(path, std::generic_category().message(error));
}

bool is_regular(int descriptor) {
    struct stat status{};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

std::filesystem::path HostDirectory::locate(std::string_view path) const {
    return root_ / std::filesystem::path(path).relative_path();
}

Result<std::string> HostDirectory::read(std::string_view path) const {
    // O_NONBLOCK: a pipe in the place of a file must not hang the collection.
    const Descriptor file(::open(locate(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.number() < 0) return cannot_read(path, errno);
    if (!is_regular(file.number())) return cannot_read(path, "not a regular file");
    std::string text;
    std::array<char, kReadBytes> buffer;
    while (true) {
        const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return cannot_read(path, errno);
        if (count == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > kHostFileBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("{} is larger than {} bytes", path, kHostFileBytesMax));
        }
    }
}

Result<std::vector<std::string>> HostDirectory::list(std::string_view path) const {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(locate(path), error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (names.size() == kDirectoryEntriesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("{} has more than {} entries", path, kDirectoryEntriesMax));
        }
        names.push_back(entry->path().filename().string());
    }
    if (error) return cannot_read(path, error.message());
    std::ranges::sort(names);
    return names;
}

}  // namespace kurabe::collectors
