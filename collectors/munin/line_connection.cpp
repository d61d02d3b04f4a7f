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

// The last line is found where the text ends or in it: "\n.\n" or the text begins with ".\n".
Result<std::string> LineConnection::lines(std::size_t bytes_max) {
    std::size_t line_begin = 0;
    while (true) {
        for (std::size_t end = received_.find('\n', line_begin); end != std::string::npos;
             end = received_.find('\n', line_begin)) {
            const std::string_view line =
                std::string_view(received_).substr(line_begin, end - line_begin);
            if (line == "." || line == ".\r") {
                std::string text = received_.substr(0, line_begin);
                received_.erase(0, end + 1);
                return text;
            }
            line_begin = end + 1;
        }
        if (received_.size() > bytes_max) {
            return fail(ErrorCode::kLimit, fmt::format("an answer of over {} bytes", bytes_max));
        }
        if (auto received = receive(); !received) return std::unexpected(received.error());
    }
}

std::string LineConnection::take_whole_lines() {
    std::string lines = std::exchange(received_, {});
    const std::size_t end = lines.rfind('\n');
    lines.resize(end == std::string::npos ? 0 : end + 1);
    return lines;
}

}  // namespace kurabe::collectors::munin
