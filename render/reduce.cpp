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

// Each folds known values and gives kUnknown when there is none. Without a branch for each value:
// gaps come by chance.

// Minus zero is what changes no sum, not even that of minus zero.
Value average(std::span<const Value> values) {
    Value sum = -0.0;
    double known = 0;
    for (const Value value : values) {
        sum += store::is_unknown(value) ? -0.0 : value;
        known += store::is_unknown(value) ? 0 : 1;
    }
    return known > 0 ? sum / known : store::kUnknown;
}

// A comparison with an unknown value is false.
Value minimum(std::span<const Value> values) {
    Value folded = store::kUnknown;
    for (const Value value : values) {
        folded = value < folded || store::is_unknown(folded) ? value : folded;
    }
    return folded;
}

Value maximum(std::span<const Value> values) {
    Value folded = store::kUnknown;
    for (const Value value : values) {
        folded = value > folded || store::is_unknown(folded) ? value : folded;
    }
    return folded;
}

Value last(std::span<const Value> values) {
    Value folded = store::kUnknown;
    for (const Value value : values) folded = store::is_unknown(value) ? folded : value;
    return folded;
}

// Each value of `reduced` from `factor` rows.
template <Value (*kFold)(std::span<const Value>)>
void fold_rows(std::span<const Value> rows, std::size_t factor, std::span<Value> reduced) {
    for (Value& value : reduced) {
        value = kFold(rows.first(factor));
        rows = rows.subspan(factor);
    }
}

using FoldRows = void (*)(std::span<const Value>, std::size_t, std::span<Value>);

FoldRows fold_rows_by(store::Cf cf) {
    switch (cf) {
        case store::Cf::kAverage:
            return fold_rows<average>;
        case store::Cf::kMin:
            return fold_rows<minimum>;
        case store::Cf::kMax:
            return fold_rows<maximum>;
        case store::Cf::kLast:
            return fold_rows<last>;
    }
    return fold_rows<average>;
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
    reduced.values.resize(static_cast<std::size_t>((reduced.end - reduced.start) / long_step),
                          store::kUnknown);
    const std::int64_t unfilled = reduced.start < series.start ? 1 : 0;
    const Time first = reduced.start + unfilled * long_step;
    const std::int64_t filled = (series.end - first) / long_step;
    if (filled <= 0) return reduced;
    const std::span<const Value> rows = series.values;
    fold_rows_by(cf)(
        rows.subspan(static_cast<std::size_t>((first - series.start) / series.step)),
        static_cast<std::size_t>(factor),
        std::span(reduced.values)
            .subspan(static_cast<std::size_t>(unfilled), static_cast<std::size_t>(filled)));
    return reduced;
}

}  // namespace kurabe::render
