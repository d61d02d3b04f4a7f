// Smoothing of seasons: SEASONAL and DEVSEASONAL coefficients become moving averages once per
// season, so that one odd day does not stay in all the following ones.
// Rule: rrdcreate(1), smoothing-window; when and in which order measured on rrdtool 1.7.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Counts the first seasons of a seasonal RRA, whose current row is about to move on by `count`
// rows. True when its season has come to where it is smoothed.
[[nodiscard]] bool comes_to_smoothing(Header& state, std::size_t rra, std::uint64_t count) noexcept;

// How many rows on each side of a row its average takes in; zero: nothing is smoothed.
[[nodiscard]] std::uint64_t smoothing_reach(const Header& header, std::size_t rra) noexcept;

// One data source's share of a season that lies in `rows` row by row.
struct SeasonColumn {
    std::span<Value> rows;
    std::size_t sources;
    std::size_t source;

    [[nodiscard]] std::size_t size() const noexcept { return rows.size() / sources; }
    [[nodiscard]] Value& operator[](std::size_t row) const noexcept {
        return rows[row * sources + source];
    }
};

// Every value becomes the average of those at most `reach` rows away, around the end of the ring.
void smooth(const SeasonColumn& season, std::uint64_t reach);

// Takes the mean out of the season, so that it only says how rows differ, and returns it.
Value take_mean(const SeasonColumn& season, bool multiplies) noexcept;

}  // namespace kurabe::store::rrd
