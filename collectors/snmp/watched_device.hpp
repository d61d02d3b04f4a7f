// One device that is watched by SNMP: how far its poll is, and what it waits for. Belongs to the
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
#include "collectors/snmp/interview.hpp"
#include "collectors/snmp/session.hpp"
#include "collectors/snmp/settings.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::snmp {

// What all devices of a poller share. The references outlive the devices.
struct Surroundings {
    const Settings& settings;
    NameResolver& names;
    const std::function<store::Time()>& now;  // of samples
};

// A credential with what its passphrases have become. The references outlive the devices.
struct Entrance {
    const Credential& credential;
    const Result<MasterKeys>& keys;
};

class WatchedDevice {
  public:
    using Time = std::chrono::steady_clock::time_point;
    // Why it is to go on.
    enum class Event : std::uint8_t { kTurn, kName, kReadable, kDue };

    WatchedDevice(Target target, Entrance entrance, const Surroundings& surroundings,
                  std::uint64_t seed);

    [[nodiscard]] const Target& target() const noexcept { return target_; }

    // A poll is wanted. Nothing happens when one is under way.
    void begin(Time now);
    [[nodiscard]] bool is_busy() const noexcept { return state_ != State::kIdle; }
    [[nodiscard]] bool is_looking_up() const noexcept { return state_ == State::kLookUp; }

    // Goes on as far as it can; what the poll came to, once, when it has ended. kTurn is the first
    // event of a poll.
    [[nodiscard]] std::optional<Result<Report>> advance(Event event, Time now);

    // The socket, also between polls; negative: none. Each that is opened has another number.
    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] std::uint64_t socket_number() const noexcept { return sockets_; }
    [[nodiscard]] Time wakes_at() const noexcept;

  private:
    enum class State : std::uint8_t { kIdle, kWaits, kLookUp, kAsks };

    [[nodiscard]] Result<void> take_turn(Time now);
    [[nodiscard]] Result<void> begin_opening();
    [[nodiscard]] Result<void> look_up();
    [[nodiscard]] Result<void> open(const Addresses& addresses);
    [[nodiscard]] Result<void> go_on(Event event, Time now);
    [[nodiscard]] Result<void> receive(Time now);
    [[nodiscard]] Result<void> time_out();
    [[nodiscard]] Result<void> ask();
    [[nodiscard]] Result<Report> ended(Time now, Result<Report> outcome);

    Target target_;
    Entrance entrance_;
    Surroundings around_;
    BackOff back_off_;
    std::string last_error_;
    State state_ = State::kIdle;
    bool was_refused_ = false;  // left alone after failures
    bool is_kept_ = false;      // the session is of an earlier poll, and no answer came in this one
    Time deadline_;
    DeviceMemory memory_;
    std::optional<Interview> interview_;
    std::shared_ptr<NameResolver::Lookup> lookup_;
    std::unique_ptr<Session> session_;
    std::uint64_t sockets_ = 0;
};

}  // namespace kurabe::collectors::snmp
