// Choice of an RRA, and its rows between two times.
#include "store/rrd/fetch.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::store::rrd {
namespace {

// The rows that answer a request, and which of them the RRA holds.
struct Window {
    std::size_t rra;
    Seconds step;
    Coverage wanted;
    std::size_t rows;
    std::size_t before;      // of them older than the RRA's
    std::size_t held;        // then so many that it has
    std::uint64_t held_row;  // which begin here
};

Result<std::size_t> choose_rra(const Header& header, const FetchRequest& request) {
    std::vector<RingExtent> extents;
    extents.reserve(header.rras.size());
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        extents.push_back(extent_of(header, rra, request.cf));
    }
    const auto chosen = choose_ring(extents, header.last_update(), request);
    if (chosen) return *chosen;
    return fail(ErrorCode::kNotFound, "the RRD does not contain an RRA matching the chosen CF");
}

void place_held_rows(const Header& header, Window& window) noexcept {
    const RraRecord& rra = header.rras[window.rra];
    const Time newest = newest_row_time(header, window.rra);
    const Time oldest = newest - window.step * static_cast<std::int64_t>(rra.rows);
    const Time begin = std::max(window.wanted.begin, oldest);
    const Time end = std::min(window.wanted.end, newest);
    if (begin >= end) return;
    const auto age = static_cast<std::uint64_t>((newest - (begin + window.step)) / window.step);
    window.before = static_cast<std::size_t>((begin - window.wanted.begin) / window.step);
    window.held = static_cast<std::size_t>((end - begin) / window.step);
    window.held_row = (header.current_rows[window.rra] + rra.rows - age) % rra.rows;
}

Result<Window> window_of(const Header& header, std::size_t rra, const Coverage& wanted,
                         std::uint64_t sources) {
    const Seconds step = header.resolution(rra);
    const auto rows = static_cast<std::uint64_t>((wanted.end - wanted.begin) / step);
    if (rows > kFetchedValuesMax / sources) {
        return fail(ErrorCode::kLimit,
                    fmt::format("{} rows of {} data sources asked for, at most {} values are "
                                "possible",
                                rows, sources, kFetchedValuesMax));
    }
    Window window{.rra = rra,
                  .step = step,
                  .wanted = wanted,
                  .rows = rows,
                  .before = 0,
                  .held = 0,
                  .held_row = 0};
    place_held_rows(header, window);
    return window;
}

Result<Window> find_window(const Header& header, const FetchRequest& request,
                           std::uint64_t sources) {
    if (auto checked = check_request(request); !checked) return std::unexpected(checked.error());
    const auto rra = choose_rra(header, request);
    if (!rra) return std::unexpected(rra.error());
    return window_of(header, *rra, align_to_rows(request, header.resolution(*rra)), sources);
}

Result<FetchedSeries> read_series(const Archive& archive, std::size_t source,
                                  const Window& window) {
    FetchedSeries fetched{.start = window.wanted.begin,
                          .end = window.wanted.end,
                          .step = window.step,
                          .values = std::vector<Value>(window.rows, kFileUnknown)};
    if (window.held == 0) return fetched;
    const auto held = std::span(fetched.values).subspan(window.before, window.held);
    if (auto read = archive.read_column(window.rra, source, window.held_row, held); !read) {
        return std::unexpected(read.error());
    }
    return fetched;
}

}  // namespace

RingExtent extent_of(const Header& header, std::size_t rra, RraCf wanted) noexcept {
    const RraCf cf = header.cf(rra);
    const bool same_rows =
        header.rras[rra].pdp_per_row == 1 && consolidates(cf) && consolidates(wanted);
    return {.resolution = header.resolution(rra),
            .rows = static_cast<std::int64_t>(header.rras[rra].rows),
            .has_cf = cf == wanted || same_rows};
}

FetchedSeries FetchedRows::series(std::size_t source) const {
    FetchedSeries one{.start = start, .end = end, .step = step, .values = {}};
    one.values.reserve(size());
    for (std::size_t i = source; i < values.size(); i += sources) one.values.push_back(values[i]);
    return one;
}

Result<FetchedRows> fetch_rows(const Archive& archive, const FetchRequest& request) {
    const std::size_t sources = archive.header().sources.size();
    const auto window = find_window(archive.header(), request, sources);
    if (!window) return std::unexpected(window.error());
    FetchedRows fetched{.start = window->wanted.begin,
                        .end = window->wanted.end,
                        .step = window->step,
                        .sources = sources,
                        .values = std::vector<Value>(window->rows * sources, kFileUnknown)};
    if (window->held == 0) return fetched;
    const auto held =
        std::span(fetched.values).subspan(window->before * sources, window->held * sources);
    if (auto read = archive.read_rows(window->rra, window->held_row, held); !read) {
        return std::unexpected(read.error());
    }
    return fetched;
}

Result<FetchedSeries> fetch_series(const Archive& archive, std::size_t source,
                                   const FetchRequest& request) {
    const auto window = find_window(archive.header(), request, 1);
    if (!window) return std::unexpected(window.error());
    return read_series(archive, source, *window);
}

Result<FetchedSeries> fetch_window(const Archive& archive, std::size_t source, std::size_t rra,
                                   const Coverage& window) {
    const auto found = window_of(archive.header(), rra, window, 1);
    if (!found) return std::unexpected(found.error());
    return read_series(archive, source, *found);
}

}  // namespace kurabe::store::rrd
