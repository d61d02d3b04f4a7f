// Colours, fonts and ways of drawing.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/color.hpp"
#include "render/graph_option.hpp"
#include "render/numbers.hpp"

namespace kurabe::render {

namespace {

constexpr std::size_t kFontNameBytesMax = 500;

Applied set_markup(OptionState& state, const std::string&) {
    for (Font& font : state.options.fonts) font.has_markup = true;
    return {};
}
constexpr double kGridDashMax_px = 10'000;

Applied set_color(OptionState& state, const std::string& value) {
    struct Tag {
        std::string_view name;
        ColorTag tag;
    };
    constexpr std::array kTags = {
        Tag{"BACK", ColorTag::kBack},     Tag{"CANVAS", ColorTag::kCanvas},
        Tag{"SHADEA", ColorTag::kShadeA}, Tag{"SHADEB", ColorTag::kShadeB},
        Tag{"GRID", ColorTag::kGrid},     Tag{"MGRID", ColorTag::kMajorGrid},
        Tag{"FONT", ColorTag::kFont},     Tag{"AXIS", ColorTag::kAxis},
        Tag{"FRAME", ColorTag::kFrame},   Tag{"ARROW", ColorTag::kArrow}};
    static_assert(kTags.size() == kColorTagCount);
    const std::size_t hash = value.find('#');
    if (hash == std::string::npos) {
        return invalid_option("invalid color def format");
    }
    const std::string_view name = std::string_view(value).substr(0, hash);
    const auto found = std::ranges::find(kTags, name, &Tag::name);
    if (found == kTags.end()) {
        return invalid_option(fmt::format("invalid color name '{}'", name));
    }
    const auto color = parse_color(std::string_view(value).substr(hash + 1));
    if (!color) {
        return std::unexpected(color.error());
    }
    state.own.colors[static_cast<std::size_t>(found->tag)] = *color;
    return {};
}

// TAG:size[:family]; a size of 0 or less and an empty family keep what was set before.
Applied set_font(OptionState& state, const std::string& value) {
    constexpr std::array<std::string_view, kFontTagCount> kTags = {"TITLE", "AXIS", "UNIT",
                                                                   "LEGEND", "WATERMARK"};
    const std::string_view text = value;
    const std::size_t name_end = text.find(':');
    if (name_end == std::string_view::npos) {
        return invalid_option("invalid text property format");
    }
    const std::size_t size_end = std::min(text.find(':', name_end + 1), text.size());
    const std::string_view name = text.substr(0, name_end);
    const auto size = parse_real(text.substr(name_end + 1, size_end - name_end - 1));
    if (!size || *size > kFontSizeMax_pt) {
        return invalid_option("invalid text property format");
    }
    const auto found = std::ranges::find(kTags, name);
    if (found == kTags.end() && name != "DEFAULT") {
        return invalid_option(fmt::format("invalid fonttag '{}'", name));
    }
    const std::string_view family =
        size_end < text.size() ? text.substr(size_end + 1) : std::string_view();
    if (family.size() > kFontNameBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("a font's name is limited to {} bytes", kFontNameBytesMax));
    }
    for (std::size_t i = 0; i < kFontTagCount; ++i) {
        if (found != kTags.end() && *found != kTags[i]) {
            continue;
        }
        Font& font = state.options.fonts[i];
        font.size_pt = *size > 0 ? *size : font.size_pt;
        font.family = family.empty() ? font.family : std::string(family);
    }
    return {};
}

Applied check_render_mode(std::string_view kind, const std::string& value, bool light_too) {
    if (value != "normal" && value != "mono" && !(light_too && value == "light")) {
        return invalid_option(fmt::format("unknown {}-render-mode '{}'", kind, value));
    }
    return {};
}

Applied set_font_rendering(OptionState& state, const std::string& value) {
    if (auto known = check_render_mode("font", value, true); !known) {
        return known;
    }
    for (Font& font : state.options.fonts) {
        font.rendering = value == "mono"    ? FontRendering::kMono
                         : value == "light" ? FontRendering::kLight
                                            : FontRendering::kNormal;
    }
    return {};
}

// ON:OFF, in pixels.
Applied set_grid_dash(OptionState& state, const std::string& value) {
    const std::string_view text = value;
    const std::size_t colon = std::min(text.find(':'), text.size() - 1);
    const auto on = parse_real(text.substr(0, colon));
    const auto off = parse_real(text.substr(colon + 1));
    const auto sane = [](const auto& length) {
        return length && *length >= 0 && *length <= kGridDashMax_px;
    };
    if (text.empty() || !sane(on) || !sane(off)) {
        return invalid_option("invalid grid-dash format");
    }
    state.options.grid_dash_on_px = *on;
    state.options.grid_dash_off_px = *off;
    return {};
}

Applied set_graph_render_mode(OptionState& state, const std::string& value) {
    state.options.rough_edges = value == "mono";
    return check_render_mode("graph", value, false);
}

constexpr std::array kLooksOptions = {
    Option{"color", 'c', kValue, set_color},
    Option{"font", 'n', kValue, set_font},
    Option{"border", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_integer(s.own.border_px.emplace(), "border", v, 0, 100);
           }},
    Option{"grid-dash", 0, kValue, set_grid_dash},
    Option{"dynamic-labels", 0, kFlag, set_flag<&GraphOptions::dynamic_labels>},
    Option{"pango-markup", 'P', kFlag, set_markup},
    Option{"slope-mode", 'E', kFlag, set_flag<&GraphOptions::slope_mode>},
    Option{"font-render-mode", 'R', kValue, set_font_rendering},
    Option{"no-gridfit", 'N', kFlag, set_flag<&GraphOptions::no_gridfit>},
    Option{"graph-render-mode", 'G', kValue, set_graph_render_mode},
    // Every font is smoothed.
    Option{"font-smoothing-threshold", 'B', kValue, ignore_option},
};

}  // namespace

std::span<const Option> look_options() {
    return kLooksOptions;
}

}  // namespace kurabe::render
