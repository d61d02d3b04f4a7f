// Bytes as the header page, the table of columns and a state of a host archive, with the checksums
// that they need: what can be read is written as the same.
#include <algorithm>
#include <array>
#include <vector>

#include "store/archive_columns.hpp"
#include "store/archive_layout.hpp"
#include "store/archive_state.hpp"
#include "store/bytes.hpp"
#include "store/crc32c.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe::store;
using kurabe::tests::require;

namespace {

constexpr std::uint64_t kAnyFile = std::uint64_t{1} << 62;

void put_checksum(std::span<std::byte> bytes, std::size_t offset, std::uint32_t sum) {
    ByteWriter(bytes.subspan(offset)).put_u32(sum);
}

void read_header(std::span<const std::byte> input) {
    std::array<std::byte, kHeaderBytes> page{};
    std::ranges::copy(input.first(std::min(input.size(), page.size())), page.begin());
    constexpr std::size_t kChecksumOffset = kHeaderBytes - 4;
    put_checksum(page, kChecksumOffset, crc32c(std::span(page).first(kChecksumOffset)));
    const auto layout = ArchiveLayout::read(page, kAnyFile);
    if (!layout) return;
    std::array<std::byte, kHeaderBytes> again{};
    layout->write(again);
    require(again == page);
}

void read_state(const ArchiveLayout& layout, std::span<const std::byte> input) {
    std::vector<std::byte> area(layout.state_bytes());
    std::ranges::copy(input.first(std::min(input.size(), area.size())), area.begin());
    ByteReader reader(area);
    reader.skip(12);
    const std::size_t bytes = reader.u32();
    if (bytes > area.size() - kStateHeaderBytes) return;
    constexpr std::size_t kChecksumOffset = 24;
    const std::uint32_t sum = crc32c(std::span(area).subspan(kStateHeaderBytes, bytes),
                                     crc32c(std::span(area).first(kChecksumOffset)));
    put_checksum(area, kChecksumOffset, sum);
    const auto header = valid_state(layout, area);
    if (!header) return;
    std::vector<Column> columns(header->columns);
    for (Column& column : columns) {
        column.source.heartbeat = Seconds{120};
        column.history_start = Time{Seconds{1'700'000'000}};
    }
    if (!decode_state(layout, area, columns)) return;
    const auto written = encode_state(*header, columns);
    std::vector<Column> again = columns;
    std::vector<std::byte> whole = written;
    whole.resize(std::max(whole.size(), layout.state_bytes()));
    require(valid_state(layout, whole).has_value());
    require(decode_state(layout, whole, again).has_value());
    require(encode_state(*header, again) == written);
}

void read_columns(const ArchiveLayout& layout, std::span<const std::byte> input) {
    if (input.empty()) return;
    const std::size_t count = std::to_integer<std::size_t>(input[0]) % 17;
    std::vector<std::byte> table(layout.table_bytes());
    const auto rest = input.subspan(1);
    std::ranges::copy(rest.first(std::min(rest.size(), table.size())), table.begin());
    const auto heap = std::span(table).subspan(16 * kColumnRecordBytes, 1024);
    for (std::size_t i = 0; i < count; ++i) {
        const auto record = std::span(table).subspan(i * kColumnRecordBytes, kColumnRecordBytes);
        ByteReader reader(record);
        const std::size_t offset = reader.u32();
        const std::size_t size = reader.u32();
        if (offset > heap.size() || size > heap.size() - offset) continue;
        constexpr std::size_t kChecksumOffset = kColumnRecordBytes - 4;
        put_checksum(record, kChecksumOffset,
                     crc32c(heap.subspan(offset, size), crc32c(record.first(kChecksumOffset))));
    }
    const auto columns = decode_columns(layout, table, count);
    if (!columns) return;
    const ColumnTablePart part = encode_columns(*columns, 0);
    require(part.records.size() == count * kColumnRecordBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    static const ArchiveLayout layout =
        ArchiveLayout::of({.retention = {.rings = {{1, 10, {Cf::kAverage}},
                                                   {3, 8, {Cf::kAverage, Cf::kMin, Cf::kMax}}}},
                           .column_capacity = 16,
                           .key_capacity = 1024})
            .value();
    const auto rest = input.subspan(1);
    switch (std::to_integer<int>(input[0]) % 3) {
        case 0:
            read_header(rest);
            break;
        case 1:
            read_state(layout, rest);
            break;
        default:
            read_columns(layout, rest);
            break;
    }
    return 0;
}
