// Appending to, reading from and checkpointing one host's archive.
#include "store/host_archive.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "store/append_plan.hpp"
#include "store/archive_file.hpp"
#include "store/archive_state.hpp"
#include "store/bus_guard.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

std::unexpected<Error> lost_bytes(const File& file) {
    return fail(ErrorCode::kDamaged,
                fmt::format("{}: bytes were lost while it was in use", file.path().string()));
}

// As `rrdtool create --start TIME-10 DS:name:TYPE:heartbeat:U:U`.
Column make_column(const NewColumn& added, const ArchiveLayout& layout) {
    const Retention& retention = layout.shape().retention;
    const Time start = std::chrono::floor<Seconds>(added.first_time) - kHistoryLead;
    Column column{.plugin = std::string(added.name.plugin),
                  .key = std::string(added.name.key),
                  .source = {.type = added.type, .heartbeat = retention.heartbeat},
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

Error outdated(const Sample& sample, SampleTime last) {
    const auto seconds = [](SampleTime time) {
        return std::chrono::floor<Seconds>(time).time_since_epoch().count();
    };
    return {ErrorCode::kOutdated,
            fmt::format("illegal attempt to update using time {} when last update time is {} "
                        "(minimum one second step)",
                        seconds(sample.time), seconds(last))};
}

std::uint64_t row_at(Time time, Seconds resolution) noexcept {
    return static_cast<std::uint64_t>(time.time_since_epoch() / resolution);
}

}  // namespace

HostArchive::HostArchive(OpenedArchive opened)
    : file_(std::move(opened.file)),
      mapping_(std::move(opened.mapping)),
      layout_(std::move(opened.layout)),
      columns_(std::move(opened.state.columns)),
      sequence_(opened.state.sequence),
      newest_area_(opened.area) {}

Result<HostArchive> HostArchive::create(const std::filesystem::path& path,
                                        const Retention& retention, std::size_t columns,
                                        std::uint32_t rows_per_block) {
    auto layout = layout_with_room(retention, rows_per_block, {.columns = columns});
    if (!layout) return std::unexpected(layout.error());
    auto created = create_archive(path, *layout);
    if (!created) return std::unexpected(created.error());
    return HostArchive(std::move(*created));
}

Result<HostArchive> HostArchive::open(const std::filesystem::path& path, File::Access access) {
    auto opened = open_archive(path, access);
    if (!opened) return std::unexpected(opened.error());
    HostArchive archive(std::move(*opened));
    for (std::uint32_t i = 0; i < archive.columns_.size(); ++i) {
        const ColumnName name = archive.columns_[i].name();
        if (!archive.index_.add(name, i)) {
            return fail(ErrorCode::kDamaged,
                        fmt::format("{}: two columns have one name", path.string()));
        }
        archive.key_bytes_ += key_bytes_of(name);
    }
    return archive;
}

Result<void> HostArchive::check_whole() const {
    if (mapping_.lost()) return lost_bytes(file_);
    const auto size = file_.size();
    if (!size) return std::unexpected(size.error());
    if (*size >= layout_.file_bytes()) return {};
    return fail(ErrorCode::kDamaged,
                fmt::format("{}: cut to {} of {} bytes while it was in use", file_.path().string(),
                            *size, layout_.file_bytes()));
}

Result<AppendReport> HostArchive::append(std::string_view host, std::span<const Sample> samples) {
    if (auto checked = check_whole(); !checked) return std::unexpected(checked.error());
    AppendReport report;
    const AppendPlan plan = plan_append(host, samples, columns_, index_, report);
    if (auto added = add_columns(plan); !added) return std::unexpected(added.error());

    const BusGuard guard(mapping_);
    for (const PlannedSample& planned : plan.samples) {
        Column& column = columns_[planned.column];
        if (planned.sample->time <= column.last_time) {
            refuse(report, host, *planned.sample, outdated(*planned.sample, column.last_time));
            continue;
        }
        store_sample(planned.column, *planned.sample);
        ++report.stored;
    }
    changed_ = changed_ || report.stored > 0;
    if (guard.tripped()) return lost_bytes(file_);
    return report;
}

Result<void> HostArchive::add_columns(const AppendPlan& plan) {
    const ArchiveRoom needed{.columns = columns_.size() + plan.new_columns.size(),
                             .key_bytes = key_bytes_ + plan.new_key_bytes};
    if (auto made = make_room(needed); !made) return made;
    for (const NewColumn& added : plan.new_columns) {
        index_.add(added.name, static_cast<std::uint32_t>(columns_.size()));
        columns_.push_back(make_column(added, layout_));
    }
    key_bytes_ = needed.key_bytes;
    return {};
}

Result<void> HostArchive::make_room(const ArchiveRoom& needed) {
    if (has_room(layout_, needed)) return {};
    return grow(needed);
}

Result<void> HostArchive::grow(const ArchiveRoom& needed) {
    const ArchiveShape& shape = layout_.shape();
    const auto larger = layout_with_room(shape.retention, shape.rows_per_block, needed, &shape);
    if (!larger) return std::unexpected(larger.error());
    auto grown = grow_archive(file_.path(), {mapping_, layout_, columns_, sequence_ + 1}, *larger);
    if (!grown) return std::unexpected(grown.error());
    file_ = std::move(grown->file);
    mapping_ = std::move(grown->mapping);
    layout_ = std::move(grown->layout);
    sequence_ = grown->state.sequence;
    newest_area_ = grown->area;
    changed_ = false;
    return sync_directory(file_.path().parent_path());
}

void HostArchive::store_sample(std::uint32_t index, const Sample& sample) noexcept {
    Column& column = columns_[index];
    const Retention& retention = layout_.shape().retention;
    const double interval = seconds_between(column.last_time, sample.time);
    const Value amount = amount_of(column.source, column.last_raw, sample.value, interval);
    const PdpRuns runs = advance_pdp(column.pdp, retention.step, column.source.heartbeat,
                                     {column.last_time, sample.time}, amount);
    for (const PdpRun& run : runs) {
        CdpState unused;
        CdpState* cdp = column.cdps.data();
        for (const RingPlace& ring : layout_.rings()) {
            const RowSpan span = rows_of_run(run, ring.pdp_per_row);
            for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
                const Consolidation rule{ring.planes[plane], ring.pdp_per_row, retention.xff};
                CdpState& state = ring.pdp_per_row == 1 ? unused : *cdp++;
                const RowValues values = consolidate(state, rule, run, span);
                if (span.rows > 0) write_rows(ring, plane, index, span, values);
            }
        }
    }
    column.last_raw = sample.value;
    column.last_time = sample.time;
}

// After a gap longer than the ring only the last rows are written, and the first of these is the
// primary: as rrdtool does.
void HostArchive::write_rows(const RingPlace& ring, std::size_t plane, std::uint32_t column,
                             const RowSpan& span, const RowValues& values) noexcept {
    const std::span<std::byte> bytes = mapping_.bytes();
    const std::uint64_t end = span.first_row + span.rows;
    const std::uint64_t begin = end - std::min<std::uint64_t>(span.rows, ring.rows);
    for (std::uint64_t row = begin; row < end; ++row) {
        const Value value = row == begin ? values.primary : values.secondary;
        const std::uint64_t offset = layout_.value_offset(ring, plane, column, row);
        std::memcpy(&bytes[offset], &value, sizeof value);
    }
}

const Column* HostArchive::find(const ColumnName& name) const {
    const std::uint32_t index = index_.find(name);
    return index == ColumnIndex::kNone ? nullptr : &columns_[index];
}

const RingPlace* HostArchive::choose(const Column& column, const FetchRequest& request) const {
    std::vector<RingExtent> extents;
    for (const RingPlace& ring : layout_.rings()) {
        extents.push_back(ring.extent(cf_of(request.cf)));
    }
    const auto chosen = choose_ring(extents, column.last_time, request);
    return chosen ? &layout_.rings()[*chosen] : nullptr;
}

Result<FetchedSeries> HostArchive::fetch(const ColumnName& name,
                                         const FetchRequest& request) const {
    const std::uint32_t index = index_.find(name);
    if (index == ColumnIndex::kNone) return fail(ErrorCode::kNotFound, "no such series");
    if (auto checked = check_request(request); !checked) return std::unexpected(checked.error());
    if (auto checked = check_whole(); !checked) return std::unexpected(checked.error());

    const auto chosen = consolidates(request.cf) ? choose(columns_[index], request) : nullptr;
    if (chosen == nullptr) {
        return fail(ErrorCode::kNotFound, "the RRD does not contain an RRA matching the chosen CF");
    }
    const RingPlace& ring = *chosen;
    const Coverage window = align_to_rows(request, ring.resolution);
    const auto rows = (window.end - window.begin) / ring.resolution;
    if (rows > kFetchRowsMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("{} rows asked for, at most {} are possible", rows, kFetchRowsMax));
    }
    FetchedSeries fetched{.start = window.begin,
                          .end = window.end,
                          .step = ring.resolution,
                          .values = std::vector<Value>(static_cast<std::size_t>(rows), kUnknown)};
    const BusGuard guard(mapping_);
    read_rows(ring, ring.plane_of(cf_of(request.cf)), index, window, fetched.values);
    if (guard.tripped()) return lost_bytes(file_);
    return fetched;
}

// Fills in the rows that the ring holds of this column.
void HostArchive::read_rows(const RingPlace& ring, std::size_t plane, std::uint32_t index,
                            const Coverage& window, std::span<Value> values) const noexcept {
    const Column& column = columns_[index];
    const Coverage held = coverage_of({ring.resolution, ring.rows, true}, column.last_time);
    const Time history = Time{ring.resolution * row_at(column.history_start, ring.resolution)};
    const Time begin = std::max({window.begin, held.begin, history});
    const Time end = std::min(window.end, held.end);
    const std::span<const std::byte> bytes = mapping_.bytes();
    std::uint64_t row = row_at(begin + ring.resolution, ring.resolution);
    auto target = values.begin() + (begin - window.begin) / ring.resolution;
    std::int64_t rows_left = (end - begin) / ring.resolution;
    while (rows_left > 0) {
        const std::uint64_t offset = layout_.value_offset(ring, plane, index, row);
        const auto adjacent = static_cast<std::int64_t>(layout_.adjacent_rows(ring, row));
        const std::int64_t count = std::min(adjacent, rows_left);
        std::memcpy(&*target, &bytes[offset], static_cast<std::size_t>(count) * sizeof(Value));
        row += static_cast<std::uint64_t>(count);
        target += count;
        rows_left -= count;
    }
}

std::vector<Value> HostArchive::copy_plane(const RingPlace& ring, std::size_t plane,
                                           std::uint32_t index) const {
    const Coverage held =
        coverage_of({ring.resolution, ring.rows, true}, columns_[index].last_time);
    std::vector<Value> values(ring.rows, kUnknown);
    read_rows(ring, plane, index, held, values);
    return values;
}

Result<SeriesCopy> HostArchive::copy(const ColumnName& name) const {
    const std::uint32_t index = index_.find(name);
    if (index == ColumnIndex::kNone) return fail(ErrorCode::kNotFound, "no such series");
    if (auto checked = check_whole(); !checked) return std::unexpected(checked.error());
    SeriesCopy copy{
        .retention = layout_.shape().retention, .column = columns_[index], .planes = {}};
    const BusGuard guard(mapping_);
    for (const RingPlace& ring : layout_.rings()) {
        for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
            copy.planes.push_back(copy_plane(ring, plane, index));
        }
    }
    if (guard.tripped()) return lost_bytes(file_);
    return copy;
}

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
    const Retention& own = layout_.shape().retention;
    if (copy.retention.step != own.step || copy.retention.rings != own.rings) {
        return fail(ErrorCode::kInvalid, "the archive has other rings");
    }
    if (columns_.size() < kColumnsMax) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("the host has {} series, more are not possible", kColumnsMax));
}

Result<void> HostArchive::insert(const SeriesCopy& copy) {
    if (auto checked = check_whole(); !checked) return checked;
    if (auto checked = check_insert(copy); !checked) return checked;
    const ArchiveRoom needed{.columns = columns_.size() + 1,
                             .key_bytes = key_bytes_ + key_bytes_of(copy.column.name())};
    if (auto made = make_room(needed); !made) return made;
    const auto index = static_cast<std::uint32_t>(columns_.size());
    index_.add(copy.column.name(), index);
    columns_.push_back(copy.column);
    key_bytes_ = needed.key_bytes;
    changed_ = true;

    const BusGuard guard(mapping_);
    auto values = copy.planes.begin();
    for (const RingPlace& ring : layout_.rings()) {
        for (std::size_t plane = 0; plane < ring.planes.size(); ++plane) {
            write_plane(ring, plane, index, *values++);
        }
    }
    if (guard.tripped()) return lost_bytes(file_);
    return {};
}

void HostArchive::write_plane(const RingPlace& ring, std::size_t plane, std::uint32_t index,
                              std::span<const Value> values) noexcept {
    const std::span<std::byte> bytes = mapping_.bytes();
    const Time last = std::chrono::floor<Seconds>(columns_[index].last_time);
    std::uint64_t row = row_at(last, ring.resolution);
    for (std::size_t i = values.size(); i > 0; --i, --row) {
        std::memcpy(&bytes[layout_.value_offset(ring, plane, index, row)], &values[i - 1],
                    sizeof(Value));
    }
}

Result<void> HostArchive::checkpoint() const {
    if (!changed_) return {};
    if (auto checked = check_whole(); !checked) return checked;
    const std::size_t area = 1 - newest_area_;
    const std::vector<std::byte> state = encode_state(layout_, sequence_ + 1, columns_);
    if (auto written = write_state(file_, mapping_, layout_.state_offset(area), state); !written) {
        return written;
    }
    ++sequence_;
    newest_area_ = area;
    changed_ = false;
    return {};
}

}  // namespace kurabe::store
