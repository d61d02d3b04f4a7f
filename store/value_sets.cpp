// Rule: rrdgraph_rpn(1), "Set Operations"; orders of summation as measured on rrdtool 1.7.2.
#include "store/value_sets.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <ranges>

namespace kurabe::store {

namespace {

bool sorts_before(Value left, Value right) {
    if (is_unknown(left)) {
        return !is_unknown(right);
    }
    return left < right;
}

std::span<Value> known_part(std::span<Value> sorted) {
    const auto first = std::ranges::find_if_not(sorted, is_unknown);
    return {first, sorted.end()};
}

// The first value unless another one is known and better.
template <typename Better>
Value extreme(std::span<const Value> values, Better is_better) {
    Value best = values.empty() ? kUnknown : values.front();
    for (const Value value : values) {
        const bool is_first_known = is_unknown(best) && !is_unknown(value);
        if (is_first_known || is_better(value, best)) best = value;
    }
    return best;
}

}  // namespace

void sort_values(std::span<Value> values) {
    std::ranges::sort(values, sorts_before);
}

Value mean_known(std::span<const Value> values) {
    double sum = 0;
    std::size_t count = 0;
    for (const Value value : values | std::views::reverse) {
        if (is_unknown(value)) continue;
        sum += value;
        ++count;
    }
    return count == 0 ? kUnknown : sum / static_cast<double>(count);
}

Value smallest_known(std::span<const Value> values) {
    return extreme(values, std::less<>{});
}

Value largest_known(std::span<const Value> values) {
    return extreme(values, std::greater<>{});
}

Value median_known(std::span<Value> values) {
    sort_values(values);
    const std::span<Value> known = known_part(values);
    if (known.empty()) {
        return kUnknown;
    }
    const std::size_t middle = known.size() / 2;
    return known.size() % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
}

// Mean and sum of squares move with every value: B. P. Welford, "Note on a Method for Calculating
// Corrected Sums of Squares and Products", Technometrics 4 (1962).
Value sample_deviation(std::span<const Value> values) {
    double mean = 0;
    double squares = 0;
    std::size_t count = 0;
    for (const Value value : values | std::views::reverse) {
        if (is_unknown(value)) continue;
        const double before = value - mean;
        mean += before / static_cast<double>(++count);
        squares += before * (value - mean);
    }
    return count < 2 ? kUnknown : std::sqrt(squares / static_cast<double>(count - 1));
}

Value percentile(std::span<Value> values, double percent) {
    sort_values(values);
    const double position = std::round(percent * static_cast<double>(values.size()) / 100);
    const double last = static_cast<double>(values.size());
    return values[static_cast<std::size_t>(std::clamp(position, 1.0, last)) - 1];
}

}  // namespace kurabe::store
