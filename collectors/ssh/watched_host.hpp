// One host that is watched over SSH: how far its poll is, and what it waits for. Belongs to the
// thread of its poller.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "collectors/back_off.hpp"
#include "collectors/name_resolver.hpp"
#include "collectors/report.hpp"
#include "collectors/ssh/access.hpp"
#include "collectors/ssh/session.hpp"
#include "collectors/ssh/target.hpp"
#include "collectors/tcp_connection.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::ssh {

// How often a host may say something between two polls. A few alive messages are usual.
inline constexpr unsigned kServedMax = 1000;

// What all hosts of a poller share. The references outlive the hosts.
struct Surroundings {
    const Access& access;
    NameResolver& names;
    const std::function<store::Time()>& now;  // of samples
};

class WatchedHost {
  public:
    using Time = std::chrono::steady_clock::time_point;

    struct Options {
        std::uint64_t seed;  // of the back-off's jitter
        // Whether the next poll comes while a session may be kept; without, each has its own.
        bool keeps_session = true;
    };
    WatchedHost(Target target, const Surroundings& surroundings, Options options);

    [[nodiscard]] const Target& target() const noexcept { return target_; }

    // A poll is wanted. Nothing happens when one is under way.
    void begin(Time now);
    [[nodiscard]] bool is_busy() const noexcept { return state_ != State::kIdle; }
    // Whether it waits to be allowed to open a session, and whether it is opening one.
    [[nodiscard]] bool wants_to_open() const noexcept { return state_ == State::kWantsToOpen; }
    [[nodiscard]] bool is_opening() const noexcept;
    void allow_to_open(Time now);

    // Goes on as far as it can; what the poll came to, once, when it has ended. To be called when
    // the descriptor is ready, after begin() and allow_to_open(), at wakes_at(), and when names
    // have been looked up.
    [[nodiscard]] std::optional<Result<Report>> advance(Time now);

    // What to poll(2) for, also between polls: a kept session answers its host. Negative: nothing.
    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] short events() const noexcept;
    [[nodiscard]] Time wakes_at() const noexcept;

  private:
    enum class State : std::uint8_t {
        kIdle,
        kRefused,  // left alone after failures
        kWantsToOpen,
        kLookUp,
        kConnect,
        kOpen,
        kRun,
    };

    // True when the state has changed, so that there may be more to do.
    [[nodiscard]] Result<bool> step(Time now);
    [[nodiscard]] Result<bool> begin_opening();
    [[nodiscard]] Result<bool> look_up();
    [[nodiscard]] Result<bool> connect(Time now);
    [[nodiscard]] Result<bool> open();
    [[nodiscard]] Result<bool> run();
    [[nodiscard]] Result<Report> ended(Time now, Result<void> outcome);
    [[nodiscard]] bool opens_again() const noexcept;
    [[nodiscard]] std::string_view doing() const noexcept;
    void drop_session() noexcept;

    Target target_;
    Surroundings around_;
    bool keeps_session_;
    BackOff back_off_;
    std::string last_error_;
    State state_ = State::kIdle;
    Time deadline_;
    Time ended_at_;         // the last poll
    unsigned served_ = 0;   // since the last poll
    bool is_kept_ = false;  // the session is of an earlier poll
    std::optional<store::Time> read_at_;
    std::shared_ptr<NameResolver::Lookup> lookup_;
    std::optional<TcpConnection> connection_;
    std::unique_ptr<Session> session_;
};

}  // namespace kurabe::collectors::ssh
