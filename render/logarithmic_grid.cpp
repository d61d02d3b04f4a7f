// Powers of ten, and multiples of them where there is room.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "render/value_grid.hpp"

namespace kurabe::render {

namespace {

// Which multiples of a power of ten have labels, sparse ones first; the others are minor lines.
struct Multiples {
    int count;
    std::array<int, 9> values;
};
inline constexpr std::array<Multiples, 5> kMultiples = {{{1, {1}},
                                                         {2, {1, 5}},
                                                         {4, {1, 2, 5, 7}},
                                                         {5, {1, 2, 4, 6, 8}},
                                                         {9, {1, 2, 3, 4, 5, 6, 7, 8, 9}}}};
// In sizes of the legend's font.
inline constexpr double kMultipleDistanceMin = 2;
inline constexpr double kPowerDistanceMin = 3;

// Where each power has no room, every third has: thousands.
inline constexpr int kPowersStep = 3;

// A range of fewer powers may have lines at equal steps.
inline constexpr double kPowersOfEqualSteps = 2;

double legend_size(const GraphOptions& options) {
    return options.fonts[static_cast<std::size_t>(FontTag::kLegend)].size_pt;
}

// The densest multiples whose last one is far enough below the next power.
const Multiples& multiples_that_fit(double power_distance_px, double distance_min_px) {
    const auto fits = [&](const Multiples& multiples) {
        const int last = multiples.values[static_cast<std::size_t>(multiples.count - 1)];
        return std::log10(10.0 / last) * power_distance_px >= distance_min_px;
    };
    const auto denser = std::find_if_not(kMultiples.begin() + 1, kMultiples.end(), fits);
    return *(denser - 1);
}

int powers_between_labels(double power_distance_px, double distance_min_px) {
    if (power_distance_px >= distance_min_px) return 1;
    return kPowersStep *
           static_cast<int>(std::ceil(distance_min_px / (kPowersStep * power_distance_px)));
}

// Adds lines of one range, from the lowest to the highest.
class GridLines {
  public:
    explicit GridLines(const ValueRange& range) : range_(range) {}

    void add(int multiple, int power, bool major) {
        const double value = multiple * std::pow(10.0, power);
        constexpr double kTolerance = 1e-9;  // a line at the very end is inside
        if (value < range_.min * (1 - kTolerance) || value > range_.max * (1 + kTolerance)) return;
        lines_.push_back({.value = value, .major = major, .labelled = major});
    }
    [[nodiscard]] std::vector<ValueLine> take() { return std::move(lines_); }

  private:
    ValueRange range_;
    std::vector<ValueLine> lines_;
};

// Where labels begin: rrdtool means a multiple of `step`, but misses it for many positive powers.
int first_labelled_power(const ValueRange& range, int step) {
    constexpr double kTolerance = 1e-9;
    const auto lowest = static_cast<int>(std::ceil(std::log10(range.min) - kTolerance));
    return lowest + std::abs(lowest) % step;
}

std::vector<ValueLine> lines_between_powers(const Multiples& multiples, const ValueRange& range,
                                            int first, int last) {
    const auto end = multiples.values.begin() + multiples.count;
    GridLines lines(range);
    for (int power = first; power <= last; ++power) {
        for (int multiple = 1; multiple <= 9; ++multiple) {
            const bool major = std::find(multiples.values.begin(), end, multiple) != end;
            lines.add(multiple, power, major);
        }
    }
    return lines.take();
}

std::vector<ValueLine> lines_at_powers(int step, const ValueRange& range, int last) {
    const int first = first_labelled_power(range, step);
    GridLines lines(range);
    for (int power = first - step; power <= last; power += step / kPowersStep) {
        lines.add(1, power, (power - first) % step == 0);
    }
    return lines.take();
}

bool is_unlabelled_minor(const ValueLine& line) {
    return !line.major && !line.labelled;
}

}  // namespace

ValueGrid logarithmic_grid(const GraphOptions& options, const ValueAxis& axis) {
    const double powers = std::log10(axis.range.max / axis.range.min);
    const double power_distance_px = options.height_px / powers;
    const double size = legend_size(options);
    const int step = powers_between_labels(power_distance_px, kPowerDistanceMin * size);
    const auto first = static_cast<int>(std::floor(std::log10(axis.range.min)));
    const auto last = static_cast<int>(std::ceil(std::log10(axis.range.max)));

    ValueGrid grid;
    grid.spacing = LabelSpacing::kPowers;
    grid.lines = step == 1 ? lines_between_powers(
                                 multiples_that_fit(power_distance_px, kMultipleDistanceMin * size),
                                 axis.range, first, last)
                           : lines_at_powers(step, axis.range, last);
    if (std::ranges::count_if(grid.lines, &ValueLine::labelled) < 2) {
        if (powers < kPowersOfEqualSteps || grid.lines.size() < 2) {
            return linear_grid(options, axis);
        }
        grid.lines.front().labelled = true;
        grid.lines.back().labelled = true;
    }
    if (options.no_minor) std::erase_if(grid.lines, is_unlabelled_minor);
    return grid;
}

}  // namespace kurabe::render
