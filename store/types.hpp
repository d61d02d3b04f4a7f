// The field's own terms as types: values, times, consolidation functions, data source types.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace kurabe::store {

// A number in the data source's own unit (per second for counters). Unknown is NaN.
using Value = double;
inline constexpr Value kUnknown = std::numeric_limits<double>::quiet_NaN();
[[nodiscard]] inline bool is_unknown(Value value) noexcept {
    return std::isnan(value);
}

// A time on the grid of steps and rows.
using Seconds = std::chrono::seconds;
using Time = std::chrono::sys_seconds;
// The time of a sample.
using SampleTime = std::chrono::sys_time<std::chrono::microseconds>;

// Consolidation function: how primary data points (PDP) become a consolidated one (CDP).
enum class Cf : std::uint8_t { kAverage, kMin, kMax, kLast };
// "AVERAGE", "MIN", "MAX", "LAST"; nothing else is accepted, as in rrdtool.
[[nodiscard]] std::optional<Cf> parse_cf(std::string_view text) noexcept;
[[nodiscard]] std::string_view cf_name(Cf cf) noexcept;

// What the rows of an RRA of an .rrd file hold, and so what can be asked of one. The first four are
// Cf, in its order; the others are the Holt-Winters family. Rule: rrdcreate(1), "Aberrant Behavior
// Detection".
enum class RraCf : std::uint8_t {
    kAverage,
    kMin,
    kMax,
    kLast,
    kHwPredict,
    kMhwPredict,
    kSeasonal,
    kDevSeasonal,
    kDevPredict,
    kFailures,
};
// "AVERAGE"..."FAILURES"; nothing else is accepted.
[[nodiscard]] std::optional<RraCf> parse_rra_cf(std::string_view text) noexcept;
[[nodiscard]] std::string_view rra_cf_name(RraCf cf) noexcept;
// Whether the rows are folded from PDPs: AVERAGE, MIN, MAX, LAST.
[[nodiscard]] constexpr bool consolidates(RraCf cf) noexcept {
    return cf <= RraCf::kLast;
}
// Whether the rows are the coefficients of one season.
[[nodiscard]] constexpr bool is_seasonal(RraCf cf) noexcept {
    return cf == RraCf::kSeasonal || cf == RraCf::kDevSeasonal;
}
// Only for a CF that consolidates.
[[nodiscard]] constexpr Cf cf_of(RraCf cf) noexcept {
    return static_cast<Cf>(cf);
}
// How such rows are folded into longer ones, or into one number: those of FAILURES, which are 0 or
// 1, by MAX, the others of the family by AVERAGE, as rrdtool does.
[[nodiscard]] constexpr Cf folding_of(RraCf cf) noexcept {
    if (consolidates(cf)) return cf_of(cf);
    return cf == RraCf::kFailures ? Cf::kMax : Cf::kAverage;
}
[[nodiscard]] constexpr RraCf rra_cf_of(Cf cf) noexcept {
    return static_cast<RraCf>(cf);
}

// Type of a data source (DS). Rule: rrdcreate(1), DS. The first four can be series of the store,
// the others live in .rrd files only.
enum class DsType : std::uint8_t {
    kGauge,
    kCounter,
    kDerive,
    kAbsolute,
    kDCounter,  // a counter of numbers with decimals
    kDDerive,
    kCompute,  // computed from other data sources; takes no samples
};
// Accepts rrdtool's spelling only ("GAUGE").
[[nodiscard]] std::optional<DsType> parse_ds_type(std::string_view text) noexcept;
// Accepts Kurado's key suffix only ("gauge").
[[nodiscard]] std::optional<DsType> parse_ds_type_suffix(std::string_view text) noexcept;
[[nodiscard]] std::string_view ds_type_name(DsType type) noexcept;

}  // namespace kurabe::store
