// Which samples the store takes at all, whatever the archive says.
#pragma once

#include <string_view>

#include "store/result.hpp"
#include "store/sample.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// rrdtool's own first time; the year 2200 keeps a broken clock from ending a series for good.
inline constexpr Time kSampleTimeMin{Seconds{315'532'800}};    // 1980-01-01T00:00:00Z
inline constexpr Time kSampleTimeEnd{Seconds{7'258'118'400}};  // 2200-01-01T00:00:00Z

// A new series begins so long before the second of its first sample.
inline constexpr Seconds kHistoryLead{10};

// At most 29 digits, so that no difference of two readings overflows.
[[nodiscard]] bool is_possible_integer(WideInteger integer) noexcept;

// The DS type of a series that is to be made. kInvalid, without the series' name.
[[nodiscard]] Result<DsType> check_new_series(std::string_view plugin, std::string_view key);
// kInvalid, without the series' name, for a time outside the limits or for a value that the DS type
// cannot have.
[[nodiscard]] Result<void> check_reading(DsType type, const RawValue& value, SampleTime time);

}  // namespace kurabe::store
