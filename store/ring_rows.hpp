// The rows of one column in a mapped archive: they gather in an open block, value by value, and go
// into a run with a checksum when the block is full.
// Our own format: docs/format.md, "Rings".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/archive_layout.hpp"
#include "store/cdp.hpp"
#include "store/column.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// A column in a ring.
struct RowPlace {
    const RingPlace& ring;
    std::uint32_t column;
};

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
struct ShownRows : RowRange {
    std::size_t open_block = 0;  // that has those after the last full block
};
[[nodiscard]] ShownRows shown_rows(const RingPlace& ring, const Column& column) noexcept;

// ---- Writing ----

// Where a row lies in the open blocks, of whatever column.
struct OpenRow {
    std::uint64_t begin = 0;  // of column 0 in open block 0
    std::uint64_t block = 0;  // counted from 1970 on
    bool is_last = false;     // of its block
};
[[nodiscard]] OpenRow open_row(const RingPlace& ring, std::uint64_t row) noexcept;

// The row after the last one; a value of each plane, the primary one. True when its block is full:
// the column goes on in the other open block.
[[nodiscard]] bool append_row(std::span<std::byte> file, const RowPlace& place,
                              std::size_t open_block, const OpenRow& row,
                              std::span<const RowValues> planes) noexcept;
// `span` closes rows of these values; of more than the ring has only the last ones are written, and
// the first of these is the primary: as rrdtool does. True when the column goes on in the other
// open block. No more than one append of a sample's says so.
[[nodiscard]] bool append_rows(std::span<std::byte> file, const RowPlace& place,
                               std::size_t open_block, const RowSpan& span,
                               std::span<const RowValues> planes) noexcept;
// All rows of a column: those of each plane from `first_row` on, as many of each. It goes on in
// open block 0. Rows before 1970 are passed over.
void write_history(std::span<std::byte> file, const RowPlace& place, std::int64_t first_row,
                   std::span<const std::vector<Value>> planes) noexcept;
// Another value of each plane for a row in an open block.
void change_open_row(std::span<std::byte> file, const RowPlace& place, std::size_t open_block,
                     std::uint64_t row, std::span<const Value> planes) noexcept;
// A column's run in a closed block: as many values as it has, plane by plane.
void write_run(std::span<std::byte> file, const RowPlace& place, std::uint64_t block,
               std::span<const Value> values) noexcept;

// ---- Reading ----

// A column's run in a closed block, also of rows that are not shown; none when its checksum is
// wrong.
[[nodiscard]] std::optional<std::vector<Value>> read_run(std::span<const std::byte> file,
                                                         const RowPlace& place,
                                                         std::uint64_t block);

// Values of one plane that are to be read; as many as rows.
struct PlaneTarget {
    std::size_t plane;
    std::span<Value> values;
};
struct RowsRead {
    std::size_t damaged_runs = 0;  // with a wrong checksum: their rows are unknown
    // Rows that have no checksum yet are zero: so they are in a file that was cut just now, too.
    bool has_open_zeroes = false;
};
// Reads rows.last - rows.first + 1 values of each target, all of which are among the shown ones.
// May run beside writers of later rows.
[[nodiscard]] RowsRead read_rows(std::span<const std::byte> file, const RowPlace& place,
                                 const ShownRows& shown, const RowRange& rows,
                                 std::span<const PlaneTarget> targets) noexcept;

}  // namespace kurabe::store
