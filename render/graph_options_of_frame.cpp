// The sizes of the plot and the picture, and the texts around the plot.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/graph_option.hpp"
#include "render/numbers.hpp"
#include "render/renderer.hpp"

namespace kurabe::render {

namespace {

constexpr int kPlotSizeMin_px = 10;

Applied set_plot_size(int& target, std::string_view name, const std::string& value, int max) {
    const auto size = parse_integer(value);
    if (!size || *size < kPlotSizeMin_px) {
        return invalid_option(fmt::format("{} below {} pixels", name, kPlotSizeMin_px));
    }
    if (*size > max) {
        return fail(ErrorCode::kLimit, fmt::format("{} above {} pixels", name, max));
    }
    target = static_cast<int>(*size);
    return {};
}

// "\n" in a title, written as two characters, ends a line as the character itself does.
Applied set_title(OptionState& state, const std::string& value) {
    auto done = set_text(state.options.title, "title", value);
    std::string& title = state.options.title;
    for (std::size_t at = title.find("\\n"); at != std::string::npos; at = title.find("\\n", at)) {
        title.replace(at, 2, "\n");
    }
    return done;
}

// rrdtool names the position in its message about the direction, too.
template <typename Kind, std::size_t kCount>
Applied set_kind(Kind& target, const std::array<std::string_view, kCount>& names,
                 const std::string& value) {
    const auto found = std::ranges::find(names, value);
    if (found == names.end()) {
        return invalid_option(fmt::format("unknown legend-position '{}'", value));
    }
    target = static_cast<Kind>(found - names.begin());
    return {};
}

Applied set_legend_position(OptionState& state, const std::string& value) {
    constexpr std::array<std::string_view, 4> kNames = {"north", "south", "west", "east"};
    return set_kind(state.options.legend_position, kNames, value);
}

Applied set_legend_direction(OptionState& state, const std::string& value) {
    constexpr std::array<std::string_view, 3> kNames = {"topdown", "bottomup", "bottomup2"};
    return set_kind(state.options.legend_direction, kNames, value);
}

Applied set_legend_room(std::optional<int>& target, std::string_view name, const std::string& value,
                        int max) {
    int room = 0;
    auto done = set_integer(room, name, value, 0, max);
    if (done) target = room;
    return done;
}

Applied set_zoom(OptionState& state, const std::string& value) {
    const auto zoom = parse_real(value);
    if (!zoom) {
        return invalid_option(fmt::format("option --zoom - Cannot convert '{}' to float", value));
    }
    if (*zoom <= 0) return invalid_option("zoom factor must be > 0");
    if (*zoom > kZoomMax) return fail(ErrorCode::kLimit, fmt::format("zoom above {}", kZoomMax));
    state.options.zoom = *zoom;
    return {};
}

constexpr std::array kFrameOptions = {
    Option{"width", 'w', kValue,
           [](OptionState& s, const std::string& v) {
               return set_plot_size(s.options.width_px, "width", v, kPlotWidthMax_px);
           }},
    Option{"height", 'h', kValue,
           [](OptionState& s, const std::string& v) {
               return set_plot_size(s.options.height_px, "height", v, kPlotHeightMax_px);
           }},
    Option{"only-graph", 'j', kFlag, set_flag<&GraphOptions::only_graph>},
    Option{"full-size-mode", 'D', kFlag, set_flag<&GraphOptions::full_size_mode>},
    Option{"zoom", 'm', kValue, set_zoom},
    Option{"title", 't', kValue, set_title},
    Option{"vertical-label", 'v', kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.vertical_label, "vertical-label", v);
           }},
    Option{"right-axis-label", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.right_axis_label, "right-axis-label", v);
           }},
    Option{"watermark", 'W', kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.watermark, "watermark", v);
           }},
    Option{"no-legend", 'g', kFlag, set_flag<&GraphOptions::no_legend>},
    Option{"force-rules-legend", 'F', kFlag, set_flag<&GraphOptions::force_rules_legend>},
    Option{"legend-position", 0, kValue, set_legend_position},
    Option{"legend-direction", 0, kValue, set_legend_direction},
    // Our own: see docs/graph.md, "Fixed geometry".
    Option{"legend-height", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_legend_room(s.options.legend_height_px, "legend-height", v,
                                      kPlotHeightMax_px);
           }},
    Option{"legend-width", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_legend_room(s.options.legend_width_px, "legend-width", v,
                                      kPlotWidthMax_px);
           }},
    Option{"tabwidth", 'T', kValue,
           [](OptionState& s, const std::string& v) {
               return set_integer(s.options.tab_width_px, "tabwidth", v, 1, 1000);
           }},
    // Our pictures never carry the tag, but are as wide as if they did.
    Option{"disable-rrdtool-tag", 0, kFlag,
           [](OptionState& s, const std::string&) {
               s.options.tag_margin = false;
               return Applied{};
           }},
};

}  // namespace

std::span<const Option> frame_options() {
    return kFrameOptions;
}

}  // namespace kurabe::render
