// Primary data points (PDP): amounts of samples at any time become one value per step.
// Rule: rrdupdate(1) and rrdcreate(1), "The HEARTBEAT and the STEP"; the share of a partly open
// left-most step as rrdtool does it since 1.7.2. Compared with rrdtool in tests/differential/.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "store/types.hpp"

namespace kurabe::store {

// The PDP that is still open.
struct PdpState {
    Value value = kUnknown;             // amount gathered since the step began
    std::uint64_t unknown_seconds = 0;  // of the step so far

    // Of a series that begins at `time`.
    [[nodiscard]] static PdpState beginning(Time time, Seconds step) noexcept;
};

// Consecutive closed PDPs of one value. PDP number n covers the step that begins at n * step.
struct PdpRun {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    Value value = kUnknown;
};

// What one sample closed: nothing, one run, or the end of a partly filled PDP and then a run.
class PdpRuns {
  public:
    void add(const PdpRun& run) noexcept { runs_[size_++] = run; }
    [[nodiscard]] const PdpRun* begin() const noexcept { return runs_.data(); }
    [[nodiscard]] const PdpRun* end() const noexcept { return runs_.data() + size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  private:
    std::array<PdpRun, 2> runs_{};
    std::size_t size_ = 0;
};

// One sample's way through time: from the sample before it to itself.
struct SampleSpan {
    SampleTime last;
    SampleTime now;  // after `last`
};

// Adds the `amount` of the sample at span.now (see amount_of) and returns the PDPs that it closed.
[[nodiscard]] PdpRuns advance_pdp(PdpState& state, Seconds step, Seconds heartbeat,
                                  const SampleSpan& span, Value amount) noexcept;

}  // namespace kurabe::store
