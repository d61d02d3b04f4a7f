// Rule: rrdgraph_rpn(1), TREND and PREDICT; window ends as measured on rrdtool 1.7.2.
#include "render/rpn_windows.hpp"

#include <algorithm>
#include <cmath>

namespace kurabe::render {

Value trailing_mean(std::span<const Value> values, std::size_t index, std::size_t length,
                    bool skip_unknown) {
    if (index >= values.size() || index + 1 < length) {
        return store::kUnknown;
    }
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t back = 0; back < length; ++back) {
        const Value value = values[index - back];
        if (!skip_unknown || !store::is_unknown(value)) {
            sum += value;
            ++count;
        }
    }
    return count == 0 ? store::kUnknown : sum / static_cast<double>(count);
}

void collect_shifted(std::span<const Value> values, const ShiftedWindow& window,
                     std::span<const std::int64_t> shifts, std::vector<Value>& collected) {
    collected.clear();
    const auto size = static_cast<std::int64_t>(values.size());
    for (const std::int64_t shift : shifts) {
        const std::int64_t end = std::min(shift + window.length, window.back_max);
        const std::int64_t oldest = std::max<std::int64_t>(window.origin - end + 1, 0);
        for (std::int64_t row = std::min(window.origin - shift, size - 1); row >= oldest; --row) {
            const Value value = values[static_cast<std::size_t>(row)];
            if (!store::is_unknown(value)) {
                collected.push_back(value);
            }
        }
    }
}

Value shifted_percentile(std::vector<Value>& collected, double percent) {
    if (collected.empty() || !(std::abs(percent) <= 100)) {
        return store::kUnknown;
    }
    std::ranges::sort(collected);
    const double position = std::abs(percent) / 100 * static_cast<double>(collected.size() - 1);
    if (percent < 0) {
        return collected[static_cast<std::size_t>(std::round(position))];
    }
    const double below = std::floor(position);
    const auto lower = static_cast<std::size_t>(below);
    const std::size_t upper = std::min(lower + 1, collected.size() - 1);
    const double share = position - below;
    return collected[lower] * (1 - share) + collected[upper] * share;
}

}  // namespace kurabe::render
