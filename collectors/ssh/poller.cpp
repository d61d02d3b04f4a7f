// Watches many hosts over SSH on one thread.
#include "collectors/ssh/poller.hpp"

#include <algorithm>
#include <utility>

namespace kurabe::collectors::ssh {

Poller::Poller(Access access, std::function<store::Time()> now, OnOutcome on_outcome,
               std::uint64_t seed)
    : access_(std::move(access)),
      now_(std::move(now)),
      on_outcome_(std::move(on_outcome)),
      random_(seed) {
    descriptors_.push_back({.fd = names_.descriptor(), .events = POLLIN, .revents = 0});
}

Result<std::unique_ptr<Poller>> Poller::create(Settings settings, std::function<store::Time()> now,
                                               OnOutcome on_outcome, std::uint64_t seed) {
    auto access = Access::prepare(std::move(settings));
    if (!access) return std::unexpected(access.error());
    return std::unique_ptr<Poller>(
        new Poller(*std::move(access), std::move(now), std::move(on_outcome), seed));
}

void Poller::add(Target target, std::optional<store::Seconds> interval) {
    const Surroundings surroundings{.access = access_, .names = names_, .now = now_};
    const bool keeps_session = !interval || *interval <= access_.settings.idle_max;
    hosts_.push_back(std::make_unique<WatchedHost>(
        std::move(target), surroundings,
        WatchedHost::Options{.seed = random_(), .keeps_session = keeps_session}));
    begun_.emplace_back();
    descriptors_.insert(descriptors_.end() - 1, {.fd = -1, .events = 0, .revents = 0});
}

std::size_t Poller::begin(std::size_t first, std::size_t end) {
    const Clock::time_point now = Clock::now();
    std::size_t begun = 0;
    for (std::size_t i = first; i < end; ++i) {
        if (hosts_[i]->is_busy()) continue;
        hosts_[i]->begin(now);
        begun_[i] = now;
        ++begun;
        ++busy_;
        advance(i);
    }
    return begun;
}

void Poller::work(std::chrono::milliseconds longest) {
    allow_to_open();
    wait(longest);
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        if (descriptors_[i].revents != 0) advance(i);
    }
    if (descriptors_.back().revents != 0) {
        names_.drain();
        for (std::size_t i = 0; i < hosts_.size(); ++i) {
            if (hosts_[i]->is_opening()) advance(i);
        }
    }
    advance_due();
}

// Keeps the counts and what is polled for in step with the host.
void Poller::advance(std::size_t index) {
    WatchedHost& host = *hosts_[index];
    const bool was_opening = host.is_opening();
    const auto outcome = host.advance(Clock::now());
    opening_ += host.is_opening() ? 1 : 0;
    opening_ -= was_opening ? 1 : 0;
    pollfd& descriptor = descriptors_[index];
    descriptor.fd = host.descriptor();
    descriptor.events = descriptor.fd < 0 ? short{0} : host.events();
    if (!outcome) return;
    --busy_;
    if (counts_ != nullptr) {
        const auto took = Clock::now() - begun_[index];
        counts_->ended(outcome->has_value(), std::chrono::ceil<std::chrono::milliseconds>(took));
    }
    on_outcome_(host.target(), *outcome);
}

void Poller::advance_due() {
    const Clock::time_point now = Clock::now();
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        if (hosts_[i]->wakes_at() <= now) advance(i);
    }
}

void Poller::allow_to_open() {
    for (std::size_t i = 0; i < hosts_.size() && opening_ < kOpeningMax; ++i) {
        if (!hosts_[i]->wants_to_open()) continue;
        hosts_[i]->allow_to_open(Clock::now());
        ++opening_;
        advance(i);
    }
}

void Poller::wait(std::chrono::milliseconds longest) {
    Clock::time_point until = Clock::now() + longest;
    for (const auto& host : hosts_) until = std::min(until, host->wakes_at());
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    for (pollfd& descriptor : descriptors_) descriptor.revents = 0;
    (void)::poll(descriptors_.data(), descriptors_.size(),
                 static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
}

}  // namespace kurabe::collectors::ssh
