// A poll goes down the states; whatever fails or takes too long ends it there.
#include "collectors/ssh/watched_host.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "collectors/ssh/capture.hpp"
#include "collectors/ssh/remote_command.hpp"

namespace kurabe::collectors::ssh {

WatchedHost::WatchedHost(Target target, const Surroundings& surroundings, Options options)
    : target_(std::move(target)),
      around_(surroundings),
      keeps_session_(options.keeps_session),
      back_off_(options.seed) {}

void WatchedHost::begin(Time now) {
    if (is_busy()) return;
    read_at_.reset();
    served_ = 0;
    deadline_ = now + around_.access.settings.deadline;
    if (session_ && now - ended_at_ >= around_.access.settings.idle_max) drop_session();
    is_kept_ = session_ != nullptr;
    if (is_kept_) {
        session_->start(remote_command());
        state_ = State::kRun;
    } else {
        state_ = back_off_.holds(now) ? State::kRefused : State::kWantsToOpen;
    }
}

bool WatchedHost::is_opening() const noexcept {
    return state_ == State::kLookUp || state_ == State::kConnect || state_ == State::kOpen;
}

// The time it waited for its turn is not the host's; that of a session that turned out dead is.
void WatchedHost::allow_to_open(Time now) {
    if (!is_kept_) deadline_ = now + around_.access.settings.deadline;
    state_ = State::kLookUp;
}

std::optional<Result<Report>> WatchedHost::advance(Time now) {
    if (state_ == State::kIdle) {
        if (session_ && (++served_ > kServedMax || !session_->serve())) drop_session();
        return std::nullopt;
    }
    while (state_ != State::kWantsToOpen) {
        const Result<bool> went_on = step(now);
        if (!went_on && opens_again()) {
            drop_session();
            state_ = State::kWantsToOpen;
            break;
        }
        if (!went_on) return ended(now, std::unexpected(went_on.error()));
        if (state_ == State::kIdle) return ended(now, {});
        if (!*went_on) break;
    }
    if (now < deadline_ || state_ == State::kWantsToOpen) return std::nullopt;
    return ended(
        now,
        fail(ErrorCode::kSystem,
             fmt::format("{} within {} s", doing(),
                         std::chrono::duration<double>(around_.access.settings.deadline).count())));
}

// A session of an earlier poll that has died in between is no failure of this one.
bool WatchedHost::opens_again() const noexcept {
    return state_ == State::kRun && is_kept_ && session_->output().empty();
}

Result<bool> WatchedHost::step(Time now) {
    switch (state_) {
        case State::kLookUp:
            return session_ ? look_up() : begin_opening();
        case State::kConnect:
            return connect(now);
        case State::kOpen:
            return open();
        case State::kRun:
            return run();
        case State::kRefused:
            return back_off_.left_alone(now, last_error_);
        case State::kIdle:
        case State::kWantsToOpen:
            break;
    }
    return false;
}

Result<bool> WatchedHost::begin_opening() {
    auto session = Session::prepare(target_, around_.access);
    if (!session) return std::unexpected(session.error());
    session_ = *std::move(session);
    if (session_->has_proxy()) {
        state_ = State::kOpen;
    } else {
        lookup_ = around_.names.look_up(session_->host(), session_->port());
    }
    return true;
}

Result<bool> WatchedHost::look_up() {
    auto answer = NameResolver::take(*lookup_);
    if (!answer) return false;
    lookup_.reset();
    if (!*answer) return std::unexpected(answer->error());
    connection_.emplace(**std::move(answer), deadline_);
    state_ = State::kConnect;
    return true;
}

Result<bool> WatchedHost::connect(Time now) {
    const auto connected = connection_->advance(now);
    if (!connected) return std::unexpected(connected.error());
    if (!*connected) return false;
    session_->use(connection_->take());
    connection_.reset();
    state_ = State::kOpen;
    return true;
}

Result<bool> WatchedHost::open() {
    const auto progress = session_->open();
    if (!progress) return std::unexpected(progress.error());
    if (*progress == Session::Progress::kWaiting) return false;
    session_->start(remote_command());
    is_kept_ = false;
    state_ = State::kRun;
    return true;
}

Result<bool> WatchedHost::run() {
    const auto progress = session_->run();
    if (!read_at_ && !session_->output().empty()) read_at_ = around_.now();
    if (!progress) return std::unexpected(progress.error());
    if (*progress == Session::Progress::kWaiting) return false;
    state_ = State::kIdle;
    return true;
}

Result<Report> WatchedHost::ended(Time now, Result<void> outcome) {
    const bool was_refused = state_ == State::kRefused;
    state_ = State::kIdle;
    ended_at_ = now;
    Result<Report> report = outcome ? read_capture(session_->output(), target_.reported_host(),
                                                   read_at_.value_or(around_.now()))
                                    : Result<Report>(std::unexpected(outcome.error()));
    if (report) {
        back_off_.succeeded();
    } else if (!was_refused) {
        last_error_ = report.error().message;
        back_off_.failed(now);
        drop_session();
    }
    if (!keeps_session_) drop_session();
    return report;
}

std::string_view WatchedHost::doing() const noexcept {
    switch (state_) {
        case State::kLookUp:
            return "the name was not found";
        case State::kConnect:
            return "no connection";
        case State::kOpen:
            return "no session";
        default:
            return "the command did not end";
    }
}

void WatchedHost::drop_session() noexcept {
    lookup_.reset();
    connection_.reset();
    session_.reset();
}

int WatchedHost::descriptor() const noexcept {
    if (state_ == State::kConnect) return connection_->descriptor();
    const bool has_socket =
        session_ && (state_ == State::kIdle || state_ == State::kOpen || state_ == State::kRun);
    return has_socket ? session_->descriptor() : -1;
}

short WatchedHost::events() const noexcept {
    return state_ == State::kConnect ? short{POLLOUT} : session_->events();
}

WatchedHost::Time WatchedHost::wakes_at() const noexcept {
    if (state_ == State::kIdle || state_ == State::kWantsToOpen) return Time::max();
    if (state_ == State::kConnect) return std::min(deadline_, connection_->wakes_at());
    return deadline_;
}

}  // namespace kurabe::collectors::ssh
