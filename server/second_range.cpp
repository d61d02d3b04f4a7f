// Reads it, and finds where it lies.
#include "server/second_range.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "render/graph_options.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kStartBytesMax = 100;

}  // namespace

std::string SecondRange::start_text(const store::TimeZone& zone) const {
    const auto preset = std::ranges::find(kSecondRangePresets, given, &SecondRangePreset::name);
    if (preset != kSecondRangePresets.end()) return std::string(preset->start);
    const auto date = parse_date(given, zone);
    return date ? epoch_text(*date) : given;
}

SecondRange read_second_range(Parameters& parameters) {
    SecondRange second{.given = std::string(parameters.text("compare"))};
    if (second.given.size() > kStartBytesMax) parameters.reject("compare", "is too long");
    const std::string_view as = parameters.text("compare_as");
    if (as == "beside") {
        second.as = ShownAs::kBeside;
    } else if (!as.empty() && as != "over") {
        parameters.reject("compare_as", "is not over or beside");
    }
    return second;
}

void add_second_range(FormFields& fields, const SecondRange& second) {
    if (!second.is_on()) return;
    fields.emplace_back("compare", second.given);
    if (second.is_beside()) fields.emplace_back("compare_as", "beside");
}

Result<TimeWindow> second_window(const SecondRange& second, const TimeWindow& first,
                                 store::Time now, const store::TimeZone& zone) {
    const std::vector<std::string> options{"--start",   epoch_text(first.start),
                                           "--end",     epoch_text(first.end),
                                           "--compare", second.start_text(zone)};
    const auto parsed = render::parse_options(options, now, zone);
    if (!parsed || !parsed->options.comparison) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is no start of a second range; write yesterday, lastweek, "
                                "lastmonth, YYYY-MM-DD HH:MM or a time such as start-2d",
                                second.given));
    }
    const store::Time start = parsed->options.comparison->start;
    const store::Time end = start + (first.end - first.start);
    if (end > now + kFutureMax) return fail(ErrorCode::kInvalid, "ends more than a year ahead");
    return custom_window(start, end, zone);
}

}  // namespace kurabe::server
