// The data of a graph on the command line: .rrd files, read here or by rrdcached, and series of the
// store by their names.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "cli/rrdcached/daemons.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "cli/series_access.hpp"
#include "render/series_source.hpp"
#include "server/rrd_series.hpp"
#include "store/guarded.hpp"

namespace kurabe::cli {

// Made for one graph. Which of the two a DEF names: cli/rrdtool/series_argument.hpp.
class GraphSeries final : public render::SeriesSource {
  public:
    // Without a place there are files only, as rrdtool has it. `daemon` is asked for those whose
    // DEF names no other one; with an empty address they are read.
    GraphSeries(std::optional<SeriesPlace> place, rrdcached::Place daemon)
        : place_(std::move(place)), daemon_(std::move(daemon)) {}

    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& reference,
        const store::FetchRequest& request) const override;

  private:
    [[nodiscard]] Result<store::FetchedSeries> fetch_from_daemon(
        const rrdcached::Place& place, const render::SeriesReference& reference,
        const store::FetchRequest& request) const;

    std::optional<SeriesPlace> place_;
    rrdcached::Place daemon_;
    mutable store::Guarded<rrdcached::Daemons> daemons_;
    server::RrdSeries files_;
    // Opened by the first DEF that names a series.
    mutable store::Guarded<std::unique_ptr<SeriesAccess>> series_;
};

}  // namespace kurabe::cli
