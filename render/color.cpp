// Colours of the graph language: hex digits, short forms doubled ("f80" = "ff8800").
#include "render/color.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace kurabe::render {

namespace {

std::optional<std::uint8_t> hex_digit(char character) {
    if (character >= '0' && character <= '9') {
        return static_cast<std::uint8_t>(character - '0');
    }
    if (character >= 'a' && character <= 'f') {
        return static_cast<std::uint8_t>(character - 'a' + 10);
    }
    if (character >= 'A' && character <= 'F') {
        return static_cast<std::uint8_t>(character - 'A' + 10);
    }
    return std::nullopt;
}

}  // namespace

Color faded(Color color, double share) noexcept {
    color.alpha = static_cast<std::uint8_t>(std::lround(color.alpha * std::clamp(share, 0.0, 1.0)));
    return color;
}

Result<Color> parse_color(std::string_view hex_digits) {
    const std::size_t size = hex_digits.size();
    if (size != 3 && size != 4 && size != 6 && size != 8) {
        return fail(ErrorCode::kInvalid, "the color format is #RRGGBB[AA]");
    }
    const std::size_t digits_each = size <= 4 ? 1 : 2;
    std::array<std::uint8_t, 4> channels = {0, 0, 0, 255};
    for (std::size_t i = 0; i < size; ++i) {
        const auto digit = hex_digit(hex_digits[i]);
        if (!digit) {
            return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a hex digit of a color; the "
                                                         "color format is #RRGGBB[AA]",
                                                         hex_digits[i]));
        }
        std::uint8_t& channel = channels[i / digits_each];
        const int high = digits_each == 1 || i % 2 == 0 ? 0 : channel;
        channel = static_cast<std::uint8_t>(digits_each == 1 ? *digit * 17 : high * 16 + *digit);
    }
    return Color{channels[0], channels[1], channels[2], channels[3]};
}

}  // namespace kurabe::render
