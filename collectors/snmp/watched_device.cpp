// A poll looks the name up and opens a socket, unless one is open, and then asks until the
// interview has what it wants. Whatever fails or takes too long ends it there.
#include "collectors/snmp/watched_device.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>

namespace kurabe::collectors::snmp {
namespace {

// As net-snmp wants it. Only numbers, so that nothing is looked up again.
Result<std::string> peer_of(const SocketAddress& address) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    const int done = ::getnameinfo(reinterpret_cast<const sockaddr*>(&address.storage),
                                   address.size, host.data(), host.size(), port.data(), port.size(),
                                   NI_NUMERICHOST | NI_NUMERICSERV);
    if (done != 0) return fail(ErrorCode::kSystem, "the name has an address of an unknown kind");
    const bool is_v6 = address.storage.ss_family == AF_INET6;
    return is_v6 ? fmt::format("udp6:[{}]:{}", host.data(), port.data())
                 : fmt::format("udp:{}:{}", host.data(), port.data());
}

}  // namespace

WatchedDevice::WatchedDevice(Target target, Entrance entrance, const Surroundings& surroundings,
                             std::uint64_t seed)
    : target_(std::move(target)),
      entrance_(entrance),
      around_(surroundings),
      back_off_(seed),
      memory_{.plan = {}, .history = History(target_.heartbeat)} {}

void WatchedDevice::begin(Time now) {
    if (is_busy()) return;
    was_refused_ = back_off_.holds(now);
    state_ = State::kWaits;
}

std::optional<Result<Report>> WatchedDevice::advance(Event event, Time now) {
    if (state_ == State::kIdle) {
        // A late answer, which nobody waits for.
        if (session_ && event == Event::kReadable) (void)session_->read([](const Answer&) {});
        return std::nullopt;
    }
    if (was_refused_) return ended(now, back_off_.left_alone(now, last_error_));
    if (const auto went_on = go_on(event, now); !went_on) {
        return ended(now, std::unexpected(went_on.error()));
    }
    if (state_ == State::kIdle) {
        return ended(now, interview_->report(target_.reported_host(), around_.settings.goes_on));
    }
    if (now < deadline_) return std::nullopt;
    const double seconds = std::chrono::duration<double>(around_.settings.deadline).count();
    return ended(now, fail(ErrorCode::kSystem,
                           fmt::format("{} within {} s",
                                       state_ == State::kLookUp ? "the name was not found"
                                                                : "not all answers came",
                                       seconds)));
}

Result<void> WatchedDevice::go_on(Event event, Time now) {
    if (state_ == State::kWaits) return take_turn(now);
    if (state_ == State::kLookUp) return look_up();
    if (event == Event::kReadable) return receive(now);
    if (event == Event::kDue && session_->wakes_at() <= now) return time_out();
    return {};
}

// The time it waited for its turn is not the device's.
Result<void> WatchedDevice::take_turn(Time now) {
    deadline_ = now + around_.settings.deadline;
    interview_.emplace(memory_, target_.wanted, around_.settings.filters);
    is_kept_ = session_ != nullptr;
    if (!is_kept_) return begin_opening();
    state_ = State::kAsks;
    return ask();
}

Result<void> WatchedDevice::begin_opening() {
    const std::uint16_t port = target_.port.value_or(entrance_.credential.port.value_or(kPort));
    lookup_ = around_.names.look_up(target_.host, port);
    state_ = State::kLookUp;
    return look_up();
}

Result<void> WatchedDevice::look_up() {
    auto answer = NameResolver::take(*lookup_);
    if (!answer) return {};
    lookup_.reset();
    if (!*answer) return std::unexpected(answer->error());
    return open(**answer);
}

// A datagram tells nothing of whether the address is right, so it is the resolver's first one.
Result<void> WatchedDevice::open(const Addresses& addresses) {
    const auto peer = peer_of(addresses.front());
    if (!peer) return std::unexpected(peer.error());
    if (!entrance_.keys) return std::unexpected(entrance_.keys.error());
    auto session = Session::open(*peer, entrance_.credential.access, *entrance_.keys,
                                 around_.settings.patience);
    if (!session) return std::unexpected(session.error());
    session_ = *std::move(session);
    ++sockets_;
    state_ = State::kAsks;
    return ask();
}

Result<void> WatchedDevice::ask() {
    const auto request = interview_->next();
    if (request) return session_->send(*request);
    state_ = State::kIdle;
    return {};
}

Result<void> WatchedDevice::receive(Time now) {
    Result<void> taken;
    const auto progress = session_->read(
        [&](const Answer& answer) { taken = interview_->take(answer, now, around_.now()); });
    if (!progress) return std::unexpected(progress.error());
    if (!taken) return taken;
    if (*progress == Session::Progress::kAnswered) is_kept_ = false;
    return *progress == Session::Progress::kAnswered ? ask() : Result<void>{};
}

Result<void> WatchedDevice::time_out() {
    const auto progress = session_->time_out();
    if (progress) return {};
    // The name may mean another address by now, and the device may have been replaced by one with
    // another engine ID, whose reports cannot be understood.
    if (is_kept_) {
        is_kept_ = false;
        session_.reset();
        return begin_opening();
    }
    if (interview_->can_do_without_answer()) return ask();
    return std::unexpected(progress.error());
}

Result<Report> WatchedDevice::ended(Time now, Result<Report> outcome) {
    state_ = State::kIdle;
    interview_.reset();
    lookup_.reset();
    if (outcome) {
        back_off_.succeeded();
    } else if (!was_refused_) {
        last_error_ = outcome.error().message;
        back_off_.failed(now);
        memory_.forget_manners();  // a lost answer may have taught them wrongly
        session_.reset();
    }
    return outcome;
}

int WatchedDevice::descriptor() const noexcept {
    return session_ ? session_->descriptor() : -1;
}

WatchedDevice::Time WatchedDevice::wakes_at() const noexcept {
    switch (state_) {
        case State::kIdle:
        case State::kWaits:
            return Time::max();
        case State::kLookUp:
            return deadline_;
        case State::kAsks:
            break;
    }
    return std::min(deadline_, session_->wakes_at());
}

}  // namespace kurabe::collectors::snmp
