// The table of a host archive's columns: what a column is and never changes, each with a checksum
// of its own. Columns are only added, so writing some leaves those before them as they are.
// Our own format: docs/format.md.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "store/column.hpp"
#include "store/result.hpp"

namespace kurabe::store {

class ArchiveLayout;
class File;

inline constexpr std::size_t kColumnRecordBytes = 48;

// Bytes that the column takes of the key heap.
[[nodiscard]] inline std::size_t key_bytes_of(const ColumnName& name) noexcept {
    return name.plugin.size() + 1 + name.key.size();
}
[[nodiscard]] std::size_t key_bytes_of(std::span<const Column> columns) noexcept;

// Records and names of columns, as bytes for their places in the file.
struct ColumnTablePart {
    std::size_t first = 0;  // number of the first of these columns
    std::size_t key_offset = 0;
    std::vector<std::byte> records;
    std::vector<std::byte> names;
};
// Of the columns from `first` on. They and their names fit, which the caller saw to.
[[nodiscard]] ColumnTablePart encode_columns(std::span<const Column> columns, std::size_t first);
[[nodiscard]] Result<void> write_columns(const File& file, const ArchiveLayout& layout,
                                         const ColumnTablePart& part);

// The first `count` columns of a table, as they began. kDamaged, without the file's name, for one
// that is impossible or whose checksum is wrong.
[[nodiscard]] Result<std::vector<Column>> decode_columns(const ArchiveLayout& layout,
                                                         std::span<const std::byte> table,
                                                         std::size_t count);

}  // namespace kurabe::store
