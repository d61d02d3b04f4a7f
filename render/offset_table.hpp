// A zone's offsets from UTC over a range, asked once: columns of a picture ask many times, and the
// C library's zones take their time.
#pragma once

#include <vector>

#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::render {

inline constexpr store::Seconds kOneDay{86400};

class OffsetTable {
  public:
    // From two days before `start` to two days after `end`; `zone` must outlive this. Of changes
    // closer than a thousandth of the range, and than a day, some may be missed.
    OffsetTable(store::Time start, store::Time end, const store::TimeZone& zone);

    // Local time minus UTC. Outside the range the zone is asked.
    [[nodiscard]] store::Seconds at(store::Time time) const;
    [[nodiscard]] store::Seconds local(store::Time time) const {
        return time.time_since_epoch() + at(time);
    }

  private:
    void add_change(store::Time before, store::Time after);

    struct Span {
        store::Time from;
        store::Seconds offset;
    };
    const store::TimeZone& zone_;
    store::Time end_;
    std::vector<Span> spans_;  // oldest first, never empty
};

}  // namespace kurabe::render
