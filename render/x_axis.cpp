// Steps through the local calendar.
#include "render/x_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

namespace kurabe::render {

namespace {

using store::CalendarTime;
using store::TimeZone;
using enum CalendarUnit;

constexpr Seconds kOneDay{86400};

// A row serves spans with at least so many seconds for each pixel; the last such row is taken.
struct AutomaticGrid {
    double seconds_per_pixel;
    Seconds span_min;
    GridInterval minor;
    GridInterval major;
    GridInterval label;
    Seconds label_span;
    const char* format;
};
constexpr Seconds kWeekLabel = 7 * kOneDay;
constexpr Seconds kMonthLabel = 30 * kOneDay;
constexpr Seconds kYearLabel = 365 * kOneDay;
constexpr AutomaticGrid kAutomaticGrids[] = {
    {0, {}, {kSecond, 1}, {kSecond, 5}, {kSecond, 1}, {}, "%H:%M:%S"},
    {0.015, {}, {kSecond, 1}, {kSecond, 5}, {kSecond, 5}, {}, "%H:%M:%S"},
    {0.08, {}, {kSecond, 1}, {kSecond, 5}, {kSecond, 10}, {}, "%H:%M:%S"},
    {0.15, {}, {kSecond, 5}, {kSecond, 15}, {kSecond, 30}, {}, "%H:%M:%S"},
    {0.4, {}, {kSecond, 10}, {kMinute, 1}, {kMinute, 1}, {}, "%H:%M"},
    {0.7, {}, {kSecond, 20}, {kMinute, 1}, {kMinute, 1}, {}, "%H:%M"},
    {1, {}, {kSecond, 30}, {kMinute, 1}, {kMinute, 2}, {}, "%H:%M"},
    {2, {}, {kMinute, 1}, {kMinute, 5}, {kMinute, 5}, {}, "%H:%M"},
    {5, {}, {kMinute, 2}, {kMinute, 10}, {kMinute, 10}, {}, "%H:%M"},
    {10, {}, {kMinute, 5}, {kMinute, 20}, {kMinute, 20}, {}, "%H:%M"},
    {30, {}, {kMinute, 10}, {kMinute, 30}, {kHour, 1}, {}, "%H:%M"},
    {60, {}, {kMinute, 30}, {kHour, 1}, {kHour, 2}, {}, "%H:%M"},
    {60, kOneDay, {kMinute, 30}, {kHour, 1}, {kHour, 3}, {}, "%a %H:%M"},
    {140, {}, {kHour, 1}, {kHour, 2}, {kHour, 4}, {}, "%a %H:%M"},
    {180, {}, {kHour, 1}, {kHour, 3}, {kHour, 6}, {}, "%a %H:%M"},
    {300, {}, {kHour, 2}, {kHour, 6}, {kHour, 12}, {}, "%a %H:%M"},
    {600, {}, {kHour, 6}, {kDay, 1}, {kDay, 1}, kOneDay, "%a %d %b"},
    {1200, {}, {kHour, 6}, {kDay, 1}, {kDay, 1}, kOneDay, "%d %b"},
    {1800, {}, {kHour, 12}, {kDay, 1}, {kDay, 2}, kOneDay, "%a %d %b"},
    {2400, {}, {kHour, 12}, {kDay, 1}, {kDay, 2}, kOneDay, "%d %b"},
    {3600, {}, {kDay, 1}, {kWeek, 1}, {kWeek, 1}, kWeekLabel, "Week %V"},
    {12000, {}, {kDay, 1}, {kMonth, 1}, {kMonth, 1}, kMonthLabel, "%B %Y"},
    {18000, {}, {kDay, 2}, {kMonth, 1}, {kMonth, 1}, kMonthLabel, "%B %Y"},
    {23000, {}, {kWeek, 1}, {kMonth, 1}, {kMonth, 1}, kMonthLabel, "%b %Y"},
    {32000, {}, {kWeek, 1}, {kMonth, 1}, {kMonth, 1}, kMonthLabel, "%b '%g"},
    {42000, {}, {kWeek, 1}, {kMonth, 1}, {kMonth, 2}, kMonthLabel, "%B %Y"},
    {52000, {}, {kWeek, 1}, {kMonth, 1}, {kMonth, 2}, kMonthLabel, "%b %Y"},
    {78000, {}, {kWeek, 1}, {kMonth, 1}, {kMonth, 2}, kMonthLabel, "%b '%g"},
    {84000, {}, {kWeek, 2}, {kMonth, 1}, {kMonth, 3}, kMonthLabel, "%B %Y"},
    {94000, {}, {kWeek, 2}, {kMonth, 1}, {kMonth, 3}, kMonthLabel, "%b %Y"},
    {120000, {}, {kWeek, 2}, {kMonth, 1}, {kMonth, 3}, kMonthLabel, "%b '%g"},
    {130000, {}, {kMonth, 1}, {kMonth, 2}, {kMonth, 4}, {}, "%Y-%m-%d"},
    {142000, {}, {kMonth, 1}, {kMonth, 3}, {kMonth, 6}, {}, "%Y-%m-%d"},
    {220000, {}, {kMonth, 1}, {kMonth, 6}, {kMonth, 12}, {}, "%Y-%m-%d"},
    {400000, {}, {kMonth, 2}, {kMonth, 12}, {kMonth, 12}, kYearLabel, "%Y"},
    {800000, {}, {kMonth, 4}, {kMonth, 12}, {kMonth, 24}, kYearLabel, "%Y"},
    {2000000, {}, {kMonth, 6}, {kMonth, 12}, {kMonth, 24}, kYearLabel, "'%g"},
};

std::int64_t typical_seconds(const GridInterval& interval) {
    constexpr std::array<std::int64_t, 7> kSeconds = {1,         60,         3600,       86400,
                                                      7 * 86400, 28 * 86400, 365 * 86400};
    return kSeconds[static_cast<std::size_t>(interval.unit)] * interval.count;
}

int floor_to(int value, int count) {
    return value - value % count;
}

// The interval's grid point at or before a local time.
CalendarTime rounded_down(CalendarTime time, const GridInterval& interval) {
    const CalendarUnit unit = interval.unit;
    time.second = unit == kSecond ? floor_to(time.second, interval.count) : 0;
    if (unit >= kMinute) time.minute = unit == kMinute ? floor_to(time.minute, interval.count) : 0;
    if (unit >= kHour) time.hour = unit == kHour ? floor_to(time.hour, interval.count) : 0;
    if (unit == kWeek) time.day -= time.weekday;
    if (unit >= kMonth) time.day = 1;
    if (unit == kMonth) time.month = floor_to(time.month - 1, interval.count) + 1;
    if (unit == kYear) {
        time.month = 1;
        time.year = floor_to(time.year, interval.count);
    }
    return time;
}

void advance(CalendarTime& time, const GridInterval& interval) {
    switch (interval.unit) {
        case kSecond:
            time.second += interval.count;
            break;
        case kMinute:
            time.minute += interval.count;
            break;
        case kHour:
            time.hour += interval.count;
            break;
        case kDay:
            time.day += interval.count;
            break;
        case kWeek:
            time.day += 7 * interval.count;
            break;
        case kMonth:
            time.month += interval.count;
            break;
        case kYear:
            time.year += interval.count;
            break;
    }
    // Carried over, so that no sum of many intervals leaves the range of int.
    time.minute += std::exchange(time.second, time.second % 60) / 60;
    time.hour += std::exchange(time.minute, time.minute % 60) / 60;
    time.day += std::exchange(time.hour, time.hour % 24) / 24;
}

bool divides_hour(Seconds step) {
    constexpr Seconds kHourSeconds{3600};
    return step <= kHourSeconds && kHourSeconds % step == Seconds{0};
}

// How far a time is behind the last point of a grid within the hour on the wall.
Seconds behind_grid(Time time, Seconds step, const TimeZone& zone) {
    const CalendarTime local = zone.to_calendar(time);
    return Seconds{local.minute * 60 + local.second} % step;
}

// Up to an hour the clock on the wall runs as time does, so that the hour a DST change repeats has
// its lines too; after a change of part of a step the next whole one is taken.
std::vector<Time> even_times(Seconds step, const TimeSpan& span, const TimeZone& zone) {
    std::vector<Time> times;
    Time time = span.start - behind_grid(span.start, step, zone);
    while (time < span.end) {
        const Seconds behind = behind_grid(time, step, zone);
        if (behind > Seconds{0}) {
            time += step - behind;
            continue;
        }
        if (time >= span.start) times.push_back(time);
        time += step;
    }
    return times;
}

std::vector<Time> wall_clock_times(const GridInterval& interval, const TimeSpan& span,
                                   const TimeZone& zone) {
    std::vector<Time> times;
    CalendarTime local = rounded_down(zone.to_calendar(span.start), interval);
    // The calendar stands still at the end of year 9999: the number of points ends the loop there.
    const std::int64_t points = (span.end - span.start).count() / typical_seconds(interval) + 2;
    for (std::int64_t i = 0; i < points; ++i) {
        const Time time = zone.to_time(local);
        if (time >= span.end) break;
        const bool is_new = times.empty() || time > times.back();
        if (time >= span.start && is_new) times.push_back(time);
        advance(local, interval);
    }
    return times;
}

// The last point of the interval's grid that is not after the time.
Time point_before(Time time, const GridInterval& interval, const TimeZone& zone) {
    const Seconds step{typical_seconds(interval)};
    if (divides_hour(step)) return time - behind_grid(time, step, zone);
    return std::min(zone.to_time(rounded_down(zone.to_calendar(time), interval)), time);
}

Result<std::vector<XLabel>> labels_of(const XGrid& grid, const TimeSpan& span, int width_px,
                                      const TimeZone& zone) {
    // A centred label may belong to the interval in which the plot begins.
    // One may stand at the end, where no line does.
    if (grid.label.count < 1) return std::vector<XLabel>{};
    const TimeSpan reach = {point_before(span.start, grid.label, zone), span.end + Seconds{1}};
    std::vector<XLabel> labels;
    for (const Time time :
         calendar_times(grid.label, reach, zone, static_cast<std::size_t>(width_px))) {
        const Time centre = time + grid.label_span / 2;
        if (centre < span.start || centre > span.end) continue;
        auto text = zone.format(grid.label_format, centre);
        if (!text) return std::unexpected(text.error());
        labels.push_back({centre, *std::move(text)});
    }
    return labels;
}

}  // namespace

XGrid automatic_x_grid(const TimeSpan& span, int width_px) {
    const Seconds length = span.end - span.start;
    const double seconds_per_pixel = static_cast<double>(length.count()) / width_px;
    const AutomaticGrid* chosen = std::begin(kAutomaticGrids);
    for (const AutomaticGrid& row : kAutomaticGrids) {
        if (row.seconds_per_pixel <= seconds_per_pixel && row.span_min <= length) chosen = &row;
    }
    return {.minor = chosen->minor,
            .major = chosen->major,
            .label = chosen->label,
            .label_span = chosen->label_span,
            .label_format = chosen->format};
}

std::vector<Time> calendar_times(const GridInterval& interval, const TimeSpan& span,
                                 const TimeZone& zone, std::size_t count_max) {
    if (interval.count < 1) return {};
    const auto needed = (span.end - span.start).count() / typical_seconds(interval);
    if (needed > static_cast<std::int64_t>(count_max)) return {};
    const Seconds step{typical_seconds(interval)};
    return divides_hour(step) ? even_times(step, span, zone)
                              : wall_clock_times(interval, span, zone);
}

Result<XAxis> x_axis(const GraphOptions& options, const TimeZone& callers_zone) {
    const TimeZone zone = options.zone.value_or(callers_zone);
    const TimeSpan span = {options.start, options.end};
    XAxis axis{.span = span, .minor = {}, .major = {}, .labels = {}};
    if (options.no_x_grid) return axis;
    XGrid grid = options.x_grid.value_or(automatic_x_grid(span, options.width_px));
    if (!options.x_grid && grid.label.unit == kWeek) grid.label_format = options.week_format;
    // More than a line for every second pixel is a grey veil.
    const auto lines_max = static_cast<std::size_t>(options.width_px / 2);
    axis.major = calendar_times(grid.major, span, zone, lines_max);
    const std::vector<Time> minor =
        options.no_minor ? std::vector<Time>{} : calendar_times(grid.minor, span, zone, lines_max);
    std::ranges::set_difference(minor, axis.major, std::back_inserter(axis.minor));
    auto labels = labels_of(grid, span, options.width_px, zone);
    if (!labels) return std::unexpected(labels.error());
    axis.labels = *std::move(labels);
    return axis;
}

int column_of(Time time, const TimeSpan& span, int width_px) {
    if (span.start == span.end) return 0;
    const double share = static_cast<double>((time - span.start).count()) /
                         static_cast<double>((span.end - span.start).count());
    return static_cast<int>(std::floor(share * width_px));
}

}  // namespace kurabe::render
