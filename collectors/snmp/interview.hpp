// One poll of one device as a conversation: what to ask next, and what the answers come to. Knows
// nothing of sockets, so that it can be held with any answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/report.hpp"
#include "collectors/snmp/history.hpp"
#include "collectors/snmp/message.hpp"
#include "collectors/snmp/plan.hpp"
#include "collectors/snmp/reading.hpp"
#include "collectors/snmp/survey.hpp"
#include "collectors/snmp/value.hpp"
#include "collectors/snmp/walk.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::snmp {

// A device is surveyed anew so many polls after the last time, also when it seems the same: for
// interfaces that were switched on or off.
inline constexpr unsigned kSurveyEvery = 10;
// Of a GET's answer, as estimated: fits an Ethernet frame, so that nothing is in fragments.
inline constexpr std::size_t kMessageBytesMax = 1300;
inline constexpr std::size_t kWalkBindingsMax = 60;  // of an answer to a GETBULK

// What is kept of a device between polls.
struct DeviceMemory {
    std::optional<Plan> plan;
    unsigned polls_since_survey = 0;
    History history;
    // What it has turned out to bear.
    bool takes_bulk = true;
    std::size_t walk_bindings_max = kWalkBindingsMax;
    std::size_t message_bytes_max = kMessageBytesMax;

    // Back to what is thought of a device that nothing is known of, but for its counters.
    void forget_manners() { *this = DeviceMemory{.plan = {}, .history = std::move(history)}; }
};

// Asks for objects by GET, as many at a time as fit.
class Questionnaire {
  public:
    void begin(std::span<const Instance> instances);
    [[nodiscard]] bool is_done() const noexcept { return next_ == instances_.size(); }
    [[nodiscard]] Request next(std::size_t message_bytes_max);
    // The bindings of an answer without an error.
    [[nodiscard]] Result<void> take(std::span<const Binding> bindings);
    // The device does not answer for the `index`-th name of the request, counted from 1. False when
    // there is no such name.
    [[nodiscard]] bool give_up(std::size_t index);
    [[nodiscard]] std::size_t asked() const noexcept { return asked_.size(); }
    // One for each instance.
    [[nodiscard]] const std::vector<Value>& values() const noexcept { return values_; }

  private:
    std::span<const Instance> instances_;
    std::vector<Value> values_;
    std::vector<bool> given_up_;
    std::size_t next_ = 0;
    std::vector<std::size_t> asked_;  // of the last request
};

class Interview {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // The references must outlive it.
    Interview(DeviceMemory& memory, const Wanted& wanted, const Filters& filters);

    // None when everything has been asked. Valid until the answer is taken.
    [[nodiscard]] std::optional<Request> next();
    // `at` and `now` are the time at which it came. An error ends the poll.
    [[nodiscard]] Result<void> take(const Answer& answer, Time at, store::Time now);
    // No answer came at all. Whether to go on in another way.
    [[nodiscard]] bool can_do_without_answer();
    // When next() has given none. kNotFound when the device has nothing that was asked for.
    [[nodiscard]] Result<Report> report(std::string_view host, bool goes_on);

  private:
    enum class Stage : std::uint8_t { kScalars, kWalk, kPoll, kDone };

    void begin_survey();
    void begin_poll();
    void end_scalars();
    void end_walk();
    void end_poll();
    [[nodiscard]] Result<void> take_error(const Answer& answer);

    DeviceMemory& memory_;
    const Wanted& wanted_;
    const Filters& filters_;
    Stage stage_;
    bool has_surveyed_ = false;
    bool has_begun_ = false;  // the poll, in the history
    Questions questions_;
    Questionnaire questionnaire_;
    std::vector<Value> scalars_;  // values of questions_.scalars
    std::optional<Walk> walk_;
    Time at_;  // of the first answer to the plan
    std::optional<store::Time> now_;
};

}  // namespace kurabe::collectors::snmp
