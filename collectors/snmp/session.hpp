// One device's end of net-snmp: a socket of its own, one request at a time, sent again when no
// answer comes. No call waits for the device.
// The wrapper of net-snmp's single-session calls (snmp_sess_api(3)); of SNMPv3 the engine ID is
// asked for before the first request, without the library's own blocking probe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "collectors/snmp/access.hpp"
#include "collectors/snmp/library.hpp"
#include "collectors/snmp/message.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::snmp {

// How long an answer is waited for, and how often a request is sent again.
struct Patience {
    std::chrono::milliseconds timeout{1000};
    int retries = 2;
};

class Session {
  public:
    using Time = std::chrono::steady_clock::time_point;
    // Told each answer; what it holds is valid during the call only.
    using TakeAnswer = std::function<void(const Answer& answer)>;
    enum class Progress : std::uint8_t { kWaiting, kAnswered };

    // `peer` is "udp:ADDRESS:PORT" or "udp6:[ADDRESS]:PORT", never a name. `keys` are those of
    // `access` when it is a user.
    [[nodiscard]] static Result<std::unique_ptr<Session>> open(const std::string& peer,
                                                               const Access& access,
                                                               const MasterKeys& keys,
                                                               Patience patience);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Not while another request is under way.
    [[nodiscard]] Result<void> send(const Request& request);
    // When the descriptor is ready. Errors are what the device or the network says; one line.
    [[nodiscard]] Result<Progress> read(const TakeAnswer& take);
    // At wakes_at(): sends again, or fails.
    [[nodiscard]] Result<Progress> time_out();

    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] Time wakes_at() const noexcept;  // Time::max() when nothing is under way

    struct State;  // session.cpp

  private:
    explicit Session(std::unique_ptr<State> state);

    [[nodiscard]] Result<Progress> outcome();

    std::unique_ptr<State> state_;
};

}  // namespace kurabe::collectors::snmp
