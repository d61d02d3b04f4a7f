// Walks over all runs of all columns.
#include "store/archive_check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "store/bus_guard.hpp"
#include "store/ring_rows.hpp"

namespace kurabe::store {
namespace {

void add_problem(ArchiveCheck& check, std::string text) {
    if (check.problems.size() < kProblemsOfAnArchiveMax) check.problems.push_back(std::move(text));
}

std::string name_of(const Column& column) {
    return column.plugin + '/' + column.key;
}

// Calls `visit` with the number of each closed block that has shown rows.
void for_each_closed_block(const RingPlace& ring, const ShownRows& shown,
                           const std::function<void(std::int64_t)>& visit) {
    const std::int64_t end = ring.open_block_after(shown.last);
    for (std::int64_t block = shown.first / ring.rows_per_block; block < end; ++block) {
        visit(block);
    }
}

bool is_damaged(const ArchiveFile& file, const RowPlace& place, const ShownRows& shown,
                std::int64_t block) {
    const std::int64_t first = block * place.ring.rows_per_block;
    return read_rows(file.mapping.bytes(), place, shown, {first, first}, {}).damaged_runs > 0;
}

void check_runs(const ArchiveFile& file, const RingPlace& ring, const Column& column,
                std::uint32_t index, ArchiveCheck& check) {
    const ShownRows shown = shown_rows(ring, column);
    for_each_closed_block(ring, shown, [&](std::int64_t block) {
        ++check.runs;
        if (!is_damaged(file, {ring, index}, shown, block)) return;
        ++check.damaged_runs;
        const std::int64_t last = (block + 1) * ring.rows_per_block - 1;
        add_problem(check, fmt::format("{}: the rows of {} s up to {} {}", name_of(column),
                                       ring.resolution.count(), ring.resolution.count() * last,
                                       kWrongChecksum));
    });
}

// ---- The open CDPs against the rows of one PDP that they were folded from ----

// Those rows, oldest first; none when they are not all shown and known.
std::vector<Value> rows_of_open_cdp(const ArchiveFile& file, const Column& column,
                                    std::uint32_t index, std::uint32_t pdp_per_row) {
    const RingPlace& finest = file.layout.rings().front();
    if (finest.pdp_per_row != 1) return {};
    const ShownRows shown = shown_rows(finest, column);
    const RowRange folded{shown.last / pdp_per_row * pdp_per_row + 1, shown.last};
    if (folded.last < folded.first || folded.first < shown.first) return {};
    std::vector<Value> rows(static_cast<std::size_t>(folded.last - folded.first + 1));
    const PlaneTarget target{0, rows};
    const RowsRead read =
        read_rows(file.mapping.bytes(), {finest, index}, shown, folded, {&target, 1});
    if (read.damaged_runs > 0) return {};
    if (std::ranges::any_of(rows, is_unknown)) return {};
    return rows;
}

bool fits(Cf cf, const CdpState& cdp, const std::vector<Value>& rows) {
    switch (cf) {
        case Cf::kMin:
            return cdp.value == std::ranges::min(rows);
        case Cf::kMax:
            return cdp.value == std::ranges::max(rows);
        case Cf::kLast:
            return cdp.value == rows.back();
        case Cf::kAverage:
            break;
    }
    double sum = 0;
    double size = 0;
    for (const Value row : rows) {
        sum += row;
        size += std::abs(row);
    }
    constexpr double kRounding = 1e-6;
    return !std::isfinite(sum) || std::abs(sum - cdp.value) <= kRounding * size;
}

void check_state(const ArchiveFile& file, const Column& column, std::uint32_t index,
                 ArchiveCheck& check) {
    auto cdp = column.cdps.begin();
    for (const RingPlace& ring : file.layout.rings()) {
        if (ring.pdp_per_row == 1) continue;
        const auto rows = rows_of_open_cdp(file, column, index, ring.pdp_per_row);
        for (const Cf cf : ring.planes) {
            const CdpState& state = *cdp++;
            if (rows.empty() || state.unknown_pdps > 0 || fits(cf, state, rows)) continue;
            add_problem(check, fmt::format("{}: the open {} of the ring of {} s does not fit its "
                                           "rows",
                                           name_of(column), cf_name(cf), ring.resolution.count()));
        }
    }
}

}  // namespace

Result<ArchiveCheck> check_archive(const ArchiveFile& file, std::span<const Column> columns) {
    if (auto whole = file.check_whole(); !whole) return std::unexpected(whole.error());
    ArchiveCheck check{.columns = columns.size(), .problems = {}};
    const BusGuard guard(file.mapping);
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
        for (const RingPlace& ring : file.layout.rings()) {
            check_runs(file, ring, columns[i], i, check);
        }
        check_state(file, columns[i], i, check);
    }
    if (guard.tripped()) return file.lost_bytes();
    return check;
}

Result<void> clear_damaged_runs(const ArchiveFile& file, std::span<const Column> columns) {
    if (auto whole = file.check_whole(); !whole) return whole;
    const BusGuard guard(file.mapping);
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
        for (const RingPlace& ring : file.layout.rings()) {
            const ShownRows shown = shown_rows(ring, columns[i]);
            for_each_closed_block(ring, shown, [&](std::int64_t block) {
                if (!is_damaged(file, {ring, i}, shown, block)) return;
                write_run(file.mapping.bytes(), {ring, i}, static_cast<std::uint64_t>(block),
                          std::vector<Value>(ring.values_per_run(), kUnknown));
            });
        }
    }
    if (guard.tripped()) return file.lost_bytes();
    return {};
}

}  // namespace kurabe::store
