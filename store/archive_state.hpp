// The state area of a host archive: what every column has gathered since its last rows, as bytes.
// Our own format: docs/format.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/column.hpp"
#include "store/raw_value_bytes.hpp"
#include "store/result.hpp"

namespace kurabe::store {

class ArchiveLayout;

inline constexpr std::size_t kStateHeaderBytes = 32;
// A time, a reading, a PDP, the open blocks and the CDPs; varints have ten bytes at most.
[[nodiscard]] constexpr std::size_t column_state_bytes_max(std::size_t cdp_count) noexcept {
    return 10 + kRawValueBytesMax + 10 + (8 + 10) * (1 + cdp_count);
}

// Whether the times, the heartbeat and the last reading are those that a series can have.
[[nodiscard]] bool is_possible(const Column& column) noexcept;

struct StateHeader {
    std::uint64_t sequence = 0;          // the higher one of the two areas counts
    std::uint64_t journal_sequence = 0;  // of the last record of the journal that is in it
    std::uint32_t columns = 0;
};

// The used part of a state area. header.columns is taken from `columns`.
[[nodiscard]] std::vector<std::byte> encode_state(StateHeader header,
                                                  std::span<const Column> columns);

// The header of an area whose checksum is right.
[[nodiscard]] std::optional<StateHeader> valid_state(const ArchiveLayout& layout,
                                                     std::span<const std::byte> area);
// Fills in what a valid area says of the columns. kDamaged, without the file's name, when that is
// impossible.
[[nodiscard]] Result<void> decode_state(const ArchiveLayout& layout,
                                        std::span<const std::byte> area, std::span<Column> columns);

}  // namespace kurabe::store
