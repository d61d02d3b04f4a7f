// `fetch FILE|SERIES CF`: the rows between two times.
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "store/at_time.hpp"
#include "store/duration.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kOptions{
    OptionSpec{'s', "start", true},
    OptionSpec{'e', "end", true},
    OptionSpec{'r', "resolution", true},
    OptionSpec{'a', "align-start", false},
    kDaemonOption,
    kServerOption,
    kDataOption,
};
constexpr std::size_t kOwnOptions = 2;  // the last ones are kurabe's

constexpr store::Time kEarliest{store::Seconds{315'360'000}};

std::span<const OptionSpec> options_of(CalledAs called_as) noexcept {
    const std::span<const OptionSpec> all(kOptions);
    return called_as == CalledAs::kKurabe ? all : all.first(all.size() - kOwnOptions);
}

Result<store::TimeRange> range_of(const ParsedArguments& parsed, const Session& session) {
    const auto range =
        store::parse_time_range(parsed.value_or("start", "end-24h"), parsed.value_or("end", "now"),
                                session.clock.now_seconds(), session.zone);
    if (!range) return std::unexpected(range.error());
    if (range->start < kEarliest) {
        return fail(ErrorCode::kInvalid, "the first entry to fetch should be after 1980");
    }
    if (range->start > range->end) {
        return fail(ErrorCode::kInvalid, fmt::format("start ({}) should be less than end ({})",
                                                     range->start.time_since_epoch().count(),
                                                     range->end.time_since_epoch().count()));
    }
    return range;
}

// In rrdtool's order of complaints.
Result<store::FetchRequest> request_of(const ParsedArguments& parsed, const Session& session) {
    const auto resolution = store::parse_duration(parsed.value_or("resolution", "1"));
    if (!resolution) {
        return fail(ErrorCode::kInvalid, "resolution: " + resolution.error().message);
    }
    const auto range = range_of(parsed, session);
    if (!range) return std::unexpected(range.error());
    if (parsed.operands.size() < 2) {
        return fail(ErrorCode::kInvalid, "Usage: rrdtool fetch <file> <CF> [options]");
    }
    const auto cf = store::parse_cf(parsed.operands[1]);
    if (!cf) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("unknown consolidation function '{}'", parsed.operands[1]));
    }
    store::FetchRequest request{*cf, range->start, range->end, *resolution};
    if (parsed.has("align-start")) {
        request.start -= request.start.time_since_epoch() % *resolution;
        request.end -= request.end.time_since_epoch() % *resolution;
    }
    return request;
}

Result<store::FetchedSeries> fetch_series(const ParsedArguments& parsed,
                                          const store::FetchRequest& request, Session& session) {
    const auto place = series_place(parsed);
    if (!place) return std::unexpected(place.error());
    return session.whole.fetch(*place, parsed.operands.front(), request);
}

// Every unknown of a file of RRDtool is a negative NaN, and scripts compare texts.
void print_series(const store::FetchedSeries& series, Output& out) {
    std::string text = fmt::format("{:11}{:>20}\n\n", "", "n");
    store::Time row_time = series.start;
    for (const store::Value value : series.values) {
        row_time += series.step;
        fmt::format_to(std::back_inserter(text), "{:10}: {}\n", row_time.time_since_epoch().count(),
                       store::is_unknown(value) ? "-nan" : fmt::format("{:.10e}", value));
    }
    out.write(text);
}

}  // namespace

Result<void> run_fetch(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, options_of(session.called_as));
    if (!parsed) return std::unexpected(parsed.error());
    const auto request = request_of(*parsed, session);
    if (!request) return std::unexpected(request.error());
    if (auto refused = refuse_daemon(*parsed, session); !refused) return refused;
    const auto series = fetch_series(*parsed, *request, session);
    if (!series) return std::unexpected(series.error());
    print_series(*series, session.out);
    return {};
}

}  // namespace kurabe::cli::rrdtool
