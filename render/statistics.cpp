// One small function per family of VDEF functions.
#include "render/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "render/work_budget.hpp"
#include "store/value_sets.hpp"

namespace kurabe::render {

namespace {

Time row_end(const SeriesView& series, std::size_t row) {
    return series.start + series.step * static_cast<std::int64_t>(row + 1);
}

// The first of the largest or smallest known values, infinite ones too.
template <typename Better>
StatisticValue extreme(const SeriesView& series, Better is_better) {
    StatisticValue best;
    for (std::size_t row = 0; row < series.values.size(); ++row) {
        const Value value = series.values[row];
        if (!store::is_unknown(value) && (!best.time || is_better(value, best.value))) {
            best = {value, row_end(series, row)};
        }
    }
    return best;
}

struct Sum {
    double sum = 0;
    double count = 0;
};

Sum sum_finite(const SeriesView& series) {
    Sum total;
    for (const Value value : series.values) {
        if (std::isfinite(value)) {
            total.sum += value;
            total.count += 1;
        }
    }
    return total;
}

StatisticValue mean_or_total(const SeriesView& series, Statistic statistic) {
    const Sum total = sum_finite(series);
    if (total.count == 0) {
        return {};
    }
    if (statistic == Statistic::kAverage) {
        return {.value = total.sum / total.count, .time = {}};
    }
    return {.value = total.sum * static_cast<double>(series.step.count()), .time = {}};
}

// Of the population, unlike RPN's STDEV.
StatisticValue deviation(const SeriesView& series) {
    const Sum total = sum_finite(series);
    if (total.count == 0) {
        return {};
    }
    const double mean = total.sum / total.count;
    double squares = 0;
    for (const Value value : series.values) {
        if (std::isfinite(value)) {
            squares += (value - mean) * (value - mean);
        }
    }
    return {.value = std::sqrt(squares / total.count), .time = {}};
}

StatisticValue last(const SeriesView& series) {
    for (std::size_t row = series.values.size(); row-- > 0;) {
        if (!store::is_unknown(series.values[row])) {
            return {series.values[row], row_end(series, row)};
        }
    }
    return {};
}

// Its time is where the row starts.
StatisticValue first(const SeriesView& series) {
    for (std::size_t row = 0; row < series.values.size(); ++row) {
        if (!store::is_unknown(series.values[row])) {
            return {series.values[row], row_end(series, row) - series.step};
        }
    }
    return {};
}

StatisticValue percent(const SeriesView& series, double percentage, bool known_only) {
    std::vector<Value> sorted(series.values.begin(), series.values.end());
    if (known_only) {
        std::erase_if(sorted, store::is_unknown);
    }
    if (sorted.empty()) {
        return {};
    }
    store::sort_values(sorted);
    const double last_index = static_cast<double>(sorted.size() - 1);
    return {.value = sorted[static_cast<std::size_t>(std::round(percentage * last_index / 100))],
            .time = {}};
}

// Least squares line through the finite values; x is the number of the row.
StatisticValue least_squares(const SeriesView& series, Statistic statistic) {
    double count = 0;
    double sum_x = 0;
    double sum_y = 0;
    double sum_xx = 0;
    double sum_xy = 0;
    double sum_yy = 0;
    for (std::size_t row = 0; row < series.values.size(); ++row) {
        const double x = static_cast<double>(row);
        const double y = series.values[row];
        if (std::isfinite(y)) {
            count += 1;
            sum_x += x;
            sum_y += y;
            sum_xx += x * x;
            sum_xy += x * y;
            sum_yy += y * y;
        }
    }
    if (count == 0) {
        return {};
    }
    const double slope = (sum_x * sum_y - count * sum_xy) / (sum_x * sum_x - count * sum_xx);
    switch (statistic) {
        case Statistic::kLslSlope:
            return {.value = slope, .time = {}};
        case Statistic::kLslIntercept:
            return {.value = (sum_y - slope * sum_x) / count, .time = {}};
        default:
            return {.value = (sum_xy - sum_x * sum_y / count) /
                             std::sqrt((sum_xx - sum_x * sum_x / count) *
                                       (sum_yy - sum_y * sum_y / count)),
                    .time = {}};
    }
}

}  // namespace

StatisticValue compute_statistic(const SeriesView& series, Statistic statistic, double percentage) {
    switch (statistic) {
        case Statistic::kMaximum:
            return extreme(series, std::greater<Value>());
        case Statistic::kMinimum:
            return extreme(series, std::less<Value>());
        case Statistic::kAverage:
        case Statistic::kTotal:
            return mean_or_total(series, statistic);
        case Statistic::kStdev:
            return deviation(series);
        case Statistic::kLast:
            return last(series);
        case Statistic::kFirst:
            return first(series);
        case Statistic::kPercent:
            return percent(series, percentage, false);
        case Statistic::kPercentNan:
            return percent(series, percentage, true);
        default:
            return least_squares(series, statistic);
    }
}

std::uint64_t row_cost(Statistic statistic) {
    const bool sorts = statistic == Statistic::kPercent || statistic == Statistic::kPercentNan;
    return sorts ? kSortCost : kScanCost;
}

// Without a branch for each value: gaps come by chance. Minus zero is what changes no sum.
CfValues cf_values(const SeriesView& series) {
    constexpr Value kInfinite = std::numeric_limits<Value>::infinity();
    Sum total;
    Value least = kInfinite;
    Value most = -kInfinite;
    Value latest = store::kUnknown;
    for (const Value value : series.values) {
        const bool is_finite = std::isfinite(value);
        const Value low = is_finite ? value : kInfinite;
        const Value high = is_finite ? value : -kInfinite;
        total.sum += is_finite ? value : -0.0;
        total.count += is_finite ? 1 : 0;
        least = low < least ? low : least;
        most = high > most ? high : most;
        latest = is_finite ? value : latest;
    }
    if (total.count == 0) least = most = store::kUnknown;
    CfValues values{};
    values[static_cast<std::size_t>(store::Cf::kAverage)] = total.sum / total.count;
    values[static_cast<std::size_t>(store::Cf::kMin)] = least;
    values[static_cast<std::size_t>(store::Cf::kMax)] = most;
    values[static_cast<std::size_t>(store::Cf::kLast)] = latest;
    return values;
}

}  // namespace kurabe::render
