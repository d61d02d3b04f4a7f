// "/api/v1/data" and "/api/v1/statistics": rows of several series, and what they come to.
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "server/api_values.hpp"
#include "server/asked_series.hpp"
#include "server/page_parts.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kDataSeriesMax = 100;
constexpr std::size_t kDataValuesMax = 1'000'000;  // of all series together
constexpr std::size_t kStatisticsSeriesMax = 1000;

enum class DataForm { kJson, kCsv, kGrafana };

Response api_response(std::string_view content_type, std::string body) {
    Response response;
    response.content_type = content_type;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

// What both of them ask for.
struct SeriesRange {
    std::vector<store::SeriesName> names;
    store::Time from;
    store::Time to;
    store::TimeZone zone;
};

std::vector<store::SeriesName> read_names(Parameters& parameters, std::size_t count_max,
                                          const Config& config) {
    std::vector<store::SeriesName> names;
    for (const std::string_view text : parameters.texts("series", count_max)) {
        auto name = asked_series(text, config);
        if (!name) {
            parameters.reject("series", name.error().message);
            continue;
        }
        names.push_back(*std::move(name));
    }
    if (names.empty()) parameters.reject("series", "is missing; one is HOST/PLUGIN/KEY");
    return names;
}

Result<SeriesRange> read_series_range(Parameters& parameters, std::size_t count_max,
                                      const SiteParts& parts) {
    SeriesRange range{.names = read_names(parameters, count_max, parts.config),
                      .from = {},
                      .to = {},
                      .zone = parameters.zone().value_or(parts.zone)};
    const store::Time now = parts.now();
    const Period period = parameters.period(range.zone, now, now, BareRange::kCounts);
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto window = window_of(period.term, period, now, range.zone);
    if (!window) return std::unexpected(window.error());
    range.from = window->start;
    range.to = window->end;
    return range;
}

DataForm read_form(Parameters& parameters) {
    const std::string_view name = parameters.text("format");
    if (name == "csv") return DataForm::kCsv;
    if (name == "grafana") return DataForm::kGrafana;
    if (!name.empty() && name != "json") parameters.reject("format", "is not json, csv or grafana");
    return DataForm::kJson;
}

store::RraCf read_cf(Parameters& parameters) {
    const std::string_view name = parameters.text("cf");
    const auto cf = store::parse_cf(name.empty() ? "AVERAGE" : name);
    if (cf) return rra_cf_of(*cf);
    parameters.reject("cf", "is not one of AVERAGE, MIN, MAX, LAST");
    return store::RraCf::kAverage;
}

Result<std::vector<NamedRows>> fetch_all(const store::Store& store, const SeriesRange& range,
                                         const store::FetchRequest& request) {
    std::vector<NamedRows> series;
    std::size_t values = 0;
    for (const store::SeriesName& name : range.names) {
        auto rows = store.fetch(name, request);
        if (!rows) return std::unexpected(rows.error());
        values += rows->values.size();
        if (values > kDataValuesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("more than {} values; ask for a shorter range, a coarser "
                                    "resolution or fewer series",
                                    kDataValuesMax));
        }
        series.push_back({name, *std::move(rows)});
    }
    return series;
}

std::optional<double> read_percentile(Parameters& parameters) {
    const std::string_view text = parameters.text("percentile");
    if (text.empty()) return std::nullopt;
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && rest == end && value >= 0 && value <= 100) return value;
    parameters.reject("percentile", "is not a number from 0 to 100");
    return std::nullopt;
}

}  // namespace

Result<Response> data_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const DataForm form = read_form(parameters);
    const store::RraCf cf = read_cf(parameters);
    const int resolution = parameters.integer("resolution", 1, 1, kResolutionMax);
    const auto range = read_series_range(parameters, kDataSeriesMax, visit.parts);
    if (!range) return std::unexpected(range.error());
    const auto series = fetch_all(visit.parts.store, *range,
                                  {cf, range->from, range->to, store::Seconds{resolution}});
    if (!series) return std::unexpected(series.error());
    switch (form) {
        case DataForm::kJson:
            return api_response("application/json", values_to_json(*series));
        case DataForm::kGrafana:
            return api_response("application/json", values_to_datapoints(*series));
        case DataForm::kCsv:
            break;
    }
    auto csv = values_to_csv(*series, range->zone);
    if (!csv) return std::unexpected(csv.error());
    return api_response("text/csv; charset=utf-8", *std::move(csv));
}

Result<Response> statistics_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const auto percentile = read_percentile(parameters);
    const auto range = read_series_range(parameters, kStatisticsSeriesMax, visit.parts);
    if (!range) return std::unexpected(range.error());
    const store::StatisticsRange asked{range->from, range->to};
    auto results = visit.parts.store.statistics(
        range->names, {.ranges = {asked}, .percentile = percentile, .threads = 1});
    if (!results) return std::unexpected(results.error());
    std::vector<NamedStatistics> statistics;
    for (std::size_t i = 0; i < results->size(); ++i) {
        const auto& result = (*results)[i];
        if (!result) return std::unexpected(result.error());
        statistics.push_back({range->names[i], result->front()});
    }
    return api_response("application/json",
                        statistics_to_json(asked, percentile.has_value(), statistics));
}

}  // namespace kurabe::server
