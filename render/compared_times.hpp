// Which time of a second range lies below a time of a graph's own range.
// By the clock, the same time of day lies over itself through changes to and from summer time: an
// hour that the second range's clock skips is empty; of one that it shows twice the first is taken,
// unless the graph's own range is in its second, too.
#pragma once

#include <optional>

#include "render/graph_definition.hpp"
#include "render/offset_table.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

class ComparedTimes {
  public:
    // The graph's own range is `start` to `end`; `zone` must outlive this.
    ComparedTimes(Time start, Time end, const Comparison& comparison, const store::TimeZone& zone);

    [[nodiscard]] Time start() const noexcept { return start_; }
    // By the clock up to an hour earlier or later than the length of the graph's own range says.
    [[nodiscard]] Time end() const noexcept { return end_; }

    // The second range's time below `time` of the first; none where its clock does not show it.
    [[nodiscard]] std::optional<Time> below(Time time) const;
    // The same; a time that is skipped is moved on by the change.
    [[nodiscard]] Time near(Time time) const;
    // The first range's time above `time` of the second.
    [[nodiscard]] std::optional<Time> above(Time time) const;

  private:
    ComparisonAlignment alignment_;
    OffsetTable first_;
    OffsetTable second_;
    Seconds distance_;  // first range minus second; by the clock: of their local times
    Time start_;
    Time end_;
};

// The alignment for ranges that begin at these times when none is asked for: by the clock where
// both begin at the same time of day.
[[nodiscard]] ComparisonAlignment usual_alignment(Time first, Time second,
                                                  const store::TimeZone& zone);

}  // namespace kurabe::render
