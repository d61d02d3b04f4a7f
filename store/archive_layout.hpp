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

namespace kurabe::store {

inline constexpr std::size_t kHeaderBytes = 4096;
inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::uint32_t kColumnsMax = 16'384;
inline constexpr std::uint32_t kKeyHeapBytesMax = 64 * 1024 * 1024;
inline constexpr std::uint32_t kRowsPerBlockMax = 1024;
inline constexpr std::uint64_t kArchiveBytesMax = std::uint64_t{1} << 40;

// What determines the size of every part.
struct ArchiveShape {
    Retention retention;
    std::uint32_t column_capacity = 0;
    std::uint32_t key_capacity = 0;  // bytes for the names of all columns
    std::uint32_t rows_per_block = 16;
};

// One ring of all columns: blocks of rows, each stored plane by plane, column by column.
struct RingPlace {
    Seconds resolution{1};
    std::uint32_t pdp_per_row = 1;
    std::uint32_t rows = 0;
    std::vector<Cf> planes;    // one for all CFs when pdp_per_row is 1
    std::uint64_t offset = 0;  // from the beginning of the file
    std::uint64_t block_bytes = 0;

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
    [[nodiscard]] std::size_t record_bytes() const noexcept { return record_bytes_; }
    [[nodiscard]] std::size_t state_bytes() const noexcept { return state_bytes_; }
    [[nodiscard]] std::uint64_t state_offset(std::size_t area) const noexcept {
        return kHeaderBytes + area * state_bytes_;
    }
    [[nodiscard]] std::uint64_t file_bytes() const noexcept { return file_bytes_; }

    // Where a value lies in the file; the next rows of the same block follow it.
    [[nodiscard]] std::uint64_t value_offset(const RingPlace& ring, std::size_t plane,
                                             std::uint32_t column,
                                             std::uint64_t row) const noexcept {
        const std::uint64_t slot = row % ring.rows;
        const std::uint64_t block = slot / shape_.rows_per_block;
        const std::uint64_t in_block = slot % shape_.rows_per_block;
        const std::uint64_t run = plane * shape_.column_capacity + column;
        return ring.offset + block * ring.block_bytes +
               (run * shape_.rows_per_block + in_block) * sizeof(Value);
    }
    // How many rows from `row` on follow each other in the file.
    [[nodiscard]] std::uint64_t adjacent_rows(const RingPlace& ring,
                                              std::uint64_t row) const noexcept {
        const std::uint64_t slot = row % ring.rows;
        const std::uint64_t in_block = slot % shape_.rows_per_block;
        return std::min(shape_.rows_per_block - in_block, ring.rows - slot);
    }

  private:
    ArchiveShape shape_;
    std::vector<RingPlace> rings_;
    std::size_t cdp_count_ = 0;
    std::size_t record_bytes_ = 0;
    std::size_t state_bytes_ = 0;
    std::uint64_t file_bytes_ = 0;
};

}  // namespace kurabe::store
