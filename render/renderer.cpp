// The four stages of a graph in a row, on one thread.
#include "render/renderer.hpp"

#include <algorithm>
#include <cstdint>
#include <variant>

#include <fmt/format.h>

#include "render/canvas.hpp"
#include "render/evaluate.hpp"
#include "render/layout.hpp"
#include "render/layout_json.hpp"
#include "render/message_layout.hpp"
#include "render/png_writer.hpp"
#include "render/scaling.hpp"
#include "render/vector_writer.hpp"

namespace kurabe::render {

struct Renderer::Parts {
    explicit Parts(const RendererOptions& options)
        : font_family(options.font_family), canvas(font_family), png(canvas) {}

    Result<std::string> write(const Picture& picture, ImageFormat format) {
        if (!is_vector(format)) return png.write(picture);
        if (!outlines) outlines = std::make_unique<Fonts>(font_family, LetterShape::kOutline);
        return VectorWriter(format, canvas.fonts(), *outlines).write(picture);
    }

    std::string font_family;
    Canvas canvas;
    PngWriter png;
    std::unique_ptr<Fonts> outlines;  // once there is a vector picture
};

namespace {

inline constexpr int kMessageSizeMax_px = 8000;
inline constexpr double kZoomMin = 1e-6;
inline constexpr double kFontSizeMin_pt = 0.1;
inline constexpr int kUnitsLengthMax = 200;
inline constexpr int kBorderMax_px = 1000;
inline constexpr int kImageSideMax_px = 32'767;  // as Cairo's images and Raster::kAreaRowsMax
inline constexpr std::int64_t kImagePixelsMax = 16 * 1024 * 1024;
// Of all lines, areas and ticks together: a column costs memory (up to 50 bytes from its value to
// its shape), a pixel costs time.
inline constexpr double kDrawnColumnsMax = 1'000'000;
inline constexpr double kDrawnPixelsMax = 200'000'000;

// Sizes that a parsed definition has anyway; one made by a program may have any.
Result<void> check_sizes(const GraphOptions& options) {
    struct Check {
        std::string_view what;
        double value;
        double low;
        double high;
    };
    std::vector<Check> checks = {
        {"a width", double(options.width_px), 1, kPlotWidthMax_px},
        {"a height", double(options.height_px), 1, kPlotHeightMax_px},
        {"a units length", double(options.units_length), 0, kUnitsLengthMax},
        {"a zoom", options.zoom, kZoomMin, kZoomMax},
        {"a border", double(options.border_px), 0, kBorderMax_px},
        {"a tab width", double(options.tab_width_px), 0, kPlotWidthMax_px},
        {"a legend's height", double(options.legend_height_px.value_or(0)), 0, kPlotHeightMax_px},
        {"a legend's width", double(options.legend_width_px.value_or(0)), 0, kPlotWidthMax_px}};
    for (const Font& font : options.fonts) {
        checks.push_back({"a font size", font.size_pt, kFontSizeMin_pt, kFontSizeMax_pt});
    }
    for (const auto& [what, value, low, high] : checks) {
        if (value >= low && value <= high) continue;
        return fail(ErrorCode::kLimit,
                    fmt::format("{} of {} is not in {}...{}", what, value, low, high));
    }
    return {};
}

// After check_sizes, so that the products are small.
Result<void> check_drawing(const GraphDefinition& definition) {
    const auto drawn = std::ranges::count_if(definition.elements, [](const Element& element) {
        return std::holds_alternative<LineElement>(element) ||
               std::holds_alternative<AreaElement>(element) ||
               std::holds_alternative<TickElement>(element);
    });
    const GraphOptions& options = definition.options;
    const int evaluated = options.comparison ? 2 : 1;
    const int ranges = options.comparison && options.comparison->is_drawn ? 2 : 1;
    const double columns =
        static_cast<double>(drawn) * evaluated * drawn_columns(options, options.width_px);
    // Of vector pictures no pixel is drawn; smooth shapes have few columns, but all pixels.
    const double pixels = is_vector(options.format)
                              ? 0
                              : static_cast<double>(drawn) * ranges * options.width_px *
                                    options.height_px * options.zoom * options.zoom;
    if (columns <= kDrawnColumnsMax && pixels <= kDrawnPixelsMax) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("{} lines, areas and ticks are too many for a graph of {} x {} pixels",
                            drawn, options.width_px, options.height_px));
}

Result<void> check_image(ImageSize size) {
    if (size.width_px <= 0 || size.height_px <= 0) {
        return fail(ErrorCode::kLimit, "a picture of that zoom has no pixels");
    }
    const bool sides_are_sane = std::max(size.width_px, size.height_px) <= kImageSideMax_px;
    if (sides_are_sane && std::int64_t{size.width_px} * size.height_px <= kImagePixelsMax) {
        return {};
    }
    return fail(ErrorCode::kLimit, fmt::format("a picture of {} x {} pixels is too large",
                                               size.width_px, size.height_px));
}

// The entries from `begin` to before `end` that have a text, for which there was no room. Each has
// an empty box where the text before it ends.
void add_left_out(const EvaluatedGraph& graph, std::size_t begin, std::size_t end,
                  std::vector<RenderedText>& texts) {
    for (std::size_t i = begin; i < end; ++i) {
        std::string text = reported_legend_text(graph.legend[i]);
        if (text.empty()) continue;
        const PixelBox before = texts.empty() ? PixelBox{} : texts.back().box;
        texts.push_back({std::move(text), {before.right, before.top, before.right, before.bottom}});
    }
}

// All texts of a legend that is wanted, whole, in the order of the definition; what is said about a
// second range in its place in the picture.
std::vector<RenderedText> legend_boxes(const GraphOptions& options, const EvaluatedGraph& graph,
                                       const Legend& legend) {
    std::vector<RenderedText> texts;
    if (options.no_legend || options.only_graph) return texts;
    std::size_t next = 0;
    for (const PlacedText& placed : legend.texts) {
        if (placed.is_compared || placed.entry >= graph.legend.size()) {
            texts.push_back({placed.text, placed.box()});
            continue;
        }
        add_left_out(graph, next, placed.entry, texts);
        texts.push_back({reported_legend_text(graph.legend[placed.entry]), placed.box()});
        next = placed.entry + 1;
    }
    add_left_out(graph, next, graph.legend.size(), texts);
    return texts;
}

// All but the drawing.
struct PlannedGraph {
    EvaluatedGraph graph;
    Layout layout;
};

Result<PlannedGraph> plan(const GraphDefinition& definition, const SeriesSource& source, Time now,
                          const store::TimeZone& zone, TextMeasurer& measurer) {
    const GraphOptions& options = definition.options;
    if (auto sane = check_sizes(options); !sane) return std::unexpected(sane.error());
    if (auto sane = check_drawing(definition); !sane) return std::unexpected(sane.error());
    auto graph = evaluate(definition, source, now, zone, [&](const EvaluatedGraph& texts) {
        return place_frame(options, texts, measurer).plot.width_px;
    });
    if (!graph) return std::unexpected(graph.error());
    auto layout = lay_out(options, *graph, zone, measurer);
    if (!layout) return std::unexpected(layout.error());
    const ImageSize size = scaled(layout->size, options.zoom);
    if (auto sane = check_image(size); !sane) return std::unexpected(sane.error());
    return PlannedGraph{*std::move(graph), *std::move(layout)};
}

// What a layout says is the same at any zoom, and it has no pixels that one could be too many of.
GraphDefinition unzoomed(GraphDefinition definition) {
    definition.options.zoom = 1;
    return definition;
}

RenderedGraph without_bytes(const GraphOptions& options, const PlannedGraph& planned) {
    const Layout& layout = planned.layout;
    return {.size = layout.size,
            .picture_size = scaled(layout.size, options.zoom),
            .plot = layout.plot,
            .value_min = layout.range.min,
            .value_max = layout.range.max,
            .legend = legend_boxes(options, planned.graph, layout.legend),
            .prints = planned.graph.prints,
            .bytes = {}};
}

}  // namespace

Renderer::Renderer(const RendererOptions& options) : parts_(std::make_unique<Parts>(options)) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

Result<RenderedGraph> Renderer::render(const GraphDefinition& definition,
                                       const SeriesSource& source, Time now,
                                       const store::TimeZone& zone) {
    const GraphOptions& options = definition.options;
    if (options.format == ImageFormat::kLayout && options.zoom != 1) {
        return render(unzoomed(definition), source, now, zone);
    }
    parts_->canvas.begin_picture();
    auto planned = plan(definition, source, now, zone, parts_->canvas);
    if (!planned) return std::unexpected(planned.error());
    RenderedGraph rendered = without_bytes(options, *planned);
    if (options.format == ImageFormat::kLayout) {
        rendered.bytes = layout_json(options, planned->graph, planned->layout);
        return rendered;
    }
    auto bytes = parts_->write({.list = std::move(planned->layout.list),
                                .size = planned->layout.picture_size,
                                .pixels_per_point = resolution_of(options) / options.zoom,
                                .is_for_screens = options.svg_in_pixels},
                               options.format);
    if (!bytes) return std::unexpected(bytes.error());
    rendered.bytes = *std::move(bytes);
    return rendered;
}

Result<RenderedGraph> Renderer::measure(const GraphDefinition& definition,
                                        const SeriesSource& source, Time now,
                                        const store::TimeZone& zone) {
    parts_->canvas.begin_picture();
    const auto planned = plan(definition, source, now, zone, parts_->canvas);
    if (!planned) return std::unexpected(planned.error());
    return without_bytes(definition.options, *planned);
}

Result<std::string> Renderer::message_picture(ImageSize size, std::string_view title,
                                              std::string_view message, double zoom, Theme theme) {
    const auto sane = [](int pixels) { return pixels >= 1 && pixels <= kMessageSizeMax_px; };
    if (!sane(size.width_px) || !sane(size.height_px)) {
        return fail(ErrorCode::kLimit,
                    fmt::format("a picture of {} x {} pixels: 1 to {} each", size.width_px,
                                size.height_px, kMessageSizeMax_px));
    }
    const ImageSize picture_size = scaled(size, zoom);
    if (auto drawable = check_image(picture_size); !drawable) {
        return std::unexpected(drawable.error());
    }
    return parts_->png.write(
        {.list = scaled(lay_out_message(size, title, message, theme, parts_->canvas), zoom),
         .size = picture_size,
         .pixels_per_point = 1});
}

}  // namespace kurabe::render
