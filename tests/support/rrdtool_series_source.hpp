// A SeriesSource over .rrd files that the installed rrdtool reads, for tests against it.
#pragma once

#include <string>

#include "render/series_source.hpp"
#include "tests/support/rrdtool_process.hpp"

namespace kurabe::tests {

class RrdtoolSeriesSource : public render::SeriesSource {
  public:
    // `rrdtool` must outlive this; it is what makes this source not thread-safe.
    explicit RrdtoolSeriesSource(RrdtoolProcess& rrdtool) : rrdtool_(rrdtool) {}

    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& reference,
        const store::FetchRequest& request) const override;

  private:
    RrdtoolProcess& rrdtool_;
};

}  // namespace kurabe::tests
