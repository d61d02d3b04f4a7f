// One connection of a peer: what it has sent and not yet finished, what it is still to be told,
// and since when. Owned by one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "collectors/descriptor.hpp"
#include "server/tcp/protocol.hpp"

namespace kurabe::server::tcp {

using Clock = std::chrono::steady_clock;

// How long a peer may be silent or slow.
struct Patience {
    std::chrono::milliseconds idle{600'000};    // Kurado's agents ask every 180 s
    std::chrono::milliseconds message{60'000};  // from the first byte of a message to its last
    std::chrono::milliseconds store{600'000};   // until the store takes what it has sent
    std::chrono::milliseconds reading{60'000};  // until it takes the next bytes of an answer
    std::chrono::milliseconds farewell{2'000};  // until it closes, when it was told the last
};

class Connection {
  public:
    // `sender` is the peer's numeric address.
    Connection(collectors::Descriptor socket, std::string sender, Clock::time_point now);

    // Receives once into `buffer`, answers what is complete, and sends. False when the connection
    // is over.
    [[nodiscard]] bool receive(std::span<char> buffer, Protocol& protocol, Clock::time_point now);
    // Tries again what the store could not take. False when the connection is over.
    [[nodiscard]] bool retry(Protocol& protocol, Clock::time_point now);
    // Reads nothing until it is tried again.
    void begin_wait(Clock::time_point now);
    // Sends what waits. False when the connection is over.
    [[nodiscard]] bool send(Clock::time_point now);
    // Says the error and nothing more.
    void refuse(std::string_view error, const Protocol& protocol, Clock::time_point now);
    // Whether the peer has used up what patience there is.
    [[nodiscard]] bool is_overdue(Clock::time_point now, const Patience& patience) const;

    // A peer that does not read is not read from.
    [[nodiscard]] bool wants_to_send() const noexcept { return !replies_.empty(); }
    // The memory that it holds.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return pending_.capacity() + replies_.capacity();
    }
    // Whether it waits for the store, and its peer for us.
    [[nodiscard]] bool is_waiting() const noexcept { return waiting_ != Clock::time_point{}; }
    // Whether it is ended because the peer speaks another protocol.
    [[nodiscard]] bool is_foreign() const noexcept { return is_foreign_; }
    [[nodiscard]] const std::string& sender() const noexcept { return sender_; }
    [[nodiscard]] int socket() const noexcept { return socket_.number(); }

    std::uint32_t events = 0;  // that epoll tells about

  private:
    void take(std::string_view bytes, Protocol& protocol, Clock::time_point now);
    void begin_farewell(Clock::time_point now);

    collectors::Descriptor socket_;
    std::string sender_;
    std::string pending_;  // the beginning of a message, or what the store could not take
    std::string replies_;  // what the peer has not taken yet
    bool is_ending_ = false;
    bool is_foreign_ = false;
    Clock::time_point heard_;
    Clock::time_point begun_;  // of pending_
    Clock::time_point sent_;   // when some of replies_ went, or began to wait
    Clock::time_point ended_;
    Clock::time_point waiting_;  // since when
};

}  // namespace kurabe::server::tcp
