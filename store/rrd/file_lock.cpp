// Waits for an open-file-description lock by asking again: F_OFD_SETLKW has no time limit.
#include "store/rrd/file_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>

namespace kurabe::store::rrd {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// An update of another program takes microseconds.
constexpr std::chrono::microseconds kFirstPause{50};
constexpr std::chrono::microseconds kLongestPause{10'000};

// Zero or an errno.
int try_lock(const File& file, short type) noexcept {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return ::fcntl(file.descriptor(), F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

bool is_held(int error) noexcept {
    return error == EAGAIN || error == EACCES;
}

std::string waited(const LockWait& wait) {
    if (wait.longest == milliseconds{0}) return "";
    return fmt::format(" (another program has held it for {} s)",
                       static_cast<double>(wait.longest.count()) / 1000);
}

}  // namespace

Result<void> lock_file(const File& file, File::Access access, const LockWait& wait) {
    if (!wait.takes_lock) return {};
    const short type = access == File::Access::kWrite ? F_WRLCK : F_RDLCK;
    int error = try_lock(file, type);
    if (is_held(error)) {
        const auto deadline = steady_clock::now() + wait.longest;
        auto pause = kFirstPause;
        while (is_held(error) && steady_clock::now() < deadline) {
            std::this_thread::sleep_for(pause);
            pause = std::min(pause * 2, kLongestPause);
            error = try_lock(file, type);
        }
    }
    if (error == 0) return {};
    if (is_held(error)) return fail(ErrorCode::kInUse, "could not lock RRD" + waited(wait));
    return std::unexpected(system_error(file.path(), "lock", error));
}

void unlock_file(const File& file) noexcept {
    (void)try_lock(file, F_UNLCK);
}

}  // namespace kurabe::store::rrd
