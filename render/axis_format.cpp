// Numbers as printf writes them, UTC times and durations.
#include "render/axis_format.hpp"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "render/print_format.hpp"
#include "render/print_times.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

namespace {

constexpr std::string_view kNumberGrammar =
    "^(?:[^%]+|%%)*%[-+ 0#]?[0-9]*(?:[.][0-9]+)?l[eEfFgG](?:[^%]+|%%)*$";

constexpr double kMinute_s = 60;
constexpr double kHour_s = 3600;
constexpr double kDay_s = 86400;
constexpr double kYear_s = 365 * kDay_s;

// rrdtool's format where there is room for it, and else what tells labels of that step apart.
std::string_view timestamp_format(double label_step_s, int columns) {
    if (columns >= 19) return "%Y-%m-%d %H:%M:%S";
    if (label_step_s >= kYear_s) return "%Y";
    if (label_step_s >= kDay_s) return columns >= 10 ? "%Y-%m-%d" : "%m-%d";
    if (columns >= 11 && label_step_s >= kMinute_s) return "%m-%d %H:%M";
    if (label_step_s >= kHour_s) return "%d %Hh";
    if (label_step_s >= kMinute_s) return "%H:%M";
    return columns >= 8 ? "%H:%M:%S" : "%M:%S";
}

// rrdtool's, and milliseconds where labels would be equal without.
std::string_view duration_format(double label_step_ms) {
    return label_step_ms >= 1000 ? "%H:%02m:%02s" : "%H:%02m:%02s.%03f";
}

std::string number_text(const std::string& format, Value value) {
    constexpr int kBase = 1000;  // not used: the grammar has no unit
    std::optional<Magnitude> none;
    const auto parsed = parse_number_format(format);
    return parsed ? format_number(*parsed, value, kBase, none) : "";
}

std::string timestamp_text(const std::string& format, Value value) {
    constexpr double kCalendarEnd = 1e12;  // over 30000 years
    if (std::abs(value) > kCalendarEnd) return fmt::format("{:.0f}", value);
    const Time time{Seconds{static_cast<std::int64_t>(std::floor(value))}};
    return store::TimeZone::utc().format(format, time).value_or("");
}

}  // namespace

Result<void> check_axis_format(const AxisFormat& format) {
    if (format.format.empty()) return {};
    if (format.formatter == AxisFormatter::kTimestamp) {
        const auto text = store::TimeZone::utc().format(format.format, Time{});
        return text ? Result<void>{} : std::unexpected(text.error());
    }
    if (format.formatter == AxisFormatter::kDuration) {
        const auto text = duration_text(format.format, 0);
        return text ? Result<void>{} : std::unexpected(text.error());
    }
    const auto parsed = parse_number_format(format.format);
    if (!parsed && parsed.error().code == ErrorCode::kLimit) {
        return std::unexpected(parsed.error());
    }
    if (parsed && parsed->unit == 0) return {};
    return fail(ErrorCode::kInvalid, fmt::format("invalid format string '{}' (should match '{}')",
                                                 format.format, kNumberGrammar));
}

std::optional<GivenFormat> GivenFormat::of(const AxisFormat& format, double label_step,
                                           int columns) {
    AxisFormat chosen = format;
    if (format.format.empty()) {
        if (format.formatter == AxisFormatter::kNumeric) return std::nullopt;
        chosen.format = format.formatter == AxisFormatter::kTimestamp
                            ? timestamp_format(label_step, columns)
                            : duration_format(label_step);
    }
    return GivenFormat(std::move(chosen));
}

std::string GivenFormat::text_of(Value value) const {
    switch (format_.formatter) {
        case AxisFormatter::kTimestamp:
            return timestamp_text(format_.format, value);
        case AxisFormatter::kDuration:
            return duration_text(format_.format, value).value_or("");
        case AxisFormatter::kNumeric:
            break;
    }
    return number_text(format_.format, value);
}

}  // namespace kurabe::render
