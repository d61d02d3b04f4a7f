// Which samples of a batch are accepted, and which columns they need: made before anything is
// changed, so that a batch that finds no room changes nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "store/archive_layout.hpp"
#include "store/column.hpp"
#include "store/journal_record.hpp"
#include "store/late_rows.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"
#include "store/store.hpp"

namespace kurabe::store {

// Refused samples whose errors an AppendReport keeps.
inline constexpr std::size_t kRefusedErrorsMax = 100;
void refuse(AppendReport& report, std::string_view host, const Sample& sample, Error error);

// What samples are to be added to.
struct AppendTarget {
    const ArchiveLayout* layout = nullptr;  // none while the archive is not there yet
    std::span<const Column> columns;
    const ColumnNames& names;
    const ColumnIndex& index;
};

struct AppendPlan {
    JournalRecord record;          // without its sequence
    std::size_t judged = 0;        // samples; the good ones are in the record or late
    std::vector<LateSample> late;  // those that are older than the last one of their series
    // The longest way that a column goes on in time.
    SampleTime::duration advance{0};
};

// Why a sample that is not newer than the last one is not stored.
[[nodiscard]] Error outdated(SampleTime time, SampleTime last);

// Judges every sample by itself; those of a series later than `newest` are refused. Ends before a
// column's second sample that fills an open block: a record fills one at most.
[[nodiscard]] AppendPlan plan_append(std::string_view host, std::span<const Sample> samples,
                                     const AppendTarget& target, SampleTime newest,
                                     AppendReport& report);

}  // namespace kurabe::store
