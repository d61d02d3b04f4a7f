// memfd_create and one variable, "DESCRIPTOR START", START in ticks of the steady clock. The file
// is sealed: by that it is told from whatever else a descriptor of that number may be.
#include "cli/rrdtool/carried_pipe.hpp"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/rrdtool/write_all.hpp"

namespace kurabe::cli::rrdtool {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr const char* kVariable = "KURABE_CARRIED_PIPE";
constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

struct Left {
    int descriptor = -1;
    SteadyClock::rep started = 0;
};

std::optional<Left> parse(std::string_view text) noexcept {
    Left left;
    const char* const end = text.data() + text.size();
    const auto descriptor = std::from_chars(text.data(), end, left.descriptor);
    if (descriptor.ec != std::errc{} || descriptor.ptr == end) return std::nullopt;
    const auto started = std::from_chars(descriptor.ptr + 1, end, left.started);
    if (started.ec != std::errc{} || started.ptr != end) return std::nullopt;
    return left;
}

// None when the variable says so of a descriptor that this program did not leave.
std::optional<Left> find_left() noexcept {
    const char* const text = std::getenv(kVariable);
    const auto left = text == nullptr ? std::nullopt : parse(text);
    if (!left || left->descriptor <= STDERR_FILENO) return std::nullopt;
    return ::fcntl(left->descriptor, F_GET_SEALS) == kSeals ? left : std::nullopt;
}

std::string read_all(int descriptor) {
    std::string text;
    const off_t size = ::lseek(descriptor, 0, SEEK_END);
    if (size <= 0) return text;
    text.resize(static_cast<std::size_t>(size));
    std::size_t got = 0;
    while (got < text.size()) {
        const ssize_t more =
            ::pread(descriptor, text.data() + got, text.size() - got, static_cast<off_t>(got));
        if (more <= 0) break;
        got += static_cast<std::size_t>(more);
    }
    text.resize(got);
    return text;
}

}  // namespace

Result<void> leave(std::string_view unread, SteadyClock::time_point started) {
    const int descriptor = ::memfd_create("kurabe", MFD_ALLOW_SEALING);
    const std::string text =
        std::to_string(descriptor) + " " + std::to_string(started.time_since_epoch().count());
    if (descriptor == -1 || !write_all(descriptor, unread) ||
        ::fcntl(descriptor, F_ADD_SEALS, kSeals) != 0 ||
        ::setenv(kVariable, text.c_str(), 1) != 0) {
        const int reason = errno;
        if (descriptor != -1) ::close(descriptor);
        return fail(ErrorCode::kSystem,
                    std::string("cannot keep what was read: ") + std::strerror(reason));
    }
    return {};
}

void forget_left() noexcept {
    if (const auto left = find_left()) ::close(left->descriptor);
    ::unsetenv(kVariable);
}

CarriedPipe take_left() {
    CarriedPipe carried;
    if (const auto left = find_left()) {
        carried.unread = read_all(left->descriptor);
        carried.started = SteadyClock::time_point(SteadyClock::duration(left->started));
    }
    forget_left();
    return carried;
}

}  // namespace kurabe::cli::rrdtool
