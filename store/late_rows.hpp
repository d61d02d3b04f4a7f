// Samples that are older than the last one of their series: what they say of rows that are still
// unknown. rrdtool refuses all of them, and so does the store when there is no such row.
//
// The value of a late sample is its rate since the late sample before it in the batch, as long as
// that is no longer ago than the heartbeat (of the series, or a longer one of the batch), and holds
// for the rows between the two; a GAUGE alone is the value of the row that it lies in. Rows are
// filled in a ring of one PDP per row; rows of other rings that have a filled one are made anew,
// where all that they are made of is kept.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/archive_file.hpp"
#include "store/column.hpp"
#include "store/journal_record.hpp"
#include "store/result.hpp"
#include "store/store.hpp"

namespace kurabe::store {

struct LateSample {
    std::uint32_t column = 0;
    SampleTime time;
    RawValue value;
    SampleTime last;         // that it is older than
    std::size_t number = 0;  // of the batch's samples
};

inline constexpr std::int64_t kLateRowsOfASampleMax = 60;
// What late samples put into one record stays below half of what a record may have.
inline constexpr std::size_t kLateBytesOfARecord = 256 * 1024;

struct LateCounts {
    std::size_t judged = 0;  // at least 1 of those that are left
    std::size_t stored = 0;
};

// Puts what the first of the late samples fill into a record for the archive as it is; of all, when
// they are not many. They are those of one column together, each column's in their order. Those
// that fill nothing, as those of columns that are not there yet, are refused in the report. A
// counter's reading that another call judged is not known in this one. kDamaged when bytes of the
// file were lost.
[[nodiscard]] Result<LateCounts> accept_late(const ArchiveFile& file,
                                             std::span<const Column> columns,
                                             std::span<const Sample> samples,
                                             std::span<const LateSample> late,
                                             JournalRecord& record, AppendReport& report);

}  // namespace kurabe::store
