// Where marks and bands stand, and which of their labels have room.
#include "render/annotation_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace kurabe::render {

namespace {

constexpr int kGap_px = 3;                 // of a label from its line, and from other labels
constexpr double kLabelWidthMax = 0.35;    // of the plot
constexpr double kLabelsHeightMax = 0.45;  // of the plot
constexpr int kHead_px = 3;                // half the width of a mark's head
// Of the canvas behind a label: below half, so that the data under it stays to be seen.
constexpr double kGroundShare = 0.45;

// The pixel column of a time, which may lie outside the plot.
int column_at(const Surroundings& around, Time time) {
    const GraphOptions& options = around.options;
    const PlotScale& scale = around.scale;
    const auto length = static_cast<double>((options.end - options.start).count());
    const double share = static_cast<double>((time - options.start).count()) / length;
    const double column = std::clamp(share, -1.0, 2.0) * scale.plot.width_px;
    return scale.plot.left_px - 1 + static_cast<int>(std::floor(column));
}

bool is_inside(const GraphOptions& options, Time time) {
    return time >= options.start && time <= options.end;
}

// Pixels that a band covers; empty outside the plot.
PixelBox box_of(const Surroundings& around, const Band& band) {
    const PlotScale& scale = around.scale;
    return {.left = std::max(column_at(around, band.start) + 1, scale.plot.left_px),
            .top = scale.plot.top_px,
            .right = std::min(column_at(around, band.end) + 1, scale.right()),
            .bottom = scale.bottom()};
}

// A label and what it may stand beside.
struct Label {
    std::string text;
    int left;   // its text may begin right of this,
    int right;  // or end left of that
    bool centred;
};

class LabelPlacer {
  public:
    LabelPlacer(const Surroundings& around, DisplayList& list)
        : around_(around),
          list_(list),
          letter_(around.measurer.measure("0", around.font(FontTag::kAxis))),
          row_px_(letter_.height_px() + 1) {
        const auto room = static_cast<int>(kLabelsHeightMax * around.scale.plot.height_px);
        rows_.resize(static_cast<std::size_t>(std::max(room / row_px_, 0)));
    }

    void place(const Label& label) {
        const PlotRectangle& plot = around_.scale.plot;
        const int widest = static_cast<int>(kLabelWidthMax * plot.width_px);
        const Font& font = around_.font(FontTag::kAxis);
        const std::string text = shorten_to_fit(label.text, font, widest, around_.measurer);
        const int width = around_.measurer.measure(text, font).width_px;
        if (text.empty() || width > widest) return;
        std::vector<int> lefts = {label.left + kGap_px, label.right - kGap_px - width};
        if (label.centred) lefts = {(label.left + label.right - width) / 2};
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            for (const int left : lefts) {
                if (is_free(row, left, left + width)) return put(text, row, left, width);
            }
        }
    }

  private:
    struct Extent {
        int begin;
        int end;
    };

    [[nodiscard]] bool is_free(std::size_t row, int begin, int end) const {
        const PlotScale& scale = around_.scale;
        return begin >= scale.plot.left_px + 1 && end <= scale.right() - 1 &&
               std::ranges::none_of(rows_[row], [&](const Extent& taken) {
                   return begin < taken.end + kGap_px && taken.begin < end + kGap_px;
               });
    }

    void put(const std::string& text, std::size_t row, int left, int width) {
        rows_[row].push_back({left, left + width});
        const int top = around_.scale.plot.top_px + 1 + static_cast<int>(row) * row_px_;
        list_.emplace_back(FilledBox{{left - 1, top, left + width + 1, top + letter_.height_px()},
                                     faded(around_.color(ColorTag::kCanvas), kGroundShare)});
        list_.emplace_back(TextRun{.text = text,
                                   .font = around_.font(FontTag::kAxis),
                                   .x = left,
                                   .baseline = top + letter_.ascent_px,
                                   .color = around_.color(ColorTag::kFont),
                                   .own_shapes = 1});
    }

    const Surroundings& around_;
    DisplayList& list_;
    TextSize letter_;
    int row_px_;
    std::vector<std::vector<Extent>> rows_;  // what is taken of each
};

void append_mark_line(const Surroundings& around, const Mark& mark, DisplayList& list) {
    const PlotScale& scale = around.scale;
    const int column = column_at(around, mark.time);
    list.emplace_back(GridLine{.upright = true,
                               .position = double(column),
                               .from = scale.plot.top_px,
                               .to = scale.bottom(),
                               .color = mark.color});
    const double x = column + 0.5;
    const double top = scale.plot.top_px;
    list.emplace_back(FilledPolygon{
        {{x - kHead_px, top - kHead_px}, {x + kHead_px, top - kHead_px}, {x, top + kHead_px}},
        mark.color});
}

}  // namespace

void append_bands(const Surroundings& around, DisplayList& list) {
    for (const Band& band : around.options.bands) {
        const PixelBox box = box_of(around, band);
        if (!box.empty()) list.emplace_back(FilledBox{box, band.color});
    }
}

void append_marks(const Surroundings& around, DisplayList& list) {
    const GraphOptions& options = around.options;
    for (const Mark& mark : options.marks) {
        if (is_inside(options, mark.time)) append_mark_line(around, mark, list);
    }
    LabelPlacer labels(around, list);
    for (const Mark& mark : options.marks) {
        if (!is_inside(options, mark.time)) continue;
        const int column = column_at(around, mark.time);
        labels.place({mark.text, column + 1, column, false});
    }
    for (const Band& band : options.bands) {
        const PixelBox box = box_of(around, band);
        if (!box.empty()) labels.place({band.text, box.left, box.right, true});
    }
}

}  // namespace kurabe::render
