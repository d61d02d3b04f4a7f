// Columns' states to bytes and back; nothing read is trusted before it was checked.
#include "store/archive_state.hpp"

#include "store/archive_layout.hpp"
#include "store/bytes.hpp"
#include "store/crc32c.hpp"
#include "store/epoch.hpp"
#include "store/journal_record.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

constexpr std::size_t kStateChecksumOffset = 24;

struct WholeHeader {
    StateHeader fields;
    std::uint32_t bytes;  // of the columns' states
    std::uint32_t checksum;
};

WholeHeader read_header(std::span<const std::byte> area) noexcept {
    ByteReader reader(area);
    WholeHeader header{};
    header.fields.sequence = reader.u64();
    header.fields.columns = reader.u32();
    header.bytes = reader.u32();
    header.fields.journal_sequence = reader.u64();
    header.checksum = reader.u32();
    return header;
}

// Over the header up to the checksum and the columns' states.
std::uint32_t checksum_of(std::span<const std::byte> area, std::size_t bytes) noexcept {
    return crc32c(area.subspan(kStateHeaderBytes, bytes), crc32c(area.first(kStateChecksumOffset)));
}

// Most columns of a host have the time of the one before.
void write_column(ByteWriter& writer, const Column& column, SampleTime before) noexcept {
    writer.put_signed_varint(epoch_microseconds(column.last_time) - epoch_microseconds(before));
    put_raw_value(writer, column.last_raw);
    writer.put_f64(column.pdp.value);
    writer.put_varint(column.pdp.unknown_seconds);
    writer.put_varint(column.open_blocks);
    for (const CdpState& cdp : column.cdps) {
        writer.put_f64(cdp.value);
        writer.put_varint(cdp.unknown_pdps);
    }
}

Result<void> read_column(ByteReader& reader, Column& column, SampleTime before,
                         std::size_t cdp_count) {
    // Unsigned, so that any bytes add up to something.
    const auto time = static_cast<std::uint64_t>(epoch_microseconds(before)) +
                      static_cast<std::uint64_t>(reader.signed_varint());
    column.last_time = SampleTime{std::chrono::microseconds{static_cast<std::int64_t>(time)}};
    const auto raw = get_raw_value(reader);
    column.last_raw = raw.value_or(RawValue{});
    column.pdp.value = reader.f64();
    column.pdp.unknown_seconds = reader.varint();
    const std::uint64_t open_blocks = reader.varint();
    column.open_blocks = static_cast<std::uint16_t>(open_blocks);
    column.cdps.resize(cdp_count);
    for (CdpState& cdp : column.cdps) {
        cdp.value = reader.f64();
        cdp.unknown_pdps = reader.varint();
    }
    const bool is_known_block = open_blocks == column.open_blocks;
    if (reader.ok() && raw && is_known_block && is_possible(column)) return {};
    return fail(ErrorCode::kDamaged, "a column has an impossible time or number");
}

}  // namespace

bool is_possible(const Column& column) noexcept {
    const Seconds heartbeat = column.source.heartbeat;
    return heartbeat >= Seconds{1} && heartbeat <= kHeartbeatMax &&
           column.history_start >= kSampleTimeMin - kHistoryLead &&
           column.history_start < kSampleTimeEnd && is_possible_integer(column.last_raw.integer) &&
           column.last_time >= column.history_start && column.last_time < kSampleTimeEnd;
}

std::vector<std::byte> encode_state(StateHeader header, std::span<const Column> columns) {
    const std::size_t cdp_count = columns.empty() ? 0 : columns.front().cdps.size();
    std::vector<std::byte> area(kStateHeaderBytes +
                                columns.size() * column_state_bytes_max(cdp_count));
    ByteWriter states(std::span<std::byte>(area).subspan(kStateHeaderBytes));
    SampleTime before{};
    for (const Column& column : columns) {
        write_column(states, column, before);
        before = column.last_time;
    }
    area.resize(kStateHeaderBytes + states.position());

    ByteWriter writer(area);
    writer.put_u64(header.sequence);
    writer.put_u32(static_cast<std::uint32_t>(columns.size()));
    writer.put_u32(static_cast<std::uint32_t>(states.position()));
    writer.put_u64(header.journal_sequence);
    writer.put_u32(checksum_of(area, states.position()));
    return area;
}

std::optional<StateHeader> valid_state(const ArchiveLayout& layout,
                                       std::span<const std::byte> area) {
    const WholeHeader header = read_header(area);
    const bool fits = area.size() >= kStateHeaderBytes &&
                      header.bytes <= area.size() - kStateHeaderBytes &&
                      header.fields.columns <= layout.shape().column_capacity;
    const bool is_number = header.fields.sequence > 0 && header.fields.sequence <= kSequenceMax &&
                           header.fields.journal_sequence <= kSequenceMax;
    if (!is_number || !fits) return std::nullopt;
    if (checksum_of(area, header.bytes) != header.checksum) return std::nullopt;
    return header.fields;
}

Result<void> decode_state(const ArchiveLayout& layout, std::span<const std::byte> area,
                          std::span<Column> columns) {
    ByteReader reader(area.subspan(kStateHeaderBytes, read_header(area).bytes));
    SampleTime before{};
    for (Column& column : columns) {
        if (auto read = read_column(reader, column, before, layout.cdp_count()); !read) return read;
        before = column.last_time;
    }
    return {};
}

}  // namespace kurabe::store
