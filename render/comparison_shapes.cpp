// Colours, dashes and widths of the second range's lines.
#include "render/comparison_shapes.hpp"

#include <algorithm>
#include <utility>

#include "render/mixing.hpp"
#include "render/series_colors.hpp"

namespace kurabe::render {

namespace {

constexpr double kPaleShare = 0.45;   // of the canvas or the font's colour in a line's
constexpr double kDarkShare = 0.65;   // of the font's colour in an outline's
constexpr double kCasingShare = 0.6;  // of the canvas, below a total: it shows on all colours
constexpr double kCasingWidth_px = 3;
constexpr double kDashedWidthMax_px = 2;

// Translucent colours are for what lies over others.
Color opaque(Color color) {
    color.alpha = 255;
    return color;
}

Color color_of(const GraphOptions& options, ColorTag tag) {
    return options.colors[static_cast<std::size_t>(tag)];
}

// Nearer to the canvas; on a dark one nearer to the letters on it, as darker lines are not seen.
Color pale(Color color, const GraphOptions& options) {
    const Color canvas = color_of(options, ColorTag::kCanvas);
    const Color towards = is_dark(canvas) ? color_of(options, ColorTag::kFont) : canvas;
    return blended(opaque(color), towards, kPaleShare);
}

// Without the columns.
EvaluatedLine look_of(const ComparedLine& line, const GraphOptions& options) {
    const Color font = color_of(options, ColorTag::kFont);
    EvaluatedLine look{
        .columns = {}, .width_px = 1, .color = font, .skip_scale = true, .dashes = {{4, 2}, 0}};
    if (line.kind == ComparedLine::Kind::kTotal) return look;
    if (line.kind == ComparedLine::Kind::kOutline) {
        look.color = blended(opaque(line.color), font, kDarkShare);
        return look;
    }
    look.color = pale(line.color, options);
    look.width_px = std::min(line.width_px, kDashedWidthMax_px);
    // Unlike the dashes that its own definition gives it.
    look.dashes.on_off_px = line.dashed ? std::vector<double>{1, 2} : std::vector<double>{4, 3};
    return look;
}

}  // namespace

std::size_t first_above_areas(const EvaluatedGraph& graph) {
    const auto is_area = [](const Drawn& drawn) {
        return std::holds_alternative<EvaluatedArea>(drawn);
    };
    const auto last = std::find_if(graph.drawn.rbegin(), graph.drawn.rend(), is_area);
    return static_cast<std::size_t>(graph.drawn.rend() - last);
}

void append_comparison(const EvaluatedComparison& comparison, const PlotScale& scale,
                       const GraphOptions& options, DisplayList& list) {
    for (const ComparedLine& line : comparison.lines) {
        EvaluatedLine shape = look_of(line, options);
        shape.columns = line.columns;
        if (line.kind == ComparedLine::Kind::kTotal) {
            EvaluatedLine casing = shape;
            casing.color = faded(color_of(options, ColorTag::kCanvas), kCasingShare);
            casing.width_px = kCasingWidth_px;
            casing.dashes = {};
            append_line(casing, scale, options, list);
        }
        append_line(shape, scale, options, list);
    }
}

std::vector<Drawn> compared_rules(const EvaluatedComparison& comparison,
                                  const GraphOptions& options) {
    std::vector<Drawn> rules = comparison.rules;
    for (Drawn& drawn : rules) {
        const auto restyle = [&options](auto& rule) {
            const bool dashed = !rule.dashes.on_off_px.empty();
            rule.color = pale(rule.color, options);
            rule.dashes = {dashed ? std::vector<double>{1, 2} : std::vector<double>{4, 3}, 0};
        };
        if (auto* const level = std::get_if<EvaluatedHorizontalRule>(&drawn)) restyle(*level);
        if (auto* const upright = std::get_if<EvaluatedVerticalRule>(&drawn)) restyle(*upright);
    }
    return rules;
}

void append_sample(const ComparedLine& line, const PixelBox& box, const GraphOptions& options,
                   DisplayList& list) {
    const EvaluatedLine look = look_of(line, options);
    const double middle = (box.top + box.bottom) / 2 + 0.5;
    list.emplace_back(Polyline{.points = {{double(box.left), middle}, {double(box.right), middle}},
                               .width_px = std::max(look.width_px, 1.0),
                               .dashes = look.dashes,
                               .color = *look.color});
}

}  // namespace kurabe::render
