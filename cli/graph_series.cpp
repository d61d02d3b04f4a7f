// File or series, then the source of that kind.
#include "cli/graph_series.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/host_addresses.hpp"

namespace kurabe::cli {

Result<store::FetchedSeries> GraphSeries::fetch(const render::SeriesReference& reference,
                                                const store::FetchRequest& request) const {
    if (!place_ || !rrdtool::is_series(reference.series, *place_)) {
        rrdcached::Place daemon = daemon_;
        if (!reference.daemon.empty()) daemon.address = reference.daemon;
        return daemon.address.empty() ? files_.fetch(reference, request)
                                      : fetch_from_daemon(daemon, reference, request);
    }
    if (!rrdtool::looks_like_a_series(reference.series)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("with --data or --server every DEF names a series, "
                                "HOST/PLUGIN/KEY, and '{}' is none",
                                reference.series));
    }
    const auto series = series_.lock();
    if (!*series) {
        auto opened = open_series(*place_);
        if (!opened) return std::unexpected(opened.error());
        *series = std::move(*opened);
    }
    return (*series)->fetch(reference, request);
}

// The daemon chooses the finest rows; the graph makes longer ones of them.
Result<store::FetchedSeries> GraphSeries::fetch_from_daemon(
    const rrdcached::Place& place, const render::SeriesReference& reference,
    const store::FetchRequest& request) const {
    const auto daemons = daemons_.lock();
    const auto daemon = daemons->at(place, look_up_host);
    if (!daemon) return std::unexpected(daemon.error());
    const auto fetched = (*daemon)->fetch(reference.series, store::rra_cf_name(request.cf),
                                          {request.start, request.end});
    if (!fetched) return std::unexpected(fetched.error());
    const auto source = std::ranges::find(fetched->names, reference.ds);
    if (source == fetched->names.end()) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("No DS called '{}' in '{}'", reference.ds, reference.series));
    }
    return fetched->rows.series(static_cast<std::size_t>(source - fetched->names.begin()));
}

}  // namespace kurabe::cli
