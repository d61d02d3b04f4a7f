// Series that are not there, in values for programs: a graph's own rows for them are a pixel wide,
// which is a second where every row is wanted, and one such series makes all rows as short.
#pragma once

#include "render/series_source.hpp"

namespace kurabe::server {

// Another source, but what it does not find is unknown in rows as long as Kurado's retention would
// have kept for the range. The source must outlive it.
class KeptRows final : public render::SeriesSource {
  public:
    KeptRows(const render::SeriesSource& source, store::Time now) : source_(source), now_(now) {}

    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& reference,
        const store::FetchRequest& request) const override;

  private:
    const render::SeriesSource& source_;
    store::Time now_;
};

}  // namespace kurabe::server
