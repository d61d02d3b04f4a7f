// The data of a graph out of .rrd files: a reference is a path and a DS.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "render/series_source.hpp"
#include "store/guarded.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/fetch.hpp"

namespace kurabe::server {

// Made for one graph: opens each of its files once and remembers rows for its other DEFs. Files are
// locked while they are read and not in between, so that writers need not wait for drawing.
class RrdSeries final : public render::SeriesSource {
  public:
    explicit RrdSeries(const store::rrd::LockWait& wait = {}) : wait_(wait) {}

    // Messages are rrdtool's. kNotFound when there is no such file, DS or RRA, kDamaged when the
    // file is none of rrdtool's.
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& reference,
        const store::FetchRequest& request) const override;

  private:
    struct OpenFile {
        store::rrd::Archive archive;
        // What the last request of a file of few data sources brought, all of them.
        store::FetchRequest request;
        std::optional<store::rrd::FetchedRows> rows;
    };
    using Files = std::map<std::string, OpenFile, std::less<>>;

    // Opened or locked again; null with an error otherwise.
    [[nodiscard]] Result<OpenFile*> take(Files& files, const std::string& path) const;
    [[nodiscard]] static Result<store::FetchedSeries> read(OpenFile& file,
                                                           const render::SeriesReference& reference,
                                                           const store::FetchRequest& request);

    store::rrd::LockWait wait_;
    mutable store::Guarded<Files> files_;
};

}  // namespace kurabe::server
