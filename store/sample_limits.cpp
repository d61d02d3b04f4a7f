// Checks of a sample by itself.
#include "store/sample_limits.hpp"

#include <fmt/format.h>

namespace kurabe::store {
namespace {

constexpr WideInteger wide_power_of_ten(int exponent) noexcept {
    WideInteger power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}
constexpr WideInteger kIntegerEnd = wide_power_of_ten(29);

}  // namespace

bool is_possible_integer(WideInteger integer) noexcept {
    return integer > -kIntegerEnd && integer < kIntegerEnd;
}

Result<DsType> check_new_series(std::string_view plugin, std::string_view key) {
    if (auto checked = check_plugin(plugin); !checked) return std::unexpected(checked.error());
    if (auto checked = check_key(key); !checked) return std::unexpected(checked.error());
    return ds_type_of_key(key);
}

Result<void> check_reading(DsType type, const RawValue& value, SampleTime time) {
    if (time < kSampleTimeMin || time >= kSampleTimeEnd) {
        const auto second = std::chrono::floor<Seconds>(time).time_since_epoch().count();
        return fail(ErrorCode::kInvalid,
                    fmt::format("time {} is outside the years 1980 to 2199", second));
    }
    const bool counts = type == DsType::kCounter || type == DsType::kDerive;
    if (value.kind == RawValue::Kind::kNumber && counts) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("a {} takes integers only", ds_type_name(type)));
    }
    if (value.kind != RawValue::Kind::kInteger) return {};
    if (type == DsType::kCounter && value.integer < 0) {
        return fail(ErrorCode::kInvalid, "a COUNTER takes no negative integers");
    }
    if (!is_possible_integer(value.integer)) {
        return fail(ErrorCode::kInvalid, "the integer has over 29 digits");
    }
    return {};
}

}  // namespace kurabe::store
