// Object identifiers: names of things in SNMP, as lists of numbers.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::collectors::snmp {

inline constexpr std::size_t kOidNumbersMax = 128;  // RFC 3416, 4.1

// As wide as the library's own, so that its names can be looked at without being copied.
using OidNumber = unsigned long;
using Oid = std::vector<OidNumber>;
using OidView = std::span<const OidNumber>;

// "1.3.6.1.2.1", also with a leading dot; every number below 2^32. kInvalid otherwise.
[[nodiscard]] Result<Oid> parse_oid(std::string_view text);
[[nodiscard]] std::string oid_text(OidView oid);

// `oid` with one more number, or several.
[[nodiscard]] Oid below(OidView oid, std::initializer_list<OidNumber> numbers);
[[nodiscard]] Oid below(OidView oid, OidView rest);
[[nodiscard]] bool is_below(OidView oid, OidView above) noexcept;
[[nodiscard]] bool are_equal(OidView left, OidView right) noexcept;
// In the order in which a device goes through its objects.
[[nodiscard]] bool is_before(OidView left, OidView right) noexcept;
// How many bytes it takes in a message, its header included (X.690, 8.19).
[[nodiscard]] std::size_t encoded_bytes(OidView oid) noexcept;

}  // namespace kurabe::collectors::snmp
