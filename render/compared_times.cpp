// Local times as seconds, and back to the moments that show them.
#include "render/compared_times.hpp"

namespace kurabe::render {

namespace {

// The moments at which a clock shows `local`: none, one or two; the first also where it is skipped.
struct Moments {
    Time first;
    Time second;
    bool shown;
};

Moments moments_of(Seconds local, const OffsetTable& offsets) {
    const Seconds before = offsets.at(Time{local - kOneDay});
    const Seconds after = offsets.at(Time{local + kOneDay});
    const Time by_before{local - before};
    const Time by_after{local - after};
    const bool is_before = offsets.at(by_before) == before;
    const bool is_after = offsets.at(by_after) == after;
    return {is_before || !is_after ? by_before : by_after, is_after ? by_after : by_before,
            is_before || is_after};
}

// A time of one range, and where its clock's time is looked for in the other.
struct ClockSearch {
    Time time;
    const OffsetTable& from;
    const OffsetTable& to;
    Seconds distance;  // of the local times
};

// In the second of two equal hours the second is wanted.
Moments moments_like(const ClockSearch& search) {
    const Seconds local = search.from.local(search.time);
    Moments moments = moments_of(local + search.distance, search.to);
    if (moments.first == moments.second) return moments;
    const Moments own = moments_of(local, search.from);
    if (own.first != own.second && search.time == own.second) moments.first = moments.second;
    return moments;
}

}  // namespace

ComparedTimes::ComparedTimes(Time start, Time end, const Comparison& comparison,
                             const store::TimeZone& zone)
    : alignment_(comparison.alignment),
      first_(start, end, zone),
      second_(comparison.start, comparison.start + (end - start), zone),
      distance_(alignment_ == ComparisonAlignment::kStart
                    ? start - comparison.start
                    : first_.local(start) - second_.local(comparison.start)),
      start_(comparison.start),
      end_(near(end)) {
    // A short range that ends in an hour that is shown twice.
    if (end_ <= start_) end_ = start_ + (end - start);
}

std::optional<Time> ComparedTimes::below(Time time) const {
    if (alignment_ == ComparisonAlignment::kStart) return time - distance_;
    const Moments moments = moments_like({time, first_, second_, -distance_});
    return moments.shown ? std::optional(moments.first) : std::nullopt;
}

Time ComparedTimes::near(Time time) const {
    if (alignment_ == ComparisonAlignment::kStart) return time - distance_;
    return moments_like({time, first_, second_, -distance_}).first;
}

std::optional<Time> ComparedTimes::above(Time time) const {
    if (alignment_ == ComparisonAlignment::kStart) return time + distance_;
    const Moments moments = moments_like({time, second_, first_, distance_});
    return moments.shown ? std::optional(moments.first) : std::nullopt;
}

ComparisonAlignment usual_alignment(Time first, Time second, const store::TimeZone& zone) {
    const Seconds apart = first - second + zone.utc_offset(first) - zone.utc_offset(second);
    return apart % kOneDay == Seconds{0} ? ComparisonAlignment::kClock
                                         : ComparisonAlignment::kStart;
}

}  // namespace kurabe::render
