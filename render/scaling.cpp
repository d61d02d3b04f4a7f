// Each primitive on its own.
#include "render/scaling.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace kurabe::render {

int drawn_columns(const GraphOptions& options, int width_px) noexcept {
    return options.slope_mode ? width_px : scaled(width_px, resolution_of(options));
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

struct Scaler {
    double scale;

    void operator()(FilledBox& box) const { box.box = scaled(box.box, scale); }

    void operator()(FilledBoxes& boxes) const {
        for (PixelBox& box : boxes.boxes) box = scaled(box, scale);
    }

    void operator()(ColumnArea& area) const {
        scale_gradient(area.gradient);
        for (RowSpan& rows : area.columns) {
            rows = {scaled(rows.top, scale), scaled(rows.bottom, scale)};
        }
        area.columns = scaled_columns(area.columns, area.left);
        area.left = scaled(area.left, scale);
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

    void operator()(FilledPolygon& polygon) const {
        scale_points(polygon.points);
        scale_gradient(polygon.gradient);
    }

    void operator()(TextRun& run) const {
        run.x = scaled(run.x, scale);
        run.baseline = scaled(run.baseline, scale);
        run.scale *= scale;
    }

    void operator()(Clip& clip) const {
        if (clip.box) clip.box = scaled(*clip.box, scale);
    }

  private:
    // What is in each pixel column from `left` on, for each of the picture's.
    template <typename Column>
    [[nodiscard]] std::vector<Column> scaled_columns(const std::vector<Column>& columns,
                                                     int left) const {
        const int begin = scaled(left, scale);
        const int end = scaled(left + static_cast<int>(columns.size()), scale);
        std::vector<Column> all(static_cast<std::size_t>(std::max(end - begin, 0)));
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto from = static_cast<std::size_t>(static_cast<double>(i) / scale);
            all[i] = columns[std::min(from, columns.size() - 1)];
        }
        return all;
    }

    void scale_gradient(Gradient& gradient) const {
        for (Gradient::Course& course : gradient.columns) {
            course = {course.begin * scale, course.end * scale};
        }
        gradient.columns = scaled_columns(gradient.columns, gradient.left);
        gradient.left = scaled(gradient.left, scale);
    }

    void scale_points(std::vector<Point>& points) const {
        for (Point& point : points) point = {point.x * scale, point.y * scale};
    }
};

}  // namespace

DisplayList scaled(DisplayList list, double scale) {
    for (Primitive& primitive : list) std::visit(Scaler{scale}, primitive);
    return list;
}

}  // namespace kurabe::render
