// The C library's functions, each a system call and a word to the watcher before and after it.
#include "tests/support/system_calls.hpp"

#include <cerrno>
#include <cstdarg>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

struct Watching {
    SystemCalls::Watcher before;
    std::function<void(const SystemCall&)> after;
    bool is_busy = false;
};
thread_local Watching* watching = nullptr;

// Makes the call unless the watcher has it fail.
template <typename Result, typename Make>
Result watched(const SystemCall& call, Result failure, Make make) {
    Watching* const mine = watching;
    if (mine == nullptr || mine->is_busy) return make();
    mine->is_busy = true;
    const int error = mine->before(call);
    mine->is_busy = false;
    if (error != 0) {
        errno = error;
        return failure;
    }
    const Result result = make();
    if (mine->after) {
        const int kept = errno;
        mine->is_busy = true;
        mine->after(call);
        mine->is_busy = false;
        errno = kept;
    }
    return result;
}

template <typename Result, typename... Arguments>
Result direct(long number, Arguments... arguments) {
    return static_cast<Result>(::syscall(number, arguments...));
}

int open_watched(const char* path, int flags, mode_t mode) {
    return watched(SystemCall{.name = "open", .path = path}, -1,
                   [&] { return direct<int>(SYS_openat, AT_FDCWD, path, flags, mode); });
}

}  // namespace

SystemCalls::SystemCalls(Watcher before, std::function<void(const SystemCall&)> after) {
    watching = new Watching{std::move(before), std::move(after)};
}

SystemCalls::~SystemCalls() {
    delete std::exchange(watching, nullptr);
}

}  // namespace kurabe::tests

using kurabe::tests::direct;
using kurabe::tests::open_watched;
using kurabe::tests::SystemCall;
using kurabe::tests::watched;

// The C library's declarations say noexcept of some, and nonnull of arguments that are passed on.
extern "C" {

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_watched(path, flags, mode);
}

// The same on machines of 64 bits.
int open64(const char* path, int flags, ...) __attribute__((alias("open")));

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    return watched(SystemCall{.name = "pwrite", .descriptor = descriptor}, ssize_t{-1},
                   [&] { return direct<ssize_t>(SYS_pwrite64, descriptor, bytes, size, offset); });
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
    return watched(SystemCall{.name = "pread", .descriptor = descriptor}, ssize_t{-1},
                   [&] { return direct<ssize_t>(SYS_pread64, descriptor, bytes, size, offset); });
}

int fallocate(int descriptor, int mode, off_t offset, off_t size) {
    return watched(SystemCall{.name = "fallocate", .descriptor = descriptor}, -1,
                   [&] { return direct<int>(SYS_fallocate, descriptor, mode, offset, size); });
}

int ftruncate(int descriptor, off_t size) noexcept {
    return watched(SystemCall{.name = "ftruncate", .descriptor = descriptor}, -1,
                   [&] { return direct<int>(SYS_ftruncate, descriptor, size); });
}

int fdatasync(int descriptor) {
    return watched(SystemCall{.name = "fdatasync", .descriptor = descriptor}, -1,
                   [&] { return direct<int>(SYS_fdatasync, descriptor); });
}

int fsync(int descriptor) {
    return watched(SystemCall{.name = "fsync", .descriptor = descriptor}, -1,
                   [&] { return direct<int>(SYS_fsync, descriptor); });
}

void* mmap(void* address, size_t size, int protection, int flags, int descriptor,
           off_t offset) noexcept {
    const auto make = [&] {
        return reinterpret_cast<void*>(
            ::syscall(SYS_mmap, address, size, protection, flags, descriptor, offset));
    };
    if (descriptor < 0) return make();  // memory, not a file
    return watched(SystemCall{.name = "mmap", .descriptor = descriptor}, MAP_FAILED, make);
}

int msync(void* address, size_t size, int flags) {
    return watched(SystemCall{.name = "msync", .memory = address}, -1,
                   [&] { return direct<int>(SYS_msync, address, size, flags); });
}

int rename(const char* from, const char* to) noexcept {
    return watched(SystemCall{.name = "rename", .path = from, .target = to}, -1,
                   [&] { return direct<int>(SYS_rename, from, to); });
}

int remove(const char* path) noexcept {
    return watched(SystemCall{.name = "remove", .path = path}, -1, [&] {
        const int removed = direct<int>(SYS_unlink, path);
        return removed == -1 && errno == EISDIR ? direct<int>(SYS_rmdir, path) : removed;
    });
}
}
