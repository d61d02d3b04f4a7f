// The PDP stage of an update: readings become the PDPs that they close, one value per data source.
// Rule: rrdupdate(1); a COMPUTE is computed from PDPs and has no amounts of its own.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "store/pdp.hpp"
#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/rrd/update_plan.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Consecutive closed PDPs, which have the same values. PDP number n covers the step that begins at
// n * step.
struct ClosedPdps {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    Time label{};               // the end of the last step, for `updatev` alone: see RowWrites
    std::vector<Value> values;  // by data source, unknown ones with the sign that the file gets
};

class PdpStage {
  public:
    // Adds one reading per data source at span.now to the open PDPs of `state` and keeps the
    // readings there. Returns what they closed: nothing, one run, or two; valid until the next
    // call. `clock` is what NOW stands for in a COMPUTE. kInvalid, with rrdtool's message, for a
    // text that is no reading and for a COMPUTE that fails; `state` is of no use then.
    [[nodiscard]] Result<std::span<const ClosedPdps>> run(
        const UpdatePlan& plan, const SampleSpan& span, std::span<const std::string_view> readings,
        Time clock, Header& state);

  private:
    std::array<ClosedPdps, 2> closed_;
};

}  // namespace kurabe::store::rrd
