// Rows out of the mapping, guarded against a file that loses bytes meanwhile.
#include "store/archive_reading.hpp"

#include <array>
#include <span>

#include "store/bus_guard.hpp"

namespace kurabe::store {
namespace {

Result<std::size_t> read_guarded(const PlannedFetch& fetch, std::span<const PlaneTarget> targets) {
    const ArchiveFile& file = *fetch.file;
    const BusGuard guard(file.mapping);
    const RowsRead read = read_rows(file.mapping.bytes(), {fetch.place(), fetch.column},
                                    fetch.shown, fetch.rows, targets);
    if (guard.tripped()) return file.lost_bytes();
    // Asking for the file's size takes as long as some hundred rows.
    if (read.damaged_runs > 0 || read.has_open_zeroes) {
        if (auto checked = file.check_whole(); !checked) return std::unexpected(checked.error());
    }
    return read.damaged_runs;
}

}  // namespace

Result<ReadRows> read_planned(const PlannedFetch& fetch) {
    const Seconds resolution = fetch.place().resolution;
    ReadRows result{.series = {.start = fetch.window.begin,
                               .end = fetch.window.end,
                               .step = resolution,
                               .values = std::vector<Value>(fetch.window_rows(), kUnknown)}};
    if (fetch.row_count() == 0) return result;
    const auto before =
        static_cast<std::size_t>(fetch.rows.first - 1 - row_at(fetch.window.begin, resolution));
    const PlaneTarget target{fetch.plane,
                             std::span(result.series.values).subspan(before, fetch.row_count())};
    const auto damaged_runs = read_guarded(fetch, {&target, 1});
    if (!damaged_runs) return std::unexpected(damaged_runs.error());
    result.damaged_runs = *damaged_runs;
    return result;
}

Result<ReadStatistics> summarize_planned(const PlannedFetch& fetch,
                                         std::optional<double> percentile, RowBuffers& buffers) {
    const RingPlace& ring = fetch.place();
    ReadStatistics result;
    if (fetch.row_count() > 0) {
        const bool has_minima = ring.pdp_per_row > 1 && ring.extent(Cf::kMin).has_cf;
        const bool has_maxima = ring.pdp_per_row > 1 && ring.extent(Cf::kMax).has_cf;
        std::array<PlaneTarget, 3> targets;
        std::size_t count = 0;
        const auto want = [&](std::size_t plane, std::vector<Value>& values) {
            values.resize(fetch.row_count());
            targets[count++] = {plane, values};
        };
        want(fetch.plane, buffers.averages);
        if (has_minima) want(ring.plane_of(Cf::kMin), buffers.minima);
        if (has_maxima) want(ring.plane_of(Cf::kMax), buffers.maxima);
        const auto damaged_runs = read_guarded(fetch, std::span(targets).first(count));
        if (!damaged_runs) return std::unexpected(damaged_runs.error());
        result.damaged_runs = *damaged_runs;
        result.statistics = summarize({.averages = buffers.averages,
                                       .minima = has_minima ? buffers.minima : buffers.averages,
                                       .maxima = has_maxima ? buffers.maxima : buffers.averages},
                                      percentile);
    }
    result.statistics.resolution = ring.resolution;
    result.statistics.rows = fetch.window_rows();
    return result;
}

}  // namespace kurabe::store
