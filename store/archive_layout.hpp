// Where everything lies in a host archive, and its header page.
// Our own format: docs/format.md.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "store/fetch_window.hpp"
#include "store/result.hpp"
#include "store/retention.hpp"
#include "store/values_per_run.hpp"

namespace kurabe::store {

inline constexpr std::size_t kHeaderBytes = 4096;
inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::uint32_t kColumnsMax = 16'384;
inline constexpr std::uint32_t kKeyHeapBytesMax = 64 * 1024 * 1024;
inline constexpr std::uint32_t kValuesPerRunMax = 255;
inline constexpr std::uint64_t kArchiveBytesMax = std::uint64_t{1} << 40;

inline constexpr std::size_t kPlanesMax = 4;  // one for each CF
// A column goes on in the other one when its block is full, so that the newest state on the disk
// finds its rows where it says.
inline constexpr std::size_t kOpenBlocks = 2;

// What determines the size of every part.
struct ArchiveShape {
    Retention retention;
    std::uint32_t column_capacity = 0;
    std::uint32_t key_capacity = 0;  // bytes for the names of all columns
    std::uint32_t values_per_run = kValuesPerRun;
};

// One ring of all columns. Rows gather in open blocks, where those of one time lie together, so
// that a minute writes few pages; a full block of a column becomes a run in a closed block: its
// values plane by plane, and their checksum, so that reading follows few. The ring has closed
// blocks for more rows than it shows, so that the next rows overwrite none that is shown.
struct RingPlace {
    std::size_t number = 0;
    Seconds resolution{1};
    std::uint32_t pdp_per_row = 1;
    std::uint32_t rows = 0;
    std::uint32_t rows_per_block = 1;
    std::uint32_t blocks = 0;
    std::vector<Cf> planes;    // one for all CFs when pdp_per_row is 1
    std::uint64_t offset = 0;  // from the beginning of the file: the two open blocks
    std::uint64_t open_row_bytes = 0;
    std::uint64_t open_block_bytes = 0;
    std::uint64_t run_bytes = 0;
    std::uint64_t block_bytes = 0;

    [[nodiscard]] std::uint64_t slots() const noexcept {
        return std::uint64_t{blocks} * rows_per_block;
    }
    [[nodiscard]] std::uint64_t closed_offset() const noexcept {
        return offset + kOpenBlocks * open_block_bytes;
    }
    [[nodiscard]] std::uint64_t end() const noexcept {
        return closed_offset() + blocks * block_bytes;
    }
    // The block that gathers the rows after `row`; all rows before it are in closed ones.
    [[nodiscard]] std::int64_t open_block_after(std::int64_t row) const noexcept {
        return (row + 1) / rows_per_block;
    }
    // How many rows after the last one overwrite none that is shown; at least 1.
    [[nodiscard]] std::uint64_t spare_rows() const noexcept { return slots() - rows; }
    [[nodiscard]] std::size_t values_per_run() const noexcept {
        return rows_per_block * planes.size();
    }
    // A fetch's view of this ring.
    [[nodiscard]] RingExtent extent(Cf cf) const noexcept;
    [[nodiscard]] std::size_t plane_of(Cf cf) const noexcept;  // only if extent(cf).has_cf
};

class ArchiveLayout {
  public:
    // kInvalid for a bad retention, kLimit when the archive would be too large.
    [[nodiscard]] static Result<ArchiveLayout> of(ArchiveShape shape);
    // Of the header page of a file of `file_bytes` bytes. kDamaged or kUnsupported, without the
    // file's name.
    [[nodiscard]] static Result<ArchiveLayout> read(std::span<const std::byte> header,
                                                    std::uint64_t file_bytes);
    void write(std::span<std::byte, kHeaderBytes> header) const noexcept;

    [[nodiscard]] const ArchiveShape& shape() const noexcept { return shape_; }
    [[nodiscard]] std::span<const RingPlace> rings() const noexcept { return rings_; }
    // CDP states that a column has: one per plane of every ring of more than one PDP per row.
    [[nodiscard]] std::size_t cdp_count() const noexcept { return cdp_count_; }
    // The table of columns: records, then names.
    [[nodiscard]] static std::uint64_t table_offset() noexcept { return kHeaderBytes; }
    [[nodiscard]] std::size_t table_bytes() const noexcept { return table_bytes_; }
    [[nodiscard]] std::size_t state_bytes() const noexcept { return state_bytes_; }
    [[nodiscard]] std::uint64_t state_offset(std::size_t area) const noexcept {
        return kHeaderBytes + table_bytes_ + area * state_bytes_;
    }
    [[nodiscard]] std::uint64_t file_bytes() const noexcept { return file_bytes_; }
    // Time by which a column may go on before a row that is shown is overwritten, in any ring.
    [[nodiscard]] Seconds spare_time() const noexcept;

    // The rings, a bit each, in which a column moves to its other open block on its way between two
    // times; or might, when none of its rows was in the one that is full.
    [[nodiscard]] unsigned blocks_left(SampleTime from, SampleTime to) const noexcept;

    // Where the run of a column in a closed block begins; blocks are counted from 1970 on.
    [[nodiscard]] static std::uint64_t run_offset(const RingPlace& ring, std::uint32_t column,
                                                  std::uint64_t block) noexcept {
        return ring.closed_offset() + block % ring.blocks * ring.block_bytes +
               column * ring.run_bytes;
    }
    // Where the values of a column, one of each plane, lie in one of the open blocks.
    [[nodiscard]] static std::uint64_t open_offset(const RingPlace& ring, std::uint32_t column,
                                                   std::size_t open_block,
                                                   std::uint64_t row) noexcept {
        return ring.offset + open_block * ring.open_block_bytes +
               row % ring.rows_per_block * ring.open_row_bytes +
               column * ring.planes.size() * sizeof(Value);
    }

  private:
    ArchiveShape shape_;
    std::vector<RingPlace> rings_;
    std::size_t cdp_count_ = 0;
    std::size_t table_bytes_ = 0;
    std::size_t state_bytes_ = 0;
    std::uint64_t file_bytes_ = 0;
};

}  // namespace kurabe::store
