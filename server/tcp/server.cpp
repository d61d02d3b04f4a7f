// The sockets of peers.
#include "server/tcp/server.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "server/ip_network.hpp"
#include "server/tcp/listening_socket.hpp"

namespace kurabe::server::tcp {
namespace {

using collectors::Descriptor;

constexpr std::size_t kBufferBytes = 256 << 10;
constexpr int kEventsMax = 256;
constexpr int kAcceptedAtOnceMax = 64;
constexpr std::uint64_t kListener = 0;  // no connection's number
constexpr std::chrono::seconds kBetweenLooks{1};
constexpr store::Seconds kBetweenLines{300};  // of the log, about one sender
// A begun message of so many bytes is kept however much there is of others.
constexpr std::size_t kSmallBytes = 16 << 10;
constexpr std::size_t kFailuresAtOnceMax = 16;  // of those that wait for the store, in one look

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;

    [[nodiscard]] sockaddr* system() { return reinterpret_cast<sockaddr*>(&storage); }
};

std::string numeric(SocketAddress& address) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(address.system(), address.size, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) != 0) {
        return "unknown";
    }
    return std::string(unmapped(text.data()));
}

void set(int socket, int level, int option) {
    const int on = 1;
    static_cast<void>(::setsockopt(socket, level, option, &on, sizeof on));
}

bool wants_files(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Server::Server(const Settings& settings, std::unique_ptr<Protocol> protocol, Log& log)
    : settings_(settings),
      protocol_(std::move(protocol)),
      log_(log),
      buffer_(kBufferBytes),
      foreign_told_(kBetweenLines) {}

Result<std::unique_ptr<Server>> Server::listen(const Settings& settings,
                                               std::unique_ptr<Protocol> protocol, Log& log) {
    std::unique_ptr<Server> server(new Server(settings, std::move(protocol), log));
    if (auto opened = server->open(); !opened) return std::unexpected(opened.error());
    return server;
}

Result<void> Server::open() {
    auto listening = open_listening_socket(settings_.listen, protocol_->peers());
    if (!listening) return std::unexpected(listening.error());
    listener_ = std::move(listening->socket);
    port_ = listening->port;
    epoll_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
    if (epoll_.number() < 0) {
        return fail(ErrorCode::kSystem, fmt::format("cannot wait for {}: {}", protocol_->peers(),
                                                    std::strerror(errno)));
    }
    listen_again();
    return {};
}

void Server::work(std::chrono::milliseconds wait) {
    std::array<epoll_event, kEventsMax> events{};
    const auto timeout = std::min<std::chrono::milliseconds>(wait, kBetweenLooks);
    const int count =
        ::epoll_wait(epoll_.number(), events.data(), kEventsMax, static_cast<int>(timeout.count()));
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.u64 == kListener) {
            accept_waiting();
        } else {
            serve(event.data.u64, event.events, &Server::receive);
        }
    }
    if (Clock::now() - looked_ >= kBetweenLooks) end_overdue();
}

// ---- New connections ----

void Server::accept_waiting() {
    for (int i = 0; i < kAcceptedAtOnceMax; ++i) {
        SocketAddress peer;
        Descriptor socket(
            ::accept4(listener_.number(), peer.system(), &peer.size, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (socket.number() >= 0) {
            add(std::move(socket), numeric(peer));
            continue;
        }
        if (!wants_files(errno)) return;
        // Peers wait in the kernel's queue until the next look; asked at once, again and again, the
        // system would say the same.
        if (!std::exchange(told_of_files_, true)) {
            log_.error(fmt::format("cannot accept {}", protocol_->peers()),
                       {{"reason", std::strerror(errno)}});
        }
        ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, listener_.number(), nullptr);
        is_listening_ = false;
        return;
    }
}

void Server::listen_again() {
    if (is_listening_) return;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kListener;
    is_listening_ = ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, listener_.number(), &event) == 0;
}

void Server::add(Descriptor socket, std::string sender) {
    set(socket.number(), IPPROTO_TCP, TCP_NODELAY);
    set(socket.number(), SOL_SOCKET, SO_KEEPALIVE);
    told_of_files_ = false;
    const Clock::time_point now = Clock::now();
    Connection connection(std::move(socket), std::move(sender), now);
    if (connections_.size() >= settings_.connections_max) {
        connection.refuse("max number of clients reached", *protocol_, now);
        return;
    }
    const Number number = ++last_;
    const auto [place, is_new] = connections_.emplace(number, std::move(connection));
    if (is_new) watch(number, place->second);
}

// ---- Connections ----

void Server::serve(Number number, std::uint32_t events, Step step) {
    const auto found = connections_.find(number);
    if (found == connections_.end()) return;  // closed by an event before this one
    Connection& connection = found->second;
    const std::size_t bytes_before = connection.bytes();
    bool goes_on = false;
    try {
        goes_on = (this->*step)(connection, events);
    } catch (const std::exception& exception) {  // want of memory is one peer's matter
        log_.error("connection failed", {{"reason", exception.what()}});
    }
    bytes_ = bytes_ - bytes_before + connection.bytes();
    if (goes_on) {
        watch(number, connection);
    } else {
        close(number);
    }
}

bool Server::receive(Connection& connection, std::uint32_t events) {
    const Clock::time_point now = Clock::now();
    const std::size_t bytes_before = connection.bytes();
    if (connection.wants_to_send()) {
        return (events & EPOLLOUT) != 0 ? connection.send(now)
                                        : (events & (EPOLLERR | EPOLLHUP)) == 0;
    }
    if (!waiting_.empty() && bytes_ + buffer_.size() > settings_.bytes_max) {
        connection.begin_wait(now);  // what others wait with is enough
        return true;
    }
    const bool was_foreign = connection.is_foreign();
    const bool goes_on = connection.receive(buffer_, *protocol_, now);
    if (connection.is_foreign() && !was_foreign) tell_foreign(connection);
    if (!goes_on) return false;
    if (connection.is_waiting()) return true;
    const std::size_t others = bytes_ - bytes_before;
    if (connection.bytes() > kSmallBytes && others + connection.bytes() > settings_.bytes_max) {
        connection.refuse("too much is under way, try again", *protocol_, now);
    }
    return true;
}

bool Server::retry(Connection& connection, std::uint32_t) {
    return connection.retry(*protocol_, Clock::now());
}

void Server::tell_foreign(const Connection& connection) {
    const store::Time now(std::chrono::floor<store::Seconds>(Clock::now().time_since_epoch()));
    if (!foreign_told_.is_due(connection.sender(), now)) return;
    log_.warning(fmt::format("closed a connection that does not speak {}", protocol_->name()),
                 {{"sender", connection.sender()}});
}

void Server::watch(Number number, Connection& connection) {
    const bool waits = connection.is_waiting() && !connection.wants_to_send();
    const std::uint32_t reads_or_sends = connection.wants_to_send() ? EPOLLOUT : EPOLLIN;
    const std::uint32_t wanted = waits ? 0U : reads_or_sends;
    if (waits) waiting_.push_back(number);
    if (wanted == connection.events) return;
    epoll_event event{};
    event.events = wanted;
    event.data.u64 = number;
    // Of a socket that is watched for nothing, epoll still tells again and again that it is over.
    const int operation = wanted == 0              ? EPOLL_CTL_DEL
                          : connection.events == 0 ? EPOLL_CTL_ADD
                                                   : EPOLL_CTL_MOD;
    connection.events = wanted;
    if (::epoll_ctl(epoll_.number(), operation, connection.socket(), &event) != 0) close(number);
}

// The socket's descriptor goes with it, and so does epoll's interest.
void Server::close(Number number) {
    const auto found = connections_.find(number);
    bytes_ -= found->second.bytes();
    connections_.erase(found);
}

void Server::end_overdue() {
    looked_ = Clock::now();
    std::erase_if(connections_, [this](const auto& entry) {
        const bool ends = entry.second.is_overdue(looked_, settings_.patience);
        if (ends) bytes_ -= entry.second.bytes();
        if (ends && entry.second.is_waiting()) tell_unstored(entry.second);
        return ends;
    });
    retry_waiting();
    listen_again();
}

// In turn, so that none waits because of another one.
void Server::retry_waiting() {
    std::size_t failures = 0;
    for (std::size_t left = waiting_.size(); left > 0 && failures < kFailuresAtOnceMax; --left) {
        const Number number = waiting_.front();
        waiting_.pop_front();
        serve(number, 0, &Server::retry);
        if (!waiting_.empty() && waiting_.back() == number) ++failures;
    }
}

void Server::tell_unstored(const Connection& connection) {
    log_.error("closed a connection: the store could not take what it sent",
               {{"sender", connection.sender()}});
}

}  // namespace kurabe::server::tcp
