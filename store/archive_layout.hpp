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

// What determines the size of every part.
struct ArchiveShape {
    Retention retention;
    std::uint32_t column_capacity = 0;
    std::uint32_t key_capacity = 0;  // bytes for the names of all columns
    std::uint32_t values_per_run = kValuesPerRun;
};

// One ring of all columns: blocks of some rows, in which every column has a run: its values plane
// by plane, and their checksum. It has slots for more rows than it shows, so that the next rows
// overwrite none that is shown.
struct RingPlace {
    Seconds resolution{1};
    std::uint32_t pdp_per_row = 1;
    std::uint32_t rows = 0;
    std::uint32_t rows_per_block = 1;
    std::uint32_t blocks = 0;
    std::vector<Cf> planes;    // one for all CFs when pdp_per_row is 1
    std::uint64_t offset = 0;  // from the beginning of the file
    std::uint64_t block_bytes = 0;

    [[nodiscard]] std::uint64_t slots() const noexcept {
        return std::uint64_t{blocks} * rows_per_block;
    }
    // How many rows after the last one overwrite none that is shown; at least 1.
    [[nodiscard]] std::uint64_t spare_rows() const noexcept { return slots() - rows; }
    [[nodiscard]] std::size_t values_per_run() const noexcept {
        return rows_per_block * planes.size();
    }
    [[nodiscard]] std::uint64_t run_bytes() const noexcept {
        return (values_per_run() + 1) * sizeof(Value);
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

    // Where the run of a column that holds a row begins.
    [[nodiscard]] static std::uint64_t run_offset(const RingPlace& ring, std::uint32_t column,
                                                  std::uint64_t row) noexcept {
        const std::uint64_t block = row / ring.rows_per_block % ring.blocks;
        return ring.offset + block * ring.block_bytes + column * ring.run_bytes();
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
