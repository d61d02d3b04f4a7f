// Watches many devices by SNMP on one thread.
#include "collectors/snmp/poller.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/epoll.h>

namespace kurabe::collectors::snmp {
namespace {

constexpr std::uint64_t kResolver = std::numeric_limits<std::uint64_t>::max();

void watch_descriptor(const Descriptor& events, int descriptor, std::uint64_t data) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = data}};
    if (::epoll_ctl(events.number(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

}  // namespace

Poller::Poller(Settings settings, std::function<store::Time()> now, OnOutcome on_outcome,
               std::uint64_t seed, Descriptor events)
    : settings_(std::move(settings)),
      now_(std::move(now)),
      on_outcome_(std::move(on_outcome)),
      random_(seed),
      events_(std::move(events)) {
    watch_descriptor(events_, names_.descriptor(), kResolver);
}

Result<std::unique_ptr<Poller>> Poller::create(Settings settings, std::function<store::Time()> now,
                                               OnOutcome on_outcome, std::uint64_t seed) {
    Descriptor events(::epoll_create1(EPOLL_CLOEXEC));
    if (events.number() < 0) {
        return fail(ErrorCode::kSystem,
                    fmt::format("epoll_create1: {}", std::generic_category().message(errno)));
    }
    std::unique_ptr<Poller> poller(new Poller(std::move(settings), std::move(now),
                                              std::move(on_outcome), seed, std::move(events)));
    for (const Credential& credential : poller->settings_.credentials) {
        const auto* const user = std::get_if<User>(&credential.access);
        const auto checked = user == nullptr ? Result<void>() : Library::check(*user);
        if (!checked) {
            return fail(checked.error().code, fmt::format("credential '{}': {}", credential.name,
                                                          checked.error().message));
        }
        poller->keys_.emplace_back(MasterKeys{});
    }
    return poller;
}

void Poller::make_keys() {
    if (std::exchange(has_keys_, true)) return;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const auto* const user = std::get_if<User>(&settings_.credentials[i].access);
        if (user != nullptr) keys_[i] = library_.derive(*user);
    }
}

Result<void> Poller::add(Target target) {
    const Credential* const credential =
        find_credential(settings_.credentials, target.host, target.name);
    if (credential == nullptr) {
        return fail(
            ErrorCode::kNotFound,
            fmt::format("no SNMP credential fits '{}'; 'hosts' of one has to", target.host));
    }
    const auto index = static_cast<std::size_t>(credential - settings_.credentials.data());
    const Surroundings surroundings{.settings = settings_, .names = names_, .now = now_};
    devices_.push_back(std::make_unique<WatchedDevice>(
        std::move(target), Entrance{.credential = *credential, .keys = keys_[index]}, surroundings,
        random_()));
    watched_sockets_.push_back(0);
    begun_.emplace_back();
    return {};
}

std::size_t Poller::begin(std::size_t first, std::size_t end) {
    make_keys();
    const Clock::time_point now = Clock::now();
    std::size_t begun = 0;
    for (std::size_t i = first; i < end; ++i) {
        if (devices_[i]->is_busy()) continue;
        devices_[i]->begin(now);
        begun_[i] = now;
        ++begun;
        ++busy_;
        waiting_.push_back(i);
    }
    return begun;
}

void Poller::work(std::chrono::milliseconds longest) {
    constexpr std::size_t kEventsMax = 256;  // at a time
    const bool was_busy = busy_ > 0;
    give_turns();
    if (was_busy && busy_ == 0) return;  // all were left alone
    std::array<epoll_event, kEventsMax> events;
    const int count = ::epoll_wait(events_.number(), events.data(), events.size(),
                                   static_cast<int>(until_due(longest).count()));
    for (int i = 0; i < count; ++i) {
        const std::uint64_t data = events[static_cast<std::size_t>(i)].data.u64;
        if (data != kResolver) {
            advance(static_cast<std::size_t>(data), WatchedDevice::Event::kReadable);
            continue;
        }
        names_.drain();
        advance_looking_up();
    }
    advance_due();
}

void Poller::give_turns() {
    while (!waiting_.empty() && under_way_.size() < kUnderWayMax) {
        const std::size_t index = waiting_.front();
        waiting_.pop_front();
        under_way_.push_back(index);
        advance(index, WatchedDevice::Event::kTurn);
    }
}

void Poller::advance(std::size_t index, WatchedDevice::Event event) {
    WatchedDevice& device = *devices_[index];
    const auto outcome = device.advance(event, Clock::now());
    watch(index);
    if (!outcome) return;
    --busy_;
    std::erase(under_way_, index);
    if (counts_ != nullptr) {
        const auto took = Clock::now() - begun_[index];
        counts_->ended(outcome->has_value(), std::chrono::ceil<std::chrono::milliseconds>(took));
    }
    on_outcome_(device.target(), *outcome);
}

// A socket that is closed is forgotten by epoll(7) itself.
void Poller::watch(std::size_t index) {
    const WatchedDevice& device = *devices_[index];
    if (device.descriptor() < 0 || device.socket_number() == watched_sockets_[index]) return;
    watch_descriptor(events_, device.descriptor(), index);
    watched_sockets_[index] = device.socket_number();
}

void Poller::advance_looking_up() {
    for (const std::size_t index : std::vector(under_way_)) {
        if (devices_[index]->is_looking_up()) advance(index, WatchedDevice::Event::kName);
    }
}

void Poller::advance_due() {
    const Clock::time_point now = Clock::now();
    std::vector<std::size_t> due;
    for (const std::size_t index : under_way_) {
        if (devices_[index]->wakes_at() <= now) due.push_back(index);
    }
    for (const std::size_t index : due) advance(index, WatchedDevice::Event::kDue);
}

std::chrono::milliseconds Poller::until_due(std::chrono::milliseconds longest) const {
    if (!waiting_.empty() && under_way_.size() < kUnderWayMax) return {};
    Clock::time_point until = Clock::now() + longest;
    for (const std::size_t index : under_way_) {
        until = std::min(until, devices_[index]->wakes_at());
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    return std::max(left, std::chrono::milliseconds{});
}

}  // namespace kurabe::collectors::snmp
