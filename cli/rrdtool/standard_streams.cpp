// System calls, again after signals.
#include "cli/rrdtool/standard_streams.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cli/rrdtool/journal.hpp"
#include "cli/rrdtool/write_all.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::size_t kKeptBackMax = std::size_t{32} << 10;
constexpr std::size_t kReadBytes = std::size_t{64} << 10;

Error stream_failure(std::string_view action) {
    const int reason = errno;
    return {reason == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kSystem,
            std::string(action) + ": " + std::strerror(reason)};
}

}  // namespace

void occupy_standard_streams() noexcept {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        // The lowest free descriptor is given, and only reading is allowed: printing fails.
        if (::fcntl(stream, F_GETFD) == -1) (void)::open("/dev/null", O_RDONLY);
    }
}

StandardOutput::StandardOutput() {
    kept_back_.reserve(kKeptBackMax);
}

void StandardOutput::pass_on(std::string_view text) {
    if (!write_all(STDOUT_FILENO, text) && !failure_) {
        failure_ = stream_failure("cannot write standard output");
    }
}

void StandardOutput::write(std::string_view text) {
    if (kept_back_.size() + text.size() > kKeptBackMax) {
        pass_on(kept_back_);
        kept_back_.clear();
    }
    if (text.size() > kKeptBackMax) {
        pass_on(text);
    } else {
        kept_back_ += text;
    }
}

Result<void> StandardOutput::flush() {
    pass_on(kept_back_);
    kept_back_.clear();
    if (!failure_) return {};
    const Error first = std::move(*failure_);
    failure_.reset();
    return std::unexpected(first);
}

StandardInput::StandardInput(std::string_view unread)
    : buffer_(unread.begin(), unread.end()), end_(unread.size()) {}

std::string_view StandardInput::from_last_line() const noexcept {
    return {buffer_.data() + line_, end_ - line_};
}

std::string_view StandardInput::ahead() const noexcept {
    return {buffer_.data() + begin_, end_ - begin_};
}

std::string_view StandardInput::take(std::size_t bytes) noexcept {
    const std::string_view taken = ahead().substr(0, bytes);
    line_ = begin_;
    begin_ += taken.size();
    return taken;
}

bool StandardInput::has_line() const noexcept {
    return is_at_end_ || end_ - begin_ >= kLineBytesMax ||
           ahead().find('\n') != std::string_view::npos;
}

// Appends what there is, making room at the front or at the back. False at the end.
bool StandardInput::read_more() {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    line_ = begin_ = 0;
    if (buffer_.size() - end_ < kReadBytes) buffer_.resize(end_ * 2 + kReadBytes);
    ssize_t got = 0;
    do {
        got = ::read(STDIN_FILENO, buffer_.data() + end_, buffer_.size() - end_);
    } while (got < 0 && errno == EINTR);
    if (got > 0) end_ += static_cast<std::size_t>(got);
    return got > 0;
}

std::string_view StandardInput::read_line() {
    std::size_t searched = 0;
    for (;;) {
        const auto found = ahead().find('\n', searched);
        if (found != std::string_view::npos && found < kLineBytesMax) return take(found + 1);
        if (is_at_end_ || end_ - begin_ >= kLineBytesMax) return take(kLineBytesMax);
        searched = end_ - begin_;
        is_at_end_ = !read_more();
    }
}

void report(const Error& error) noexcept {
    constexpr std::string_view kPrefix = "ERROR: ";
    constexpr std::string_view kJournalPrefix = "<3>ERROR: ";
    constexpr std::string_view kEnd = "\n";
    const std::array<std::string_view, 3> parts{
        is_journal(STDERR_FILENO) ? kJournalPrefix : kPrefix, error.message, kEnd};
    std::array<iovec, 3> vectors{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        vectors[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
    }
    // Nobody is left to tell when this fails.
    (void)!::writev(STDERR_FILENO, vectors.data(), static_cast<int>(vectors.size()));
}

}  // namespace kurabe::cli::rrdtool
