// Where a graph's DEFs get their data: the store, a running server or .rrd files.
#pragma once

#include <string>

#include "store/fetch.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// What a DEF names. `series` is its file field: a series of the store ("HOST/PLUGIN/KEY"), a key of
// the plugin a page shows ("cpu-user.derive"), or a path, as the source understands it.
struct SeriesReference {
    std::string series;
    std::string ds;  // the DS of a file with several; "n" for series of the store
    // For files: the address of the rrdcached to ask for them; empty: the graph's, if it has one.
    std::string daemon = {};
    bool operator==(const SeriesReference&) const = default;
};

class SeriesSource {
  public:
    SeriesSource() = default;
    virtual ~SeriesSource() = default;
    SeriesSource(const SeriesSource&) = delete;
    SeriesSource& operator=(const SeriesSource&) = delete;

    // Thread-safe. kNotFound when there is no such series, kDamaged when its archive is bad.
    [[nodiscard]] virtual Result<store::FetchedSeries> fetch(
        const SeriesReference& reference, const store::FetchRequest& request) const = 0;
};

}  // namespace kurabe::render
