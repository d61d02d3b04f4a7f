// The sizes of the plot and the picture, and the texts around the plot.
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

Applied set_zoom(OptionState& state, const std::string& value) {
    std::optional<double> zoom;
    if (auto applied = set_real(zoom, "zoom", value); !applied) return applied;
    if (*zoom <= 0) return invalid_option("zoom factor must be > 0");
    if (*zoom > kZoomMax) return fail(ErrorCode::kLimit, fmt::format("zoom above {}", kZoomMax));
    state.options.zoom = *zoom;
    return {};
}

constexpr std::array kOptions = {
    Option{"width", 'w', kValue,
           [](OptionState& s, const std::string& v) {
               return set_plot_size(s.options.width_px, "width", v, kPlotWidthMax_px);
           }},
    Option{"height", 'h', kValue,
           [](OptionState& s, const std::string& v) {
               return set_plot_size(s.options.height_px, "height", v, kPlotHeightMax_px);
           }},
    Option{"only-graph", 'j', kFlag, set_flag<&GraphOptions::only_graph>},
    Option{"full-size-mode", 'D', kFlag, unsupported_option},
    Option{"zoom", 'm', kValue, set_zoom},
    Option{
        "title", 't', kValue,
        [](OptionState& s, const std::string& v) { return set_text(s.options.title, "title", v); }},
    Option{"vertical-label", 'v', kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.vertical_label, "vertical-label", v);
           }},
    Option{"right-axis-label", 0, kValue, unsupported_option},
    Option{"watermark", 'W', kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.watermark, "watermark", v);
           }},
    Option{"no-legend", 'g', kFlag, set_flag<&GraphOptions::no_legend>},
    Option{"force-rules-legend", 'F', kFlag, unsupported_option},
    Option{"legend-position", 0, kValue, unsupported_option},
    Option{"legend-direction", 0, kValue, unsupported_option},
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
    return kOptions;
}

}  // namespace kurabe::render
