// Gradients and dashes of steps: the shapes as numbers, and pictures as palettes of colours.
#include <cmath>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "render/dash_walk.hpp"
#include "render/graph_parser.hpp"
#include "render/mixing.hpp"
#include "render/plot_shapes.hpp"
#include "render/png.hpp"
#include "render/renderer.hpp"
#include "render/step_lines.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render {
namespace {

constexpr Color kDrawnRed = {255, 0, 0, 255};

// ---- Dashes ----

// Which of the pixels of a path are drawn, asked for in parts of random lengths.
std::vector<bool> walked(const Dashes& dashes, int pixels, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<bool> drawn(static_cast<std::size_t>(pixels));
    DashWalk walk(dashes);
    for (int at = 0; at < pixels;) {
        const int part = std::min(1 + static_cast<int>(random() % 9), pixels - at);
        walk.parts(part, [&](int begin, int end) {
            EXPECT_LT(begin, end);
            EXPECT_LE(end, part);
            for (int i = begin; i < end; ++i) drawn[static_cast<std::size_t>(at + i)] = true;
        });
        at += part;
    }
    return drawn;
}

// The same, from the middle of each pixel alone.
std::vector<bool> plainly_walked(const Dashes& dashes, int pixels) {
    std::vector<double> lengths = dashes.on_off_px;
    if (lengths.size() % 2 != 0) {
        lengths.insert(lengths.end(), dashes.on_off_px.begin(), dashes.on_off_px.end());
    }
    double period = 0;
    for (const double length : lengths) period += length;
    std::vector<bool> drawn;
    for (int i = 0; i < pixels; ++i) {
        double at = std::fmod(i + 0.5 + dashes.offset_px, period);
        if (at < 0) at += period;
        std::size_t index = 0;
        while (index + 1 < lengths.size() && at >= lengths[index]) at -= lengths[index++];
        drawn.push_back(index % 2 == 0);
    }
    return drawn;
}

TEST(DashWalk, EqualsAPlainOneForEveryPixel) {
    for (const Dashes& dashes :
         {Dashes{{2, 4}, 0}, Dashes{{5, 5}, 3}, Dashes{{1, 1}, 0}, Dashes{{3}, 0},
          Dashes{{1, 2, 3}, 0}, Dashes{{2, 4}, -7}, Dashes{{0, 3, 2, 0}, 0},
          Dashes{{2.25, 1.5}, 0.25}, Dashes{{1000, 3}, 990}, Dashes{{2, 4}, 1e6}}) {
        EXPECT_EQ(walked(dashes, 500, 7), plainly_walked(dashes, 500))
            << dashes.on_off_px[0] << " " << dashes.offset_px;
    }
}

TEST(DashWalk, EndsForAbsurdPatterns) {
    for (const Dashes& dashes : {Dashes{{1e-300, 1e-300}, 0}, Dashes{{1e300, 1}, 1e300},
                                 Dashes{{1e-9, 1e-9}, 1e18}, Dashes{{1, 1}, INFINITY}}) {
        EXPECT_EQ(walked(dashes, 500, 7).size(), 500U);
    }
}

// ---- Dashed lines of steps ----

EvaluatedLine line_of(Columns columns, double width_px, Dashes dashes) {
    return {std::move(columns), width_px, kDrawnRed, false, std::move(dashes)};
}

// How often each pixel is covered.
std::vector<int> coverage(const DisplayList& list, int width, int height) {
    std::vector<int> counts(static_cast<std::size_t>(width * height));
    const auto cover = [&](const PixelBox& box) {
        for (int y = std::max(box.top, 0); y < std::min(box.bottom, height); ++y) {
            for (int x = std::max(box.left, 0); x < std::min(box.right, width); ++x) {
                ++counts[static_cast<std::size_t>(y * width + x)];
            }
        }
    };
    for (const Primitive& primitive : list) {
        if (const auto* boxes = std::get_if<FilledBoxes>(&primitive)) {
            for (const PixelBox& box : boxes->boxes) cover(box);
        } else if (const auto* area = std::get_if<ColumnArea>(&primitive)) {
            for (std::size_t i = 0; i < area->columns.size(); ++i) {
                const int x = area->left + static_cast<int>(i);
                cover({x, area->columns[i].top, x + 1, area->columns[i].bottom});
            }
        }
    }
    return counts;
}

Columns random_columns(std::mt19937& random, int size) {
    std::uniform_real_distribution<double> value(-20, 120);
    Columns columns;
    for (int i = 0; i < size; ++i) {
        const bool same = !columns.empty() && random() % 3 == 0;
        columns.push_back(random() % 8 == 0 ? store::kUnknown
                          : same            ? columns.back()
                                            : value(random));
    }
    return columns;
}

TEST(StepLines, ADashWithoutAnEndIsTheSolidLine) {
    std::mt19937 random(5);
    const PlotScale scale = {{3, 30, 60, 50}, {0, 100}};  // with room for what lies outside
    for (int round = 0; round < 200; ++round) {
        const Columns columns = random_columns(random, 60);
        const double thickness = 1 + round % 4;
        DisplayList solid;
        append_step_line(line_of(columns, thickness, {}), scale, solid);
        DisplayList dashed;
        append_step_line(line_of(columns, thickness, {{1e6, 1}, 0}), scale, dashed);
        ASSERT_TRUE(std::holds_alternative<FilledBoxes>(dashed.at(0)));
        const auto expected = coverage(solid, 70, 110);
        const auto actual = coverage(dashed, 70, 110);
        if (thickness == 1) {
            EXPECT_EQ(actual, expected) << "no pixel twice, in round " << round;
        }
        // Where corners of thick lines meet, a solid one fills what is between them.
        for (int x = 0; x < 70; ++x) {
            const auto rows = [x](const std::vector<int>& counts) {
                RowSpan span{110, 0};
                for (int y = 0; y < 110; ++y) {
                    if (counts[static_cast<std::size_t>(y * 70 + x)] == 0) continue;
                    span = {std::min(span.top, y), y + 1};
                }
                return span;
            };
            EXPECT_EQ(rows(actual), rows(expected)) << "round " << round << " column " << x;
        }
    }
}

TEST(StepLines, DashesGoAroundCorners) {
    const PlotScale scale = {{0, 0, 12, 10}, {0, 10}};
    DisplayList list;
    // Level on row 8, up on column 3 to row 5, level to the end.
    append_step_line(line_of({2, 2, 2, 2, 2, 5, 5, 5, 5, 5}, 1, {{2, 2}, 0}), scale, list);
    std::string picture;
    const auto counts = coverage(list, 12, 10);
    for (int y = 4; y < 9; ++y) {
        for (int x = 0; x < 10; ++x) {
            picture += counts[static_cast<std::size_t>(y * 12 + x)] > 0 ? '#' : '.';
        }
        picture += '\n';
    }
    EXPECT_EQ(picture,
              "..........\n"
              ".....##...\n"
              "...#......\n"
              "...#......\n"
              "##........\n");
}

TEST(StepLines, TooManyDashesAreASolidLine) {
    const PlotScale scale = {{0, 0, 400, 100}, {0, 100}};
    std::mt19937 random(5);
    DisplayList list;
    append_step_line(line_of(random_columns(random, 400), 1, {{0.01, 0.01}, 0}), scale, list);
    EXPECT_TRUE(std::holds_alternative<ColumnArea>(list.at(0)));
}

TEST(Rules, TooManyDashesAreASolidLine) {
    GraphOptions options;
    options.start = Time{Seconds{0}};
    options.end = Time{Seconds{100}};
    const PlotScale scale = {{0, 0, 30'000, 100}, {0, 100}};
    for (const auto& [dash, is_solid] : {std::pair(0.5, true), std::pair(5.0, false)}) {
        const std::vector<Drawn> rules = {
            EvaluatedHorizontalRule{50, Color{}, Dashes{{dash, dash}, 0}}};
        DisplayList list;
        append_rules(rules, scale, options, list);
        ASSERT_EQ(list.size(), 1U);
        EXPECT_EQ(std::holds_alternative<GridLine>(list[0]), is_solid) << dash;
        EXPECT_EQ(std::holds_alternative<FilledBoxes>(list[0]), !is_solid) << dash;
    }
}

TEST(StepLines, AbsurdValuesEndOutside) {
    const PlotScale scale = {{0, 0, 6, 100}, {0, 100}};
    for (const Dashes& dashes : {Dashes{}, Dashes{{2, 3}, 1}}) {
        DisplayList list;
        append_step_line(line_of({1, INFINITY, -INFINITY, 1e300, -1e300, 50}, 1000, dashes), scale,
                         list);
        EXPECT_EQ(list.size(), 1U);
    }
}

// ---- Gradients ----

EvaluatedGraph graph_of(EvaluatedArea area) {
    EvaluatedGraph graph;
    graph.drawn.emplace_back(std::move(area));
    return graph;
}

TEST(Gradients, RunDownwardsInEveryColumn) {
    const PlotScale scale = {{10, 0, 5, 100}, {-50, 50}};
    const auto course = [&](double height_px) {
        DisplayList list;
        append_data(graph_of({{0, 40, store::kUnknown, -30, 10},
                              {0, 20, 20, store::kUnknown, 20},
                              kDrawnRed,
                              false,
                              AreaGradient{{0, 0, 255, 255}, height_px}})
                        .drawn,
                    scale, GraphOptions{}, list);
        const auto& area = std::get<ColumnArea>(list.at(0));
        EXPECT_EQ(area.gradient.left, 10);
        EXPECT_EQ(area.gradient.columns.size(), area.columns.size());
        return area.gradient.columns;
    };
    const auto expect = [](const Gradient::Course& actual, double begin, double end) {
        EXPECT_EQ(actual.begin, begin);
        EXPECT_EQ(actual.end, end);
    };
    expect(course(50)[0], 10, 60);
    expect(course(50)[2], 80, 130);
    expect(course(-20)[0], 10, 30);
    expect(course(-20)[2], 30, 50);
    expect(course(0)[0], 10, 30);
    expect(course(0)[2], 80, 50);
    expect(course(0)[3], 40, 30);
}

Pixels drawn(const std::vector<std::string>& more, std::string* bytes = nullptr) {
    std::vector<std::string> words = render::testing::page_options();
    words.insert(words.end(), {"DEF:a=user:n:AVERAGE", "DEF:b=system:n:AVERAGE"});
    words.insert(words.end(), more.begin(), more.end());
    const auto zone = store::TimeZone::locate("UTC").value();
    const auto definition = parse_graph(words, render::testing::kSampleEnd, zone);
    EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
    Renderer renderer;
    const auto graph = renderer.render(*definition, render::testing::InventedSource{},
                                       render::testing::kSampleEnd, zone);
    EXPECT_TRUE(graph.has_value()) << (graph ? "" : graph.error().message);
    if (bytes != nullptr) *bytes = graph->bytes;
    return decode_png(graph->bytes).value();
}

bool has_palette(const std::string& bytes) {
    return bytes.find("PLTE") < 100;
}

TEST(Gradients, StayPicturesOfAPalette) {
    std::string bytes;
    (void)drawn({"AREA:a#ff8000#0000ff:x:gradheight=0", "AREA:b#00ff00#ffff00:y:STACK"}, &bytes);
    EXPECT_TRUE(has_palette(bytes));
    for (const char* mode : {"--slope-mode", "--no-gridfit"}) {
        (void)drawn({mode, "AREA:a#ff8000#0000ff:x:gradheight=0"}, &bytes);
        EXPECT_TRUE(has_palette(bytes)) << mode;
    }
    // Three have more, and are smooth.
    const std::string area = "AREA:b#00ffff#ff00ff:z:gradheight=0:STACK";
    (void)drawn({"AREA:a#ff8000#0000ff:x:gradheight=0", area, area}, &bytes);
    EXPECT_FALSE(has_palette(bytes));
}

// Slope mode and exact places draw about the same colours as the pixels of steps do.
TEST(Gradients, LookTheSameInEveryMode) {
    const std::string area = "AREA:a#ff0000#0000ff:x:gradheight=0";
    const Pixels steps = drawn({area});
    for (const char* mode : {"--slope-mode", "--no-gridfit"}) {
        const Pixels other = drawn({mode, area});
        std::size_t far = 0;
        for (std::size_t i = 0; i < steps.rgb.size(); ++i) {
            const auto red = [i](const Pixels& pixels) { return int(pixels.rgb[i] >> 16 & 0xFF); };
            if (std::abs(red(steps) - red(other)) > 64) ++far;
        }
        EXPECT_LT(far, steps.rgb.size() / 30) << mode;
    }
}

// ---- Slope mode ----

// Level lines and edges are as crisp as steps.
TEST(SlopeMode, IsFittedToPixels) {
    const PlotScale scale = {{0, 0, 3, 100}, {0, 100}};
    GraphOptions options;
    options.slope_mode = true;
    for (const auto& [width, middle] : {std::pair(1.0, 40.5), std::pair(2.0, 41.0)}) {
        DisplayList list;
        EvaluatedGraph graph;
        graph.drawn.emplace_back(line_of({59.7, 59.7, 59.7}, width, {}));
        append_data(graph.drawn, scale, options, list);
        EXPECT_EQ(std::get<Polyline>(list.at(0)).points[1].y, middle) << width;
        EXPECT_EQ(std::get<Polyline>(list.at(0)).points[1].x, 1 - width / 2);
    }
    DisplayList list;
    append_data(graph_of({{59.7, 59.7, -20}, {}, kDrawnRed, false}).drawn, scale, options, list);
    const auto& points = std::get<FilledPolygon>(list.at(0)).points;
    EXPECT_EQ(points[1].y, 41);
    EXPECT_EQ(points[4].y, 101);
}

// ---- Transparency ----

TEST(Transparency, OfBackAndCanvasIsThePictures) {
    std::string bytes;
    const Pixels pixels =
        drawn({"-c", "BACK#ff000080", "-c", "CANVAS#0000ff40", "--border", "0"}, &bytes);
    EXPECT_TRUE(has_palette(bytes));
    EXPECT_EQ(pixels.rgb[0], 0x7FFF0000U);
    std::size_t canvas = 0;
    for (const std::uint32_t pixel : pixels.rgb) canvas += pixel == 0x5F990066U ? 1 : 0;
    EXPECT_GT(canvas, 10'000U) << "as rrdtool's own pixels";
}

// ---- Rough edges ----

TEST(RoughEdges, HaveNoShades) {
    const auto shades = [](const char* mode) {
        std::set<std::uint32_t> colors;
        for (const std::uint32_t pixel :
             drawn({"-j", "-E", "-G", mode, "AREA:a#00ff00", "LINE1:b#ff0000"}).rgb) {
            colors.insert(pixel);
        }
        return colors.size();
    };
    EXPECT_EQ(shades("mono"), 3U) << "canvas, area and line";
    EXPECT_GT(shades("normal"), 3U);
}

}  // namespace
}  // namespace kurabe::render
