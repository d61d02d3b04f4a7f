// What a collection did, as numbers: for the graphs of the server itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "store/guarded.hpp"
#include "store/types.hpp"

namespace kurabe::collectors {

// Counted since the start, but for the two that are the longest since the last look.
struct PollNumbers {
    std::uint64_t begun = 0;
    std::uint64_t skipped = 0;  // not begun, because the last poll of that host was still under way
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    store::Seconds lateness{0};             // from a host's moment until its poll began
    std::chrono::milliseconds duration{0};  // of a poll that ended
};

// Thread-safe.
class PollCounts {
  public:
    void begun(std::size_t polls, std::size_t skipped, store::Seconds lateness);
    void ended(bool succeeded, std::chrono::milliseconds duration);

    // The numbers; the two longest begin anew.
    [[nodiscard]] PollNumbers look();
    // The same, and nothing begins anew.
    [[nodiscard]] PollNumbers numbers() const { return *numbers_.lock_shared(); }

  private:
    store::Guarded<PollNumbers> numbers_;
};

}  // namespace kurabe::collectors
