// One pass over the groups of the coarser grid.
#include "render/reduce.hpp"

#include <cstdint>
#include <span>

namespace kurabe::render {

namespace {

using store::Seconds;
using store::Time;
using store::Value;

Time round_down(Time time, Seconds step) {
    const Seconds since_epoch = time.time_since_epoch();
    return time - (since_epoch % step + step) % step;
}

Value fold(std::span<const Value> values, store::Cf cf) {
    Value folded = store::kUnknown;
    std::size_t known = 0;
    for (const Value value : values) {
        if (store::is_unknown(value)) {
            continue;
        }
        ++known;
        if (known == 1 || cf == store::Cf::kLast || (cf == store::Cf::kMin && value < folded) ||
            (cf == store::Cf::kMax && value > folded)) {
            folded = value;
        } else if (cf == store::Cf::kAverage) {
            folded += value;
        }
    }
    return cf == store::Cf::kAverage ? folded / static_cast<double>(known) : folded;
}

}  // namespace

store::FetchedSeries reduce_rows(store::FetchedSeries series, Seconds step, store::Cf cf) {
    if (series.step >= step) {
        return series;
    }
    const std::int64_t factor = (step.count() + series.step.count() - 1) / series.step.count();
    const Seconds long_step = series.step * factor;
    store::FetchedSeries reduced{.start = round_down(series.start, long_step),
                                 .end = round_down(series.end + long_step - Seconds{1}, long_step),
                                 .step = long_step,
                                 .values = {}};
    const std::span<const Value> rows = series.values;
    for (Time group = reduced.start; group < reduced.end; group += long_step) {
        const bool whole = group >= series.start && group + long_step <= series.end;
        const auto first =
            static_cast<std::size_t>(whole ? (group - series.start) / series.step : 0);
        reduced.values.push_back(
            whole ? fold(rows.subspan(first, static_cast<std::size_t>(factor)), cf)
                  : store::kUnknown);
    }
    return reduced;
}

}  // namespace kurabe::render
