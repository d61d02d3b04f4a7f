// The ring is chosen as an archive chooses it: store/fetch_window.hpp.
#include "server/kept_rows.hpp"

#include <cstddef>
#include <vector>

#include "store/fetch_window.hpp"
#include "store/retention.hpp"

namespace kurabe::server {
namespace {

store::Seconds kept_step(const store::FetchRequest& request, store::Time now) {
    const store::Retention retention = store::Retention::kurado();
    std::vector<store::RingExtent> rings;
    for (const store::RingShape& ring : retention.rings) {
        rings.push_back({retention.step * ring.pdp_per_row, ring.rows, true});
    }
    return rings[store::choose_ring(rings, now, request).value_or(0)].resolution;
}

}  // namespace

Result<store::FetchedSeries> KeptRows::fetch(const render::SeriesReference& reference,
                                             const store::FetchRequest& request) const {
    auto fetched = source_.fetch(reference, request);
    if (fetched || fetched.error().code != ErrorCode::kNotFound) return fetched;
    const store::Seconds step = kept_step(request, now_);
    const auto [begin, end] = store::align_to_rows(request, step);
    const auto rows = static_cast<std::size_t>((end - begin) / step);
    return store::FetchedSeries{begin, end, step, std::vector(rows, store::kUnknown)};
}

}  // namespace kurabe::server
