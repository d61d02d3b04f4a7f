// Opens without waiting for the other end, which may never come; once it is there, reading and
// writing wait for it.
#include "cli/rrdtool/stream_file.hpp"

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "cli/rrdtool/write_all.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::chrono::milliseconds kPatience{2000};
constexpr std::chrono::milliseconds kPause{20};
constexpr mode_t kMadeByUmask = 0666;

}  // namespace

StreamFile::StreamFile(int descriptor) noexcept : descriptor_(descriptor) {
    (void)::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) & ~O_NONBLOCK);
}

StreamFile::StreamFile(StreamFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

StreamFile::~StreamFile() {
    if (descriptor_ != -1) ::close(descriptor_);
}

std::expected<StreamFile, int> StreamFile::open_to_read(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor == -1) return std::unexpected(errno);
    pollfd poll{.fd = descriptor, .events = POLLIN, .revents = 0};
    (void)::poll(&poll, 1, static_cast<int>(kPatience.count()));
    return StreamFile(descriptor);
}

// A pipe that nobody reads cannot be opened yet.
std::expected<StreamFile, int> StreamFile::open_to_write(const std::string& path) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    int flags = O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK;
    for (;;) {
        const int descriptor = ::open(path.c_str(), flags, kMadeByUmask);
        if (descriptor != -1) return StreamFile(descriptor);
        // Not before: some systems refuse to make, in a directory for all, what another one owns.
        if (errno == ENOENT && (flags & O_CREAT) == 0) {
            flags |= O_CREAT;
            continue;
        }
        if (errno != ENXIO || std::chrono::steady_clock::now() > end) return std::unexpected(errno);
        std::this_thread::sleep_for(kPause);
    }
}

std::expected<std::size_t, int> StreamFile::read(std::span<char> bytes) const noexcept {
    for (;;) {
        const ssize_t count = ::read(descriptor_, bytes.data(), bytes.size());
        if (count != -1) return static_cast<std::size_t>(count);
        if (errno != EINTR) return std::unexpected(errno);
    }
}

std::expected<void, int> StreamFile::write(std::string_view text) const noexcept {
    if (!write_all(descriptor_, text)) return std::unexpected(errno);
    return {};
}

std::expected<void, int> StreamFile::sync() const noexcept {
    // EINVAL: a pipe or a device.
    if (::fsync(descriptor_) == 0 || errno == EINVAL) return {};
    return std::unexpected(errno);
}

}  // namespace kurabe::cli::rrdtool
