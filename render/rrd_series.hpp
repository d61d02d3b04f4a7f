// The data of a graph out of .rrd files: a reference is a path and a DS.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/series_source.hpp"
#include "store/guarded.hpp"
#include "store/rrd/fetch.hpp"
#include "store/rrd/open_archives.hpp"

namespace kurabe::render {

// Made for one graph: keeps its files open and remembers rows for its next DEF. Files are locked
// while they are read and not in between, so that writers need not wait for drawing.
class RrdSeries final : public SeriesSource {
  public:
    explicit RrdSeries(const store::rrd::LockWait& wait = {}) : wait_(wait) {}

    // Messages are rrdtool's. kNotFound when there is no such file, DS or RRA, kDamaged when the
    // file is none of rrdtool's.
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference& reference, const store::FetchRequest& request) const override;

  private:
    static constexpr std::size_t kFilesKeptOpen = 64;

    // What the last request of a file of few data sources brought, of all of them. Another file of
    // that name, and the same one after `tune`, may have other data sources.
    struct Remembered {
        std::string path;
        std::vector<std::string> sources;
        store::FetchRequest request;
        store::rrd::FetchedRows rows;
    };
    struct State {
        store::rrd::OpenArchives archives{kFilesKeptOpen};
        std::optional<Remembered> remembered;
    };

    [[nodiscard]] static Result<store::FetchedSeries> fetch_together(
        State& state, const store::rrd::Archive& archive, std::size_t source,
        const store::FetchRequest& request);

    store::rrd::LockWait wait_;
    mutable store::Guarded<State> state_;
};

}  // namespace kurabe::render
