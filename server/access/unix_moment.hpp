// Moments in tokens and signed addresses.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/integer.hpp"
#include "store/types.hpp"

namespace kurabe::server {

// Seconds since 1970 in decimal digits, up to the end of the year 9999; none for anything else.
[[nodiscard]] inline std::optional<store::Time> parse_unix_moment(
    std::string_view digits) noexcept {
    constexpr std::int64_t kYear9999 = 253'402'300'799;
    const auto seconds = store::whole_integer<std::int64_t>(digits);
    if (!seconds || *seconds < 0 || *seconds > kYear9999) return std::nullopt;
    return store::Time{store::Seconds{*seconds}};
}

}  // namespace kurabe::server
