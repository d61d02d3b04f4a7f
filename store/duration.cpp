// A count and one letter.
#include "store/duration.hpp"

#include <charconv>
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

struct Scaled {
    std::int64_t count = 0;
    std::int64_t unit_seconds = 0;  // 0 when no unit was given
    std::string_view rest;          // what follows the unit
};

Result<Scaled> read_scaled(std::string_view text) {
    Scaled scaled;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, scaled.count);
    if (error == std::errc::result_out_of_range) return invalid("value is too large");
    if (error != std::errc{} || scaled.count < 0) {
        return invalid("value must be (suffixed) positive number");
    }
    if (rest != end) {
        scaled.unit_seconds = seconds_of_unit(*rest);
        if (scaled.unit_seconds == 0) return invalid("value has trailing garbage");
        scaled.rest = {rest + 1, end};
    }
    if (scaled.count == 0) return invalid("value must be positive");
    if (scaled.unit_seconds != 0 &&
        scaled.count > std::numeric_limits<std::int64_t>::max() / scaled.unit_seconds) {
        return invalid("value is too large");
    }
    return scaled;
}

}  // namespace

Result<Seconds> parse_duration(std::string_view text) {
    auto scaled = read_scaled(text);
    if (scaled && !scaled->rest.empty()) scaled = invalid("value has trailing garbage");
    if (!scaled) {
        return fail(ErrorCode::kInvalid, "'" + std::string(text.substr(0, 40)) + "': " +
                                             scaled.error().message + "; write it as 300 or 5m");
    }
    return Seconds{scaled->unit_seconds == 0 ? scaled->count
                                             : scaled->count * scaled->unit_seconds};
}

Result<std::uint64_t> parse_scaled_duration(std::string_view text, Seconds unit) {
    const auto scaled = read_scaled(text);
    if (!scaled) return std::unexpected(scaled.error());
    if (scaled->unit_seconds == 0) return static_cast<std::uint64_t>(scaled->count);
    const std::int64_t seconds = scaled->count * scaled->unit_seconds;
    if (seconds % unit.count() != 0) return invalid("value would truncate when scaled");
    return static_cast<std::uint64_t>(seconds / unit.count());
}

}  // namespace kurabe::store
