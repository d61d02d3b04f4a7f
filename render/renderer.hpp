// From a graph's definition to a picture: the one entrance to drawing.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "render/geometry.hpp"
#include "render/graph_definition.hpp"
#include "render/series_source.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// A text of the legend, whole, and the box of what is drawn of it in the picture.
struct RenderedText {
    std::string text;
    PixelBox box;
};

// Positions and sizes are those of the layout, which are the same at any zoom.
struct RenderedGraph {
    ImageSize size;
    ImageSize picture_size;  // in its pixels or, of a vector picture, points; whole ones
    PlotRectangle plot;
    Value value_min = 0;  // the y scale's ends
    Value value_max = 0;
    std::vector<RenderedText> legend;
    std::vector<std::string> prints;
    std::string bytes;  // the picture's file, or its layout as JSON
};

struct RendererOptions {
    std::string font_family = "DejaVu Sans Mono";  // first choice; others are fallbacks
};

inline constexpr int kPlotWidthMax_px = 4000;
inline constexpr int kPlotHeightMax_px = 2000;
inline constexpr double kZoomMax = 20;

// Holds one thread's fonts and caches: make one for each drawing thread. Not thread-safe; different
// Renderers may work at once and give the same bytes.
class Renderer {
  public:
    explicit Renderer(const RendererOptions& options = {});
    ~Renderer();
    Renderer(Renderer&&) noexcept;
    Renderer& operator=(Renderer&&) noexcept;

    // `now` is what "now" and NOW mean. Errors of the source (kNotFound, kDamaged) are passed on,
    // with the DEF's name, unless the definition takes missing data as unknown (kNotFound only).
    [[nodiscard]] Result<RenderedGraph> render(const GraphDefinition& definition,
                                               const SeriesSource& source, Time now,
                                               const store::TimeZone& zone);

    // The same without drawing: no bytes.
    [[nodiscard]] Result<RenderedGraph> measure(const GraphDefinition& definition,
                                                const SeriesSource& source, Time now,
                                                const store::TimeZone& zone);

    // A PNG that shows `message`, wrapped and clipped to the size; for graphs that cannot be drawn.
    // `zoom`: how much larger the picture is than its layout.
    [[nodiscard]] Result<std::string> message_picture(ImageSize size, std::string_view title,
                                                      std::string_view message, double zoom = 1,
                                                      Theme theme = Theme::kKurado);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::render
