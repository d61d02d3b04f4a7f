// Which samples of a batch are accepted, and which columns they need: made before anything is
// changed, so that a batch that finds no room changes nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "store/column.hpp"
#include "store/journal_record.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"
#include "store/store.hpp"

namespace kurabe::store {

// Refused samples whose errors an AppendReport keeps.
inline constexpr std::size_t kRefusedErrorsMax = 100;
void refuse(AppendReport& report, std::string_view host, const Sample& sample, Error error);

struct AppendPlan {
    JournalRecord record;  // without its sequence
    // The longest way that a column goes on in time.
    SampleTime::duration advance{0};
};

// Judges every sample by itself; those of a series later than `newest`, or not later than the last
// one before, are refused.
[[nodiscard]] AppendPlan plan_append(std::string_view host, std::span<const Sample> samples,
                                     std::span<const Column> columns, const ColumnIndex& index,
                                     SampleTime newest, AppendReport& report);

}  // namespace kurabe::store
