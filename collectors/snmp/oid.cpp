// Object identifiers as lists of numbers.
#include "collectors/snmp/oid.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "collectors/printable.hpp"

namespace kurabe::collectors::snmp {

Result<Oid> parse_oid(std::string_view text) {
    constexpr std::size_t kShownBytesMax = 80;
    const auto wrong = [text] {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is no OID; it is numbers with dots between them, such as "
                                "1.3.6.1.2.1.1.3.0",
                                printable(text, kShownBytesMax)));
    };
    Oid oid;
    const char* at = text.data() + (text.starts_with('.') ? 1 : 0);
    const char* const end = text.data() + text.size();
    while (true) {
        std::uint32_t number = 0;
        const auto [stop, error] = std::from_chars(at, end, number);
        if (error != std::errc{} || oid.size() == kOidNumbersMax) return wrong();
        oid.push_back(number);
        if (stop == end) break;
        if (*stop != '.') return wrong();
        at = stop + 1;
    }
    // The first two numbers are one in a message.
    constexpr OidNumber kRootMax = 2;
    constexpr OidNumber kSecondMax = 39;
    if (oid.size() < 2 || oid[0] > kRootMax || oid[1] > kSecondMax) return wrong();
    return oid;
}

std::string oid_text(OidView oid) {
    return fmt::format("{}", fmt::join(oid, "."));
}

Oid below(OidView oid, std::initializer_list<OidNumber> numbers) {
    Oid longer(oid.begin(), oid.end());
    longer.insert(longer.end(), numbers);
    return longer;
}

Oid below(OidView oid, OidView rest) {
    Oid longer(oid.begin(), oid.end());
    longer.insert(longer.end(), rest.begin(), rest.end());
    return longer;
}

bool is_below(OidView oid, OidView above) noexcept {
    return oid.size() > above.size() && are_equal(oid.first(above.size()), above);
}

bool are_equal(OidView left, OidView right) noexcept {
    return std::ranges::equal(left, right);
}

bool is_before(OidView left, OidView right) noexcept {
    return std::ranges::lexicographical_compare(left, right);
}

std::size_t encoded_bytes(OidView oid) noexcept {
    constexpr unsigned kBitsPerByte = 7;
    std::size_t bytes = 1;  // two bytes of header, and the first two numbers are one byte
    for (OidNumber number : oid) {
        for (++bytes; number >> kBitsPerByte != 0; number >>= kBitsPerByte) ++bytes;
    }
    return bytes;
}

}  // namespace kurabe::collectors::snmp
