// Marks and bands: where they stand, and labels that never lie over one another.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/graph_parser.hpp"
#include "render/layout.hpp"

namespace kurabe::render {
namespace {

using Words = std::vector<std::string>;

constexpr std::int64_t kAnnotatedStart = 1'700'000'000;
constexpr std::int64_t kAnnotatedEnd = 1'700'100'000;

Result<GraphDefinition> parse_annotated(const Words& words) {
    Words arguments = {"-s", fmt::format("{}", kAnnotatedStart), "-e",
                       fmt::format("{}", kAnnotatedEnd)};
    arguments.insert(arguments.end(), words.begin(), words.end());
    arguments.emplace_back("LINE1:5#f00");
    return parse_graph(arguments, Time{Seconds{kAnnotatedEnd}}, store::TimeZone::utc());
}

class Annotations : public ::testing::Test {
  protected:
    Layout laid_out(const Words& words) {
        const auto definition = parse_annotated(words);
        EXPECT_TRUE(definition.has_value()) << definition.error().message;
        EvaluatedGraph graph;
        graph.any_known = true;
        return lay_out(definition->options, graph, store::TimeZone::utc(), canvas_).value();
    }
    // The texts inside the plot.
    std::vector<PixelBox> labels_of(const Layout& layout) {
        std::vector<PixelBox> boxes;
        for (const Primitive& primitive : layout.list) {
            const auto* const run = std::get_if<TextRun>(&primitive);
            if (run == nullptr || run->baseline > layout.plot.top_px + layout.plot.height_px ||
                run->x < layout.plot.left_px) {
                continue;
            }
            const TextSize size = canvas_.measure(run->text, run->font);
            boxes.push_back({run->x, run->baseline - size.ascent_px, run->x + size.width_px,
                             run->baseline + size.descent_px});
        }
        return boxes;
    }

    Canvas canvas_{"DejaVu Sans Mono"};
};

template <typename Shape>
std::vector<Shape> shapes_of(const Layout& layout, Color color) {
    std::vector<Shape> shapes;
    for (const Primitive& primitive : layout.list) {
        const auto* const shape = std::get_if<Shape>(&primitive);
        if (shape != nullptr && shape->color == color) shapes.push_back(*shape);
    }
    return shapes;
}

constexpr Color kOrange{0xFF, 0x80, 0};

TEST_F(Annotations, AMarkStandsWhereAVerticalRuleWould) {
    const Layout layout = laid_out({"--mark", "1700050000:deploy#ff8000"});
    const auto lines = shapes_of<GridLine>(layout, kOrange);
    ASSERT_EQ(lines.size(), 1);
    EXPECT_TRUE(lines[0].upright);
    EXPECT_EQ(lines[0].position, layout.plot.left_px - 1 + layout.plot.width_px / 2);
    EXPECT_EQ(lines[0].from, layout.plot.top_px);
    EXPECT_EQ(lines[0].to, layout.plot.top_px + layout.plot.height_px);
    EXPECT_EQ(shapes_of<FilledPolygon>(layout, kOrange).size(), 1);
    EXPECT_EQ(labels_of(layout).size(), 1);
}

TEST_F(Annotations, ABandFillsItsTimeBehindTheData) {
    const Layout layout = laid_out({"--band", "1700025000:1700050000#ff8000:night"});
    const auto boxes = shapes_of<FilledBox>(layout, {0xFF, 0x80, 0, 0x40});
    ASSERT_EQ(boxes.size(), 1);
    EXPECT_EQ(boxes[0].box,
              (PixelBox{layout.plot.left_px + 100, layout.plot.top_px, layout.plot.left_px + 200,
                        layout.plot.top_px + layout.plot.height_px}));
    const auto labels = labels_of(layout);
    ASSERT_EQ(labels.size(), 1);
    EXPECT_NEAR((labels[0].left + labels[0].right) / 2, layout.plot.left_px + 150, 1);
    const auto half = laid_out({"--band", "start-1d:start+25000#ff8000ff"});
    EXPECT_EQ(shapes_of<FilledBox>(half, kOrange).at(0).box.left, half.plot.left_px);
}

TEST_F(Annotations, WhatIsOutsideIsNotDrawn) {
    const std::size_t without = laid_out({}).list.size();
    EXPECT_EQ(laid_out({"--mark", "start-1:early", "--mark", "end+1:late", "--band",
                        "start-2d:start-1d#f00:early", "--band", "end+1d:end+9000w#f00:late"})
                  .list.size(),
              without);
}

TEST_F(Annotations, ChangeNeitherSizeNorPlot) {
    const Layout without = laid_out({});
    const Layout with =
        laid_out({"--mark", "end-1h:a long word about it", "--band", "start+1h:end#f00:all"});
    EXPECT_EQ(with.size, without.size);
    EXPECT_EQ(with.plot, without.plot);
}

TEST_F(Annotations, LabelsNeverOverlapNorLeaveThePlot) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        Words words = {"-w", fmt::format("{}", 20 + random() % 1000), "-h",
                       fmt::format("{}", 10 + random() % 300)};
        for (unsigned i = 0; i < random() % 40; ++i) {
            const auto time = kAnnotatedStart + static_cast<std::int64_t>(random() % 100'000);
            const std::string text(random() % 30, 'x');
            words.insert(words.end(), {"--mark", fmt::format("{}:{}", time, text)});
            words.insert(words.end(),
                         {"--band", fmt::format("{}:{}#00f:{}", time - 5000, time, text)});
        }
        const Layout layout = laid_out(words);
        const auto labels = labels_of(layout);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            EXPECT_GE(labels[i].left, layout.plot.left_px);
            EXPECT_LE(labels[i].right, layout.plot.left_px + layout.plot.width_px);
            EXPECT_GE(labels[i].top, layout.plot.top_px);
            EXPECT_LE(labels[i].bottom, layout.plot.top_px + layout.plot.height_px);
            for (std::size_t k = 0; k < i; ++k) {
                EXPECT_FALSE(labels[i].left < labels[k].right && labels[k].left < labels[i].right &&
                             labels[i].top < labels[k].bottom && labels[k].top < labels[i].bottom);
            }
        }
    }
}

// The data is drawn before them: what is below a label must be seen through its ground.
TEST_F(Annotations, LabelsHideLessThanHalfOfWhatIsBelowThem) {
    for (const char* theme : {"rrdtool", "light", "dark"}) {
        const Layout layout = laid_out({"--theme", theme, "--mark", "end-1h:deploy", "--mark",
                                        "end-2h:rollback", "--band", "start:start+9h#00f:night"});
        const auto labels = labels_of(layout);
        ASSERT_EQ(labels.size(), 3);
        for (const PixelBox& label : labels) {
            int opacity = 0;
            for (const Primitive& primitive : layout.list) {
                const auto* const ground = std::get_if<FilledBox>(&primitive);
                if (ground == nullptr || ground->box.left != label.left - 1) continue;
                if (ground->box.top == label.top) opacity += ground->color.alpha;
            }
            EXPECT_GT(opacity, 0);
            EXPECT_LT(opacity, 128);
        }
    }
}

TEST_F(Annotations, TimesMayReferToTheGraph) {
    const auto mark = [](const char* text) {
        return parse_annotated({"--mark", text})->options.marks.at(0);
    };
    EXPECT_EQ(mark("start+1h").time, Time{Seconds{kAnnotatedStart + 3600}});
    EXPECT_EQ(mark("+1h").time, Time{Seconds{kAnnotatedStart + 3600}});
    EXPECT_EQ(mark("end-1h:x").time, Time{Seconds{kAnnotatedEnd - 3600}});
    EXPECT_EQ(mark("now-1h:x").time, Time{Seconds{kAnnotatedEnd - 3600}});
    EXPECT_EQ(mark("20231115 10\\:30:x").time, Time{Seconds{1'700'044'200}});
    EXPECT_EQ(mark("20231115 10\\:30:v3: done").text, "v3: done");
    EXPECT_EQ(mark("end-1h:issue #7").text, "issue #7");
    EXPECT_EQ(mark("end-1h:issue#00f").color, (Color{0, 0, 255}));
    EXPECT_EQ(mark("end-1h").text, "");
}

TEST_F(Annotations, TheColonOfMinutesNeedsNoEscape) {
    const auto mark = [](const char* text) {
        return parse_annotated({"--mark", text})->options.marks.at(0);
    };
    const Mark usual = mark("20231115 10\\:30:deploy");
    EXPECT_EQ(mark("20231115 10:30:deploy").time, usual.time);
    EXPECT_EQ(mark("20231115 10:30:deploy").text, "deploy");
    EXPECT_EQ(mark("10:30 20231115:deploy").time, usual.time);
    EXPECT_EQ(mark("2023-11-15 10:30:15:x").time, usual.time + Seconds{15});
    EXPECT_EQ(mark("2023-11-15 10\\:30:15").time, usual.time);
    EXPECT_EQ(mark("2023-11-15 10\\:30:15").text, "15");
    EXPECT_EQ(mark("end-2h:42").text, "42");
    const auto band = [](const char* text) {
        return parse_annotated({"--band", text})->options.bands.at(0);
    };
    EXPECT_EQ(band("20231115 10:30:20231115 11:45#f00").start, usual.time);
    EXPECT_EQ(band("20231115 10:30:20231115 11:45#f00").end, usual.time + Seconds{75 * 60});
    EXPECT_EQ(band("10:12#f00").end - band("10:12#f00").start, Seconds{2 * 3600});
    EXPECT_THAT(parse_annotated({"--band", "end-1h:end-2h#f00"}).error().message,
                ::testing::HasSubstr("ends before it begins"));
    EXPECT_THAT(parse_annotated({"--band", "end-2h:end-1h#red"}).error().message,
                ::testing::HasSubstr("not 'red'"));
}

TEST_F(Annotations, MistakesAreErrors) {
    for (const Words& words : std::vector<Words>{{"--mark", ""},
                                                 {"--mark", "soon:x"},
                                                 {"--mark", ":x"},
                                                 {"--band", "end-2h:end-1h"},
                                                 {"--band", "end-1h:end-2h#f00"},
                                                 {"--band", "end-1h#f00"},
                                                 {"--band", "end-2h:end-1h#red"},
                                                 {"--band", "#f00"},
                                                 {"--band", "1:2:3#f00"},
                                                 {"--mark", std::string(3000, '1')}}) {
        EXPECT_FALSE(parse_annotated(words).has_value()) << words[1];
    }
    Words many;
    for (int i = 0; i < 101; ++i) many.insert(many.end(), {"--mark", "end-1h"});
    EXPECT_EQ(parse_annotated(many).error().code, ErrorCode::kLimit);
    many.resize(200);
    EXPECT_TRUE(parse_annotated(many).has_value());
}

}  // namespace
}  // namespace kurabe::render
