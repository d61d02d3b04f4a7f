// Looks at every day, and for the second of a change between two that differ.
#include "render/offset_table.hpp"

#include <algorithm>

namespace kurabe::render {

using store::Seconds;
using store::Time;

namespace {

constexpr int kSamplesMax = 1000;

}  // namespace

OffsetTable::OffsetTable(Time start, Time end, const store::TimeZone& zone)
    : zone_(zone), end_(end + 2 * kOneDay) {
    const Seconds step = std::max(kOneDay, (end - start) / kSamplesMax);
    Time time = start - 2 * kOneDay;
    spans_.push_back({time, zone.utc_offset(time)});
    while (time < end_) {
        const Time next = std::min(time + step, end_);
        if (zone.utc_offset(next) != spans_.back().offset) add_change(time, next);
        time = next;
    }
}

void OffsetTable::add_change(Time before, Time after) {
    while (after - before > Seconds{1}) {
        const Time middle = before + (after - before) / 2;
        (zone_.utc_offset(middle) == spans_.back().offset ? before : after) = middle;
    }
    spans_.push_back({after, zone_.utc_offset(after)});
}

Seconds OffsetTable::at(Time time) const {
    if (time < spans_.front().from || time > end_) return zone_.utc_offset(time);
    const auto next = std::ranges::upper_bound(spans_, time, {}, &Span::from);
    return std::prev(next)->offset;
}

}  // namespace kurabe::render
