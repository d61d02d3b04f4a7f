// The colours of each theme, in the order of ColorTag.
#include "render/themes.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace kurabe::render {

namespace {

constexpr std::array<std::string_view, 4> kNames = {"rrdtool", "kurado", "light", "dark"};

// BACK, CANVAS, SHADEA, SHADEB, GRID, MGRID, FONT, AXIS, FRAME, ARROW.
constexpr std::array kKurado = {rgb(0xF3F3F3), rgb(0xFFFFFF), rgb(0xDDDDDD), rgb(0xDDDDDD),
                                rgb(0x8F8F8F), rgb(0x666666), rgb(0x222222), rgb(0x111111),
                                rgb(0x222222), rgb(0xF89407)};
constexpr std::array kLight = {rgb(0xFFFFFF), rgb(0xFFFFFF), rgb(0xFFFFFF), rgb(0xFFFFFF),
                               rgb(0xA9B1BA), rgb(0x6E7781), rgb(0x24292F), rgb(0x57606A),
                               rgb(0x57606A), rgb(0x57606A)};
constexpr std::array kDark = {rgb(0x15181C), rgb(0x1B1F24), rgb(0x15181C), rgb(0x15181C),
                              rgb(0x8B949E), rgb(0xAFB8C1), rgb(0xE6EAEF), rgb(0xB1BAC4),
                              rgb(0x8B949E), rgb(0xB1BAC4)};

}  // namespace

ThemeLook look_of(Theme theme) {
    switch (theme) {
        case Theme::kKurado:
            return {kKurado, 1};
        case Theme::kLight:
            return {kLight, 0};
        case Theme::kDark:
            return {kDark, 0};
        case Theme::kRrdtool:
            break;
    }
    return {rrdtool_colors(), 2};
}

Result<Theme> parse_theme(std::string_view name) {
    const auto found = std::ranges::find(kNames, name);
    if (found != kNames.end()) return static_cast<Theme>(found - kNames.begin());
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is not one of {}", name, fmt::join(kNames, ", ")));
}

}  // namespace kurabe::render
