// Which samples of a batch can be stored, where, and which columns have to be made first.
// Made before anything is changed, so that a batch that finds no room changes nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "store/column.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"
#include "store/store.hpp"

namespace kurabe::store {

// Refused samples whose errors an AppendReport keeps.
inline constexpr std::size_t kRefusedErrorsMax = 100;
void refuse(AppendReport& report, std::string_view host, const Sample& sample, Error error);

// A column that has to be made; views into the batch.
struct NewColumn {
    ColumnName name;
    DsType type;
    SampleTime first_time;
};

// The column of a sample, by its index among the old columns and then the new ones.
struct PlannedSample {
    const Sample* sample;
    std::uint32_t column;
};

struct AppendPlan {
    std::vector<PlannedSample> samples;
    std::vector<NewColumn> new_columns;
    std::size_t new_key_bytes = 0;
};

// Judges every sample by itself, except for its order in time. The plan refers to `samples`.
[[nodiscard]] AppendPlan plan_append(std::string_view host, std::span<const Sample> samples,
                                     std::span<const Column> columns, const ColumnIndex& index,
                                     AppendReport& report);

}  // namespace kurabe::store
