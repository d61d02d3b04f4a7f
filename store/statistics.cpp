// Four values at a time through plain arrays, whose loops the compiler makes vectors of.
#include "store/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>

namespace kurabe::store {
namespace {

constexpr std::size_t kLanes = 4;
constexpr Time kRangeEndMax{std::chrono::sys_days{std::chrono::year{3000} / 1 / 1}};
constexpr Value kUnbounded = std::numeric_limits<Value>::infinity();

struct Sums {
    Value sum = 0;
    std::uint64_t known = 0;
};

Sums sums_of(std::span<const Value> values) noexcept {
    Value sums[kLanes]{};
    Value known[kLanes]{};  // as numbers: whole vectors of them
    const Value* const data = values.data();
    const std::size_t whole = values.size() / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const Value value = data[i + lane];
            const bool is_known = value == value;
            sums[lane] += is_known ? value : 0;
            known[lane] += is_known ? 1 : 0;
        }
    }
    for (std::size_t i = whole; i < values.size(); ++i) {
        if (is_unknown(values[i])) continue;
        sums[0] += values[i];
        known[0] += 1;
    }
    return {.sum = (sums[0] + sums[1]) + (sums[2] + sums[3]),
            .known = static_cast<std::uint64_t>(known[0] + known[1] + known[2] + known[3])};
}

// No unknown value is better than another one: comparing it gives false.
template <typename Better>
Value best_of(std::span<const Value> values, Value worst, Better better) noexcept {
    Value best[kLanes];
    std::ranges::fill(best, worst);
    const Value* const data = values.data();
    const std::size_t whole = values.size() / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const Value value = data[i + lane];
            best[lane] = better(value, best[lane]) ? value : best[lane];
        }
    }
    for (std::size_t i = whole; i < values.size(); ++i) {
        best[0] = better(values[i], best[0]) ? values[i] : best[0];
    }
    for (const Value value : best) best[0] = better(value, best[0]) ? value : best[0];
    return best[0];
}

Value last_known(std::span<const Value> values) noexcept {
    const auto found = std::find_if(values.rbegin(), values.rend(),
                                    [](Value value) { return !is_unknown(value); });
    return found == values.rend() ? kUnknown : *found;
}

Value percentile_of(std::span<Value> values, double percent) {
    const auto end =
        std::remove_if(values.begin(), values.end(), [](Value value) { return is_unknown(value); });
    const auto count = end - values.begin();
    const auto rank = std::lround(percent * static_cast<double>(count - 1) / 100);
    const auto ranked = values.begin() + rank;
    std::nth_element(values.begin(), ranked, end);
    return *ranked;
}

}  // namespace

Result<void> check_request(const StatisticsRequest& request) {
    if (request.ranges.empty() || request.ranges.size() > kStatisticsRangesMax) {
        return fail(ErrorCode::kInvalid, fmt::format("{} ranges asked for: 1 to {} are possible",
                                                     request.ranges.size(), kStatisticsRangesMax));
    }
    for (const StatisticsRange& range : request.ranges) {
        if (range.from < Time{} || range.to < range.from || range.to > kRangeEndMax) {
            return fail(ErrorCode::kInvalid,
                        "a range begins before 1970, ends before it begins or after 2999");
        }
    }
    const double percentile = request.percentile.value_or(0);
    if (!(percentile >= 0 && percentile <= 100)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("percentile {}: 0 to 100 are possible", percentile));
    }
    if (request.threads <= kStatisticsThreadsMax) return {};
    return fail(ErrorCode::kInvalid, fmt::format("{} threads: at most {} are possible",
                                                 request.threads, kStatisticsThreadsMax));
}

SeriesStatistics difference(const SeriesStatistics& a, const SeriesStatistics& b) noexcept {
    SeriesStatistics result = a;
    result.minimum -= b.minimum;
    result.maximum -= b.maximum;
    result.average -= b.average;
    result.last -= b.last;
    result.percentile -= b.percentile;
    return result;
}

SeriesStatistics summarize(const SummarizedRows& rows, std::optional<double> percentile) {
    const Sums sums = sums_of(rows.averages);
    SeriesStatistics result{.rows = rows.averages.size(), .known_rows = sums.known};
    if (sums.known == 0) return result;
    result.average = sums.sum / static_cast<double>(sums.known);
    if (sums_of(rows.minima).known > 0) {
        result.minimum = best_of(rows.minima, kUnbounded, std::less<>());
    }
    if (sums_of(rows.maxima).known > 0) {
        result.maximum = best_of(rows.maxima, -kUnbounded, std::greater<>());
    }
    result.last = last_known(rows.averages);
    if (percentile) result.percentile = percentile_of(rows.averages, *percentile);
    return result;
}

}  // namespace kurabe::store
