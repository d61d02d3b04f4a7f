// Lines out of what arrives.
#include "cli/rrdcached/connection.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::cli::rrdcached {
namespace {

constexpr std::size_t kReceiveBytes = std::size_t{64} << 10;

Deadline after(std::chrono::milliseconds patience) {
    return std::chrono::steady_clock::now() + patience;
}

}  // namespace

Result<Connection> Connection::open(std::span<const SocketAddress> addresses,
                                    const Patience& patience) {
    Result<Socket> socket = fail(ErrorCode::kNotFound, "no address");
    const Deadline deadline = after(patience.connect);
    for (const SocketAddress& address : addresses) {
        socket = Socket::connect(address, deadline);
        if (socket) return Connection(std::move(*socket), patience);
    }
    return std::unexpected(socket.error());
}

Result<ReplyHead> Connection::ask(std::string_view request) {
    deadline_ = after(patience_.reply);
    reply_bytes_ = 0;
    missing_lines_ = 1;
    if (auto sent = socket_.send(request, deadline_); !sent) return std::unexpected(sent.error());
    const auto line = read_line();
    if (!line) return std::unexpected(line.error());
    auto head = parse_reply_head(*line);
    if (head) missing_lines_ = std::max<std::int64_t>(head->lines, 0);
    return head;
}

Result<std::string_view> Connection::next_line() {
    const auto line = read_line();
    if (line) --missing_lines_;
    return line;
}

Result<void> Connection::receive_more() {
    if (begin_ == buffer_.size()) {
        buffer_.clear();
    } else {
        buffer_.erase(0, begin_);
    }
    begin_ = 0;
    const std::size_t kept = buffer_.size();
    buffer_.resize(kept + kReceiveBytes);
    const auto got = socket_.receive(std::span(buffer_).subspan(kept), deadline_);
    buffer_.resize(kept + got.value_or(0));
    if (!got) return std::unexpected(got.error());
    if (*got == 0) {
        return fail(ErrorCode::kSystem, reply_bytes_ == 0
                                            ? "the daemon closed the connection"
                                            : "the daemon closed the connection within a reply");
    }
    reply_bytes_ += *got;
    if (reply_bytes_ <= kReplyBytesMax) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("a reply of more than {} bytes is too long", kReplyBytesMax));
}

Result<std::string_view> Connection::read_line() {
    std::size_t searched = 0;
    for (;;) {
        const auto end = ahead().find('\n', searched);
        if (end != std::string_view::npos) {
            std::string_view line = ahead().substr(0, end);
            begin_ += end + 1;
            if (line.ends_with('\r')) line.remove_suffix(1);
            return line;
        }
        searched = ahead().size();
        if (searched > kReplyLineBytesMax) {
            return fail(ErrorCode::kLimit, fmt::format("a line of more than {} bytes is too long",
                                                       kReplyLineBytesMax));
        }
        if (auto received = receive_more(); !received) return std::unexpected(received.error());
    }
}

}  // namespace kurabe::cli::rrdcached
