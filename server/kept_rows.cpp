// The finest ring that still reaches back to the range's start.
#include "server/kept_rows.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "store/retention.hpp"

namespace kurabe::server {
namespace {

store::Seconds kept_step(store::Time start, store::Time now) {
    const store::Retention retention = store::Retention::kurado();
    const auto step_of = [&](const store::RingShape& ring) {
        return retention.step * ring.pdp_per_row;
    };
    const auto reaching = std::ranges::find_if(retention.rings, [&](const store::RingShape& ring) {
        return step_of(ring) * ring.rows >= now - start;
    });
    return step_of(reaching == retention.rings.end() ? retention.rings.back() : *reaching);
}

store::FetchedSeries unknown_rows(const store::FetchRequest& request, store::Seconds kept) {
    store::FetchedSeries rows;
    rows.step = std::max(kept, request.resolution);
    rows.start = store::Time{request.start.time_since_epoch() / rows.step * rows.step};
    const std::int64_t count = (request.end - rows.start) / rows.step + 1;
    rows.end = rows.start + rows.step * count;
    rows.values.assign(static_cast<std::size_t>(count), store::kUnknown);
    return rows;
}

}  // namespace

Result<store::FetchedSeries> KeptRows::fetch(const render::SeriesReference& reference,
                                             const store::FetchRequest& request) const {
    auto fetched = source_.fetch(reference, request);
    if (fetched || fetched.error().code != ErrorCode::kNotFound) return fetched;
    return unknown_rows(request, kept_step(request.start, now_));
}

}  // namespace kurabe::server
