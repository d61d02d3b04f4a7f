// The data of a graph on the command line: .rrd files, and series of the store by their names.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "cli/rrdtool/series_argument.hpp"
#include "cli/series_access.hpp"
#include "render/series_source.hpp"
#include "server/rrd_series.hpp"
#include "store/guarded.hpp"

namespace kurabe::cli {

// Made for one graph. Which of the two a DEF names: cli/rrdtool/series_argument.hpp.
class GraphSeries final : public render::SeriesSource {
  public:
    // Without a place there are files only, as rrdtool has it.
    explicit GraphSeries(std::optional<SeriesPlace> place) : place_(std::move(place)) {}

    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& reference,
        const store::FetchRequest& request) const override;

  private:
    std::optional<SeriesPlace> place_;
    server::RrdSeries files_;
    // Opened by the first DEF that names a series.
    mutable store::Guarded<std::unique_ptr<SeriesAccess>> series_;
};

}  // namespace kurabe::cli
