// Local times as seconds, and back to the moments that show them.
#include "render/compared_times.hpp"

namespace kurabe::render {

namespace {

constexpr Seconds kDay{86400};

// What a clock shows, as seconds; not a moment.
Seconds local_of(Time time, const store::TimeZone& zone) {
    return time.time_since_epoch() + zone.utc_offset(time);
}

// The moments at which a clock shows `local`: none, one or two; the first also where it is skipped.
struct Moments {
    Time first;
    Time second;
    bool shown;
};

Moments moments_of(Seconds local, const store::TimeZone& zone) {
    const Seconds before = zone.utc_offset(Time{local - kDay});
    const Seconds after = zone.utc_offset(Time{local + kDay});
    const Time by_before{local - before};
    const Time by_after{local - after};
    const bool is_before = zone.utc_offset(by_before) == before;
    const bool is_after = zone.utc_offset(by_after) == after;
    return {is_before || !is_after ? by_before : by_after, is_after ? by_after : by_before,
            is_before || is_after};
}

// `like`: a moment of the other range; in the second of two equal hours the second is wanted here.
Moments moments_like(Time like, Seconds distance, const store::TimeZone& zone) {
    const Seconds local = local_of(like, zone);
    Moments moments = moments_of(local + distance, zone);
    if (moments.first == moments.second) return moments;
    const Moments own = moments_of(local, zone);
    if (own.first != own.second && like == own.second) moments.first = moments.second;
    return moments;
}

}  // namespace

ComparedTimes::ComparedTimes(Time start, Time end, const Comparison& comparison,
                             const store::TimeZone& zone)
    : zone_(zone),
      alignment_(comparison.alignment),
      distance_(alignment_ == ComparisonAlignment::kStart
                    ? start - comparison.start
                    : local_of(start, zone) - local_of(comparison.start, zone)),
      start_(comparison.start),
      end_(near(end)) {
    // A short range that ends in an hour that is shown twice.
    if (end_ <= start_) end_ = start_ + (end - start);
}

std::optional<Time> ComparedTimes::below(Time time) const {
    if (alignment_ == ComparisonAlignment::kStart) return time - distance_;
    const Moments moments = moments_like(time, -distance_, zone_);
    return moments.shown ? std::optional(moments.first) : std::nullopt;
}

Time ComparedTimes::near(Time time) const {
    if (alignment_ == ComparisonAlignment::kStart) return time - distance_;
    return moments_like(time, -distance_, zone_).first;
}

std::optional<Time> ComparedTimes::above(Time time) const {
    if (alignment_ == ComparisonAlignment::kStart) return time + distance_;
    const Moments moments = moments_like(time, distance_, zone_);
    return moments.shown ? std::optional(moments.first) : std::nullopt;
}

ComparisonAlignment usual_alignment(Time first, Time second, const store::TimeZone& zone) {
    const Seconds apart = local_of(first, zone) - local_of(second, zone);
    return apart % kDay == Seconds{0} ? ComparisonAlignment::kClock : ComparisonAlignment::kStart;
}

}  // namespace kurabe::render
