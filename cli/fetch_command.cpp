// `kurabe fetch`: the rows of one series as rrdtool prints them.
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/output_file.hpp"
#include "cli/series_access.hpp"
#include "store/at_time.hpp"
#include "store/duration.hpp"

namespace kurabe::cli {

namespace {

// rrdtool refuses earlier times in fetch and graph.
constexpr store::Time kEarliest{store::Seconds{315360000}};

Result<store::FetchRequest> request_of(const FetchCommand& command,
                                       const Environment& environment) {
    const auto cf = store::parse_cf(command.cf);
    if (!cf) {
        return fail(ErrorCode::kInvalid, "'" + command.cf +
                                             "' is no consolidation function; use AVERAGE, MIN, "
                                             "MAX or LAST");
    }
    const auto resolution = store::parse_duration(command.resolution);
    if (!resolution) {
        return fail(ErrorCode::kInvalid, "resolution " + resolution.error().message);
    }
    const auto range =
        store::parse_time_range(command.start, command.end, environment.now(), environment.zone);
    if (!range) {
        return std::unexpected(range.error());
    }
    store::FetchRequest request{rra_cf_of(*cf), range->start, range->end, *resolution};
    if (command.align_start) {
        request.start -= request.start.time_since_epoch() % *resolution;
        request.end -= request.end.time_since_epoch() % *resolution;
    }
    if (request.start < kEarliest) {
        return fail(ErrorCode::kInvalid, "the first entry to fetch should be after 1980");
    }
    if (request.start >= request.end) {
        return fail(ErrorCode::kInvalid, fmt::format("start ({}) should be less than end ({})",
                                                     request.start.time_since_epoch().count(),
                                                     request.end.time_since_epoch().count()));
    }
    return request;
}

std::string table_of(const store::FetchedSeries& series) {
    std::string text = fmt::format("{:11}{:>20}\n\n", "", "n");
    store::Time row_time = series.start;
    for (const store::Value value : series.values) {
        row_time += series.step;
        // Every unknown of an RRD file is a negative NaN, and scripts compare texts.
        text += fmt::format("{:10}: {}\n", row_time.time_since_epoch().count(),
                            store::is_unknown(value) ? "-nan" : fmt::format("{:.10e}", value));
    }
    return text;
}

}  // namespace

Result<void> run_fetch(const FetchCommand& command, const Environment& environment) {
    const auto request = request_of(command, environment);
    if (!request) {
        return std::unexpected(request.error());
    }
    const auto source = open_series(command.place);
    if (!source) {
        return std::unexpected(source.error());
    }
    const auto series = (*source)->fetch({command.series, "n"}, *request);
    if (!series) {
        return std::unexpected(series.error());
    }
    return write_output("-", table_of(*series));
}

}  // namespace kurabe::cli
