// The range of values that the data and the given limits ask for, before it is widened.
// Rule: rrdgraph(1), "Limits"; measured on rrdtool 1.7.2 and compared with it in
// tests/render/rrdtool_scale_test.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "render/evaluated.hpp"
#include "render/graph_definition.hpp"

namespace kurabe::render {

struct ValueRange {
    Value min = 0;
    Value max = 1;  // > min
    bool operator==(const ValueRange&) const = default;

    [[nodiscard]] Value largest() const { return std::max(std::abs(min), std::abs(max)); }
};

// Whether equal distances of the plot are equal differences of values or equal ratios.
enum class Scaling { kLinear, kLogarithmic };

[[nodiscard]] constexpr Scaling scaling_of(const GraphOptions& options) noexcept {
    return options.logarithmic ? Scaling::kLogarithmic : Scaling::kLinear;
}

// Smallest and largest drawn value of both ranges that counts for the scale, on a logarithmic one
// only those above zero; none when there is no such value. May be a single value.
[[nodiscard]] std::optional<ValueRange> drawn_range(const EvaluatedGraph& graph, Scaling scaling);

// The range with the ends that --clip-below and --clip-above give; never empty where one is given
// and the range was not.
[[nodiscard]] ValueRange clipped(const GraphOptions& options, ValueRange range);

// The drawn range, or a default one, within or at least as wide as the limits; never empty. On a
// logarithmic scale there is room for as much again above and below, and min > 0.
[[nodiscard]] ValueRange limited_range(const GraphOptions& options,
                                       const std::optional<ValueRange>& drawn);

}  // namespace kurabe::render
