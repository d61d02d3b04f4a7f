// What the columns of an archive would become.
#include "store/record_check.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "store/ring_rows.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

std::unexpected<Error> foreign(std::string_view why) {
    return fail(ErrorCode::kDamaged,
                fmt::format("a record of the journal does not fit this archive: {}", why));
}

// What the columns of a record become, sample by sample.
class RecordCheck {
  public:
    RecordCheck(std::span<const Column> columns, const JournalRecord& record)
        : columns_(columns), record_(record) {
        for (const Column& column : columns) times_.push_back(column.last_time);
    }

    Result<void> columns(const ColumnIndex& index) {
        ColumnIndex added;
        for (const JournaledColumn& column : record_.new_columns) {
            const ColumnName name{column.plugin, column.key};
            const auto type = check_new_series(column.plugin, column.key);
            if (!type || !check_reading(*type, RawValue::unknown(), column.first_time)) {
                return foreign("it adds none that is possible");
            }
            if (index.find(name) != ColumnIndex::kNone || !added.add(name, 0)) {
                return foreign("it adds a column that is there");
            }
            types_.push_back(*type);
            times_.push_back(std::chrono::floor<Seconds>(column.first_time) - kHistoryLead);
        }
        return {};
    }

    Result<void> sample(const JournaledSample& sample) {
        if (sample.column >= times_.size()) return foreign("it names a column that is not there");
        const DsType type = sample.column < columns_.size()
                                ? columns_[sample.column].source.type
                                : types_[sample.column - columns_.size()];
        if (!check_reading(type, sample.value, sample.time)) {
            return foreign("it has a reading of another type");
        }
        if (sample.time <= times_[sample.column]) return foreign("it is older");
        times_[sample.column] = sample.time;
        return {};
    }

  private:
    std::span<const Column> columns_;
    const JournalRecord& record_;
    std::vector<SampleTime> times_;
    std::vector<DsType> types_;  // of the new columns
};

// Rows and states that came late are of columns that were there.
Result<void> check_late(const JournalRecord& record, const ArchiveLayout& layout,
                        std::span<const Column> columns) {
    for (const JournaledRow& row : record.rows) {
        if (row.column >= columns.size() || row.ring >= layout.rings().size()) {
            return foreign("it has a row of a column or a ring that is not there");
        }
        const RingPlace& ring = layout.rings()[row.ring];
        const ShownRows shown = shown_rows(ring, columns[row.column]);
        const std::int64_t open = ring.open_block_after(shown.last) * ring.rows_per_block;
        const bool is_open =
            row.row <= static_cast<std::uint64_t>(std::max<std::int64_t>(shown.last, 0)) &&
            static_cast<std::int64_t>(row.row) >= open;
        if (!is_open || row.values.size() != ring.planes.size()) {
            return foreign("it has a row that is not open");
        }
    }
    for (const JournaledRun& run : record.runs) {
        if (run.column >= columns.size() || run.ring >= layout.rings().size()) {
            return foreign("it has a run of a column or a ring that is not there");
        }
        const RingPlace& ring = layout.rings()[run.ring];
        const ShownRows shown = shown_rows(ring, columns[run.column]);
        const auto first = static_cast<std::uint64_t>(std::max<std::int64_t>(shown.first, 0)) /
                           ring.rows_per_block;
        const auto end = static_cast<std::uint64_t>(
            std::max<std::int64_t>(ring.open_block_after(shown.last), 0));
        if (run.block < first || run.block >= end || run.values.size() != ring.values_per_run()) {
            return foreign("it has a run that is not shown");
        }
    }
    for (const JournaledCdps& cdps : record.cdps) {
        if (cdps.column >= columns.size() || cdps.states.size() != layout.cdp_count()) {
            return foreign("it has the state of other rings");
        }
    }
    return {};
}

}  // namespace

Result<void> check_record(const JournalRecord& record, const ArchiveLayout& layout,
                          std::span<const Column> columns, const ColumnIndex& index) {
    if (record.columns_before != columns.size()) {
        return foreign(
            fmt::format("it has {} columns and not {}", columns.size(), record.columns_before));
    }
    if (auto checked = check_late(record, layout, columns); !checked) return checked;
    RecordCheck check(columns, record);
    if (auto checked = check.columns(index); !checked) return checked;
    if (columns.size() + record.new_columns.size() > kColumnsMax) {
        return foreign("it adds too many columns");
    }
    for (const JournaledSample& sample : record.samples) {
        if (auto checked = check.sample(sample); !checked) return checked;
    }
    return {};
}

}  // namespace kurabe::store
