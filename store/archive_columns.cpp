// What columns are, to bytes and back; nothing read is trusted before it was checked.
#include "store/archive_columns.hpp"

#include <utility>

#include "store/archive_layout.hpp"
#include "store/bytes.hpp"
#include "store/crc32c.hpp"
#include "store/file.hpp"

namespace kurabe::store {
namespace {

constexpr std::size_t kRecordChecksumOffset = kColumnRecordBytes - sizeof(std::uint32_t);

std::size_t heap_offset(const ArchiveLayout& layout) noexcept {
    return layout.shape().column_capacity * kColumnRecordBytes;
}

std::uint32_t checksum_of(std::span<const std::byte> record, std::span<const std::byte> name) {
    return crc32c(name, crc32c(record.first(kRecordChecksumOffset)));
}

void write_name(ByteWriter& writer, const Column& column) noexcept {
    writer.put_text(column.plugin);
    writer.put_text("/");
    writer.put_text(column.key);
}

void write_record(std::span<std::byte> record, const Column& column, std::size_t key_offset,
                  std::span<const std::byte> name) noexcept {
    ByteWriter writer(record);
    writer.put_u32(static_cast<std::uint32_t>(key_offset));
    writer.put_u32(static_cast<std::uint32_t>(name.size()));
    writer.put_u8(std::to_underlying(column.source.type));
    writer.skip(3);
    writer.put_u32(static_cast<std::uint32_t>(column.source.heartbeat.count()));
    writer.put_f64(column.source.minimum);
    writer.put_f64(column.source.maximum);
    writer.put_i64(column.history_start.time_since_epoch().count());
    ByteWriter(record.subspan(kRecordChecksumOffset)).put_u32(checksum_of(record, name));
}

Result<void> read_name(Column& column, std::string_view text) {
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos) return damaged("a name has no '/'");
    column.plugin = text.substr(0, slash);
    column.key = text.substr(slash + 1);
    if (check_plugin(column.plugin) && check_key(column.key)) return {};
    return damaged("a name is not that of a series");
}

// Names follow one another from `expected_offset` on, where the next ones are written.
Result<Column> read_record(std::span<const std::byte> record, std::span<const std::byte> heap,
                           std::size_t expected_offset) {
    ByteReader reader(record);
    const std::size_t key_offset = reader.u32();
    const std::size_t key_bytes = reader.u32();
    if (key_offset != expected_offset || key_bytes > heap.size() - key_offset) {
        return damaged("a name lies outside the names");
    }
    const auto name = heap.subspan(key_offset, key_bytes);
    if (ByteReader(record.subspan(kRecordChecksumOffset)).u32() != checksum_of(record, name)) {
        return damaged("the checksum of a column is wrong");
    }
    const std::uint8_t type = reader.u8();
    if (type > std::to_underlying(DsType::kAbsolute)) return damaged("a column has no known type");
    reader.skip(3);
    Column column;
    column.source = {.type = static_cast<DsType>(type),
                     .heartbeat = Seconds{reader.u32()},
                     .minimum = reader.f64(),
                     .maximum = reader.f64()};
    column.history_start = Time{Seconds{reader.i64()}};
    if (auto named = read_name(column, ByteReader(name).text(name.size())); !named) {
        return std::unexpected(named.error());
    }
    return column;
}

}  // namespace

std::size_t key_bytes_of(std::span<const Column> columns) noexcept {
    std::size_t bytes = 0;
    for (const Column& column : columns) bytes += key_bytes_of(column.name());
    return bytes;
}

ColumnTablePart encode_columns(std::span<const Column> columns, std::size_t first) {
    const auto added = columns.subspan(first);
    ColumnTablePart part{.first = first,
                         .key_offset = key_bytes_of(columns.first(first)),
                         .records = std::vector<std::byte>(added.size() * kColumnRecordBytes),
                         .names = std::vector<std::byte>(key_bytes_of(added))};
    const std::span<std::byte> names(part.names);
    ByteWriter heap(names);
    for (std::size_t i = 0; i < added.size(); ++i) {
        const std::size_t begin = heap.position();
        write_name(heap, added[i]);
        write_record(std::span(part.records).subspan(i * kColumnRecordBytes, kColumnRecordBytes),
                     added[i], part.key_offset + begin,
                     names.subspan(begin, heap.position() - begin));
    }
    return part;
}

Result<void> write_columns(const File& file, const ArchiveLayout& layout,
                           const ColumnTablePart& part) {
    if (part.records.empty()) return {};
    const std::uint64_t table = ArchiveLayout::table_offset();
    if (auto written = file.write(part.names, table + heap_offset(layout) + part.key_offset);
        !written) {
        return written;
    }
    return file.write(part.records, table + part.first * kColumnRecordBytes);
}

Result<std::vector<Column>> decode_columns(const ArchiveLayout& layout,
                                           std::span<const std::byte> table, std::size_t count) {
    const auto heap = table.subspan(heap_offset(layout), layout.shape().key_capacity);
    std::vector<Column> columns;
    columns.reserve(count);
    std::size_t key_offset = 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto column = read_record(table.subspan(i * kColumnRecordBytes, kColumnRecordBytes), heap,
                                  key_offset);
        if (!column) return std::unexpected(column.error());
        key_offset += key_bytes_of(column->name());
        columns.push_back(*std::move(column));
    }
    return columns;
}

}  // namespace kurabe::store
