// A segment of the journal: one file of records in the order of their numbers.
// Our own format: docs/format.md, "Journal".
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/file.hpp"
#include "store/journal_record.hpp"
#include "store/result.hpp"

namespace kurabe::store {

inline constexpr std::size_t kSegmentHeaderBytes = 32;
// Room for some records of any length; and what a reader takes into memory.
inline constexpr std::uint64_t kSegmentBytesMin = 64 * 1024 + kJournalRecordBytesMax;
inline constexpr std::uint64_t kSegmentBytesMax = 1ULL << 30;

// "00000000000004d2.journal" for a segment whose first record is number 1234.
[[nodiscard]] std::string segment_name(std::uint64_t first_sequence);
// The numbers of the segments in a directory, ascending; other files are passed over. None when
// there is no directory.
[[nodiscard]] Result<std::vector<std::uint64_t>> list_segments(
    const std::filesystem::path& directory);

// A new, empty segment with room for `bytes` in all; it and its name survive a power cut. On an
// error no file is left.
[[nodiscard]] Result<File> create_segment(const std::filesystem::path& directory,
                                          std::uint64_t first_sequence, std::uint64_t bytes);

// Where reading a segment ended.
struct SegmentEnd {
    std::uint64_t next_sequence;  // behind its last whole record
    // Why it ends where no zeroes begin: usual at the end of what a crash left.
    std::optional<std::string> cut_off = {};
    // When it ends before its last record: up to which one they had been committed, so that no
    // crash explains it. 0 otherwise.
    std::uint64_t committed = 0;
    // Why nothing of it can be read.
    std::optional<std::string> bad_header = {};
};
// Calls `apply` with each record. A record that is not whole, or not the number that comes next,
// ends the segment. One that a crash left without its header has none. Fails when the file cannot
// be read or `apply` fails, and with kUnsupported when it has a version that is not known.
[[nodiscard]] Result<SegmentEnd> read_segment(
    const std::filesystem::path& directory, std::uint64_t first_sequence,
    const std::function<Result<void>(JournalRecord&)>& apply);

}  // namespace kurabe::store
