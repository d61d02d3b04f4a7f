// A count and one letter.
#include "store/duration.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

namespace kurabe::store {

namespace {

// Zero for a letter that is no unit.
std::int64_t seconds_of_unit(char unit) noexcept {
    constexpr std::int64_t kDay = 86400;
    switch (unit) {
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return 3600;
        case 'd':
            return kDay;
        case 'w':
            return 7 * kDay;
        case 'M':
            return 31 * kDay;
        case 'y':
            return 366 * kDay;
        default:
            return 0;
    }
}

}  // namespace

Result<Seconds> parse_duration(std::string_view text) {
    const std::string quoted = "'" + std::string(text.substr(0, 40)) + "'";
    std::int64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{} || count < 0) {
        return fail(ErrorCode::kInvalid,
                    quoted + ": value must be (suffixed) positive number, such as 300 or 5m");
    }
    std::int64_t unit = 1;
    if (rest != end) {
        unit = seconds_of_unit(*rest);
        if (unit == 0 || rest + 1 != end) {
            return fail(ErrorCode::kInvalid, quoted + ": value has trailing garbage");
        }
    }
    if (count == 0) {
        return fail(ErrorCode::kInvalid, quoted + ": value must be positive");
    }
    if (count > std::numeric_limits<std::int64_t>::max() / unit) {
        return fail(ErrorCode::kInvalid, quoted + ": value is too large");
    }
    return Seconds{count * unit};
}

}  // namespace kurabe::store
