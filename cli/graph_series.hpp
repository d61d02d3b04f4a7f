// The data of a graph on the command line: .rrd files, and series of the store by their names.
#pragma once

#include <memory>

#include "cli/series_access.hpp"
#include "render/series_source.hpp"
#include "server/rrd_series.hpp"
#include "store/guarded.hpp"

namespace kurabe::cli {

// Made for one graph. Which of the two a DEF names: cli/rrdtool/series_argument.hpp.
class GraphSeries final : public render::SeriesSource {
  public:
    // Without names every reference is a file, as rrdtool has it.
    enum class Names { kFiles, kFilesAndSeries, kSeries };
    GraphSeries(SeriesPlace place, Names names) : place_(std::move(place)), names_(names) {}

    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& reference,
        const store::FetchRequest& request) const override;

  private:
    [[nodiscard]] bool is_series(const std::string& text) const;

    SeriesPlace place_;
    Names names_;
    server::RrdSeries files_;
    // Opened by the first DEF that names a series.
    mutable store::Guarded<std::unique_ptr<render::SeriesSource>> series_;
};

}  // namespace kurabe::cli
