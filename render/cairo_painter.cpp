// One path, stroke or text for each primitive.
#include "render/cairo_painter.hpp"

#include <numbers>
#include <variant>

#include "render/cairo_handles.hpp"
#include "render/cairo_paths.hpp"

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

    void operator()(const ColumnArea& area) const {
        set_color(area.color, cairo);
        std::size_t first = 0;
        while (first < area.columns.size()) {
            std::size_t last = first;
            while (last < area.columns.size() && !is_empty(area.columns[last])) ++last;
            if (last > first) add_outline(area, first, last, cairo);
            first = last + 1;
        }
        cairo_fill(cairo);
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
        stroke(line, cairo);
    }

    void operator()(const FilledPolygon& polygon) const {
        set_color(polygon.color, cairo);
        fill(polygon, cairo);
    }

    void operator()(const TextRun& run) const {
        const double room = fonts.of_layout.measure(run.text, run.font).width_px;
        const double width = fonts.of_letters.measure(run.text, run.font).width_px;
        if (width <= 0) return;
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
};

}  // namespace

void paint(const DisplayList& list, PaintedFonts fonts, cairo_t* cairo) {
    for (const Primitive& primitive : list) std::visit(Painter{fonts, cairo}, primitive);
}

}  // namespace kurabe::render
