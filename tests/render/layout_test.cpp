// Layout as numbers: nothing overlaps, nothing leaves the picture, gaps stay gaps.
#include "render/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/message_layout.hpp"
#include "render/plot_shapes.hpp"

namespace kurabe::render {
namespace {

constexpr Color kRed{255, 0, 0, 255};

GraphOptions plain_options() {
    GraphOptions options;
    options.start = Time{Seconds{1700020000}};
    options.end = Time{Seconds{1700106400}};
    options.colors = rrdtool_colors();
    options.fonts = rrdtool_fonts();
    return options;
}

EvaluatedGraph line_of(Columns columns) {
    EvaluatedGraph graph;
    graph.any_known = true;
    graph.drawn.push_back(EvaluatedLine{std::move(columns), 1, kRed, false, {}});
    return graph;
}

std::vector<PixelBox> text_boxes(const Layout& layout, TextMeasurer& measurer) {
    std::vector<PixelBox> boxes;
    for (const Primitive& primitive : layout.list) {
        const auto* run = std::get_if<TextRun>(&primitive);
        if (run == nullptr || run->text.empty()) continue;
        const TextSize size = measurer.measure(run->text, run->font);
        const int shift = run->anchor == TextAnchor::kLeft     ? 0
                          : run->anchor == TextAnchor::kCenter ? size.width_px / 2
                                                               : size.width_px;
        // Letters reach from a little below the ascent to the baseline.
        const int height = size.ascent_px - 2;
        if (run->turned) {
            boxes.push_back({run->x - height, run->baseline + shift - size.width_px, run->x,
                             run->baseline + shift});
        } else {
            boxes.push_back({run->x - shift, run->baseline - height, run->x - shift + size.width_px,
                             run->baseline});
        }
    }
    return boxes;
}

bool overlap(const PixelBox& a, const PixelBox& b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// Many sizes, spans, ranges and titles; seeded.
TEST(Layout, TextsNeverOverlapNorLeaveThePicture) {
    Canvas canvas("DejaVu Sans Mono");
    const auto tokyo = store::TimeZone::locate("Asia/Tokyo").value();
    const unsigned seed = 11;
    std::mt19937 random(seed);
    const auto uniform = [&](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    for (int i = 0; i < 600; ++i) {
        GraphOptions options = plain_options();
        options.width_px = static_cast<int>(uniform(60, 1200));
        options.height_px = static_cast<int>(uniform(20, 400));
        options.start = options.end - Seconds{static_cast<long>(std::pow(10, uniform(2, 9)))};
        options.title = i % 2 == 0 ? "Day web01.example.com 平均負荷" : "";
        options.vertical_label = i % 3 == 0 ? "Throughput of everything" : "";
        options.alt_y_grid = i % 7 == 0;
        options.border_px = i % 4;
        options.logarithmic = i % 6 == 0;
        if (i % 5 == 0) options.right_axis = RightAxis{.scale = uniform(-9, 9), .shift = i * 1.5};
        options.right_axis_label = i % 4 == 1 ? "Throughput on the other side" : "";
        const double span = std::pow(10, uniform(-9, 12));
        const double low = span * uniform(-3, 3);
        EvaluatedGraph graph = line_of({low, low + span});
        for (const char* text : {"User", "Cur: 44.4[%]", "Ave: 39.3[%]", "Max: 50.7[%]"}) {
            graph.legend.push_back({text, LegendControl::kNone, std::nullopt, {}});
        }
        graph.legend.front().swatch = kRed;
        const auto layout = lay_out(options, graph, tokyo, canvas);
        ASSERT_TRUE(layout.has_value());
        const auto boxes = text_boxes(*layout, canvas);
        SCOPED_TRACE(
            fmt::format("seed {} case {}: {}x{}", seed, i, options.width_px, options.height_px));
        for (std::size_t a = 0; a < boxes.size(); ++a) {
            EXPECT_GE(boxes[a].left, 0);
            EXPECT_LE(boxes[a].right, layout->size.width_px);
            EXPECT_GE(boxes[a].top, 0);
            EXPECT_LE(boxes[a].bottom, layout->size.height_px);
            for (std::size_t b = a + 1; b < boxes.size(); ++b) {
                EXPECT_FALSE(overlap(boxes[a], boxes[b]))
                    << boxes[a].left << ',' << boxes[a].top << " and " << boxes[b].left << ','
                    << boxes[b].top;
            }
        }
    }
}

const ColumnArea& data_area(const DisplayList& list) {
    for (const Primitive& primitive : list) {
        if (const auto* area = std::get_if<ColumnArea>(&primitive)) return *area;
    }
    throw std::runtime_error("no area");
}

TEST(PlotShapes, AnAreaStandsOnZeroAndLeavesGapsOpen) {
    const PlotScale scale = {{10, 5, 6, 100}, {-50, 50}};
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedArea{{9, 20, store::kUnknown, -30, 50, 99}, {}, kRed, false});
    DisplayList list;
    append_data(graph.drawn, scale, GraphOptions{}, list);
    const ColumnArea& area = data_area(list);
    EXPECT_EQ(area.left, 10);
    ASSERT_EQ(area.columns.size(), 5U);
    EXPECT_EQ(area.columns[0], (RowSpan{35, 56}));
    EXPECT_GE(area.columns[1].top, area.columns[1].bottom) << "unknown";
    EXPECT_EQ(area.columns[2], (RowSpan{55, 86}));
    EXPECT_EQ(area.columns[3], (RowSpan{5, 56}));
    EXPECT_LT(area.columns[4].top, 5) << "cut by the clip box";
}

TEST(PlotShapes, AStackStandsOnTheLayerBelow) {
    const PlotScale scale = {{0, 0, 3, 100}, {0, 100}};
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedArea{{0, 30, 40}, {0, 10, store::kUnknown}, kRed, false});
    DisplayList list;
    append_data(graph.drawn, scale, GraphOptions{}, list);
    EXPECT_EQ(data_area(list).columns[0], (RowSpan{70, 91}));
    EXPECT_EQ(data_area(list).columns[1], (RowSpan{60, 101}));
}

// rrdtool's layers overlap where a height lies near a whole one; translucent ones would be darker.
TEST(PlotShapes, TranslucentLayersMeet) {
    const PlotScale scale = {{0, 0, 4, 100}, {0, 100}};
    for (const std::uint8_t alpha : std::array<std::uint8_t, 2>{255, 128}) {
        const Color color = {255, 0, 0, alpha};
        const Columns lower = {0, 30, 30.1, 29.9, 30.5};  // the last one far from a whole one
        EvaluatedGraph graph;
        graph.drawn.push_back(EvaluatedArea{lower, {}, color, false});
        graph.drawn.push_back(EvaluatedArea{{0, 60, 60, 60, 60}, lower, color, false});
        DisplayList list;
        append_data(graph.drawn, scale, GraphOptions{}, list);
        const auto& below = std::get<ColumnArea>(list.at(0)).columns;
        const auto& above = std::get<ColumnArea>(list.at(1)).columns;
        for (const std::size_t column : {0U, 1U, 2U, 3U}) {
            const int overlap = above[column].bottom - below[column].top;
            EXPECT_EQ(overlap, alpha < 255 || column == 3 ? 0 : 1) << column;
        }
    }
}

TEST(PlotShapes, AStepLineJoinsOnThePixelBeforeTheChange) {
    const PlotScale scale = {{0, 0, 6, 100}, {0, 100}};
    DisplayList list;
    append_data(line_of({10, 10, 10, 60, store::kUnknown, 60}).drawn, scale, GraphOptions{}, list);
    const ColumnArea& line = data_area(list);
    EXPECT_EQ(line.columns[0], (RowSpan{90, 91}));
    EXPECT_EQ(line.columns[1], (RowSpan{40, 91}));
    EXPECT_EQ(line.columns[2], (RowSpan{40, 41}));
    EXPECT_GE(line.columns[3].top, line.columns[3].bottom);
    EXPECT_EQ(line.columns[4], (RowSpan{40, 41}));
}

TEST(PlotShapes, InfiniteValuesEndJustOutside) {
    const PlotScale scale = {{0, 0, 3, 100}, {0, 100}};
    EXPECT_LT(scale.y_of(INFINITY), 0);
    EXPECT_GT(scale.y_of(-INFINITY), 100);
    EXPECT_GT(scale.y_of(1e300), -100);
}

TEST(PlotShapes, HeightsTogetherAreTheHeightsAlone) {
    Columns values = {0, -0.0, 1, 50, 100, 1e-320, -7.25, 1e300, -1e300, INFINITY, -INFINITY};
    for (int i = 0; i < 500; ++i) values.push_back(std::sin(i) * std::pow(10, i % 40 - 20));
    for (const ValueRange range : {ValueRange{0, 100}, {-3, 7}, {0, 5e-324}, {1, 1e9}}) {
        for (const Scaling scaling : {Scaling::kLinear, Scaling::kLogarithmic}) {
            if (scaling == Scaling::kLogarithmic && range.min <= 0) continue;
            const PlotScale scale = {{10, 20, 400, 100}, range, scaling};
            std::vector<double> heights(values.size());
            scale.heights_of(values, heights);
            for (std::size_t i = 0; i < values.size(); ++i) {
                EXPECT_EQ(heights[i], scale.y_of(values[i])) << values[i] << ' ' << range.max;
            }
        }
    }
}

TEST(PlotShapes, RulesOutsideTheScaleAreNotDrawn) {
    const PlotScale scale = {{0, 0, 400, 100}, {0, 100}};
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedHorizontalRule{100.5, kRed, {}});
    graph.drawn.push_back(EvaluatedHorizontalRule{store::kUnknown, kRed, {}});
    graph.drawn.push_back(EvaluatedVerticalRule{1600000000, kRed, {}});
    DisplayList list;
    append_rules(graph.drawn, scale, plain_options(), list);
    EXPECT_TRUE(list.empty());
    graph.drawn.push_back(EvaluatedHorizontalRule{50, kRed, {}});
    graph.drawn.push_back(EvaluatedVerticalRule{1700063200, kRed, {{5, 5}, 0}});
    append_rules(graph.drawn, scale, plain_options(), list);
    EXPECT_EQ(list.size(), 2U);
}

// Columns of what is written below the plot.
std::vector<int> time_label_columns(const Layout& layout) {
    std::vector<int> columns;
    for (const Primitive& primitive : layout.list) {
        const auto* const run = std::get_if<TextRun>(&primitive);
        if (run == nullptr || run->anchor != TextAnchor::kCenter) continue;
        if (run->baseline > layout.plot.top_px + layout.plot.height_px) {
            columns.push_back(run->x);
        }
    }
    return columns;
}

// Of ranges as long as each other: also where labels have room to the pixel.
TEST(Layout, PicturesSideBySideLeaveOutAsManyTimeLabels) {
    Canvas canvas("DejaVu Sans Mono");
    const auto zone = store::TimeZone::utc();
    int differ_alone = 0;
    for (int width = 200; width < 700; ++width) {
        GraphOptions first = plain_options();
        first.width_px = width;
        first.x_grid = XGrid{.minor = {CalendarUnit::kHour, 1},
                             .major = {CalendarUnit::kDay, 1},
                             .label = {CalendarUnit::kHour, 2},
                             .label_span = {},
                             .label_format = "%H:%M"};
        GraphOptions second = first;
        second.start -= Seconds{7 * 86400 + 1000};
        second.end -= Seconds{7 * 86400 + 1000};
        const auto gap_of = [&](const GraphOptions& options) {
            const auto layout =
                lay_out(options, line_of(Columns(static_cast<std::size_t>(options.width_px), 5)),
                        zone, canvas)
                    .value();
            const auto columns = time_label_columns(layout);
            return columns.size() < 2 ? 0 : columns[1] - columns[0];
        };
        if (std::abs(gap_of(first) - gap_of(second)) > 1) ++differ_alone;
        first.comparison = Comparison{second.start, ComparisonAlignment::kStart, false};
        second.comparison = Comparison{first.start, ComparisonAlignment::kStart, false};
        EXPECT_NEAR(gap_of(first), gap_of(second), 1) << width;
    }
    EXPECT_GT(differ_alone, 0);
}

TEST(Layout, SaysNoDataWhenNothingIsKnown) {
    Canvas canvas("DejaVu Sans Mono");
    const auto says_so = [&](const EvaluatedGraph& graph) {
        const auto layout = lay_out(plain_options(), graph, store::TimeZone::utc(), canvas);
        return std::ranges::any_of(layout->list, [](const Primitive& primitive) {
            const auto* run = std::get_if<TextRun>(&primitive);
            return run != nullptr && run->text == "no data";
        });
    };
    EXPECT_TRUE(says_so(EvaluatedGraph{}));
    EXPECT_FALSE(says_so(line_of({1, 2})));
}

// rrdtool turns the name of its author, too.
TEST(Layout, OnlyTheVerticalLabelIsTurned) {
    Canvas canvas("DejaVu Sans Mono");
    const auto turned_texts = [&](const GraphOptions& options) {
        std::vector<std::string> texts;
        const auto layout = lay_out(options, line_of({1, 2}), store::TimeZone::utc(), canvas);
        for (const Primitive& primitive : layout->list) {
            const auto* run = std::get_if<TextRun>(&primitive);
            if (run != nullptr && run->turned) texts.push_back(run->text);
        }
        return texts;
    };
    GraphOptions options = plain_options();
    EXPECT_EQ(turned_texts(options), std::vector<std::string>{});
    options.vertical_label = "load";
    EXPECT_EQ(turned_texts(options), std::vector<std::string>{"load"});
}

// Pango would put the blanks that are the box's room at the end of such a text.
TEST(Layout, ColorBoxesStandBesideTextsThatRunToTheLeft) {
    Canvas canvas("DejaVu Sans Mono");
    EvaluatedGraph graph = line_of(Columns(400, 1.0));
    for (const char* const text : {"\u05e2\u05d1", "\u0627\u0644", "ab", "\u65e5"}) {
        graph.legend.push_back({text, LegendControl::kLeft, kRed, {}});
    }
    const GraphOptions options = plain_options();
    const auto layout = lay_out(options, graph, store::TimeZone::utc(), canvas).value();
    ASSERT_EQ(layout.legend.texts.size(), 4U);
    for (const PlacedText& placed : layout.legend.texts) {
        const auto run = std::ranges::find_if(layout.list, [&](const Primitive& primitive) {
            const auto* text = std::get_if<TextRun>(&primitive);
            return text != nullptr && placed.text.ends_with(text->text) && !text->text.empty();
        });
        ASSERT_NE(run, layout.list.end()) << placed.text;
        const auto& text = std::get<TextRun>(*run);
        const int blanks = text.text.starts_with(' ')
                               ? 0
                               : placed.width_px - canvas.measure(text.text, text.font).width_px;
        EXPECT_EQ(text.x, placed.left_px + blanks) << placed.text;
        EXPECT_EQ(text.text.starts_with(' '), placed.text == "  ab");
    }
}

TEST(Layout, OnlyGraphIsThePlotAlone) {
    Canvas canvas("DejaVu Sans Mono");
    GraphOptions options = plain_options();
    options.only_graph = true;
    options.title = "not shown";
    const auto layout = lay_out(options, line_of({1, 2}), store::TimeZone::utc(), canvas);
    EXPECT_EQ(layout->size, (ImageSize{400, 100}));
    EXPECT_EQ(layout->plot, (PlotRectangle{0, 0, 400, 100}));
    EXPECT_TRUE(text_boxes(*layout, canvas).empty());
}

TEST(MessageLayout, StaysInsideEverySize) {
    Canvas canvas("DejaVu Sans Mono");
    const std::string message =
        "series 'web01/base/cpu-user.derive' was not found; averylongwordwithoutanyblankinsideit "
        "日本語の長い文章も折り返されます。\nA second paragraph.";
    for (const ImageSize size : {ImageSize{1, 1}, {20, 10}, {60, 30}, {200, 60}, {497, 150}}) {
        Layout layout{.size = size,
                      .picture_size = size,
                      .plot = {},
                      .range = {},
                      .legend = {},
                      .x_axis = {},
                      .y_lines = {},
                      .list = {}};
        layout.list = lay_out_message(size, "Not found", message, Theme::kDark, canvas);
        for (const PixelBox& box : text_boxes(layout, canvas)) {
            EXPECT_LE(box.right, size.width_px);
            EXPECT_LE(box.top, size.height_px);
        }
    }
}

}  // namespace
}  // namespace kurabe::render
