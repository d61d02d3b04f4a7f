// One plane of the store after the other, each from the RRA that has its rows.
#include "store/rrd/series_import.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "store/archive_state.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store::rrd {
namespace {

// The rows of one data source in one RRA, oldest first.
using Rows = std::vector<Value>;

std::size_t known_in(std::span<const Value> rows) {
    return static_cast<std::size_t>(
        std::ranges::count_if(rows, [](Value value) { return !is_unknown(value); }));
}

Value positive_unknown(Value value) noexcept {
    return is_unknown(value) ? kUnknown : value;
}

// The rows that a plane of the store holds.
struct PlaneRows {
    Seconds resolution;
    bool of_all_cfs;  // a ring of one PDP per row answers for all
    Cf cf;
    std::size_t length;
};

class Importer {
  public:
    Importer(const Archive& archive, std::size_t source, const Retention& rings)
        : archive_(archive), header_(archive.header()), source_(source) {
        series_.copy.retention = rings;
    }

    Result<ImportedSeries> run() && {
        take_state();
        if (auto read = read_rras(); !read) return std::unexpected(read.error());
        for (const RingShape& ring : series_.copy.retention.rings) take_ring(ring);
        series_.copy.column.history_start = begin_of_history();
        say_what_is_lost();
        return std::move(series_);
    }

  private:
    [[nodiscard]] bool same_step() const noexcept {
        return header_.step == series_.copy.retention.step;
    }

    void take_state() {
        Column& column = series_.copy.column;
        const PdpRecord& pdp = header_.pdps[source_];
        column.source = header_.source(source_);
        column.last_time = header_.last_update();
        column.last_raw = parse_raw_value(text_of(pdp.last_reading), column.source.type)
                              .value_or(RawValue::unknown());
        const Time last = std::chrono::floor<Seconds>(column.last_time);
        column.pdp = PdpState::beginning(last, series_.copy.retention.step);
        if (same_step()) {
            column.pdp = {.value = positive_unknown(pdp.slots[PdpRecord::kValue].number()),
                          .unknown_seconds = pdp.slots[PdpRecord::kUnknownSeconds].count()};
        } else {
            lose("its step is {} s, the archive's {} s: the open PDP and CDPs begin anew",
                 header_.step.count(), series_.copy.retention.step.count());
        }
    }

    Result<void> read_rras() {
        for (std::size_t rra = 0; rra < header_.rras.size(); ++rra) {
            Rows rows(header_.rras[rra].rows);
            const std::uint64_t oldest = (header_.current_rows[rra] + 1) % rows.size();
            if (auto read = archive_.read_column(rra, source_, oldest, rows); !read) return read;
            rras_.push_back(std::move(rows));
        }
        taken_.resize(rras_.size());
        return {};
    }

    // ---- Rings ----

    // Whether every row of the RRA is what the plane holds. Where that is the row of all CFs, only
    // rows that are equal for all will do.
    [[nodiscard]] bool fits(std::size_t rra, const PlaneRows& plane) const {
        const RraCf cf = header_.cf(rra);
        if (!consolidates(cf) || header_.resolution(rra) != plane.resolution) return false;
        return header_.rras[rra].pdp_per_row == 1 || (!plane.of_all_cfs && cf_of(cf) == plane.cf);
    }

    // The one of that length, else the longest: after a gap of more than its length an RRA differs
    // from a longer one in a row.
    [[nodiscard]] std::optional<std::size_t> best_fitting(const PlaneRows& plane) const {
        std::optional<std::size_t> best;
        for (std::size_t rra = 0; rra < rras_.size(); ++rra) {
            if (!fits(rra, plane)) continue;
            if (rras_[rra].size() == plane.length) return rra;
            if (!best || rras_[rra].size() > rras_[*best].size()) best = rra;
        }
        return best;
    }

    void take_ring(const RingShape& ring) {
        const bool one_pdp = ring.pdp_per_row == 1;
        for (std::size_t i = 0; i < plane_count(ring); ++i) {
            const PlaneRows plane{.resolution = series_.copy.retention.step * ring.pdp_per_row,
                                  .of_all_cfs = one_pdp,
                                  .cf = ring.cfs[i],
                                  .length = ring.rows};
            const auto rra = best_fitting(plane);
            series_.copy.planes.push_back(take_rows(rra, ring.rows));
            if (!one_pdp) series_.copy.column.cdps.push_back(take_cdp(rra, ring));
            mark_taken(plane);
            if (rra) note_history(series_.copy.planes.back(), plane.resolution);
        }
    }

    // The newest rows, unknown ones before them when the RRA has fewer.
    [[nodiscard]] Rows take_rows(std::optional<std::size_t> rra, std::size_t count) const {
        Rows plane(count, kUnknown);
        if (!rra) return plane;
        const Rows& rows = rras_[*rra];
        const std::size_t taken = std::min(rows.size(), count);
        std::ranges::transform(std::span(rows).last(taken), std::span(plane).last(taken).begin(),
                               positive_unknown);
        return plane;
    }

    [[nodiscard]] CdpState take_cdp(std::optional<std::size_t> rra, const RingShape& ring) {
        const Retention& rings = series_.copy.retention;
        const Time last = std::chrono::floor<Seconds>(header_.last_update());
        if (!rra || !same_step() || header_.rras[*rra].pdp_per_row != ring.pdp_per_row) {
            return CdpState::beginning(last, rings.step, ring.pdp_per_row);
        }
        const double xff = header_.rras[*rra].parameters[RraRecord::kXff].number();
        if (xff != rings.xff) {
            lose("xff of RRA {} is {}, the archive's {}: later rows follow that", *rra, xff,
                 rings.xff);
        }
        const CdpRecord& cdp = header_.cdp(*rra, source_);
        return {.value = positive_unknown(cdp.slots[CdpRecord::kValue].number()),
                .unknown_pdps = cdp.slots[CdpRecord::kUnknownPdps].count()};
    }

    // Every RRA that fits holds the same rows as the one taken, as far back as it goes.
    void mark_taken(const PlaneRows& plane) {
        for (std::size_t rra = 0; rra < rras_.size(); ++rra) {
            if (fits(rra, plane)) taken_[rra] = std::max(taken_[rra], plane.length);
        }
    }

    // ---- History ----

    void note_history(const Rows& plane, Seconds resolution) {
        const auto oldest = std::ranges::find_if_not(plane, is_unknown);
        if (oldest == plane.end()) return;
        const Time last = std::chrono::floor<Seconds>(header_.last_update());
        const Time end = last - last.time_since_epoch() % resolution;
        const Time begin = end - resolution * (plane.end() - oldest);
        history_ = std::min(history_.value_or(begin), begin);
    }

    // The beginning of the oldest known row; the time of the last sample when there is none.
    [[nodiscard]] Time begin_of_history() const {
        const Time last = std::chrono::floor<Seconds>(header_.last_update());
        return std::max(std::min(history_.value_or(last), last), kSampleTimeMin - kHistoryLead);
    }

    // ---- Losses ----

    template <typename... Arguments>
    void lose(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
        series_.losses.push_back(fmt::format(text, std::forward<Arguments>(arguments)...));
    }

    void say_what_is_lost() {
        for (std::size_t rra = 0; rra < rras_.size(); ++rra) {
            const std::span<const Value> rows(rras_[rra]);
            const std::size_t kept = std::min(taken_[rra], rows.size());
            const std::size_t lost = known_in(rows.first(rows.size() - kept));
            if (lost == 0) continue;
            if (consolidates(header_.cf(rra))) series_.rows_lost += lost;
            const std::string_view cf = rra_cf_name(header_.cf(rra));
            const auto resolution = header_.resolution(rra).count();
            if (kept == 0) {
                lose("RRA {} ({}, {} s) fits no ring: {} rows are not kept", rra, cf, resolution,
                     lost);
            } else {
                lose("RRA {} ({}, {} s) is longer than its ring: the {} oldest rows are not kept",
                     rra, cf, resolution, lost);
            }
        }
    }

    const Archive& archive_;
    const Header& header_;
    std::size_t source_;
    std::vector<Rows> rras_;
    std::vector<std::size_t> taken_;  // by RRA: so many of its newest rows
    std::optional<Time> history_;
    ImportedSeries series_;
};

// For series that come later: that of the first data source which has one.
Seconds heartbeat_of(const Header& header) {
    for (std::size_t source = 0; source < header.sources.size(); ++source) {
        const DataSource definition = header.source(source);
        if (definition.type != DsType::kCompute && definition.heartbeat >= Seconds{1}) {
            return std::min(definition.heartbeat, kHeartbeatMax);
        }
    }
    return header.step * 2;
}

Result<void> check_importable(const Header& header, std::size_t index) {
    const DsType type = header.source(index).type;
    if (type > DsType::kAbsolute) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("a {} is no series of the store", ds_type_name(type)));
    }
    return {};
}

}  // namespace

Result<Retention> retention_of(const Header& header) {
    Retention retention{
        .step = header.step, .heartbeat = heartbeat_of(header), .xff = 0.5, .rings = {}};
    std::map<std::uint64_t, RingShape> rings;  // by PDPs per row
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        if (!consolidates(header.cf(rra))) continue;
        const RraRecord& record = header.rras[rra];
        if (record.rows > kRowsMax || record.pdp_per_row > kPdpPerRowMax) {
            return fail(ErrorCode::kUnsupported,
                        fmt::format("RRA {} is longer than any ring of the store", rra));
        }
        if (rings.empty()) retention.xff = record.parameters[RraRecord::kXff].number();
        RingShape& ring = rings[record.pdp_per_row];
        ring.pdp_per_row = static_cast<std::uint32_t>(record.pdp_per_row);
        ring.rows = std::max(ring.rows, static_cast<std::uint32_t>(record.rows));
        const Cf cf = cf_of(header.cf(rra));
        if (std::ranges::find(ring.cfs, cf) == ring.cfs.end()) ring.cfs.push_back(cf);
    }
    for (auto& [pdp_per_row, ring] : rings) retention.rings.push_back(std::move(ring));
    if (auto checked = retention.check(); !checked) {
        return fail(ErrorCode::kUnsupported,
                    "no archive can have its rings: " + checked.error().message);
    }
    return retention;
}

Result<ImportedSeries> import_series(const Archive& archive, std::size_t source,
                                     const Retention& rings) {
    if (auto checked = check_importable(archive.header(), source); !checked) {
        return std::unexpected(checked.error());
    }
    auto series = Importer(archive, source, rings).run();
    if (series && !is_possible(series->copy.column)) {
        return fail(ErrorCode::kUnsupported,
                    "its last update is not in the years 1980 to 2199, or "
                    "its heartbeat is longer than 366 days");
    }
    return series;
}

}  // namespace kurabe::store::rrd
