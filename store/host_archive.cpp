// Appending to, reading from and checkpointing one host's archive.
#include "store/host_archive.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "store/bus_guard.hpp"
#include "store/sample_limits.hpp"
#include "store/statistics_rows.hpp"

namespace kurabe::store {
namespace {

// As `rrdtool create --start TIME-10 DS:name:TYPE:heartbeat:U:U`.
Column make_column(const JournaledColumn& added, const ArchiveLayout& layout) {
    const DsType type = ds_type_of_key(added.key).value_or(DsType::kGauge);  // it was checked
    const Retention& retention = layout.shape().retention;
    const Time start = std::chrono::floor<Seconds>(added.first_time) - kHistoryLead;
    Column column{.plugin = added.plugin,
                  .key = added.key,
                  .source = {.type = type, .heartbeat = retention.heartbeat},
                  .history_start = start,
                  .last_time = start,
                  .last_raw = RawValue::unknown(),
                  .pdp = PdpState::beginning(start, retention.step),
                  .cdps = {}};
    column.cdps.reserve(layout.cdp_count());
    for (const RingPlace& ring : layout.rings()) {
        if (ring.pdp_per_row == 1) continue;
        column.cdps.insert(column.cdps.end(), ring.planes.size(),
                           CdpState::beginning(start, retention.step, ring.pdp_per_row));
    }
    return column;
}

std::vector<Value> copy_plane(const ArchiveFile& file, const RowPlace& place, std::size_t plane,
                              const Column& column) {
    const ShownRows shown = shown_rows(place.ring, column);
    std::vector<Value> values(place.ring.rows, kUnknown);
    const auto known = static_cast<std::size_t>(shown.last - shown.first + 1);
    const PlaneTarget target{plane, std::span(values).last(known)};
    (void)read_rows(file.mapping.bytes(), place, shown, shown, {&target, 1});
    return values;
}

std::vector<std::uint16_t> open_blocks_of(std::span<const Column> columns) {
    std::vector<std::uint16_t> blocks;
    blocks.reserve(columns.size());
    for (const Column& column : columns) blocks.push_back(column.open_blocks);
    return blocks;
}

// ---- Looking up ----

RowRange rows_in(const RowRange& shown, const Coverage& window, Seconds resolution) noexcept {
    return {std::max(shown.first, row_at(window.begin, resolution) + 1),
            std::min(shown.last, row_at(window.end, resolution))};
}

}  // namespace

// ---- Opening ----

HostArchive::HostArchive(OpenedArchive opened)
    : file_(std::move(opened.file)),
      columns_(std::move(opened.columns)),
      applied_sequence_(opened.state.journal_sequence),
      saved_{.sequence = opened.state.sequence,
             .area = opened.area,
             .open_blocks = open_blocks_of(columns_),
             .changes = 0} {}

Result<HostArchive> HostArchive::create(const std::filesystem::path& path, const Shape& shape,
                                        std::uint64_t journal_sequence) {
    auto layout =
        layout_with_room(shape.retention, shape.values_per_run, {.columns = shape.columns});
    if (!layout) return std::unexpected(layout.error());
    auto created = create_archive(path, *layout, journal_sequence);
    if (!created) return std::unexpected(created.error());
    return HostArchive(*std::move(created));
}

Result<HostArchive> HostArchive::open(const std::filesystem::path& path,
                                      MappedFile::Access access) {
    auto opened = open_archive(path, access);
    if (!opened) return std::unexpected(opened.error());
    HostArchive archive(*std::move(opened));
    for (std::uint32_t i = 0; i < archive.columns_.size(); ++i) {
        if (!archive.index_.add(archive.columns_[i].name(), i)) {
            return fail(ErrorCode::kDamaged,
                        fmt::format("{}: two columns have one name", path.string()));
        }
        archive.names_.add(archive.columns_[i].name());
    }
    archive.key_bytes_ = key_bytes_of(archive.columns_);
    return archive;
}

// ---- Appending ----

// How a run of PDPs lies on the rows of every ring: the same for all columns of a batch, as a rule.
class HostArchive::RunSpans {
  public:
    explicit RunSpans(const ArchiveLayout& layout) noexcept : rings_(layout.rings()) {}

    void look_at(const PdpRun& run) noexcept {
        if (run.first == first_ && run.count == count_) return;
        first_ = run.first;
        count_ = run.count;
        for (std::size_t i = 0; i < rings_.size(); ++i) {
            spans_[i] = rows_of_run(run, rings_[i].pdp_per_row);
            if (spans_[i].rows > 0) rows_[i] = open_row(rings_[i], spans_[i].first_row);
        }
    }
    [[nodiscard]] const RowSpan& span(std::size_t ring) const noexcept { return spans_[ring]; }
    // The first row that it closes.
    [[nodiscard]] const OpenRow& row(std::size_t ring) const noexcept { return rows_[ring]; }

  private:
    std::span<const RingPlace> rings_;
    std::uint64_t first_ = 0;
    std::uint64_t count_ = 0;  // no run has none
    std::array<RowSpan, kRingsMax> spans_;
    std::array<OpenRow, kRingsMax> rows_;
};

Result<AppendPlan> HostArchive::accept(std::string_view host, std::span<const Sample> samples,
                                       SampleTime newest, AppendReport& report) const {
    if (file_->mapping.lost()) return file_->lost_bytes();
    return plan_append(host, samples, {&layout(), columns_, names_, index_}, newest, report);
}

ArchiveRoom HostArchive::room_with(const JournalRecord& record) const noexcept {
    std::size_t key_bytes = key_bytes_;
    for (const JournaledColumn& added : record.new_columns) {
        key_bytes += key_bytes_of(ColumnName{added.plugin, added.key});
    }
    return {.columns = columns_.size() + record.new_columns.size(), .key_bytes = key_bytes};
}

// The state on the disk needs the open block that it names until it is full, also when this is
// replayed: a column does not come back to that block before a later state is written. A column
// that only a state on its way has, began with block 0: that state may name it, or the other one.
bool HostArchive::keeps_open_rows(const JournalRecord& record) const noexcept {
    const std::size_t in_states = std::max(saved_.open_blocks.size(), file_->begun_columns.load());
    return std::ranges::none_of(record.samples, [&](const JournaledSample& sample) {
        if (sample.column >= std::min(in_states, columns_.size())) return false;
        const Column& column = columns_[sample.column];
        const bool is_saved = sample.column < saved_.open_blocks.size();
        const unsigned named = is_saved ? saved_.open_blocks[sample.column] : 0U;
        const unsigned moved = column.open_blocks ^ named;
        return moved != 0 && (moved & layout().blocks_left(column.last_time, sample.time)) != 0;
    });
}

bool HostArchive::has_room_for(const JournalRecord& record) const noexcept {
    return record.new_columns.empty() || has_room(layout(), room_with(record));
}

Result<void> HostArchive::make_room(const JournalRecord& record) {
    if (auto made = make_room(room_with(record)); !made) return made;
    return keeps_open_rows(record) ? Result<void>() : checkpoint();
}

Result<void> HostArchive::make_room(const ArchiveRoom& needed) {
    if (has_room(layout(), needed)) return {};
    return grow(needed);
}

Result<void> HostArchive::grow(const ArchiveRoom& needed) {
    const ArchiveShape& shape = layout().shape();
    const auto larger = layout_with_room(shape.retention, shape.values_per_run, needed, &shape);
    if (!larger) return std::unexpected(larger.error());
    const StateHeader state{.sequence = saved_.sequence + 1,
                            .journal_sequence = applied_sequence_,
                            .columns = static_cast<std::uint32_t>(columns_.size())};
    auto grown = grow_archive({*file_, columns_, state}, *larger);
    if (!grown) return std::unexpected(grown.error());
    file_ = std::move(grown->file);
    saved_ = {.sequence = state.sequence,
              .area = grown->area,
              .open_blocks = open_blocks_of(columns_),
              .changes = changes_};
    // Which of the two files has the name is not known: the journal has to stay.
    if (auto synced = sync_directory(file_->file.path().parent_path()); !synced) {
        return fail(ErrorCode::kDamaged, std::move(synced.error().message));
    }
    return {};
}

void HostArchive::add_column(Column column) {
    index_.add(column.name(), static_cast<std::uint32_t>(columns_.size()));
    names_.add(column.name());
    key_bytes_ += key_bytes_of(column.name());
    columns_.push_back(std::move(column));
}

Result<void> HostArchive::apply(const JournalRecord& record) {
    for (const JournaledColumn& added : record.new_columns) {
        add_column(make_column(added, layout()));
    }
    applied_sequence_ = record.sequence;
    ++changes_;
    const BusGuard guard(file_->mapping);
    store_late(record);
    RunSpans spans(layout());
    for (const JournaledSample& sample : record.samples) {
        store_sample(sample, record.heartbeat, spans);
    }
    if (guard.tripped()) return file_->lost_bytes();
    return {};
}

void HostArchive::store_late(const JournalRecord& record) noexcept {
    const std::span<std::byte> bytes = file_->mapping.bytes();
    for (const JournaledRow& row : record.rows) {
        change_open_row(bytes, {layout().rings()[row.ring], row.column},
                        columns_[row.column].open_block(row.ring), row.row, row.values);
    }
    for (const JournaledRun& run : record.runs) {
        write_run(bytes, {layout().rings()[run.ring], run.column}, run.block, run.values);
    }
    for (const JournaledCdps& cdps : record.cdps) columns_[cdps.column].cdps = cdps.states;
}

void HostArchive::store_sample(const JournaledSample& sample, Seconds heartbeat,
                               RunSpans& spans) noexcept {
    Column& column = columns_[sample.column];
    const DataSource source = column.source.with_heartbeat(heartbeat);
    const double interval = seconds_between(column.last_time, sample.time);
    const Value amount = amount_of(source, column.last_raw, sample.value, interval);
    const PdpRuns runs = advance_pdp(column.pdp, layout().shape().retention.step, source.heartbeat,
                                     {column.last_time, sample.time}, amount);
    for (const PdpRun& run : runs) store_run(run, sample.column, spans);
    column.last_raw = sample.value;
    column.last_time = sample.time;
}

void HostArchive::store_run(const PdpRun& run, std::uint32_t index, RunSpans& spans) noexcept {
    const std::span<std::byte> bytes = file_->mapping.bytes();
    const double xff = layout().shape().retention.xff;
    spans.look_at(run);
    Column& column = columns_[index];
    CdpState unused;
    CdpState* cdp = column.cdps.data();
    std::array<RowValues, kPlanesMax> values;
    for (const RingPlace& ring : layout().rings()) {
        const RowSpan& span = spans.span(ring.number);
        for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
            const Consolidation rule{ring.planes[plane], ring.pdp_per_row, xff};
            CdpState& state = ring.pdp_per_row == 1 ? unused : *cdp++;
            values[plane] = consolidate(state, rule, run, span);
        }
        if (span.rows == 0) continue;
        const std::span<const RowValues> planes = std::span(values).first(ring.planes.size());
        const std::size_t open_block = column.open_block(ring.number);
        const bool moves =
            span.rows == 1
                ? append_row(bytes, {ring, index}, open_block, spans.row(ring.number), planes)
                : append_rows(bytes, {ring, index}, open_block, span, planes);
        if (moves) column.open_blocks ^= static_cast<std::uint16_t>(1U << ring.number);
    }
}

// ---- Replaying ----

void HostArchive::restart_sequence(std::uint64_t sequence) noexcept {
    applied_sequence_ = sequence;
    ++changes_;
}

// ---- Reading ----

const Column* HostArchive::find(const ColumnName& name) const {
    const std::uint32_t index = index_.find(name);
    return index == ColumnIndex::kNone ? nullptr : &columns_[index];
}

std::optional<std::size_t> HostArchive::choose(const Column& column,
                                               const FetchRequest& request) const {
    if (!consolidates(request.cf)) return std::nullopt;
    std::array<RingExtent, kRingsMax> extents;
    const std::size_t count = layout().rings().size();
    for (std::size_t i = 0; i < count; ++i)
        extents[i] = layout().rings()[i].extent(cf_of(request.cf));
    return choose_ring(std::span(extents).first(count), column.last_time, request);
}

Result<PlannedFetch> HostArchive::plan_fetch(const ColumnName& name,
                                             const FetchRequest& request) const {
    const std::uint32_t index = index_.find(name);
    if (index == ColumnIndex::kNone) return fail(ErrorCode::kNotFound, "no such series");
    if (auto checked = check_request(request); !checked) return std::unexpected(checked.error());
    if (file_->mapping.lost()) return file_->lost_bytes();

    const Column& column = columns_[index];
    const auto chosen = choose(column, request);
    if (!chosen) {
        return fail(ErrorCode::kNotFound, "the RRD does not contain an RRA matching the chosen CF");
    }
    const RingPlace& ring = layout().rings()[*chosen];
    const Coverage window = align_to_rows(request, ring.resolution);
    const auto count = (window.end - window.begin) / ring.resolution;
    if (count > kFetchRowsMax) {
        return fail(ErrorCode::kLimit, fmt::format("{} rows asked for, at most {} are possible",
                                                   count, kFetchRowsMax));
    }
    const ShownRows shown = shown_rows(ring, column);
    return PlannedFetch{.file = file_,
                        .ring = *chosen,
                        .plane = ring.plane_of(cf_of(request.cf)),
                        .column = index,
                        .window = window,
                        .shown = shown,
                        .rows = rows_in(shown, window, ring.resolution)};
}

Result<PlannedFetch> HostArchive::plan_statistics(const ColumnName& name,
                                                  const StatisticsRange& range,
                                                  std::int64_t rows_enough) const {
    const std::uint32_t index = index_.find(name);
    if (index == ColumnIndex::kNone) return fail(ErrorCode::kNotFound, "no such series");
    if (file_->mapping.lost()) return file_->lost_bytes();
    const Column& column = columns_[index];
    std::vector<RingExtent> extents;
    for (const RingPlace& place : layout().rings()) extents.push_back(place.extent(Cf::kAverage));
    const auto chosen = coarsest_sufficient_ring(extents, column.last_time, range, rows_enough);
    if (!chosen) return fail(ErrorCode::kNotFound, "the series has no averages");
    const RingPlace& ring = layout().rings()[*chosen];
    const Coverage window = whole_rows(range, ring.resolution);
    const ShownRows shown = shown_rows(ring, column);
    return PlannedFetch{.file = file_,
                        .ring = *chosen,
                        .plane = ring.plane_of(Cf::kAverage),
                        .column = index,
                        .window = window,
                        .shown = shown,
                        .rows = rows_in(shown, window, ring.resolution)};
}

bool HostArchive::still_keeps(const PlannedFetch& fetch) const noexcept {
    if (fetch.file != file_) return false;  // what was written into it before it went is not known
    const RingPlace& ring = layout().rings()[fetch.ring];
    const Column& column = columns_[fetch.column];
    const std::int64_t last = shown_rows(ring, column).last;
    const auto spare = static_cast<std::int64_t>(ring.spare_rows());
    const std::int64_t blocks_on =
        ring.open_block_after(last) - ring.open_block_after(fetch.shown.last);
    return last - fetch.shown.last <= spare && blocks_on <= 1;
}

Result<FetchedSeries> HostArchive::fetch(const ColumnName& name,
                                         const FetchRequest& request) const {
    const auto planned = plan_fetch(name, request);
    if (!planned) return std::unexpected(planned.error());
    auto read = read_planned(*planned);
    if (!read) return std::unexpected(read.error());
    return std::move(read->series);
}

Result<SeriesCopy> HostArchive::copy(const ColumnName& name) const {
    const std::uint32_t index = index_.find(name);
    if (index == ColumnIndex::kNone) return fail(ErrorCode::kNotFound, "no such series");
    if (auto checked = file_->check_whole(); !checked) return std::unexpected(checked.error());
    SeriesCopy copy{
        .retention = layout().shape().retention, .column = columns_[index], .planes = {}};
    const BusGuard guard(file_->mapping);
    for (const RingPlace& ring : layout().rings()) {
        for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
            copy.planes.push_back(copy_plane(*file_, {ring, index}, plane, copy.column));
        }
    }
    copy.column.open_blocks = 0;  // of this file only
    if (guard.tripped()) return file_->lost_bytes();
    return copy;
}

// ---- Inserting ----

Result<void> HostArchive::check_insert(const SeriesCopy& copy) const {
    const Column& column = copy.column;
    if (index_.find(column.name()) != ColumnIndex::kNone) {
        return fail(ErrorCode::kInvalid, "there is a series of that name already");
    }
    const auto type = check_new_series(column.plugin, column.key);
    if (!type) return std::unexpected(type.error());
    if (*type != column.source.type || !is_possible(column)) {
        return fail(ErrorCode::kInvalid,
                    "its times, its heartbeat or its type are none of a series");
    }
    const Retention& own = layout().shape().retention;
    if (copy.retention.step != own.step || copy.retention.rings != own.rings) {
        return fail(ErrorCode::kInvalid, "the archive has other rings");
    }
    if (columns_.size() < kColumnsMax) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("the host has {} series, more are not possible", kColumnsMax));
}

Result<void> HostArchive::insert(const SeriesCopy& copy) {
    if (auto checked = file_->check_whole(); !checked) return checked;
    if (auto checked = check_insert(copy); !checked) return checked;
    const ArchiveRoom needed{.columns = columns_.size() + 1,
                             .key_bytes = key_bytes_ + key_bytes_of(copy.column.name())};
    if (auto made = make_room(needed); !made) return made;
    const auto index = static_cast<std::uint32_t>(columns_.size());
    add_column(copy.column);
    columns_.back().open_blocks = 0;
    ++changes_;

    const BusGuard guard(file_->mapping);
    std::span<const std::vector<Value>> planes(copy.planes);
    for (const RingPlace& ring : layout().rings()) {
        const std::int64_t end = row_at(copy.column.last_time, ring.resolution) + 1;
        write_history(file_->mapping.bytes(), {ring, index},
                      end - static_cast<std::int64_t>(ring.rows), planes.first(ring.planes.size()));
        planes = planes.subspan(ring.planes.size());
    }
    if (guard.tripped()) return file_->lost_bytes();
    return {};
}

// ---- Checkpoints ----

std::optional<StateWrite> HostArchive::begin_checkpoint() const {
    if (!has_changes()) return std::nullopt;
    file_->begun_columns = columns_.size();
    const StateHeader header{.sequence = saved_.sequence + 1,
                             .journal_sequence = applied_sequence_,
                             .columns = static_cast<std::uint32_t>(columns_.size())};
    return StateWrite{.file = file_,
                      .new_columns = encode_columns(columns_, saved_.open_blocks.size()),
                      .area = 1 - saved_.area,
                      .header = header,
                      .state = encode_state(header, columns_),
                      .open_blocks = open_blocks_of(columns_),
                      .changes = changes_};
}

void HostArchive::end_checkpoint(const StateWrite& written) noexcept {
    if (written.file != file_) return;  // it has grown, and its new file has all of this
    if (written.header.sequence <= saved_.sequence) return;  // a later one came in between
    saved_ = {.sequence = written.header.sequence,
              .area = written.area,
              .open_blocks = written.open_blocks,
              .changes = written.changes};
}

Result<void> HostArchive::checkpoint() {
    const auto write = begin_checkpoint();
    if (!write) return {};
    if (auto written = write_state(*write); !written) return written;
    end_checkpoint(*write);
    return {};
}

}  // namespace kurabe::store
