// Splits arguments and reads their times.
#include "store/rrd/update_argument.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "store/at_time.hpp"
#include "store/number.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr std::string_view kNoReading = "U";

// Parts between colons, from left to right.
class Parts {
  public:
    explicit Parts(std::string_view text) noexcept : rest_(text) {}
    [[nodiscard]] bool has_more() const noexcept { return more_; }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    std::string_view next() noexcept {
        const auto colon = rest_.find(':');
        const std::string_view part = rest_.substr(0, colon);
        more_ = colon != std::string_view::npos;
        rest_.remove_prefix(more_ ? colon + 1 : rest_.size());
        return part;
    }

  private:
    std::string_view rest_;
    bool more_ = true;
};

// What x86 makes of a number that is no 64-bit integer; rrdtool's message shows it.
std::int64_t whole_seconds(double seconds) noexcept {
    constexpr double kLimit = 9223372036854775808.0;
    const bool fits = seconds >= -kLimit && seconds < kLimit;
    return fits ? static_cast<std::int64_t>(seconds) : std::numeric_limits<std::int64_t>::min();
}

UpdateTime time_of(SampleTime time) noexcept {
    const Time second = std::chrono::floor<Seconds>(time);
    return {second.time_since_epoch().count(), (time - second).count()};
}

Result<UpdateTime> parse_number_time(std::string_view text, SampleTime now) {
    if (text == "N") return time_of(now);
    const auto number = parse_number(text);
    if (!number) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("error while parsing time in get_time_from_reading - {}",
                                number.error().message));
    }
    double seconds = *number;
    if (seconds < 0) {
        const UpdateTime base = time_of(now);
        seconds += static_cast<double>(base.seconds) + static_cast<double>(base.micros) / 1e6;
    }
    const double whole = std::floor(seconds);
    const auto micros = std::isfinite(seconds) ? (seconds - whole) * 1e6 : 0;
    return UpdateTime{whole_seconds(whole), static_cast<std::int64_t>(micros)};
}

Result<UpdateTime> parse_at_time(std::string_view text, const UpdateClock& clock) {
    const auto time = parse_time(text, std::chrono::floor<Seconds>(clock.now), clock.zone);
    if (time) return UpdateTime{time->time_since_epoch().count(), 0};
    const std::string& reason = time.error().message;
    const bool is_relative = time.error().code == ErrorCode::kUnsupported;
    return fail(ErrorCode::kInvalid, is_relative ? fmt::format("{}: {}", reason, text)
                                                 : fmt::format("ds time: {}: {}", text, reason));
}

Result<void> split_readings(std::string_view time, Parts parts, const ReadingOrder& order,
                            UpdateArgument& into) {
    std::size_t count = 0;
    for (; count < order.sources.size() && parts.has_more(); ++count) {
        into.readings[order.sources[count]] = parts.next();
    }
    if (count < order.sources.size()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("expected {} data source readings (got {}) from {}",
                                order.sources.size(), count, time));
    }
    if (parts.has_more()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("found extra data on update argument: {}", parts.rest()));
    }
    return {};
}

}  // namespace

ReadingOrder ReadingOrder::of(const Header& header) {
    ReadingOrder order;
    for (std::size_t i = 0; i < header.sources.size(); ++i) {
        if (header.source(i).type != DsType::kCompute) order.sources.push_back(i);
    }
    return order;
}

Result<ReadingOrder> ReadingOrder::parse(std::string_view text, const Header& header) {
    ReadingOrder order;
    for (Parts names(text); names.has_more();) {
        const std::string_view name = names.next();
        if (order.sources.size() == header.sources.size()) {
            return fail(ErrorCode::kInvalid, "tmplt contains more DS definitions than RRD");
        }
        const auto source = find_source(header, name);
        if (!source) return fail(ErrorCode::kNotFound, fmt::format("unknown DS name '{}'", name));
        order.sources.push_back(*source);
    }
    return order;
}

Result<void> parse_update(std::string_view text, const ReadingOrder& order,
                          std::size_t source_count, const UpdateClock& clock,
                          UpdateArgument& into) {
    assert(std::ranges::all_of(order.sources, [&](auto source) { return source < source_count; }));
    into.readings.assign(source_count, kNoReading);
    const auto at = text.find('@');
    const bool is_at_time = at != std::string_view::npos;
    const auto end = is_at_time ? at : text.find(':');
    const std::string_view time = text.substr(0, end);
    if (end == std::string_view::npos) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("expected timestamp not found in data source from {}", text));
    }
    if (auto split = split_readings(time, Parts(text.substr(end + 1)), order, into); !split) {
        return split;
    }
    const auto parsed =
        is_at_time ? parse_at_time(time, clock) : parse_number_time(time, clock.now);
    if (!parsed) return std::unexpected(parsed.error());
    into.time = *parsed;
    return {};
}

}  // namespace kurabe::store::rrd
