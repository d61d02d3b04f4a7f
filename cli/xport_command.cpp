// `xport`: the numbers that a graph would show, as XML or JSON.
// Rule: rrdxport(1).
#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/graph_series.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "render/export_text.hpp"
#include "render/graph_parser.hpp"
#include "store/at_time.hpp"
#include "store/range_check.hpp"

namespace kurabe::cli {

namespace {

using rrdtool::OptionSpec;

constexpr std::array kOptions{
    OptionSpec{'s', "start", true},
    OptionSpec{'e', "end", true},
    OptionSpec{'m', "maxrows", true},
    OptionSpec{'\0', "step", true},
    OptionSpec{'\0', "enumds", false},
    OptionSpec{'\0', "json", false},
    OptionSpec{'t', "showtime", false},
    OptionSpec{'\0', "tz", true},
    OptionSpec{'\0', "utc", false},
    rrdtool::kDaemonOption,
    rrdtool::kServerOption,
    rrdtool::kTokenFileOption,
    rrdtool::kDataOption,
};
constexpr int kRowsMin = 10;
constexpr int kDefaultRows = 400;

// The digits that the text begins with, as rrdtool reads it; 0 without any.
int leading_number(std::string_view text) {
    std::int64_t number = 0;
    for (const char digit : text.substr(0, text.find_first_not_of("0123456789"))) {
        number =
            std::min<std::int64_t>(number * 10 + (digit - '0'), std::numeric_limits<int>::max());
    }
    return static_cast<int>(number);
}

// Of --tz and --utc the last counts.
Result<store::TimeZone> zone_of(const rrdtool::ParsedArguments& parsed,
                                const rrdtool::Session& session) {
    Result<store::TimeZone> zone = session.zone;
    for (const rrdtool::GivenOption& option : parsed.options) {
        if (option.spec->name == "utc") zone = store::TimeZone::utc();
        if (option.spec->name == "tz") zone = store::TimeZone::locate(option.value);
        if (!zone) break;
    }
    return zone;
}

Result<store::TimeRange> range_of(const rrdtool::ParsedArguments& parsed,
                                  const rrdtool::Session& session, const store::TimeZone& zone) {
    const auto range =
        store::parse_time_range(parsed.value_or("start", "end-24h"), parsed.value_or("end", "now"),
                                session.clock.now_seconds(), zone);
    if (!range) return std::unexpected(range.error());
    if (auto checked = store::check_range(*range); !checked) {
        return std::unexpected(checked.error());
    }
    return range;
}

// The graph of which these would be the columns: a row of the output is a pixel.
Result<render::GraphDefinition> definition_of(const rrdtool::ParsedArguments& parsed,
                                              const rrdtool::Session& session,
                                              const store::TimeZone& zone) {
    render::GraphOptions options;
    options.width_px =
        parsed.has("maxrows") ? leading_number(parsed.value_or("maxrows", "")) : kDefaultRows;
    if (options.width_px < kRowsMin) {
        return fail(ErrorCode::kInvalid, fmt::format("maxrows below {} rows", kRowsMin));
    }
    options.step = store::Seconds{leading_number(parsed.value_or("step", ""))};
    const auto range = range_of(parsed, session, zone);
    if (!range) return std::unexpected(range.error());
    options.start = range->start;
    options.end = range->end;
    if (parsed.operands.empty()) {
        return fail(ErrorCode::kInvalid, "can't make an xport without contents");
    }
    const std::vector<std::string> elements(parsed.operands.begin(), parsed.operands.end());
    return render::parse_elements(std::move(options), elements, session.clock.now_seconds(), zone);
}

}  // namespace

Result<void> run_xport(rrdtool::Words arguments, rrdtool::Session& session) {
    const bool as_kurabe = session.called_as == rrdtool::CalledAs::kKurabe;
    const auto parsed =
        rrdtool::parse_options(arguments, rrdtool::offered_options(kOptions, session.called_as));
    if (!parsed) return std::unexpected(parsed.error());
    const auto place = rrdtool::series_place(*parsed);
    if (!place) return std::unexpected(place.error());
    const auto zone = zone_of(*parsed, session);
    if (!zone) return std::unexpected(zone.error());
    const auto definition = definition_of(*parsed, session, *zone);
    if (!definition) return std::unexpected(definition.error());
    const GraphSeries source(
        as_kurabe ? std::optional(*place) : std::nullopt,
        rrdtool::daemon_place(rrdtool::daemon_address(*parsed, session), session));
    const auto table = render::evaluate_export(*definition, render::ExportColumns::kExported,
                                               source, session.clock.now_seconds(), *zone);
    if (!table) return std::unexpected(table.error());
    const render::ExportStyle style{.show_time = parsed->has("showtime"),
                                    .enumerated = parsed->has("enumds"),
                                    .time_format = {}};
    const auto text = parsed->has("json") ? render::export_json(*table, style, *zone)
                                          : render::export_xml(*table, style, *zone);
    if (!text) return std::unexpected(text.error());
    session.out.write(*text);
    return {};
}

}  // namespace kurabe::cli
