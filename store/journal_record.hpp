// One record of the journal: what a host's archive accepted of one batch, as bytes.
// Our own format: docs/format.md, "Journal".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/cdp.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"

namespace kurabe::store {

// No number is beyond it, so that the next one is a number, too.
inline constexpr std::uint64_t kSequenceMax = std::uint64_t{1} << 62;

// Before each record: its length and its checksum.
inline constexpr std::size_t kJournalFrameBytes = 8;
// Of a record without its frame. Larger batches are several records.
inline constexpr std::size_t kJournalRecordBytesMax = 1 << 20;

// A column that the batch added, in the order in which the archive has them.
struct JournaledColumn {
    std::string plugin;
    std::string key;
    SampleTime first_time;  // of the first sample that named it, stored or not
    friend bool operator==(const JournaledColumn&, const JournaledColumn&) = default;
};

// A sample that was stored, with its column's place in the archive, new columns behind the old.
struct JournaledSample {
    std::uint32_t column = 0;
    SampleTime time;
    RawValue value;
};

// What samples that came late change: rows of the open blocks, runs of closed ones as a whole, so
// that one which was half written is written again, and the open CDPs of a column, as Column has
// them.
struct JournaledRow {
    std::uint32_t column = 0;
    std::uint32_t ring = 0;
    std::uint64_t row = 0;
    std::vector<Value> values;  // of each plane
};
struct JournaledRun {
    std::uint32_t column = 0;
    std::uint32_t ring = 0;
    std::uint64_t block = 0;
    std::vector<Value> values;  // plane by plane
};
struct JournaledCdps {
    std::uint32_t column = 0;
    std::vector<CdpState> states;
};

struct JournalRecord {
    std::uint64_t sequence = 0;            // of all hosts, from 1 on, without a gap
    std::uint64_t previous_sequence = 0;   // of the same archive
    std::uint64_t committed_sequence = 0;  // that was committed when this one was written
    std::string host;
    std::uint32_t columns_before = 0;  // that the archive had
    std::vector<JournaledColumn> new_columns;
    std::vector<JournaledSample> samples;
    std::vector<JournaledRow> rows{};
    std::vector<JournaledRun> runs{};
    std::vector<JournaledCdps> cdps{};
    Seconds heartbeat{0};  // see Store::append()
};

// Bytes that parts of a record take at most: so many samples of whatever kind fit surely.
inline constexpr std::size_t kRecordOverheadMax = 120 + kHostBytesMax;
inline constexpr std::size_t kRecordSampleBytesMax = 37;
inline constexpr std::size_t kRecordColumnBytesMax = 30;  // and its names

// Appends the record with its frame. kLimit, with nothing appended, when it is too long.
[[nodiscard]] Result<void> append_record(const JournalRecord& record,
                                         std::vector<std::byte>& bytes);

// The first record of `bytes`, and how many of them it takes.
struct FoundRecord {
    JournalRecord record;
    std::size_t bytes = 0;
};
// kNotFound where there is none: at the end, or where zeroes begin, as a segment has behind its
// last record. kDamaged where one was begun and is not whole, or is none that append_record()
// writes.
[[nodiscard]] Result<FoundRecord> read_record(std::span<const std::byte> bytes);

}  // namespace kurabe::store
