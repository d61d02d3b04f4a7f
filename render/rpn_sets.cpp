// Rule: rrdgraph_rpn(1), "Set Operations"; orders of summation as measured on rrdtool 1.7.2.
#include "render/rpn_sets.hpp"

#include <algorithm>
#include <cmath>

namespace kurabe::render {

namespace {

bool sorts_before(Value left, Value right) {
    if (store::is_unknown(left)) {
        return !store::is_unknown(right);
    }
    return left < right;
}

std::span<Value> known_part(std::span<Value> sorted) {
    const auto first = std::ranges::find_if_not(sorted, store::is_unknown);
    return {first, sorted.end()};
}

}  // namespace

void sort_values(std::span<Value> values) {
    std::ranges::sort(values, sorts_before);
}

Value mean_known(std::span<const Value> values) {
    double sum = 0;
    std::size_t count = 0;
    for (const Value value : values) {
        if (!store::is_unknown(value)) {
            sum += value;
            ++count;
        }
    }
    return count == 0 ? store::kUnknown : sum / static_cast<double>(count);
}

Value smallest_known(std::span<const Value> values) {
    Value smallest = store::kUnknown;
    for (const Value value : values) {
        if (store::is_unknown(smallest) || value < smallest) {
            smallest = value;
        }
    }
    return smallest;
}

Value largest_known(std::span<const Value> values) {
    Value largest = store::kUnknown;
    for (const Value value : values) {
        if (store::is_unknown(largest) || value > largest) {
            largest = value;
        }
    }
    return largest;
}

Value median_known(std::span<Value> values) {
    sort_values(values);
    const std::span<Value> known = known_part(values);
    if (known.empty()) {
        return store::kUnknown;
    }
    const std::size_t middle = known.size() / 2;
    return known.size() % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
}

Value sample_deviation(std::span<const Value> values) {
    const Value mean = mean_known(values);
    double sum = 0;
    std::size_t count = 0;
    for (const Value value : values) {
        if (!store::is_unknown(value)) {
            sum += (value - mean) * (value - mean);
            ++count;
        }
    }
    return count < 2 ? store::kUnknown : std::sqrt(sum / static_cast<double>(count - 1));
}

Value percentile(std::span<Value> values, double percent) {
    sort_values(values);
    const double position = std::round(percent * static_cast<double>(values.size()) / 100);
    const double last = static_cast<double>(values.size());
    return values[static_cast<std::size_t>(std::clamp(position, 1.0, last)) - 1];
}

}  // namespace kurabe::render
