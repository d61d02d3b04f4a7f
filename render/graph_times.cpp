// What a time refers to is asked of the grammar of ranges, with the graph's end or start as the
// other one of the two.
#include "render/graph_times.hpp"

#include <string>

namespace kurabe::render {

Result<store::Time> parse_graph_time(std::string_view text, const store::TimeRange& range,
                                     store::Time now, const store::TimeZone& zone) {
    if (text == "start") return range.start;
    if (text == "end") return range.end;
    const bool relative = text.starts_with('-') || text.starts_with('+');
    const std::string whole = (relative ? "start" : "") + std::string(text);
    auto time = store::parse_time(whole, now, zone);
    if (time || time.error().code != ErrorCode::kUnsupported) return time;
    const auto number = [](store::Time of) {
        return std::to_string(of.time_since_epoch().count());
    };
    const auto from_start = store::parse_time_range(number(range.start), whole, now, zone);
    if (from_start) return from_start->end;
    const auto from_end = store::parse_time_range(whole, number(range.end), now, zone);
    if (from_end) return from_end->start;
    return std::unexpected(from_end.error());
}

}  // namespace kurabe::render
