// Sends without holding the spool, so that collecting never waits for a server.
#include "cli/agent_delivery.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace kurabe::cli {

namespace {

constexpr std::chrono::seconds kLastDeadline{5};  // of the attempt at the end
constexpr std::chrono::milliseconds kPauseFirst{1'000};
constexpr std::chrono::milliseconds kPauseMax{60'000};
constexpr store::Seconds kBetweenLines{300};

store::Time now() {
    return std::chrono::floor<store::Seconds>(std::chrono::system_clock::now());
}

}  // namespace

AgentDelivery::AgentDelivery(collectors::agent::Spool spool, LineSender sender, server::Log& log,
                             std::uint64_t seed)
    : sender_(std::move(sender)),
      log_(log),
      spool_(std::move(spool)),
      random_(seed),
      refusals_told_(kBetweenLines) {}

AgentDelivery::~AgentDelivery() {
    stop();
}

void AgentDelivery::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void AgentDelivery::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    static_cast<void>(attempt({}, kLastDeadline));
    const std::lock_guard lock(mutex_);
    if (spool_.batches() == 0) return;
    const std::string left = std::to_string(spool_.batches());
    if (spool_.is_lasting()) {
        log_.info("batches wait in the spool", {{"batches", left}});
    } else {
        log_.warning("batches that were in memory are lost", {{"batches", left}});
    }
}

void AgentDelivery::add(std::string lines) {
    const std::lock_guard lock(mutex_);
    if (const auto kept = spool_.add(std::move(lines)); !kept) {
        log_.error("kept in memory only", {{"reason", kept.error().message}});
    }
    const std::size_t dropped = spool_.dropped();
    if (dropped > told_dropped_ && refusals_told_.is_due("spool", now())) {
        log_.error("the spool is full, the oldest batches are given up",
                   {{"batches", std::to_string(dropped - std::exchange(told_dropped_, dropped))}});
    }
    changed_.notify_all();
}

void AgentDelivery::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (attempt(stop, std::chrono::seconds::max())) continue;
        std::unique_lock lock(mutex_);
        if (failures_ == 0) {
            changed_.wait(lock, stop, [this] { return spool_.batches() > 0; });
        } else {
            changed_.wait_for(lock, stop, pause(), [] { return false; });
        }
    }
}

// Want of memory in one round must not end the agent.
bool AgentDelivery::attempt(const std::stop_token& stop, std::chrono::seconds longest) {
    try {
        return hand_over(stop, longest);
    } catch (const std::exception& exception) {
        log_.error("task failed", {{"reason", exception.what()}});
        ++failures_;
        return false;
    }
}

bool AgentDelivery::hand_over(const std::stop_token& stop, std::chrono::seconds longest) {
    const auto batches = oldest();
    if (!batches) return false;
    const std::size_t bytes = batches->lines.size();
    const auto sent =
        sender_.send(batches->lines, std::min(BodySize::deadline(bytes), longest), stop);
    if (!sent && stop.stop_requested()) return false;
    tell(sent);
    if (sent) {
        size_.has_succeeded();
        forget(batches->last);
        return true;
    }
    if (sent.error().why == NotTaken::Why::kForbidden) was_forbidden_ = true;
    if (sent.error().why == NotTaken::Why::kUnreached) size_.has_failed(bytes);
    if (sent.error().why != NotTaken::Why::kTooMuch) return false;
    size_.was_too_much(bytes);
    return batches->count > 1;
}

std::optional<collectors::agent::Spool::Batches> AgentDelivery::oldest() {
    const std::lock_guard lock(mutex_);
    while (spool_.batches() > 0) {
        auto batches = spool_.oldest(size_.bytes());
        if (batches) return *std::move(batches);
        const Error& error = batches.error();
        if (!collectors::agent::Spool::is_lost(error.code)) {
            if (failures_++ == 0)
                log_.error("the spool cannot be read", {{"reason", error.message}});
            break;
        }
        log_.error("a batch of the spool is set aside", {{"reason", error.message}});
    }
    return std::nullopt;
}

void AgentDelivery::forget(std::uint64_t last) {
    const std::lock_guard lock(mutex_);
    if (const auto removed = spool_.remove_through(last); !removed) {
        log_.error("taken batches stay in the spool", {{"reason", removed.error().message}});
    }
}

// The log has when the server begins to fail and when it no longer does.
void AgentDelivery::tell(const std::expected<SentLines, NotTaken>& sent) {
    if (!sent) {
        if (failures_ == 0) {
            log_.warning("the server does not take lines",
                         {{"reason", sent.error().error.message}});
        }
        ++failures_;
        return;
    }
    if (failures_ > 0) log_.info("the server takes lines again");
    failures_ = 0;
    if (sent->refused > 0 && refusals_told_.is_due("server", now())) {
        log_.warning("the server refused lines", {{"accepted", std::to_string(sent->accepted)},
                                                  {"refused", std::to_string(sent->refused)},
                                                  {"first", sent->reason}});
    }
}

std::chrono::milliseconds AgentDelivery::pause() {
    const unsigned doublings = std::min(failures_ - 1, 6U);
    const auto whole = std::min(kPauseFirst * (1 << doublings), kPauseMax);
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>(whole.count() / 2, whole.count())(random_));
}

}  // namespace kurabe::cli
