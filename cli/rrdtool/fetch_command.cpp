// `fetch FILE|SERIES CF`: the rows between two times.
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "store/at_time.hpp"
#include "store/duration.hpp"
#include "store/range_check.hpp"
#include "store/rrd/fetch.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kFetchOptions{
    OptionSpec{'s', "start", true},
    OptionSpec{'e', "end", true},
    OptionSpec{'r', "resolution", true},
    OptionSpec{'a', "align-start", false},
    kDaemonOption,
    kServerOption,
    kTokenFileOption,
    kDataOption,
};

constexpr store::Seconds kSecond{1};

Result<store::TimeRange> range_of(const ParsedArguments& parsed, store::Seconds resolution,
                                  const Session& session) {
    auto range =
        store::parse_time_range(parsed.value_or("start", "end-24h"), parsed.value_or("end", "now"),
                                session.clock.now_seconds(), session.zone);
    if (!range) return std::unexpected(range.error());
    if (range->start < store::kEarliestStart) {
        return fail(ErrorCode::kInvalid, "the first entry to fetch should be after 1980");
    }
    if (parsed.has("align-start")) {
        const store::Seconds shift = range->start.time_since_epoch() % resolution;
        range->start -= shift;
        range->end -= shift;
    }
    if (auto checked = store::check_order(*range); !checked) {
        return std::unexpected(checked.error());
    }
    return range;
}

Result<void> check_time(std::string_view what, std::string_view text, const Session& session) {
    const auto time = store::parse_time(text, session.clock.now_seconds(), session.zone);
    // One that refers to start or end can be judged only with the other.
    if (time || time.error().code == ErrorCode::kUnsupported) return {};
    return fail(ErrorCode::kInvalid, fmt::format("{} time: {}", what, time.error().message));
}

Result<void> check_resolution(std::string_view text) {
    const auto count = store::parse_scaled_duration(text, kSecond);
    if (count) return {};
    return fail(ErrorCode::kInvalid, "resolution: " + count.error().message);
}

// Every option is looked at in its turn, even when a later one replaces it.
Result<void> check_options(const ParsedArguments& parsed, const Session& session) {
    for (const GivenOption& given : parsed.options) {
        Result<void> checked;
        if (given.spec->letter == 's') checked = check_time("start", given.value, session);
        if (given.spec->letter == 'e') checked = check_time("end", given.value, session);
        if (given.spec->letter == 'r') checked = check_resolution(given.value);
        if (!checked) return checked;
    }
    return {};
}

Result<store::FetchRequest> request_of(const ParsedArguments& parsed, const Session& session) {
    if (auto checked = check_options(parsed, session); !checked) {
        return std::unexpected(checked.error());
    }
    const auto count = store::parse_scaled_duration(parsed.value_or("resolution", "1"), kSecond);
    const store::Seconds resolution(count.value());
    const auto range = range_of(parsed, resolution, session);
    if (!range) return std::unexpected(range.error());
    if (parsed.operands.size() < 2) {
        return fail(ErrorCode::kInvalid, "Usage: rrdtool fetch <file> <CF> [options]");
    }
    const auto cf = store::parse_rra_cf(parsed.operands[1]);
    if (!cf) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("unknown consolidation function '{}'", parsed.operands[1]));
    }
    return store::FetchRequest{*cf, range->start, range->end, resolution};
}

// Rows of named columns.
struct Table {
    std::vector<std::string> names;
    store::Time start;  // the first row ends a step later
    store::Seconds step;
    std::vector<store::Value> values;  // row by row
};

Result<Table> fetch_file(std::string_view file, const store::FetchRequest& request,
                         Session& session) {
    const auto archive = session.archives.read(file);
    if (!archive) return std::unexpected(archive.error());
    auto rows = store::rrd::fetch_rows(**archive, request);
    if (!rows) return std::unexpected(rows.error());
    Table table{{}, rows->start, rows->step, std::move(rows->values)};
    for (const auto& source : (*archive)->header().sources) {
        table.names.emplace_back(store::rrd::text_of(source.name));
    }
    return table;
}

Result<Table> fetch_from_daemon(std::string_view file, const store::FetchRequest& request,
                                rrdcached::Daemon& daemon) {
    auto fetched = daemon.fetch(file, store::rra_cf_name(request.cf), {request.start, request.end});
    if (!fetched) return std::unexpected(fetched.error());
    store::rrd::FetchedRows& rows = fetched->rows;
    return Table{std::move(fetched->names), rows.start, rows.step, std::move(rows.values)};
}

Result<Table> fetch_series(const SeriesPlace& place, std::string_view name,
                           const store::FetchRequest& request, Session& session) {
    auto series = session.whole.fetch(place, name, request);
    if (!series) return std::unexpected(series.error());
    std::ranges::transform(series->values, series->values.begin(), store::rrd::as_stored);
    return Table{{"n"}, series->start, series->step, std::move(series->values)};
}

Result<Table> fetch(const ParsedArguments& parsed, const store::FetchRequest& request,
                    Session& session) {
    const std::string_view name = parsed.operands.front();
    const auto place = series_place(parsed);
    if (!place) return std::unexpected(place.error());
    if (session.called_as == CalledAs::kKurabe && is_series(name, *place)) {
        return fetch_series(*place, name, request, session);
    }
    const auto daemon = find_daemon(daemon_address(parsed, session), session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon != nullptr) return fetch_from_daemon(name, request, **daemon);
    return fetch_file(name, request, session);
}

// As printf's "%0.10e"; the sign of an unknown value is printed, as by rrdtool: in files it is
// negative. to_chars is several times as fast as fmt here, and rows of a day are thousands.
void append_value(std::string& text, store::Value value) {
    constexpr int kDecimals = 10;
    std::array<char, 32> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                            std::chars_format::scientific, kDecimals);
    text.append(digits.data(), end);
}

void print_names(const std::vector<std::string>& names, Output& out) {
    std::string text(11, ' ');
    for (const std::string& name : names) {
        fmt::format_to(std::back_inserter(text), "{:>20}", name);
    }
    out.write(text + "\n\n");
}

void print(const Table& table, Output& out) {
    print_names(table.names, out);
    store::Time row_time = table.start;
    const std::span<const store::Value> values(table.values);
    std::string line;
    for (std::size_t i = 0; i < values.size(); i += table.names.size()) {
        row_time += table.step;
        line.clear();
        fmt::format_to(std::back_inserter(line), "{:10}:", row_time.time_since_epoch().count());
        for (const store::Value value : values.subspan(i, table.names.size())) {
            line += ' ';
            append_value(line, value);
        }
        line += '\n';
        out.write(line);
    }
}

}  // namespace

Result<void> run_fetch(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, offered_options(kFetchOptions, session.called_as));
    if (!parsed) return std::unexpected(parsed.error());
    const auto request = request_of(*parsed, session);
    if (!request) return std::unexpected(request.error());
    const auto table = fetch(*parsed, *request, session);
    if (!table) return std::unexpected(table.error());
    print(*table, session.out);
    return {};
}

}  // namespace kurabe::cli::rrdtool
