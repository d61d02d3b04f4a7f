// A range of rows out of an .rrd file, of all its data sources or of one.
// Rule: rrdfetch(1), "RESOLUTION INTERVAL", and store/fetch_window.hpp; compared with rrdtool in
// tests/differential/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "store/fetch.hpp"
#include "store/fetch_window.hpp"
#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Values that one fetch may bring, of all data sources together; 512 MB.
inline constexpr std::uint64_t kFetchedValuesMax = 64'000'000;

// Rows as FetchedSeries has them, but with a value for each data source of the file. Those that the
// file does not hold are kFileUnknown.
struct FetchedRows {
    Time start;
    Time end;
    Seconds step{1};
    std::size_t sources = 0;
    std::vector<Value> values;  // row by row

    [[nodiscard]] std::size_t size() const noexcept { return values.size() / sources; }
    [[nodiscard]] std::span<const Value> row(std::size_t index) const noexcept {
        return std::span(values).subspan(index * sources, sources);
    }
    [[nodiscard]] FetchedSeries series(std::size_t source) const;
};

// The rows of all data sources in one pass. kNotFound when no RRA has the CF, kInvalid as
// check_request, kLimit, kDamaged when the file was cut in use.
[[nodiscard]] Result<FetchedRows> fetch_rows(const Archive& archive, const FetchRequest& request);

// The rows of one data source, without reading the others'.
[[nodiscard]] Result<FetchedSeries> fetch_series(const Archive& archive, std::size_t source,
                                                 const FetchRequest& request);

// An RRA as a request for `wanted` sees it.
[[nodiscard]] RingExtent extent_of(const Header& header, std::size_t rra, RraCf wanted) noexcept;
// The rows of one RRA and one data source in a window on the RRA's grid, and no other. Errors as
// above.
[[nodiscard]] Result<FetchedSeries> fetch_window(const Archive& archive, std::size_t source,
                                                 std::size_t rra, const Coverage& window);

}  // namespace kurabe::store::rrd
