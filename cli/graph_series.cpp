// File or series, then the source of that kind.
#include "cli/graph_series.hpp"

namespace kurabe::cli {

Result<store::FetchedSeries> GraphSeries::fetch(const render::SeriesReference& reference,
                                                const store::FetchRequest& request) const {
    if (!place_ || !rrdtool::is_series(reference.series, *place_)) {
        return files_.fetch(reference, request);
    }
    const auto series = series_.lock();
    if (!*series) {
        auto opened = open_series(*place_);
        if (!opened) return std::unexpected(opened.error());
        *series = std::move(*opened);
    }
    return (*series)->fetch(reference, request);
}

}  // namespace kurabe::cli
