// Moving averages with rrdtool's order of additions.
#include "store/rrd/season_smoother.hpp"

#include <cmath>
#include <vector>

namespace kurabe::store::rrd {
namespace {

// Seasons until a season is smoothed where its file says and no longer at its end.
constexpr std::uint64_t kFirstSeasons = 3;

}  // namespace

bool comes_to_smoothing(Header& state, std::size_t rra, std::uint64_t count) noexcept {
    const std::uint64_t reached = state.current_rows[rra] + count;
    const std::uint64_t rows = state.rras[rra].rows;
    Slot& seasons = state.cdp(rra, 0).slots[CdpRecord::kBurnIn];
    if (seasons.count() <= kFirstSeasons) {
        if (reached < rows) return false;
        seasons = Slot::of_count(seasons.count() + 1);
        return true;
    }
    const std::uint64_t row = state.rras[rra].parameters[RraRecord::kSmoothingRow].count() % rows;
    return (state.current_rows[rra] < row && reached >= row) || reached >= rows + row;
}

std::uint64_t smoothing_reach(const Header& header, std::size_t rra) noexcept {
    const RraRecord& record = header.rras[rra];
    const Value window = header.version < kVersionOfSmoothing
                             ? kDefaultSmoothingWindow
                             : record.parameters[RraRecord::kSmoothingWindow].number();
    const Value reach = std::floor(window / 2 * static_cast<Value>(record.rows));
    // More than half a season on each side would count rows twice; no file should say so.
    return reach >= 1 && reach <= static_cast<Value>(record.rows)
               ? static_cast<std::uint64_t>(reach)
               : 0;
}

void smooth(const SeasonColumn& season, std::uint64_t reach) {
    const std::size_t rows = season.size();
    std::vector<Value> old(rows);
    for (std::size_t row = 0; row < rows; ++row) old[row] = season[row];
    const auto at = [&](std::uint64_t row) { return old[row % rows]; };
    const std::uint64_t width = 2 * reach + 1;
    const std::uint64_t before = rows - reach % rows;  // `reach` rows before row 0
    Value sum = 0;
    for (std::uint64_t i = 0; i < width; ++i) sum += at(before + i);
    for (std::size_t row = 0; row < rows; ++row) {
        season[row] = sum / static_cast<Value>(width);
        sum = sum - at(before + row) + at(before + row + width);
    }
}

Value take_mean(const SeasonColumn& season, bool multiplies) noexcept {
    Value sum = 0;
    for (std::size_t row = 0; row < season.size(); ++row) sum += season[row];
    const Value mean = sum / static_cast<Value>(season.size());
    for (std::size_t row = 0; row < season.size(); ++row) {
        season[row] = multiplies ? season[row] / mean : season[row] - mean;
    }
    return mean;
}

}  // namespace kurabe::store::rrd
