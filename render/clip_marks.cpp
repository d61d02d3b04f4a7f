// Finds the columns that are a pixel and more beyond each limit and marks runs of them.
#include "render/clip_marks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <variant>
#include <vector>

namespace kurabe::render {

namespace {

inline constexpr int kBar_px = 2;
inline constexpr double kArrowHalf_px = 4;
inline constexpr double kArrowHeight_px = 5;
inline constexpr double kHalo_px = 1.5;          // of the canvas' colour, so that arrows stand out
inline constexpr std::size_t kArrowGap_px = 16;  // runs nearer to each other share an arrow

using ColumnFlags = std::vector<bool>;  // one for each pixel column of the plot

// Which columns are beyond one limit.
class BeyondLimit {
  public:
    BeyondLimit(Value limit, bool upper, int width_px)
        : limit_(limit), upper_(upper), flags_(static_cast<std::size_t>(width_px)) {}

    void operator()(const EvaluatedLine& line) {
        if (line.color && !line.skip_scale) add(line.columns);
    }
    void operator()(const EvaluatedArea& area) {
        if (area.color && !area.skip_scale) add(area.columns);
    }
    void operator()(const EvaluatedHorizontalRule&) {}
    void operator()(const EvaluatedVerticalRule&) {}
    void operator()(const EvaluatedTick&) {}
    void operator()(const ComparedLine& line) {
        if (!line.skip_scale) add(line.columns);
    }

    [[nodiscard]] const ColumnFlags& flags() const { return flags_; }

  private:
    void add(const Columns& columns) {
        // Column 0 is the plot's left edge.
        for (std::size_t i = 1; i < std::min(columns.size(), flags_.size() + 1); ++i) {
            const Value value = columns[i];
            if (!std::isfinite(value)) continue;
            if (upper_ ? value > limit_ : value < limit_) flags_[i - 1] = true;
        }
    }

    Value limit_;
    bool upper_;
    ColumnFlags flags_;
};

// Columns begin <= i < end.
struct ArrowRun {
    std::size_t begin;
    std::size_t end;
};

std::vector<ArrowRun> runs_with_arrows(const ColumnFlags& flags) {
    std::vector<ArrowRun> runs;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        if (!flags[i]) continue;
        if (runs.empty() || i - runs.back().end >= kArrowGap_px) runs.push_back({i, i});
        runs.back().end = i + 1;
    }
    return runs;
}

// One edge of the plot. `inward` is 1 at the upper edge, where rows grow into the plot, and -1 at
// the lower one.
struct Edge {
    double y;
    int inward;
};

void append_arrow(const Edge& edge, double middle, double grown_px, Color color,
                  DisplayList& list) {
    const double base = edge.y + edge.inward * (kArrowHeight_px + kBar_px + grown_px);
    const double tip = edge.y + edge.inward * (kBar_px - grown_px);
    const double half = kArrowHalf_px + grown_px;
    list.emplace_back(
        FilledPolygon{{{middle - half, base}, {middle, tip}, {middle + half, base}}, color});
}

void append_marks(const ColumnFlags& flags, const PlotScale& scale, const Edge& edge,
                  const GraphOptions& options, DisplayList& list) {
    const Color arrow = options.colors[static_cast<std::size_t>(ColorTag::kArrow)];
    const Color canvas = options.colors[static_cast<std::size_t>(ColorTag::kCanvas)];
    const int row = static_cast<int>(edge.y);
    const RowSpan span =
        edge.inward > 0 ? RowSpan{row, row + kBar_px} : RowSpan{row - kBar_px, row};
    ColumnArea bar{.left = scale.plot.left_px, .columns = {}, .color = arrow};
    for (const bool flag : flags) bar.columns.push_back(flag ? span : RowSpan{});
    for (const ArrowRun& run : runs_with_arrows(flags)) {
        const double middle = scale.plot.left_px + static_cast<double>(run.begin + run.end) / 2;
        append_arrow(edge, middle, kHalo_px, canvas, list);
        append_arrow(edge, middle, 0, arrow, list);
    }
    list.emplace_back(std::move(bar));
}

// What is cut off by less is not missed, such as parts that sum up to 100.01 percent.
Value a_pixel_beyond(const PlotScale& scale, bool upper) {
    const auto& [min, max] = scale.range;
    if (scale.scaling == Scaling::kLogarithmic) {
        const double ratio = std::pow(max / min, 1.0 / scale.plot.height_px);
        return upper ? max * ratio : min / ratio;
    }
    const double pixel = (max - min) / scale.plot.height_px;
    return upper ? max + pixel : min - pixel;
}

void mark_beyond(const EvaluatedGraph& graph, const PlotScale& scale, const GraphOptions& options,
                 bool upper, DisplayList& list) {
    BeyondLimit beyond(a_pixel_beyond(scale, upper), upper, scale.plot.width_px);
    for (const Drawn& drawn : graph.drawn) std::visit(beyond, drawn);
    if (graph.comparison) std::ranges::for_each(graph.comparison->lines, std::ref(beyond));
    if (std::ranges::find(beyond.flags(), true) == beyond.flags().end()) return;
    const Edge edge = upper ? Edge{static_cast<double>(scale.plot.top_px), 1}
                            : Edge{static_cast<double>(scale.bottom()), -1};
    append_marks(beyond.flags(), scale, edge, options, list);
}

}  // namespace

void append_clip_marks(const EvaluatedGraph& graph, const PlotScale& scale,
                       const GraphOptions& options, DisplayList& list) {
    const bool above = options.clip_above || (options.rigid && options.upper_limit);
    const bool below = options.clip_below || (options.rigid && options.lower_limit);
    if (!above && !below) return;
    const PlotRectangle& plot = scale.plot;
    list.emplace_back(Clip{PixelBox{plot.left_px, plot.top_px, scale.right(), scale.bottom()}});
    if (above) mark_beyond(graph, scale, options, true, list);
    if (below) mark_beyond(graph, scale, options, false, list);
    list.emplace_back(Clip{});
}

}  // namespace kurabe::render
