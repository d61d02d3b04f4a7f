// The four stages of a graph in a row, on one thread.
#include "render/renderer.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "render/canvas.hpp"
#include "render/evaluate.hpp"
#include "render/layout.hpp"
#include "render/legend_text.hpp"
#include "render/message_layout.hpp"
#include "render/png.hpp"
#include "render/print_format.hpp"

namespace kurabe::render {

struct Renderer::Parts {
    explicit Parts(const RendererOptions& options) : canvas(options.font_family) {}

    Result<std::string> picture(const DisplayList& list, ImageSize size) {
        pixels = draw(list, size, canvas, std::move(pixels));
        return encode_png(pixels);
    }

    Canvas canvas;
    Pixels pixels;  // of the last picture
};

namespace {

inline constexpr int kMessageSizeMax_px = 8000;
inline constexpr double kFontSizeMax_pt = 200;
inline constexpr int kImagePixelsMax = 32 * 1024 * 1024;

Result<void> check_size(const GraphOptions& options) {
    const bool sane = options.width_px >= 1 && options.width_px <= kPlotWidthMax_px &&
                      options.height_px >= 1 && options.height_px <= kPlotHeightMax_px;
    if (sane) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("a graph of {} x {} pixels: at most {} x {}", options.width_px,
                            options.height_px, kPlotWidthMax_px, kPlotHeightMax_px));
}

Result<void> check_image(ImageSize size) {
    const bool positive = size.width_px > 0 && size.height_px > 0;
    if (positive && std::int64_t{size.width_px} * size.height_px <= kImagePixelsMax) return {};
    return fail(ErrorCode::kLimit, fmt::format("a picture of {} x {} pixels is too large",
                                               size.width_px, size.height_px));
}

// The legend a definition gives, with values as wide as most are: digits on both sides of the
// point.
inline constexpr Value kUsualValue = 888.8;
inline constexpr int kUsualBase = 1000;

struct LegendOutline {
    EvaluatedGraph graph;

    void add(const std::string& text, bool has_swatch) {
        if (text.empty()) return;
        auto entry = parse_legend_text(text);
        if (!entry) return;  // evaluate() says what is wrong with it
        if (has_swatch) entry->swatch = Color{};
        graph.legend.push_back(*std::move(entry));
    }
    void operator()(const LineElement& line) { add(line.legend, line.color.has_value()); }
    void operator()(const AreaElement& area) { add(area.legend, area.color.has_value()); }
    void operator()(const HorizontalRuleElement& rule) { add(rule.legend, true); }
    void operator()(const VerticalRuleElement& rule) { add(rule.legend, true); }
    void operator()(const TickElement& tick) { add(tick.legend, true); }
    void operator()(const PrintElement& print) {
        if (!print.in_graph) return;
        const auto format = parse_number_format(print.format);
        std::optional<Magnitude> magnitude;
        const bool number = print.kind == PrintKind::kNumber && format.has_value();
        add(number ? format_number(*format, kUsualValue, kUsualBase, magnitude) : print.format,
            false);
    }
    void operator()(const CommentElement& comment) { add(comment.text, false); }
    void operator()(const TextAlignElement& align) {
        graph.alignments.push_back({graph.legend.size(), align.alignment});
    }
    void operator()(const ShiftElement&) {}
};

}  // namespace

Renderer::Renderer(const RendererOptions& options) : parts_(std::make_unique<Parts>(options)) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

Result<RenderedGraph> Renderer::render(const GraphDefinition& definition,
                                       const SeriesSource& source, Time now,
                                       const store::TimeZone& zone) {
    if (auto sane = check_size(definition.options); !sane) return std::unexpected(sane.error());
    auto graph = evaluate(definition, source, now, zone);
    if (!graph) return std::unexpected(graph.error());
    const auto layout = lay_out(definition.options, *graph, zone, parts_->canvas);
    if (!layout) return std::unexpected(layout.error());
    if (auto sane = check_image(layout->size); !sane) return std::unexpected(sane.error());
    auto bytes = parts_->picture(layout->list, layout->size);
    if (!bytes) return std::unexpected(bytes.error());
    return RenderedGraph{.size = layout->size,
                         .plot = layout->plot,
                         .value_min = layout->range.min,
                         .value_max = layout->range.max,
                         .prints = std::move(graph->prints),
                         .bytes = *std::move(bytes)};
}

Result<ImageSize> Renderer::image_size(const GraphDefinition& definition) {
    if (auto sane = check_size(definition.options); !sane) return std::unexpected(sane.error());
    LegendOutline outline;
    for (const Element& element : definition.elements) std::visit(outline, element);
    return place_frame(definition.options, outline.graph, parts_->canvas).size;
}

Result<std::string> Renderer::message_picture(ImageSize size, std::string_view title,
                                              std::string_view message) {
    const auto sane = [](int pixels) { return pixels >= 1 && pixels <= kMessageSizeMax_px; };
    if (!sane(size.width_px) || !sane(size.height_px)) {
        return fail(ErrorCode::kLimit,
                    fmt::format("a picture of {} x {} pixels: 1 to {} each", size.width_px,
                                size.height_px, kMessageSizeMax_px));
    }
    return parts_->picture(lay_out_message(size, title, message, parts_->canvas), size);
}

}  // namespace kurabe::render
