// Each primitive on its own.
#include "render/scaling.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace kurabe::render {

int drawn_columns(const GraphOptions& options) noexcept {
    return options.slope_mode ? options.width_px : scaled(options.width_px, resolution_of(options));
}

PixelBox scaled(const PixelBox& box, double scale) noexcept {
    return {.left = scaled(box.left, scale),
            .top = scaled(box.top, scale),
            .right = scaled(box.right, scale),
            .bottom = scaled(box.bottom, scale)};
}

PlotRectangle scaled(const PlotRectangle& plot, double scale) noexcept {
    return {.left_px = scaled(plot.left_px, scale),
            .top_px = scaled(plot.top_px, scale),
            .width_px = scaled(plot.width_px, scale),
            .height_px = scaled(plot.height_px, scale)};
}

ImageSize scaled(ImageSize size, double scale) noexcept {
    return {static_cast<int>(size.width_px * scale), static_cast<int>(size.height_px * scale)};
}

Dashes scaled(Dashes dashes, double scale) {
    for (double& length : dashes.on_off_px) length *= scale;
    dashes.offset_px *= scale;
    return dashes;
}

namespace {

struct Scaling {
    double scale;

    void operator()(FilledBox& box) const { box.box = scaled(box.box, scale); }

    void operator()(ColumnArea& area) const {
        const int left = scaled(area.left, scale);
        const int right = scaled(area.left + static_cast<int>(area.columns.size()), scale);
        std::vector<RowSpan> columns(static_cast<std::size_t>(std::max(right - left, 0)));
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto from = static_cast<std::size_t>(static_cast<double>(i) / scale);
            const RowSpan rows = area.columns[std::min(from, area.columns.size() - 1)];
            columns[i] = {scaled(rows.top, scale), scaled(rows.bottom, scale)};
        }
        area.left = left;
        area.columns = std::move(columns);
    }

    void operator()(Polyline& line) const {
        scale_points(line.points);
        line.width_px *= scale;
        line.dashes = scaled(std::move(line.dashes), scale);
    }

    void operator()(GridLine& line) const {
        const int room = line_px(scale);
        const double width = line.width_px * scale;
        const int thickness = std::clamp(static_cast<int>(std::lround(width)), 1,
                                         std::max(room, static_cast<int>(std::ceil(width))));
        line.color = faded(line.color, width / thickness);
        line.position = std::floor(line.position * scale + 0.5) + (room - thickness) / 2;
        line.from = scaled(line.from, scale);
        line.to = scaled(line.to, scale);
        line.width_px = thickness;
        line.on_px = std::max(line.on_px * scale, 1.0);
        line.off_px = line.off_px * scale;
    }

    void operator()(FilledPolygon& polygon) const { scale_points(polygon.points); }

    void operator()(TextRun& run) const {
        run.x = scaled(run.x, scale);
        run.baseline = scaled(run.baseline, scale);
        run.scale *= scale;
    }

    void operator()(Clip& clip) const {
        if (clip.box) clip.box = scaled(*clip.box, scale);
    }

  private:
    void scale_points(std::vector<Point>& points) const {
        for (Point& point : points) point = {point.x * scale, point.y * scale};
    }
};

}  // namespace

DisplayList scaled(DisplayList list, double scale) {
    for (Primitive& primitive : list) std::visit(Scaling{scale}, primitive);
    return list;
}

}  // namespace kurabe::render
