// Marks where limits cut data off.
#include "render/clip_marks.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::render {
namespace {

using ::testing::ElementsAre;

constexpr Color kLineColor{255, 0, 0, 255};
constexpr int kTop = 15;
constexpr int kHeight = 100;

GraphOptions rigid_options() {
    GraphOptions options;
    options.colors = rrdtool_colors();
    options.rigid = true;
    options.lower_limit = 0;
    options.upper_limit = 10;
    return options;
}

EvaluatedGraph clipped_line(Columns columns) {
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedLine{std::move(columns), 1, kLineColor, false, {}});
    return graph;
}

DisplayList marks_of(const GraphOptions& options, const EvaluatedGraph& graph) {
    const PlotScale scale = {{51, kTop, 400, kHeight}, {0, 10}};
    DisplayList list;
    append_clip_marks(graph, scale, options, list);
    return list;
}

// The columns that bars cover, with the row at which they begin.
std::vector<std::pair<int, int>> covered(const DisplayList& list) {
    std::vector<std::pair<int, int>> columns;
    for (const Primitive& primitive : list) {
        const auto* bar = std::get_if<ColumnArea>(&primitive);
        if (bar == nullptr) continue;
        for (std::size_t i = 0; i < bar->columns.size(); ++i) {
            const RowSpan& rows = bar->columns[i];
            if (rows.top < rows.bottom) columns.emplace_back(bar->left + int(i), rows.top);
        }
    }
    return columns;
}

// The columns that arrows point from.
std::vector<double> arrows(const GraphOptions& options, const DisplayList& list) {
    const Color color = options.colors[static_cast<std::size_t>(ColorTag::kArrow)];
    std::vector<double> columns;
    for (const Primitive& primitive : list) {
        const auto* arrow = std::get_if<FilledPolygon>(&primitive);
        if (arrow != nullptr && arrow->color == color) columns.push_back(arrow->points[1].x);
    }
    return columns;
}

TEST(ClipMarks, ShowWhereDataIsCutOff) {
    const GraphOptions options = rigid_options();
    // A value fills the pixel column before its boundary.
    const auto list = marks_of(options, clipped_line({5, 5, 11, 12, 10, 0, -1, INFINITY, NAN, 5}));
    EXPECT_THAT(covered(list), ElementsAre(std::pair(52, kTop), std::pair(53, kTop),
                                           std::pair(56, kTop + kHeight - 2)));
    EXPECT_THAT(arrows(options, list), ElementsAre(53, 56.5));
}

TEST(ClipMarks, BeginAPixelBeyondTheLimit) {
    GraphOptions options = rigid_options();  // a pixel is a tenth
    EXPECT_TRUE(covered(marks_of(options, clipped_line({5, 10.05, -0.05}))).empty());
    EXPECT_EQ(covered(marks_of(options, clipped_line({5, 10.15, -0.15}))).size(), 2U);
    const PlotScale scale = {{51, kTop, 400, kHeight}, {1, 100}, Scaling::kLogarithmic};
    for (const auto& [value, marks] : {std::pair(104.0, 0U), {106.0, 1U}, {0.96, 0U}, {0.94, 1U}}) {
        DisplayList list;
        append_clip_marks(clipped_line({5, value}), scale, options, list);
        EXPECT_EQ(covered(list).size(), marks) << value;
    }
}

TEST(ClipMarks, NearRunsShareAnArrow) {
    const GraphOptions options = rigid_options();
    Columns columns(401, 5);
    for (const std::size_t column : {11U, 21U, 101U}) columns[column] = 99;
    const auto list = marks_of(options, clipped_line(columns));
    EXPECT_EQ(covered(list).size(), 3U);
    EXPECT_THAT(arrows(options, list), ElementsAre(51 + 15.5, 51 + 100.5));
}

TEST(ClipMarks, NoneWithoutRigidLimitsOrForWhatDoesNotCount) {
    GraphOptions options = rigid_options();
    EvaluatedGraph graph = clipped_line({5, 11, 11});
    options.upper_limit.reset();
    EXPECT_TRUE(covered(marks_of(options, graph)).empty());
    options = rigid_options();
    options.rigid = false;
    EXPECT_TRUE(covered(marks_of(options, graph)).empty());
    options.clip_above = 10;
    EXPECT_EQ(covered(marks_of(options, graph)).size(), 2U);
    options.clip_below = 7;
    options.clip_above.reset();
    EXPECT_TRUE(covered(marks_of(options, graph)).empty());
    options = rigid_options();
    std::get<EvaluatedLine>(graph.drawn.front()).skip_scale = true;
    EXPECT_TRUE(covered(marks_of(options, graph)).empty());
    graph = clipped_line({5, 11, 11});
    std::get<EvaluatedLine>(graph.drawn.front()).color.reset();
    EXPECT_TRUE(covered(marks_of(options, graph)).empty());
}

}  // namespace
}  // namespace kurabe::render
