// The rows of one column in a mapped archive: written one by one, read in runs, a run's checksum
// written with its last row and compared when all of its rows are shown. Planes are written in
// their order.
// Our own format: docs/format.md, "Rings".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "store/archive_layout.hpp"
#include "store/cdp.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// A column in one plane of a ring.
struct RowPlace {
    const RingPlace& ring;
    std::size_t plane;
    std::uint32_t column;
};

// Where a row lies, of whatever column: the run of column 0, and the row's place in a run.
struct RowSlot {
    std::uint64_t first_run = 0;
    std::uint32_t in_run = 0;
};
[[nodiscard]] RowSlot slot_of(const RingPlace& ring, std::uint64_t row) noexcept;

// Row number n ends at n * resolution.
[[nodiscard]] inline std::int64_t row_at(Time time, Seconds resolution) noexcept {
    return time.time_since_epoch() / resolution;
}
// The last row that has ended.
[[nodiscard]] inline std::int64_t row_at(SampleTime time, Seconds resolution) noexcept {
    return row_at(std::chrono::floor<Seconds>(time), resolution);
}

// Rows first...last; none when last < first.
struct RowRange {
    std::int64_t first = 0;
    std::int64_t last = -1;
};
// What a ring shows of a column: its last rows, as many as it has, from the column's beginning on.
[[nodiscard]] RowRange shown_rows(const RingPlace& ring, Time history_start,
                                  SampleTime last_time) noexcept;

void write_row(std::span<std::byte> file, const RowPlace& place, const RowSlot& slot,
               Value value) noexcept;
// `span` closes rows of `values`; of more than the ring has only the last ones are written, and the
// first of these is the primary: as rrdtool does.
void write_rows(std::span<std::byte> file, const RowPlace& place, const RowSpan& span,
                const RowValues& values) noexcept;
// Values of rows that follow one another; those before 1970 are passed over.
void write_rows(std::span<std::byte> file, const RowPlace& place, std::int64_t first_row,
                std::span<const Value> values) noexcept;

// Values of one plane that are to be read; as many as rows.
struct PlaneTarget {
    std::size_t plane;
    std::span<Value> values;
};
// Reads rows.last - rows.first + 1 values of each target, all of which are among the shown ones.
// Rows of a run whose checksum is wrong are unknown; the result is how many runs those are. May run
// beside writers of later rows.
[[nodiscard]] std::size_t read_rows(std::span<const std::byte> file, const RingPlace& ring,
                                    std::uint32_t column, const RowRange& shown,
                                    const RowRange& rows,
                                    std::span<const PlaneTarget> targets) noexcept;

}  // namespace kurabe::store
