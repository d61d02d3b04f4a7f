// Sends each primitive to the raster, or to the canvas where fonts or smooth edges are needed.
#include "render/canvas.hpp"

#include <variant>

#include "render/masks.hpp"

namespace kurabe::render {

namespace {

struct RasterPainter {
    Raster& raster;
    Canvas& canvas;

    void operator()(const FilledBox& box) const { raster.fill(box); }
    void operator()(const FilledBoxes& boxes) const { raster.fill(boxes); }
    void operator()(const ColumnArea& area) const { raster.fill(area); }
    void operator()(const GridLine& line) const { raster.fill(line); }
    void operator()(const Polyline& line) const { Canvas::draw(line, raster); }
    void operator()(const FilledPolygon& polygon) const { Canvas::draw(polygon, raster); }
    void operator()(const TextRun& run) const { canvas.draw(run, raster); }
    void operator()(const Clip& clip) const { raster.set_clip(clip.box); }
};

}  // namespace

void Canvas::draw(const Polyline& line, Raster& raster) {
    const Mask mask = mask_of(line, raster.clip());
    if (!mask.coverage.empty()) raster.fill(mask, 0, 0, line.color);
}

void Canvas::draw(const FilledPolygon& polygon, Raster& raster) {
    const Mask mask = mask_of(polygon, raster.clip());
    if (mask.coverage.empty()) return;
    polygon.gradient.columns.empty() ? raster.fill(mask, 0, 0, polygon.color)
                                     : raster.fill(mask, polygon.gradient);
}

void draw(const DisplayList& list, Canvas& canvas, Raster& raster) {
    for (const Primitive& primitive : list) std::visit(RasterPainter{raster, canvas}, primitive);
}

}  // namespace kurabe::render
