// One path, stroke or text for each primitive.
#include "render/cairo_painter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <variant>

#include "render/cairo_handles.hpp"
#include "render/cairo_paths.hpp"
#include "render/scaling.hpp"

namespace kurabe::render {

namespace {

void set_color(Color color, cairo_t* cairo) {
    constexpr double kFull = 255;
    cairo_set_source_rgba(cairo, color.red / kFull, color.green / kFull, color.blue / kFull,
                          color.alpha / kFull);
}

void add_box(const PixelBox& box, cairo_t* cairo) {
    cairo_rectangle(cairo, box.left, box.top, box.right - box.left, box.bottom - box.top);
}

bool is_empty(const RowSpan& rows) {
    return rows.top >= rows.bottom;
}

bool is_near(const Gradient::Course& one, const Gradient::Course& other) {
    constexpr double kNear_px = kVectorResolution / 2;
    return std::abs(one.begin - other.begin) <= kNear_px &&
           std::abs(one.end - other.end) <= kNear_px;
}

void set_gradient(const Gradient& gradient, const Gradient::Course& course, cairo_t* cairo) {
    constexpr double kFull = 255;
    constexpr double kEdge_px = 1e-3;  // two colours without any between them
    const double end = course.end == course.begin ? course.begin + kEdge_px : course.end;
    const CairoPattern pattern(cairo_pattern_create_linear(0, course.begin, 0, end));
    const auto add_stop = [&pattern](double offset, Color color) {
        cairo_pattern_add_color_stop_rgba(pattern.get(), offset, color.red / kFull,
                                          color.green / kFull, color.blue / kFull,
                                          color.alpha / kFull);
    };
    add_stop(0, gradient.first);
    add_stop(1, gradient.second);
    cairo_set_source(cairo, pattern.get());
}

// Of a gradient's columns those from begin to end - 1 have colours at about the same heights, or
// are together no wider than a pixel of the layout: each strip is some kilobytes of a file.
struct Strip {
    std::size_t begin;
    std::size_t end;
};

std::vector<Strip> strips_of(const Gradient& gradient) {
    std::vector<Strip> strips;
    for (std::size_t i = 0; i < gradient.columns.size(); ++i) {
        const bool is_wide =
            strips.empty() || static_cast<double>(i - strips.back().begin) >= kVectorResolution;
        if (is_wide && (strips.empty() ||
                        !is_near(gradient.columns[strips.back().begin], gradient.columns[i]))) {
            strips.push_back({i, i});
        }
        strips.back().end = i + 1;
    }
    return strips;
}

// Over everything inside the clip, column by column.
void paint_gradient(const Gradient& gradient, cairo_t* cairo) {
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
    cairo_clip_extents(cairo, &left, &top, &right, &bottom);
    const bool is_opaque = gradient.first.alpha == 255 && gradient.second.alpha == 255;
    for (const Strip& strip : strips_of(gradient)) {
        set_gradient(gradient, gradient.columns[strip.begin], cairo);
        const double begin = gradient.left + static_cast<double>(strip.begin);
        // The next one lies over what is too wide: no seam shines through.
        const auto width = static_cast<double>(strip.end - strip.begin) + (is_opaque ? 1 : 0);
        cairo_rectangle(cairo, begin, top, width, bottom - top);
        cairo_fill(cairo);
    }
}

// The outline of the columns first <= i < last, none of which is empty: along their tops and back
// along their bottoms, with corners only where there are any.
void add_outline(const ColumnArea& area, std::size_t first, std::size_t last, cairo_t* cairo) {
    const auto left_of = [&area](std::size_t i) { return area.left + static_cast<double>(i); };
    cairo_move_to(cairo, left_of(first), area.columns[first].top);
    for (std::size_t i = first; i < last; ++i) {
        if (i + 1 < last && area.columns[i + 1].top == area.columns[i].top) continue;
        cairo_line_to(cairo, left_of(i + 1), area.columns[i].top);
        if (i + 1 < last) cairo_line_to(cairo, left_of(i + 1), area.columns[i + 1].top);
    }
    cairo_line_to(cairo, left_of(last), area.columns[last - 1].bottom);
    for (std::size_t i = last; i > first; --i) {
        if (i - 1 > first && area.columns[i - 2].bottom == area.columns[i - 1].bottom) continue;
        cairo_line_to(cairo, left_of(i - 1), area.columns[i - 1].bottom);
        if (i - 1 > first) cairo_line_to(cairo, left_of(i - 1), area.columns[i - 2].bottom);
    }
    cairo_close_path(cairo);
}

struct Painter {
    PaintedFonts fonts;
    cairo_t* cairo;

    void operator()(const FilledBox& box) const {
        set_color(box.color, cairo);
        add_box(box.box, cairo);
        cairo_fill(cairo);
    }

    void operator()(const FilledBoxes& boxes) const {
        set_color(boxes.color, cairo);
        for (const PixelBox& box : boxes.boxes) add_box(box, cairo);
        cairo_fill(cairo);
    }

    void operator()(const ColumnArea& area) const {
        set_color(area.color, cairo);
        std::size_t first = 0;
        while (first < area.columns.size()) {
            std::size_t last = first;
            while (last < area.columns.size() && !is_empty(area.columns[last])) ++last;
            if (last > first) add_outline(area, first, last, cairo);
            first = last + 1;
        }
        fill_path(area.gradient);
    }

    void operator()(const GridLine& line) const {
        const double middle = line.position + line.width_px / 2;
        Polyline path{.points = {}, .width_px = line.width_px, .dashes = {}, .color = line.color};
        for (const double along : {double(line.from), double(line.to)}) {
            path.points.push_back(line.upright ? Point{middle, along} : Point{along, middle});
        }
        if (line.dotted) path.dashes.on_off_px = {line.on_px, line.off_px};
        (*this)(path);
    }

    void operator()(const Polyline& line) const {
        set_color(line.color, cairo);
        set_edges(line.smooth);
        stroke(line, cairo);
        set_edges(true);
    }

    void operator()(const FilledPolygon& polygon) const {
        set_color(polygon.color, cairo);
        set_edges(polygon.smooth);
        trace(polygon, cairo);
        fill_path(polygon.gradient);
        set_edges(true);
    }

    void operator()(const TextRun& run) const {
        const double room = fonts.of_layout.measure(run.text, run.font).width_px;
        const double width = fonts.of_letters.measure(run.text, run.font).width_px;
        if (width <= 0 || room <= 0) return;
        const double shift = anchor_shift(run.anchor, static_cast<int>(room)) * run.scale;
        set_color(run.color, cairo);
        cairo_save(cairo);
        cairo_translate(cairo, run.x, run.baseline);
        if (run.turned) cairo_rotate(cairo, -std::numbers::pi / 2);
        cairo_translate(cairo, -shift, 0);
        cairo_scale(cairo, room / width, 1);
        fonts.of_letters.show(run.text, run.font, run.scale, cairo);
        cairo_restore(cairo);
    }

    void operator()(const Clip& clip) const {
        cairo_reset_clip(cairo);
        if (!clip.box) return;
        add_box(*clip.box, cairo);
        cairo_clip(cairo);
    }

  private:
    void set_edges(bool smooth) const {
        cairo_set_antialias(cairo, smooth ? CAIRO_ANTIALIAS_DEFAULT : CAIRO_ANTIALIAS_NONE);
    }

    // With the colour that is set, or with those of a gradient that has columns.
    void fill_path(const Gradient& gradient) const {
        if (gradient.columns.empty()) return cairo_fill(cairo);
        cairo_save(cairo);
        cairo_clip(cairo);
        paint_gradient(gradient, cairo);
        cairo_restore(cairo);
    }
};

}  // namespace

void paint(const DisplayList& list, PaintedFonts fonts, cairo_t* cairo) {
    for (const Primitive& primitive : list) std::visit(Painter{fonts, cairo}, primitive);
}

}  // namespace kurabe::render
