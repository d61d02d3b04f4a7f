// Old rings as sources of rows, the coarsest first.
#include "store/series_resampling.hpp"

#include <algorithm>
#include <optional>

#include "store/cdp.hpp"
#include "store/pdp.hpp"
#include "store/ring_rows.hpp"

namespace kurabe::store {
namespace {

// One plane of an old ring. Row number n ends at n * resolution.
struct Source {
    Seconds resolution;
    std::optional<Cf> cf;  // none: rows of one PDP are of every CF
    std::int64_t last;
    const std::vector<Value>* values;  // the last one is row `last`

    [[nodiscard]] bool holds(std::int64_t first, std::int64_t end) const {
        return first > last - std::ssize(*values) && end <= last;
    }
    [[nodiscard]] Value value(std::int64_t row) const {
        return (*values)[static_cast<std::size_t>(row - last + std::ssize(*values) - 1)];
    }
};

class Resampler {
  public:
    explicit Resampler(const SeriesCopy& series) : series_(series) {
        auto plane = series.planes.begin();
        auto cdp = series.column.cdps.begin();
        for (const RingShape& ring : series.retention.rings) {
            const Seconds resolution = series.retention.step * ring.pdp_per_row;
            const std::int64_t last = row_at(series.column.last_time, resolution);
            for (std::size_t i = 0; i < plane_count(ring); ++i) {
                std::optional<Cf> cf;
                if (ring.pdp_per_row > 1) cf = ring.cfs[i];
                sources_.push_back({resolution, cf, last, &*plane++});
                if (cf) open_.push_back({resolution, *cf, *cdp++});
            }
        }
        std::ranges::stable_sort(sources_, std::greater<>(), &Source::resolution);
    }

    // The row that ends at row * resolution.
    [[nodiscard]] Value row(Seconds resolution, Cf cf, double xff, std::int64_t row) const {
        for (const Source& source : sources_) {
            const bool fits = resolution % source.resolution == Seconds{0};
            if (!fits || source.cf.value_or(cf) != cf) continue;
            const std::int64_t count = resolution / source.resolution;
            const std::int64_t end = row * count;
            if (source.holds(end - count + 1, end)) return folded_row(source, cf, xff, end, count);
        }
        return kUnknown;
    }

    [[nodiscard]] PdpState pdp(Seconds step) const {
        const Column& column = series_.column;
        const Seconds old_step = series_.retention.step;
        if (step == old_step) return column.pdp;
        const SampleTime last = column.last_time;
        const auto since_step = std::chrono::floor<Seconds>(last).time_since_epoch() % step;
        if (step % old_step != Seconds{0}) {
            return {kUnknown, static_cast<std::uint64_t>(since_step.count())};
        }
        PdpState state = column.pdp;
        for (std::int64_t n = since_step / old_step; n > 0; --n) {
            const Value rate = row(old_step, Cf::kAverage, 0, row_at(last, old_step) - n + 1);
            const auto seconds = static_cast<std::uint64_t>(old_step.count());
            if (is_unknown(rate)) {
                state.unknown_seconds += seconds;
            } else {
                const Value amount = rate * static_cast<double>(seconds);
                state.value = is_unknown(state.value) ? amount : state.value + amount;
            }
        }
        return state;
    }

    [[nodiscard]] CdpState cdp(Seconds step, std::uint32_t pdp_per_row, Cf cf) const {
        const Seconds resolution = step * pdp_per_row;
        const auto same = std::ranges::find_if(open_, [&](const OpenCdp& open) {
            return open.resolution == resolution && open.cf == cf;
        });
        if (same != open_.end() && step == series_.retention.step) return same->state;
        constexpr double kPdpXff = 0.5;  // a PDP of which half is unknown still is known
        const std::int64_t last = row_at(series_.column.last_time, step);
        CdpState state;
        for (std::int64_t n = last - last % pdp_per_row + 1; n <= last; ++n) {
            const PdpRun run{.count = 1, .value = row(step, Cf::kAverage, kPdpXff, n)};
            stay_in_row(state, cf, run);
        }
        return state;
    }

  private:
    struct OpenCdp {
        Seconds resolution;
        Cf cf;
        CdpState state;
    };

    static Value folded_row(const Source& source, Cf cf, double xff, std::int64_t end,
                            std::int64_t count) {
        if (count == 1) return source.value(end);
        CdpState state;
        for (std::int64_t row = end - count + 1; row <= end; ++row) {
            stay_in_row(state, cf, {.count = 1, .value = source.value(row)});
        }
        const auto unknown = static_cast<double>(state.unknown_pdps);
        if (unknown > static_cast<double>(count) * xff) return kUnknown;
        if (cf == Cf::kLast) return source.value(end);
        const double known = static_cast<double>(count) - unknown;
        return cf == Cf::kAverage ? state.value / known : state.value;
    }

    const SeriesCopy& series_;
    std::vector<Source> sources_;
    std::vector<OpenCdp> open_;
};

}  // namespace

SeriesCopy resampled(const SeriesCopy& series, const Retention& retention) {
    if (series.retention == retention) return series;
    const Resampler old(series);
    SeriesCopy result{.retention = retention, .column = series.column, .planes = {}};
    result.column.pdp = old.pdp(retention.step);
    result.column.cdps.clear();
    for (const RingShape& ring : retention.rings) {
        const Seconds resolution = retention.step * ring.pdp_per_row;
        const std::int64_t last = row_at(series.column.last_time, resolution);
        for (std::size_t i = 0; i < plane_count(ring); ++i) {
            const Cf cf = ring.pdp_per_row == 1 ? Cf::kAverage : ring.cfs[i];
            std::vector<Value>& rows = result.planes.emplace_back(ring.rows);
            for (std::size_t n = 0; n < rows.size(); ++n) {
                const std::int64_t row = last - std::ssize(rows) + 1 + static_cast<std::int64_t>(n);
                rows[n] = old.row(resolution, cf, retention.xff, row);
            }
            if (ring.pdp_per_row == 1) continue;
            result.column.cdps.push_back(old.cdp(retention.step, ring.pdp_per_row, cf));
        }
    }
    return result;
}

}  // namespace kurabe::store
