// Lines over a stream of bytes.
#include "collectors/munin/line_connection.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace kurabe::collectors::munin {

Result<void> LineConnection::send(std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto taken = stream_->write(rest);
        if (!taken) return std::unexpected(taken.error());
        rest.remove_prefix(*taken);
        if (*taken > 0) continue;
        if (auto waited = patience_.wait(stream_->descriptor(), stream_->events(true)); !waited) {
            return waited;
        }
    }
    return {};
}

Result<void> LineConnection::receive() {
    while (true) {
        if (auto checked = patience_.check(); !checked) return checked;
        const auto came = stream_->read(received_);
        if (!came) return std::unexpected(came.error());
        if (*came) return {};
        if (auto waited = patience_.wait(stream_->descriptor(), stream_->events(false)); !waited) {
            return waited;
        }
    }
}

Result<std::string> LineConnection::line(std::size_t bytes_max) {
    std::size_t looked_at = 0;
    while (true) {
        const std::size_t end = received_.find('\n', looked_at);
        if (std::min(end, received_.size()) > bytes_max) {
            return fail(ErrorCode::kLimit, fmt::format("a line of over {} bytes", bytes_max));
        }
        if (end != std::string::npos) {
            std::string line = received_.substr(0, end);
            received_.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            return line;
        }
        looked_at = received_.size();
        if (auto received = receive(); !received) return std::unexpected(received.error());
    }
}

namespace {

// Where the line "." begins, or npos. `text` begins with a line.
std::size_t end_of_answer(std::string_view text) {
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != text.npos;
         begin = end + 1) {
        const std::string_view line = text.substr(begin, end - begin);
        if (line == "." || line == ".\r") return begin;
    }
    return text.npos;
}

}  // namespace

Result<std::string> LineConnection::some_lines(std::size_t line_bytes_max) {
    while (true) {
        std::size_t end = end_of_answer(received_);
        if (end == 0) {
            received_.erase(0, received_.find('\n') + 1);
            return "";
        }
        if (end == std::string::npos) end = received_.rfind('\n') + 1;  // 0 for no line
        if (end > 0) {
            std::string lines = received_.substr(0, end);
            received_.erase(0, end);
            return lines;
        }
        if (received_.size() > line_bytes_max) {
            return fail(ErrorCode::kLimit, fmt::format("a line of over {} bytes", line_bytes_max));
        }
        if (auto received = receive(); !received) return std::unexpected(received.error());
    }
}

Result<std::string> LineConnection::lines(std::size_t bytes_max) {
    std::string text;
    while (true) {
        const auto more = some_lines(bytes_max);
        if (!more) return std::unexpected(more.error());
        if (more->empty()) return text;
        text += *more;
        if (text.size() > bytes_max) {
            return fail(ErrorCode::kLimit, fmt::format("an answer of over {} bytes", bytes_max));
        }
    }
}

}  // namespace kurabe::collectors::munin
