// Objects in the order in which a reader asks: sizes, mappings, ticks, texts.
#include "render/layout_json.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "render/json_text.hpp"
#include "render/plot_shapes.hpp"
#include "store/epoch.hpp"

namespace kurabe::render {

namespace {

// "[item,item]"
template <typename Items, typename ToJson>
std::string array_of(const Items& items, const ToJson& to_json) {
    std::string json = "[";
    for (const auto& item : items) {
        if (json.size() > 1) json += ',';
        json += to_json(item);
    }
    return json + ']';
}

// "#rrggbb", with the alpha behind it unless it is opaque.
std::string color_text(Color color) {
    auto text = fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
    if (color.alpha != 255) text += fmt::format("{:02x}", color.alpha);
    return json_quoted(text);
}

// The pixel column of a time's grid line.
int column_in_picture(Time time, const GraphOptions& options, const PlotRectangle& plot) {
    return plot.left_px + column_of(time, {options.start, options.end}, plot.width_px) - 1;
}

std::string x_axis_json(const GraphOptions& options, const Layout& layout) {
    const auto tick = [&](bool major) {
        return [&options, &layout, major](Time time) {
            return fmt::format(R"({{"time":{},"x":{},"major":{}}})", store::epoch_seconds(time),
                               column_in_picture(time, options, layout.plot), major);
        };
    };
    const auto label = [&](const XLabel& one) {
        return fmt::format(R"({{"time":{},"x":{},"text":{}}})", store::epoch_seconds(one.centre),
                           // Texts are centred between pixels, right of the line's.
                           column_in_picture(one.centre, options, layout.plot) + 1,
                           json_quoted(one.text));
    };
    std::string minor = array_of(layout.x_axis.minor, tick(false));
    std::string major = array_of(layout.x_axis.major, tick(true));
    const bool both = minor.size() > 2 && major.size() > 2;
    minor.pop_back();
    major.erase(0, 1);
    return fmt::format(R"({{"ticks":{}{}{},"labels":{}}})", minor, both ? "," : "", major,
                       array_of(layout.x_axis.labels, label));
}

std::string label_member(std::string_view name, const std::string& label) {
    return label.empty() ? "" : fmt::format(R"(,"{}":{})", name, json_quoted(label));
}

std::string y_axis_json(const Layout& layout) {
    const PlotScale scale = {layout.plot, layout.range, layout.scaling};
    const auto tick = [&scale](const YLine& line) {
        return fmt::format(R"({{"value":{},"y":{},"major":{}{}{}}})", json_number(line.value),
                           scale.row_of(line.value), line.major, label_member("label", line.label),
                           label_member("right_label", line.right_label));
    };
    return fmt::format(R"({{"ticks":{}}})", array_of(layout.y_lines, tick));
}

std::string legend_json(const EvaluatedGraph& graph, const Legend& legend) {
    return array_of(legend.texts, [&graph](const PlacedText& text) {
        const auto swatch = text.is_compared ? std::nullopt : graph.legend[text.entry].swatch;
        const PixelBox box = text.box();
        return fmt::format(R"({{"text":{},"left":{},"top":{},"right":{},"bottom":{}{}{}}})",
                           json_quoted(text.text), box.left, box.top, box.right, box.bottom,
                           swatch ? fmt::format(R"(,"color":{})", color_text(*swatch)) : "",
                           text.is_compared ? R"(,"compared":true)" : "");
    });
}

bool is_in_range(const GraphOptions& options, Time time) {
    return time >= options.start && time <= options.end;
}

std::string marks_json(const GraphOptions& options, const PlotRectangle& plot) {
    std::vector<Mark> shown = options.marks;
    std::erase_if(shown, [&](const Mark& mark) { return !is_in_range(options, mark.time); });
    return array_of(shown, [&](const Mark& mark) {
        return fmt::format(R"({{"time":{},"x":{},"text":{},"color":{}}})",
                           store::epoch_seconds(mark.time),
                           column_in_picture(mark.time, options, plot), json_quoted(mark.text),
                           color_text(mark.color));
    });
}

std::string bands_json(const GraphOptions& options) {
    std::vector<Band> shown = options.bands;
    std::erase_if(shown, [&](const Band& band) {
        return band.start >= options.end || band.end <= options.start;
    });
    return array_of(shown, [](const Band& band) {
        return fmt::format(R"({{"start":{},"end":{},"text":{},"color":{}}})",
                           store::epoch_seconds(band.start), store::epoch_seconds(band.end),
                           json_quoted(band.text), color_text(band.color));
    });
}

}  // namespace

std::string layout_json(const GraphOptions& options, const EvaluatedGraph& graph,
                        const Layout& layout) {
    const PlotRectangle& plot = layout.plot;
    std::string json = fmt::format(R"({{"image":{{"width":{},"height":{}}},)", layout.size.width_px,
                                   layout.size.height_px);
    json += fmt::format(R"("plot":{{"left":{},"top":{},"width":{},"height":{}}},)", plot.left_px,
                        plot.top_px, plot.width_px, plot.height_px);
    json += fmt::format(R"("time":{{"start":{},"end":{}}},)", store::epoch_seconds(options.start),
                        store::epoch_seconds(options.end));
    const bool logarithmic = layout.scaling == Scaling::kLogarithmic;
    json += fmt::format(R"("value":{{"min":{},"max":{},"scale":"{}","base":{}}},)",
                        json_number(layout.range.min), json_number(layout.range.max),
                        logarithmic ? "logarithmic" : "linear", options.base);
    json += fmt::format(R"("x_axis":{},"y_axis":{},"legend":{},)", x_axis_json(options, layout),
                        y_axis_json(layout), legend_json(graph, layout.legend));
    json +=
        fmt::format(R"("marks":{},"bands":{}}})", marks_json(options, plot), bands_json(options));
    return json + '\n';
}

}  // namespace kurabe::render
