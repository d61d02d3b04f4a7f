// Columns to bytes and back; nothing read is trusted before it was checked.
#include "store/archive_state.hpp"

#include <utility>

#include <fmt/format.h>

#include "store/archive_layout.hpp"
#include "store/bytes.hpp"
#include "store/checksum.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

constexpr std::size_t kChecksumOffset = 24;

struct StateHeader {
    std::uint64_t sequence;
    std::uint32_t columns;
    std::uint32_t key_bytes;
    std::uint64_t journal_sequence;
    std::uint32_t checksum;
};

StateHeader read_header(std::span<const std::byte> area) noexcept {
    ByteReader reader(area);
    return {.sequence = reader.u64(),
            .columns = reader.u32(),
            .key_bytes = reader.u32(),
            .journal_sequence = reader.u64(),
            .checksum = reader.u32()};
}

std::size_t heap_offset(const ArchiveLayout& layout) noexcept {
    return kStateHeaderBytes + layout.shape().column_capacity * layout.record_bytes();
}

// Over the header up to the checksum, the used records and the used part of the key heap.
std::uint32_t checksum_of(const ArchiveLayout& layout, std::span<const std::byte> area,
                          std::size_t columns, std::size_t key_bytes) noexcept {
    std::uint32_t sum = checksum(area.first(kChecksumOffset));
    sum = checksum(area.subspan(kStateHeaderBytes, columns * layout.record_bytes()), sum);
    return checksum(area.subspan(heap_offset(layout), key_bytes), sum);
}

void write_raw(ByteWriter& writer, const RawValue& raw) noexcept {
    const bool is_integer = raw.kind == RawValue::Kind::kInteger;
    if (is_integer) {
        writer.put_u64(static_cast<std::uint64_t>(raw.integer));
        writer.put_i64(static_cast<std::int64_t>(raw.integer >> 64));
    } else {
        writer.put_f64(raw.number);
        writer.put_u64(0);
    }
}

RawValue read_raw(ByteReader& reader, RawValue::Kind kind) noexcept {
    if (kind != RawValue::Kind::kInteger) {
        const RawValue raw{.kind = kind, .number = reader.f64(), .integer = 0};
        reader.skip(sizeof(std::uint64_t));
        return raw;
    }
    const auto low = static_cast<WideInteger>(reader.u64());
    const auto high = static_cast<WideInteger>(reader.i64());
    return RawValue::of_integer(high * (WideInteger{1} << 64) + low);
}

void write_record(ByteWriter& writer, const Column& column, std::uint32_t key_offset) noexcept {
    writer.put_u32(key_offset);
    writer.put_u32(static_cast<std::uint32_t>(key_bytes_of(column.name())));
    writer.put_u8(std::to_underlying(column.source.type));
    writer.put_u8(std::to_underlying(column.last_raw.kind));
    writer.skip(2);
    writer.put_u32(static_cast<std::uint32_t>(column.source.heartbeat.count()));
    writer.put_f64(column.source.minimum);
    writer.put_f64(column.source.maximum);
    writer.put_i64(column.history_start.time_since_epoch().count());
    writer.put_i64(column.last_time.time_since_epoch().count());
    write_raw(writer, column.last_raw);
    writer.put_f64(column.pdp.value);
    writer.put_u64(column.pdp.unknown_seconds);
    for (const CdpState& cdp : column.cdps) {
        writer.put_f64(cdp.value);
        writer.put_u64(cdp.unknown_pdps);
    }
}

Result<void> read_name(Column& column, std::string_view heap, std::size_t offset,
                       std::size_t size) {
    if (offset > heap.size() || size > heap.size() - offset) {
        return fail(ErrorCode::kDamaged, "a name lies outside the names");
    }
    const std::string_view text = heap.substr(offset, size);
    const auto slash = text.rfind('/');
    if (slash == std::string_view::npos) return fail(ErrorCode::kDamaged, "a name has no '/'");
    column.plugin = text.substr(0, slash);
    column.key = text.substr(slash + 1);
    if (!check_plugin(column.plugin) || !check_key(column.key)) {
        return fail(ErrorCode::kDamaged, "a name is not that of a series");
    }
    return {};
}

Result<Column> read_record(ByteReader& reader, std::string_view heap, std::size_t cdp_count) {
    const std::size_t key_offset = reader.u32();
    const std::size_t key_bytes = reader.u32();
    const std::uint8_t type = reader.u8();
    const std::uint8_t kind = reader.u8();
    if (type > std::to_underlying(DsType::kAbsolute) ||
        kind > std::to_underlying(RawValue::Kind::kInteger)) {
        return fail(ErrorCode::kDamaged, "a column has an unknown type");
    }
    reader.skip(2);
    Column column;
    column.source = {.type = static_cast<DsType>(type),
                     .heartbeat = Seconds{reader.u32()},
                     .minimum = reader.f64(),
                     .maximum = reader.f64()};
    column.history_start = Time{Seconds{reader.i64()}};
    column.last_time = SampleTime{std::chrono::microseconds{reader.i64()}};
    column.last_raw = read_raw(reader, static_cast<RawValue::Kind>(kind));
    column.pdp = {.value = reader.f64(), .unknown_seconds = reader.u64()};
    column.cdps.resize(cdp_count);
    for (CdpState& cdp : column.cdps) cdp = {.value = reader.f64(), .unknown_pdps = reader.u64()};

    if (auto named = read_name(column, heap, key_offset, key_bytes); !named) {
        return std::unexpected(named.error());
    }
    if (!is_possible(column))
        return fail(ErrorCode::kDamaged, "a column has an impossible time or number");
    return column;
}

}  // namespace

bool is_possible(const Column& column) noexcept {
    const Seconds heartbeat = column.source.heartbeat;
    return heartbeat >= Seconds{1} && heartbeat <= kHeartbeatMax &&
           column.history_start >= kSampleTimeMin - kHistoryLead &&
           column.history_start < kSampleTimeEnd && is_possible_integer(column.last_raw.integer) &&
           column.last_time >= column.history_start && column.last_time < kSampleTimeEnd;
}

std::vector<std::byte> encode_state(const ArchiveLayout& layout, std::uint64_t sequence,
                                    std::span<const Column> columns) {
    std::size_t key_bytes = 0;
    for (const Column& column : columns) key_bytes += key_bytes_of(column.name());
    std::vector<std::byte> area(heap_offset(layout) + key_bytes);

    const std::span<std::byte> bytes(area);
    ByteWriter header(bytes);
    header.put_u64(sequence);
    header.put_u32(static_cast<std::uint32_t>(columns.size()));
    header.put_u32(static_cast<std::uint32_t>(key_bytes));
    header.put_u64(0);  // the journal sequence, when there is a journal

    ByteWriter records(bytes.subspan(kStateHeaderBytes));
    ByteWriter heap(bytes.subspan(heap_offset(layout)));
    for (const Column& column : columns) {
        write_record(records, column, static_cast<std::uint32_t>(heap.position()));
        heap.put_text(column.plugin);
        heap.put_text("/");
        heap.put_text(column.key);
    }
    ByteWriter trailer(bytes.subspan(kChecksumOffset));
    trailer.put_u32(checksum_of(layout, area, columns.size(), key_bytes));
    return area;
}

std::optional<std::uint64_t> valid_sequence(const ArchiveLayout& layout,
                                            std::span<const std::byte> area) {
    const StateHeader header = read_header(area);
    if (header.sequence == 0 || header.columns > layout.shape().column_capacity ||
        header.key_bytes > layout.shape().key_capacity) {
        return std::nullopt;
    }
    const std::uint32_t sum = checksum_of(layout, area, header.columns, header.key_bytes);
    return sum == header.checksum ? std::optional(header.sequence) : std::nullopt;
}

Result<ArchiveState> decode_state(const ArchiveLayout& layout, std::span<const std::byte> area) {
    const StateHeader header = read_header(area);
    const auto heap_bytes = area.subspan(heap_offset(layout), header.key_bytes);
    ByteReader heap(heap_bytes);
    const std::string_view names = heap.text(heap_bytes.size());

    ArchiveState state{
        .sequence = header.sequence, .journal_sequence = header.journal_sequence, .columns = {}};
    state.columns.reserve(header.columns);
    ByteReader records(area.subspan(kStateHeaderBytes));
    for (std::uint32_t i = 0; i < header.columns; ++i) {
        auto column = read_record(records, names, layout.cdp_count());
        if (!column) return std::unexpected(column.error());
        state.columns.push_back(std::move(*column));
    }
    return state;
}

}  // namespace kurabe::store
