// The state area of a host archive: every column's accumulators as bytes.
// Our own format: docs/format.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/column.hpp"
#include "store/result.hpp"

namespace kurabe::store {

class ArchiveLayout;

inline constexpr std::size_t kStateHeaderBytes = 32;
inline constexpr std::size_t kFixedRecordBytes = 80;
inline constexpr std::size_t kCdpBytes = 16;
[[nodiscard]] constexpr std::size_t state_record_bytes(std::size_t cdp_count) noexcept {
    return kFixedRecordBytes + cdp_count * kCdpBytes;
}

// Bytes that the column takes of the key heap.
[[nodiscard]] inline std::size_t key_bytes_of(const ColumnName& name) noexcept {
    return name.plugin.size() + 1 + name.key.size();
}

// Whether the times, the heartbeat and the last reading are those that a series can have.
[[nodiscard]] bool is_possible(const Column& column) noexcept;

struct ArchiveState {
    std::uint64_t sequence = 0;          // the higher one of the two areas counts
    std::uint64_t journal_sequence = 0;  // 0: there is no journal
    std::vector<Column> columns;
};

// The used part of a state area. The columns and their names fit, which the caller saw to.
[[nodiscard]] std::vector<std::byte> encode_state(const ArchiveLayout& layout,
                                                  std::uint64_t sequence,
                                                  std::span<const Column> columns);

// Sequence of the area, if its checksum is right.
[[nodiscard]] std::optional<std::uint64_t> valid_sequence(const ArchiveLayout& layout,
                                                          std::span<const std::byte> area);
// kDamaged, without the file's name, for an area whose contents are impossible.
[[nodiscard]] Result<ArchiveState> decode_state(const ArchiveLayout& layout,
                                                std::span<const std::byte> area);

}  // namespace kurabe::store
