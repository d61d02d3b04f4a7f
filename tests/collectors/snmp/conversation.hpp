// Interviews with devices that are objects in memory, without sockets.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collectors/snmp/interview.hpp"
#include "tests/support/snmp_answerer.hpp"

namespace kurabe::collectors::snmp::test {

inline constexpr store::Time kNow{store::Seconds{1795344360}};

// One device, asked again and again.
class Conversation {
  public:
    explicit Conversation(tests::SnmpDevice answering, Wanted wanted = Wanted::everything(),
                          Filters filters = {})
        : device(std::move(answering)), wanted_(wanted), filters_(std::move(filters)) {}

    // `elapsed` since the last poll, by the clock of samples and by that of the program alike.
    Result<Report> poll(store::Seconds elapsed = store::Seconds{60});
    // Objects whose names are wanted often.
    void set_uptime(std::uint64_t ticks);

    [[nodiscard]] const std::vector<Request::Way>& ways() const noexcept { return ways_; }
    [[nodiscard]] DeviceMemory& memory() noexcept { return memory_; }

    tests::SnmpDevice device;
    bool goes_on = true;

  private:
    Wanted wanted_;
    Filters filters_;
    DeviceMemory memory_;
    std::vector<Request::Way> ways_;  // of the last poll's requests
    Interview::Time at_{};
    store::Time now_ = kNow;
};

// "cpu-idle.derive" -> its last value as text; "U" when it is unknown, nothing when there is none.
[[nodiscard]] std::optional<std::string> value_of(const Report& report, const std::string& key);
// Whether the report breaks with what was before.
[[nodiscard]] bool has_gap(const Report& report, const std::string& key);
[[nodiscard]] std::string meta_of(const Report& report, const std::string& key);
// The keys of samples, each once.
[[nodiscard]] std::set<std::string> keys_of(const Report& report);

}  // namespace kurabe::collectors::snmp::test
