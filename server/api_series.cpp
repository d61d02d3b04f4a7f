// "/api/fetch", "/api/series" and "/api/rrd": the numbers themselves, for the command line and
// other programs.
#include <fmt/format.h>

#include "server/asked_series.hpp"
#include "server/json_answer.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/series_json.hpp"
#include "store/at_time.hpp"
#include "store/rrd/series_file.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kFetchedValuesMax = 1'000'000;
constexpr std::size_t kFileBytesMax = std::size_t{64} << 20;

std::string_view text_or(std::string_view text, std::string_view otherwise) {
    return text.empty() ? otherwise : text;
}

Result<store::TimeRange> read_range(Parameters& parameters, store::Time now,
                                    const store::TimeZone& zone) {
    const std::string_view start = text_or(parameters.text("start"), "end-24h");
    const std::string_view end = text_or(parameters.text("end"), "now");
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    auto range = store::parse_time_range(start, end, now, zone);
    if (!range) return range;
    if (range->start >= range->end) {
        return fail(ErrorCode::kInvalid, "parameter start: is not before end");
    }
    if (range->end > now + kFutureMax) {
        return fail(ErrorCode::kInvalid, "parameter end: is more than a year ahead");
    }
    return range;
}

}  // namespace

Result<Response> fetch_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const std::string_view series = parameters.required("series");
    const auto cf = store::parse_cf(text_or(parameters.text("cf"), "AVERAGE"));
    if (!cf) parameters.reject("cf", "is not one of AVERAGE, MIN, MAX, LAST");
    const int resolution = parameters.integer("resolution", 1, 1, kResolutionMax);
    const auto range = read_range(parameters, visit.parts.now(), visit.parts.zone);
    if (!range) return std::unexpected(range.error());
    const auto name = asked_series(series, visit.parts.config);
    if (!name) return std::unexpected(name.error());

    const auto rows = visit.parts.store.fetch(
        *name, {rra_cf_of(*cf), range->start, range->end, store::Seconds{resolution}});
    if (!rows) return std::unexpected(rows.error());
    if (rows->values.size() > kFetchedValuesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("more than {} rows; ask for a shorter range", kFetchedValuesMax));
    }
    return json_answer(series_to_json(*rows));
}

Result<Response> series_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const std::string_view host = parameters.required("host");
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto address = visit.parts.config.address_of(host);
    if (!address) return std::unexpected(address.error());
    const auto series = visit.parts.store.series(*address);
    if (!series) return std::unexpected(series.error());
    return json_answer(series_list_to_json(*address, *series));
}

Result<Response> rrd_api(const Visit& visit) {
    Parameters parameters(visit.request);
    const std::string_view series = parameters.required("series");
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto name = asked_series(series, visit.parts.config);
    if (!name) return std::unexpected(name.error());
    const auto copy = visit.parts.store.copy(*name);
    if (!copy) return std::unexpected(copy.error());
    Response response;
    response.content_type = "application/octet-stream";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = store::rrd::series_file(*copy);
    if (response.body.size() > kFileBytesMax) {
        return fail(ErrorCode::kLimit, fmt::format("a file of {} bytes; {} at most are sent",
                                                   response.body.size(), kFileBytesMax));
    }
    return response;
}

}  // namespace kurabe::server
