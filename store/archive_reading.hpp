// Reading of rows that were looked up before: needs the archive's file only, and no lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "store/archive_file.hpp"
#include "store/fetch.hpp"
#include "store/fetch_window.hpp"
#include "store/result.hpp"
#include "store/ring_rows.hpp"
#include "store/statistics.hpp"

namespace kurabe::store {

// Rows of a column, as it was when it was looked up. What is read of them is right if the archive
// still keeps them afterwards.
struct PlannedFetch {
    std::shared_ptr<const ArchiveFile> file;
    std::size_t ring = 0;
    std::size_t plane = 0;
    std::uint32_t column = 0;
    Coverage window;  // asked for, on the grid of the ring
    ShownRows shown;
    RowRange rows;  // that are shown and lie in the window

    [[nodiscard]] const RingPlace& place() const noexcept { return file->layout.rings()[ring]; }
    [[nodiscard]] std::size_t window_rows() const noexcept {
        return static_cast<std::size_t>((window.end - window.begin) / place().resolution);
    }
    [[nodiscard]] std::size_t row_count() const noexcept {
        return rows.last < rows.first ? 0 : static_cast<std::size_t>(rows.last - rows.first + 1);
    }
};

struct ReadRows {
    FetchedSeries series;
    std::size_t damaged_runs = 0;  // whose rows are unknown in it
};
// kDamaged when bytes of the file were lost.
[[nodiscard]] Result<ReadRows> read_planned(const PlannedFetch& fetch);

struct ReadStatistics {
    SeriesStatistics statistics;
    std::size_t damaged_runs = 0;
};
// Rows of one series after the other; kept by a thread that summarizes many.
struct RowBuffers {
    std::vector<Value> averages;
    std::vector<Value> minima;
    std::vector<Value> maxima;
};
// As read_planned(); the plane of the fetch is that of AVERAGE.
[[nodiscard]] Result<ReadStatistics> summarize_planned(const PlannedFetch& fetch,
                                                       std::optional<double> percentile,
                                                       RowBuffers& buffers);

}  // namespace kurabe::store
