// Records to bytes and back; nothing read is trusted before its checksum and itself were checked.
#include "store/journal_record.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "store/archive_layout.hpp"
#include "store/bytes.hpp"
#include "store/crc32c.hpp"
#include "store/epoch.hpp"
#include "store/raw_value_bytes.hpp"

namespace kurabe::store {
namespace {

constexpr std::size_t kVarintBytesMax = 10;
constexpr std::size_t kSampleBytesMin = 3;  // a column, a time, a kind

static_assert(kRecordOverheadMax >= sizeof(std::uint64_t) + 10 * kVarintBytesMax + kHostBytesMax);
static_assert(kRecordSampleBytesMax == 2 * kVarintBytesMax + kRawValueBytesMax);
static_assert(kRecordColumnBytesMax == 3 * kVarintBytesMax);

// Of a row or a run, with its column, its ring and its number.
std::size_t bytes_at_most(const std::vector<Value>& values) {
    return 4 * kVarintBytesMax + values.size() * sizeof(Value);
}

std::size_t bytes_at_most(const JournalRecord& record) {
    std::size_t bytes = kRecordOverheadMax + record.host.size();
    for (const JournaledColumn& column : record.new_columns) {
        bytes += kRecordColumnBytesMax + column.plugin.size() + column.key.size();
    }
    for (const JournaledRow& row : record.rows) bytes += bytes_at_most(row.values);
    for (const JournaledRun& run : record.runs) bytes += bytes_at_most(run.values);
    for (const JournaledCdps& cdps : record.cdps) {
        bytes += 2 * kVarintBytesMax + cdps.states.size() * (sizeof(Value) + kVarintBytesMax);
    }
    return bytes + record.samples.size() * kRecordSampleBytesMax;
}

// ---- Writing ----

void put_name(ByteWriter& writer, const std::string& name) {
    writer.put_varint(name.size());
    writer.put_text(name);
}

// Columns come in a row and times are one or nearly so: differences are a byte.
void put_samples(ByteWriter& writer, const std::vector<JournaledSample>& samples) {
    writer.put_varint(samples.size());
    std::int64_t expected_column = 0;
    std::uint64_t last_time = 0;  // unsigned, so that times of any bytes have a difference
    for (const JournaledSample& sample : samples) {
        const auto time = static_cast<std::uint64_t>(epoch_microseconds(sample.time));
        writer.put_signed_varint(sample.column - expected_column);
        writer.put_signed_varint(static_cast<std::int64_t>(time - last_time));
        put_raw_value(writer, sample.value);
        expected_column = std::int64_t{sample.column} + 1;
        last_time = time;
    }
}

void put_values(ByteWriter& writer, std::uint32_t column, std::uint32_t ring, std::uint64_t number,
                const std::vector<Value>& values) {
    writer.put_varint(column);
    writer.put_varint(ring);
    writer.put_varint(number);
    writer.put_varint(values.size());
    for (const Value value : values) writer.put_f64(value);
}

void put_late(ByteWriter& writer, const JournalRecord& record) {
    writer.put_varint(record.rows.size());
    for (const JournaledRow& row : record.rows) {
        put_values(writer, row.column, row.ring, row.row, row.values);
    }
    writer.put_varint(record.runs.size());
    for (const JournaledRun& run : record.runs) {
        put_values(writer, run.column, run.ring, run.block, run.values);
    }
    writer.put_varint(record.cdps.size());
    for (const JournaledCdps& cdps : record.cdps) {
        writer.put_varint(cdps.column);
        writer.put_varint(cdps.states.size());
        for (const CdpState& state : cdps.states) {
            writer.put_f64(state.value);
            writer.put_varint(state.unknown_pdps);
        }
    }
}

// ---- Reading ----

std::unexpected<Error> damaged_record(std::string_view what) {
    return fail(ErrorCode::kDamaged, fmt::format("a record of the journal {}", what));
}

std::string read_name(ByteReader& reader, std::size_t bytes_max) {
    const std::uint64_t size = reader.varint();
    // What is too long is left unread, so that the name is refused.
    return std::string(size <= bytes_max ? reader.text(static_cast<std::size_t>(size)) : "");
}

Result<std::vector<JournaledColumn>> read_columns(ByteReader& reader) {
    const std::uint64_t count = reader.varint();
    if (count > reader.bytes_left()) return damaged_record("has more columns than bytes");
    std::vector<JournaledColumn> columns;
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        JournaledColumn column{
            .plugin = read_name(reader, kPluginBytesMax),
            .key = read_name(reader, kKeyBytesMax),
            .first_time = SampleTime{std::chrono::microseconds{reader.signed_varint()}}};
        if (!check_plugin(column.plugin) || !check_key(column.key)) {
            return damaged_record("names no series");
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

Result<std::vector<JournaledSample>> read_samples(ByteReader& reader) {
    const std::uint64_t count = reader.varint();
    if (count > reader.bytes_left() / kSampleBytesMin)
        return damaged_record("has more samples than bytes");
    std::vector<JournaledSample> samples;
    samples.reserve(static_cast<std::size_t>(count));
    // Unsigned, so that any bytes add up to something.
    std::uint64_t column = 0;
    std::uint64_t time = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        column += static_cast<std::uint64_t>(reader.signed_varint());
        time += static_cast<std::uint64_t>(reader.signed_varint());
        if (column >= std::numeric_limits<std::uint32_t>::max())
            return damaged_record("has no such column");
        const auto value = get_raw_value(reader);
        if (!value) return damaged_record("has a reading of an unknown form");
        samples.push_back(
            {.column = static_cast<std::uint32_t>(column),
             .time = SampleTime{std::chrono::microseconds{static_cast<std::int64_t>(time)}},
             .value = *value});
        ++column;
    }
    return samples;
}

std::optional<std::uint32_t> read_small(ByteReader& reader, std::uint64_t end) {
    const std::uint64_t number = reader.varint();
    if (number >= end) return std::nullopt;
    return static_cast<std::uint32_t>(number);
}

// Rows and runs are the same but for how many values they have.
template <typename Part>
Result<std::vector<Part>> read_parts(ByteReader& reader, std::size_t values_max) {
    const std::uint64_t count = reader.varint();
    if (count > reader.bytes_left()) return damaged_record("has more rows than bytes");
    std::vector<Part> parts;
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const auto column = read_small(reader, kColumnsMax);
        const auto ring = read_small(reader, kRingsMax);
        const std::uint64_t number = reader.varint();
        const auto values = read_small(reader, values_max + 1);
        if (!column || !ring || !values) return damaged_record("has a row that no archive has");
        Part part{*column, *ring, number, {}};
        for (std::uint32_t value = 0; value < *values; ++value) {
            part.values.push_back(reader.f64());
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

Result<std::vector<JournaledCdps>> read_cdps(ByteReader& reader) {
    const std::uint64_t count = reader.varint();
    if (count > reader.bytes_left()) return damaged_record("has more states than bytes");
    std::vector<JournaledCdps> all;
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const auto column = read_small(reader, kColumnsMax);
        const auto states = read_small(reader, kRingsMax * kPlanesMax + 1);
        if (!column || !states) return damaged_record("has states that no archive has");
        JournaledCdps cdps{.column = *column, .states = {}};
        for (std::uint32_t state = 0; state < *states; ++state) {
            const Value value = reader.f64();
            cdps.states.push_back({.value = value, .unknown_pdps = reader.varint()});
        }
        all.push_back(std::move(cdps));
    }
    return all;
}

Result<JournalRecord> decode(std::span<const std::byte> payload) {
    ByteReader reader(payload);
    JournalRecord record;
    record.sequence = reader.u64();
    record.previous_sequence = record.sequence - reader.varint();
    record.committed_sequence = record.sequence - reader.varint();
    record.host = read_name(reader, kHostBytesMax);
    if (!check_host(record.host)) return damaged_record("names no host");
    const std::uint64_t columns_before = reader.varint();
    if (columns_before > kColumnsMax) return damaged_record("has more columns than an archive");
    record.columns_before = static_cast<std::uint32_t>(columns_before);
    auto columns = read_columns(reader);
    if (!columns) return std::unexpected(columns.error());
    record.new_columns = *std::move(columns);
    auto samples = read_samples(reader);
    if (!samples) return std::unexpected(samples.error());
    record.samples = *std::move(samples);
    auto rows = read_parts<JournaledRow>(reader, kPlanesMax);
    if (!rows) return std::unexpected(rows.error());
    record.rows = *std::move(rows);
    auto runs = read_parts<JournaledRun>(reader, kValuesPerRunMax);
    if (!runs) return std::unexpected(runs.error());
    record.runs = *std::move(runs);
    auto cdps = read_cdps(reader);
    if (!cdps) return std::unexpected(cdps.error());
    record.cdps = *std::move(cdps);
    if (reader.ok() && reader.bytes_left() > 0) {
        const auto heartbeat = static_cast<Seconds::rep>(reader.varint());
        if (heartbeat < 1 || heartbeat > kHeartbeatMax.count()) {
            return damaged_record("has a heartbeat that no series has");
        }
        record.heartbeat = Seconds{heartbeat};
    }
    if (!reader.ok() || reader.bytes_left() > 0)
        return damaged_record("has another length than it says");
    return record;
}

}  // namespace

Result<void> append_record(const JournalRecord& record, std::vector<std::byte>& bytes) {
    const std::size_t begin = bytes.size();
    bytes.resize(begin + kJournalFrameBytes + bytes_at_most(record));
    ByteWriter payload{std::span(bytes).subspan(begin + kJournalFrameBytes)};
    payload.put_u64(record.sequence);
    payload.put_varint(record.sequence - record.previous_sequence);
    payload.put_varint(record.sequence - record.committed_sequence);
    put_name(payload, record.host);
    payload.put_varint(record.columns_before);
    payload.put_varint(record.new_columns.size());
    for (const JournaledColumn& column : record.new_columns) {
        put_name(payload, column.plugin);
        put_name(payload, column.key);
        payload.put_signed_varint(epoch_microseconds(column.first_time));
    }
    put_samples(payload, record.samples);
    put_late(payload, record);
    if (record.heartbeat > Seconds{0}) {
        payload.put_varint(static_cast<std::uint64_t>(record.heartbeat.count()));
    }
    const std::size_t size = payload.position();
    if (size > kJournalRecordBytesMax) {
        bytes.resize(begin);
        return fail(ErrorCode::kLimit,
                    fmt::format("a record of {} bytes is too long for the journal "
                                "(at most {})",
                                size, kJournalRecordBytesMax));
    }
    bytes.resize(begin + kJournalFrameBytes + size);
    const std::span<std::byte> whole = std::span(bytes).subspan(begin);
    ByteWriter frame(whole);
    frame.put_u32(static_cast<std::uint32_t>(size));
    frame.put_u32(crc32c(whole.subspan(kJournalFrameBytes)));
    return {};
}

Result<FoundRecord> read_record(std::span<const std::byte> bytes) {
    ByteReader frame(bytes);
    const std::size_t size = frame.u32();
    const std::uint32_t checksum = frame.u32();
    // A length of zero is no record's: behind the last one are zeroes.
    const bool is_end = !frame.ok() || (size == 0 && checksum == 0);
    if (is_end) {
        if (is_all_zero(bytes.first(std::min(bytes.size(), kJournalFrameBytes)))) {
            return fail(ErrorCode::kNotFound, "no further record");
        }
        return damaged_record("is cut off");
    }
    if (size > kJournalRecordBytesMax || size > bytes.size() - kJournalFrameBytes) {
        return damaged_record("is cut off");
    }
    const auto payload = bytes.subspan(kJournalFrameBytes, size);
    if (crc32c(payload) != checksum) return damaged_record("has a wrong checksum");
    auto record = decode(payload);
    if (!record) return std::unexpected(record.error());
    return FoundRecord{*std::move(record), kJournalFrameBytes + size};
}

}  // namespace kurabe::store
