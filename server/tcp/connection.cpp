// Bytes in, answers out.
#include "server/tcp/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace kurabe::server::tcp {
namespace {

// So much memory more than it needs may a connection keep.
constexpr std::size_t kSpareBytesMax = 16 << 10;

// A string keeps the memory of the most that it ever held.
void erase_front(std::string& text, std::size_t count) {
    text.erase(0, count);
    if (text.capacity() - text.size() <= std::max(text.size(), kSpareBytesMax)) return;
    std::string(text).swap(text);
}

}  // namespace

Connection::Connection(collectors::Descriptor socket, std::string sender, Clock::time_point now)
    : socket_(std::move(socket)), sender_(std::move(sender)), heard_(now) {}

bool Connection::receive(std::span<char> buffer, Protocol& protocol, Clock::time_point now) {
    const ssize_t got = ::recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    heard_ = now;
    if (is_ending_) return true;  // nothing of it counts any more
    take({buffer.data(), static_cast<std::size_t>(got)}, protocol, now);
    return send(now);
}

// Messages that come whole are answered where they lie; only what is not finished is copied.
void Connection::take(std::string_view bytes, Protocol& protocol, Clock::time_point now) {
    const bool was_begun = !pending_.empty();
    if (was_begun) pending_ += bytes;
    const std::string_view all = was_begun ? std::string_view(pending_) : bytes;
    const Outcome done = protocol.answer(all, sender_, replies_);
    is_ending_ = done.ends;
    is_foreign_ = done.is_foreign;
    if (!done.waits) {
        waiting_ = {};
    } else if (!is_waiting()) {
        waiting_ = now;
    }
    if (is_ending_ || done.used == all.size()) {
        std::string().swap(pending_);  // its memory, too
    } else if (!was_begun) {
        pending_ = all.substr(done.used);
    } else {
        erase_front(pending_, done.used);
    }
    if (done.used > 0 || !was_begun) begun_ = now;
}

bool Connection::retry(Protocol& protocol, Clock::time_point now) {
    heard_ = now;
    begun_ = now;
    if (pending_.empty()) {
        waiting_ = {};
        return true;
    }
    take({}, protocol, now);
    return send(now);
}

void Connection::begin_wait(Clock::time_point now) {
    if (!is_waiting()) waiting_ = now;
}

void Connection::refuse(std::string_view error, const Protocol& protocol, Clock::time_point now) {
    protocol.add_error(replies_, error);
    is_ending_ = true;
    std::string().swap(pending_);
    static_cast<void>(send(now));
}

bool Connection::send(Clock::time_point now) {
    sent_ = now;
    while (!replies_.empty()) {
        const ssize_t sent =
            ::send(socket_.number(), replies_.data(), replies_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        erase_front(replies_, static_cast<std::size_t>(sent));
    }
    std::string().swap(replies_);
    if (is_ending_) begin_farewell(now);
    return true;
}

// To close over bytes that were not read would take the last answer with it.
void Connection::begin_farewell(Clock::time_point now) {
    if (ended_ != Clock::time_point{}) return;
    ::shutdown(socket_.number(), SHUT_WR);
    ended_ = now;
}

bool Connection::is_overdue(Clock::time_point now, const Patience& patience) const {
    if (ended_ != Clock::time_point{}) return now - ended_ > patience.farewell;
    if (!replies_.empty()) return now - sent_ > patience.reading;
    if (is_waiting()) return now - waiting_ > patience.store;
    if (!pending_.empty()) return now - begun_ > patience.message;
    return now - heard_ > patience.idle;
}

}  // namespace kurabe::server::tcp
