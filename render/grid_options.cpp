// Rule: rrdgraph(1), "X-Axis" and "Y-Axis".
#include "render/grid_options.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/graph_parser.hpp"
#include "render/numbers.hpp"

namespace kurabe::render {

namespace {

constexpr std::int64_t kIntervalCountMax = 1'000'000;
constexpr std::int64_t kLabelFactorMax = 1'000'000;

// Cuts the text up to the next colon off, or nothing when there is none.
std::optional<std::string_view> take_field(std::string_view& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view field = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    return field;
}

Result<GridInterval> take_interval(std::string_view& text) {
    constexpr std::array<std::string_view, 7> kUnits = {"SECOND", "MINUTE", "HOUR", "DAY",
                                                        "WEEK",   "MONTH",  "YEAR"};
    const auto unit = take_field(text);
    const auto count_text = take_field(text);
    if (!unit || !count_text) {
        return invalid("invalid x-grid format");
    }
    const auto found = std::ranges::find(kUnits, *unit);
    if (found == kUnits.end()) {
        // rrdtool reads capital letters only.
        const bool is_word = !unit->empty() && std::ranges::all_of(*unit, [](char letter) {
            return letter >= 'A' && letter <= 'Z';
        });
        return invalid(is_word ? fmt::format("unknown keyword {}", *unit)
                               : "invalid x-grid format");
    }
    const auto count = parse_integer(*count_text);
    if (!count || *count < 1 || *count > kIntervalCountMax) {
        return invalid(
            fmt::format("invalid x-grid format: '{}' is no number of {}S", *count_text, *unit));
    }
    return GridInterval{static_cast<CalendarUnit>(found - kUnits.begin()),
                        static_cast<int>(*count)};
}

}  // namespace

Result<XGrid> parse_x_grid(std::string_view text, const store::TimeZone& zone) {
    std::array<GridInterval, 3> intervals{};
    for (GridInterval& interval : intervals) {
        const auto taken = take_interval(text);
        if (!taken) {
            return std::unexpected(taken.error());
        }
        interval = *taken;
    }
    const auto span_text = take_field(text);
    const auto span = span_text ? parse_integer(*span_text) : std::nullopt;
    constexpr std::int64_t kSpanMax = 100L * 366 * 86400;
    if (!span || *span < 0 || *span > kSpanMax) {
        return invalid("invalid x-grid format");
    }
    if (text.size() > kTextBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("a label format is limited to {} bytes", kTextBytesMax));
    }
    if (const auto label = zone.format(text, Time{}); !label) {
        return std::unexpected(label.error());
    }
    return XGrid{.minor = intervals[0],
                 .major = intervals[1],
                 .label = intervals[2],
                 .label_span = Seconds{*span},
                 .label_format = std::string(text)};
}

Result<YGrid> parse_y_grid(std::string_view text) {
    const auto step_text = take_field(text);
    const auto step = step_text ? parse_real(*step_text) : std::nullopt;
    const auto factor = parse_integer(text);
    if (!step || !factor || *factor > kLabelFactorMax) {
        return invalid("invalid y-grid format");
    }
    if (*step <= 0) {
        return invalid("grid step must be > 0");
    }
    if (*factor < 1) {
        return invalid("label factor must be > 0");
    }
    return YGrid{.step = *step, .label_factor = static_cast<int>(*factor)};
}

}  // namespace kurabe::render
