// One host's metrics in one file of fixed size: columns that share rings, each with a life of its
// own.
//
// A batch comes in by four steps, so that it can be written into the journal between them: accept()
// judges it, accept_late() those of its samples that are old, make_room() finds room for its
// columns, apply() stores it. Replaying the journal is apply() alone. Format and crash behaviour:
// docs/format.md. Not thread-safe, except that any number of const calls may run at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/append_plan.hpp"
#include "store/archive_check.hpp"
#include "store/archive_file.hpp"
#include "store/archive_reading.hpp"
#include "store/column.hpp"
#include "store/fetch.hpp"
#include "store/late_rows.hpp"
#include "store/record_check.hpp"
#include "store/result.hpp"
#include "store/series_copy.hpp"
#include "store/statistics.hpp"

namespace kurabe::store {

class HostArchive {
  public:
    struct Shape {
        Retention retention;
        std::size_t columns = 0;  // to have room for; rounded up
        std::uint32_t values_per_run = kValuesPerRun;
    };
    // A new archive, of which the journal's records up to that number are not. On an error no file
    // is left.
    [[nodiscard]] static Result<HostArchive> create(const std::filesystem::path& path,
                                                    const Shape& shape,
                                                    std::uint64_t journal_sequence = 0);
    // kDamaged, kUnsupported, or why the file cannot be read.
    [[nodiscard]] static Result<HostArchive> open(const std::filesystem::path& path,
                                                  MappedFile::Access access);

    // Which of the first samples, as many as a record can have, can be stored; the others are in
    // the report. `host` is for the record and for messages. kDamaged when the archive is unusable.
    [[nodiscard]] Result<AppendPlan> accept(std::string_view host, std::span<const Sample> samples,
                                            SampleTime newest, AppendReport& report) const;
    // See late_rows.hpp. What it puts into the record is for the next one that is applied.
    [[nodiscard]] Result<LateCounts> accept_late(std::span<const Sample> samples,
                                                 std::span<const LateSample> late,
                                                 JournalRecord& record,
                                                 AppendReport& report) const {
        return store::accept_late(*file_, columns_, samples, late, record, report);
    }
    [[nodiscard]] bool has_room_for(const JournalRecord& record) const noexcept;
    // Whether the record's rows overwrite none that the disk still needs. Nothing to a reader, who
    // applies records to pages of his own.
    [[nodiscard]] bool keeps_open_rows(const JournalRecord& record) const noexcept;
    // Grows when there is none for the record's columns, and writes the state when the record does
    // not keep the open rows: the journal has to be committed through applied_sequence() before.
    [[nodiscard]] Result<void> make_room(const JournalRecord& record);
    // Stores what was accepted, for which there is room. After kDamaged the archive is unusable.
    [[nodiscard]] Result<void> apply(const JournalRecord& record);

    // Whether a record of the journal can be applied: kDamaged, without the file's name, for one
    // that was made for other contents.
    [[nodiscard]] Result<void> check_record(const JournalRecord& record) const {
        return store::check_record(record, layout(), columns_, index_);
    }
    // The last record that was applied.
    [[nodiscard]] std::uint64_t applied_sequence() const noexcept { return applied_sequence_; }
    // To number records from here on. After it the state has to be written before any record.
    void restart_sequence(std::uint64_t sequence) noexcept;

    // See Store::fetch. kNotFound and kInvalid messages do not name the series.
    [[nodiscard]] Result<PlannedFetch> plan_fetch(const ColumnName& name,
                                                  const FetchRequest& request) const;
    // Of rows that lie in the range. kNotFound without a ring of AVERAGE, or for an unknown series.
    [[nodiscard]] Result<PlannedFetch> plan_statistics(const ColumnName& name,
                                                       const StatisticsRange& range,
                                                       std::int64_t rows_enough) const;
    // Whether what was planned was not overwritten since.
    [[nodiscard]] bool still_keeps(const PlannedFetch& fetch) const noexcept;
    [[nodiscard]] Result<FetchedSeries> fetch(const ColumnName& name,
                                              const FetchRequest& request) const;

    // See archive_check.hpp.
    [[nodiscard]] Result<ArchiveCheck> check() const { return check_archive(*file_, columns_); }
    [[nodiscard]] Result<void> clear_damaged() {
        ++changes_;
        return clear_damaged_runs(*file_, columns_);
    }

    // Everything about a series. kNotFound without its name.
    [[nodiscard]] Result<SeriesCopy> copy(const ColumnName& name) const;
    // Adds a series with its history, which no journal has: no record is to be applied before the
    // state is written. kInvalid when there is one of that name, when its name or its state is none
    // of a series, or when the copy has other rings than this archive. Grows as make_room().
    [[nodiscard]] Result<void> insert(const SeriesCopy& copy);

    // Columns in the order in which they were first seen.
    [[nodiscard]] std::span<const Column> columns() const noexcept { return columns_; }
    [[nodiscard]] const Column* find(const ColumnName& name) const;
    [[nodiscard]] const ArchiveLayout& layout() const noexcept { return file_->layout; }

    // A checkpoint: begin_checkpoint(), then write_state() without any lock, then
    // end_checkpoint(). Nothing when nothing has changed. One at a time, but for make_room(), whose
    // state is the later one; the journal has to be committed through header.journal_sequence
    // before it is written.
    [[nodiscard]] std::optional<StateWrite> begin_checkpoint() const;
    [[nodiscard]] bool has_changes() const noexcept { return changes_ != saved_.changes; }
    // After it was written.
    void end_checkpoint(const StateWrite& written) noexcept;
    // All three.
    [[nodiscard]] Result<void> checkpoint();

  private:
    explicit HostArchive(OpenedArchive opened);

    [[nodiscard]] Result<void> check_insert(const SeriesCopy& copy) const;
    [[nodiscard]] ArchiveRoom room_with(const JournalRecord& record) const noexcept;
    [[nodiscard]] Result<void> make_room(const ArchiveRoom& needed);
    // Copies everything to a larger file, which replaces this one.
    [[nodiscard]] Result<void> grow(const ArchiveRoom& needed);
    void add_column(Column column);
    class RunSpans;
    void store_late(const JournalRecord& record) noexcept;
    // `heartbeat` is the record's.
    void store_sample(const JournaledSample& sample, Seconds heartbeat, RunSpans& spans) noexcept;
    void store_run(const PdpRun& run, std::uint32_t index, RunSpans& spans) noexcept;
    // Index of the ring that answers best; none when no ring has the CF.
    [[nodiscard]] std::optional<std::size_t> choose(const Column& column,
                                                    const FetchRequest& request) const;

    std::shared_ptr<const ArchiveFile> file_;
    std::vector<Column> columns_;
    ColumnNames names_;
    ColumnIndex index_;
    std::size_t key_bytes_ = 0;
    std::uint64_t applied_sequence_ = 0;
    std::uint64_t changes_ = 0;  // counts what a state does not have yet

    // What the newest state area holds.
    struct Saved {
        std::uint64_t sequence = 0;
        std::size_t area = 0;
        std::vector<std::uint16_t> open_blocks;  // of each column that it has
        std::uint64_t changes = 0;
    };
    Saved saved_;
};

}  // namespace kurabe::store
