// Requests and replies over one connection, in turn.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "cli/rrdcached/reply.hpp"
#include "cli/rrdcached/socket.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

// How long a daemon may take. Writing a file that it was asked to flush is part of its reply.
struct Patience {
    std::chrono::milliseconds connect = std::chrono::seconds{10};
    std::chrono::milliseconds reply = std::chrono::seconds{120};  // with all its lines
};

class Connection final : public ReplyLines {
  public:
    // The first of the addresses that answers; the error of the last.
    [[nodiscard]] static Result<Connection> open(std::span<const SocketAddress> addresses,
                                                 const Patience& patience);

    // Sends a line and reads the head of its reply.
    [[nodiscard]] Result<ReplyHead> ask(std::string_view request);
    [[nodiscard]] Result<std::string_view> next_line() override;

    // Whether more can be asked: not after an error or half a reply, because what would come next
    // is unknown.
    [[nodiscard]] bool is_usable() const noexcept {
        return missing_lines_ == 0 && ahead().empty() && socket_.is_quiet();
    }

  private:
    Connection(Socket socket, const Patience& patience)
        : socket_(std::move(socket)), patience_(patience) {}
    [[nodiscard]] std::string_view ahead() const noexcept {
        return std::string_view(buffer_).substr(begin_);
    }
    [[nodiscard]] Result<std::string_view> read_line();
    [[nodiscard]] Result<void> receive_more();

    Socket socket_;
    Patience patience_;
    Deadline deadline_;  // of the reply that is being read
    std::string buffer_;
    std::size_t begin_ = 0;           // of what has not been given out
    std::size_t reply_bytes_ = 0;     // received so far
    std::int64_t missing_lines_ = 0;  // of the reply
};

}  // namespace kurabe::cli::rrdcached
