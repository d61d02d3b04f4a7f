// Frames as numbers: what depends on the request alone, what is left out where there is no room.
#include "render/frame.hpp"

#include <cmath>
#include <optional>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/evaluate.hpp"
#include "render/free_texts.hpp"
#include "render/graph_parser.hpp"
#include "render/layout.hpp"
#include "render/renderer.hpp"
#include "render/title.hpp"

namespace kurabe::render {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

constexpr Time kNow{Seconds{1700200000}};

class Choices {
  public:
    explicit Choices(unsigned seed) : random_(seed) {}

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
    bool one_in(int n) { return below(n) == 0; }
    template <typename T>
    const T& of(const std::vector<T>& values) {
        return values[static_cast<std::size_t>(below(static_cast<int>(values.size())))];
    }
    double real(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random_);
    }

  private:
    std::mt19937 random_;
};

// Random rows of any magnitude, some of them unknown.
class RandomSource final : public SeriesSource {
  public:
    explicit RandomSource(unsigned seed) : seed_(seed) {}

    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference&, const store::FetchRequest& request) const override {
        Choices choices(seed_);
        const double scale = std::pow(10, choices.real(-6, 15));
        const Seconds step{300};
        store::FetchedSeries series{
            .start = request.start, .end = request.end, .step = step, .values = {}};
        for (Time time = request.start; time < request.end; time += step) {
            series.values.push_back(choices.one_in(5) ? store::kUnknown
                                                      : choices.real(-1, 1) * scale);
        }
        return series;
    }

  private:
    unsigned seed_;
};

std::vector<std::string> random_elements(Choices& choices) {
    std::vector<std::string> words = {"DEF:a=x:n:AVERAGE", "CDEF:b=a,1000,*", "LINE1:a#f00:a"};
    for (int i = choices.below(12); i > 0; --i) {
        words.push_back(choices.of<std::string>(
            {"GPRINT:a:MAX:%lf", "GPRINT:b:AVERAGE:%5.1lf%s\\l", "COMMENT:many words\\t here",
             "AREA:b#0f0:area\\r", "HRULE:50#f00:rule", "COMMENT:\\s", "COMMENT:up\\u",
             "TEXTALIGN:center", "GPRINT:a:LAST:%le\\g", "VRULE:1700100000#00f:\u65e5\u672c"}));
    }
    return words;
}

// Options of a frame that the request alone determines.
std::vector<std::string> fixed_options(Choices& choices) {
    std::vector<std::string> words = {"-s", "end-1d",
                                      "-w", std::to_string(10 + choices.below(700)),
                                      "-h", std::to_string(10 + choices.below(300))};
    const auto add = [&words](const std::vector<std::string>& more) {
        words.insert(words.end(), more.begin(), more.end());
    };
    const std::string room = std::to_string(choices.below(150));
    switch (choices.below(4)) {
        case 0:
            add({"--no-legend", "--legend-position", choices.of<std::string>({"north", "west"})});
            break;
        case 1:
            add({"--legend-height", room});
            break;
        case 2:
            add({"--legend-height", room, "--legend-position", "north"});
            break;
        default:
            add({"--legend-width", room, "--legend-position",
                 choices.of<std::string>({"east", "west"})});
    }
    if (choices.one_in(3)) add({"--full-size-mode"});
    if (choices.one_in(3)) add({"-t", "one\\ntwo"});
    if (choices.one_in(3)) add({"-v", "unit"});
    if (choices.one_in(3)) add({"-W", "mark"});
    if (choices.one_in(3)) add({"-A"});
    if (choices.one_in(3)) add({"-n", fmt::format("DEFAULT:{}:", 5 + choices.below(20))});
    return words;
}

GraphDefinition parsed(std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    auto definition = parse_graph(words, kNow, store::TimeZone::utc());
    EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
    return definition.value_or(GraphDefinition{});
}

TEST(FixedFrames, DependOnTheRequestAlone) {
    Renderer renderer;
    for (unsigned seed = 0; seed < 150; ++seed) {
        Choices choices(seed);
        const auto options = fixed_options(choices);
        std::optional<RenderedGraph> first;
        for (unsigned data = 0; data < 3; ++data) {
            const auto definition = parsed(options, random_elements(choices));
            const auto graph = renderer.measure(definition, RandomSource(seed * 10 + data), kNow,
                                                store::TimeZone::utc());
            ASSERT_TRUE(graph) << seed;
            if (!first) first = *graph;
            EXPECT_EQ(first->size, graph->size) << seed;
            EXPECT_EQ(first->plot, graph->plot) << seed;
        }
    }
}

// Also in pictures of ten pixels, and of letters larger than the picture.
TEST(FullSize, TextsNeverOverlapNorLeaveThePicture) {
    Canvas canvas("DejaVu Sans Mono");
    for (unsigned seed = 0; seed < 300; ++seed) {
        Choices choices(seed);
        std::vector<std::string> options = {
            "-D",
            "-s",
            "end-1d",
            "-w",
            std::to_string(10 + choices.below(seed % 2 == 0 ? 60 : 500)),
            "-h",
            std::to_string(10 + choices.below(seed % 3 == 0 ? 40 : 300)),
            "--legend-position",
            choices.of<std::string>({"north", "south", "west", "east"}),
            "-t",
            "a rather long title",
            "-v",
            "a unit",
            "-W",
            "mark"};
        if (choices.one_in(3)) {
            options.insert(options.end(),
                           {"-n", fmt::format("DEFAULT:{}:", 5 + choices.below(40))});
        }
        const auto definition =
            parsed(options, {"LINE1:5#f00:five\\l", "LINE1:7#f00:seven", "COMMENT:and more words",
                             "COMMENT:to say\\l", "COMMENT:x", "COMMENT:a\\tb\\r"});
        const RandomSource source(seed);
        const auto graph = evaluate(definition, source, kNow, store::TimeZone::utc());
        ASSERT_TRUE(graph.has_value());
        const auto layout = lay_out(definition.options, *graph, store::TimeZone::utc(), canvas);
        ASSERT_TRUE(layout.has_value());
        EXPECT_EQ(layout->size,
                  (ImageSize{definition.options.width_px, definition.options.height_px}));
        std::vector<PixelBox> boxes;
        for (const Primitive& primitive : layout->list) {
            const auto* const run = std::get_if<TextRun>(&primitive);
            if (run == nullptr || run->text.empty()) continue;
            PixelBox box = text_box(*run, canvas);
            EXPECT_TRUE(box.left >= 0 && box.right <= layout->size.width_px && box.top >= -1 &&
                        box.bottom <= layout->size.height_px + 1)
                << seed << ' ' << run->text << ' ' << box.left << ' ' << box.top;
            // Letters do not fill the height of their line.
            const int line = run->turned ? box.right - box.left : box.bottom - box.top;
            (run->turned ? box.left : box.top) += line / 4;
            (run->turned ? box.right : box.bottom) -= line / 4;
            for (const PixelBox& other : boxes) {
                EXPECT_FALSE(box.left < other.right && other.left < box.right &&
                             box.top < other.bottom && other.top < box.bottom)
                    << seed << ' ' << run->text << ' ' << box.left << ' ' << box.top;
            }
            boxes.push_back(box);
        }
    }
}

// How many texts of its legend and how many boxes a picture of full size has.
std::pair<int, int> texts_and_boxes(const std::vector<std::string>& words) {
    Canvas canvas("DejaVu Sans Mono");
    const auto definition = parsed({"-D", "-w", "200", "-Y", "--x-grid", "none"}, words);
    const auto graph = evaluate(definition, RandomSource(1), kNow, store::TimeZone::utc()).value();
    const auto layout = lay_out(definition.options, graph, store::TimeZone::utc(), canvas).value();
    const auto count = [&layout](auto is) {
        return static_cast<int>(std::ranges::count_if(layout.list, is));
    };
    return {count([](const Primitive& one) {
                const auto* const run = std::get_if<TextRun>(&one);
                return run != nullptr && run->text.find("line") != std::string::npos;
            }),
            count([](const Primitive& one) { return std::holds_alternative<FilledBox>(one); })};
}

TEST(FullSize, ALegendWithoutRoomLeavesNoColourBox) {
    std::vector<std::string> words = {"-h", "500"};
    for (int line = 0; line < 12; ++line) {
        words.push_back(fmt::format("LINE1:{}#f00:line {}\\l", line, line));
    }
    const auto [texts, boxes] = texts_and_boxes(words);
    words[1] = "100";
    const auto [few_texts, few_boxes] = texts_and_boxes(words);
    EXPECT_EQ(texts, 12);
    ASSERT_LT(few_texts, texts);
    EXPECT_EQ(boxes - few_boxes, 2 * (texts - few_texts));  // a ground and a colour each
}

EvaluatedGraph texts(const std::vector<std::string>& lines) {
    EvaluatedGraph graph;
    for (const std::string& line : lines) {
        graph.legend.push_back({.text = line, .control = LegendControl::kLeft});
    }
    return graph;
}

std::vector<std::string> shown(const Legend& legend) {
    std::vector<std::string> all;
    for (const PlacedText& text : legend.texts) all.push_back(text.text);
    return all;
}

TEST(LegendRoom, RowsWithoutRoomAreLeftOutWhole) {
    Canvas canvas("DejaVu Sans Mono");
    const auto legend_of = [&canvas](int height) {
        const auto definition = parsed({"--legend-height", std::to_string(height)}, {});
        return shown(
            place_frame(definition.options, texts({"one", "two", "three"}), canvas).legend);
    };
    EXPECT_THAT(legend_of(18), ElementsAre());
    EXPECT_THAT(legend_of(19), ElementsAre("one\u2026"));
    EXPECT_THAT(legend_of(46), ElementsAre("one", "two\u2026"));
    EXPECT_THAT(legend_of(47), ElementsAre("one", "two", "three"));
}

TEST(LegendRoom, LongLinesArePressedTogetherAndThenCut) {
    Canvas canvas("DejaVu Sans Mono");
    const auto definition = parsed({"-w", "100"}, {});
    const auto legend_of = [&](std::vector<LegendEntry> entries) {
        EvaluatedGraph graph;
        graph.legend = std::move(entries);
        const Frame frame = place_frame(definition.options, graph, canvas);
        for (const PlacedText& text : frame.legend.texts) {
            EXPECT_GE(text.left_px, 0);
            EXPECT_LE(text.left_px + text.width_px, frame.size.width_px);
        }
        return shown(frame.legend);
    };
    const std::string ten(10, 'w');
    EXPECT_THAT(legend_of({{ten}, {ten, LegendControl::kRight}}), ElementsAre(ten, ten));
    const auto cut = legend_of({{ten}, {ten}, {ten, LegendControl::kLeft}});
    EXPECT_THAT(cut.back(), ten);  // two lines: only the last stays where its marker is
    const auto long_one = legend_of({{std::string(50, 'w'), LegendControl::kLeft}});
    ASSERT_EQ(long_one.size(), 1U);
    EXPECT_THAT(long_one[0], EndsWith("\u2026"));
    const auto both = legend_of({{std::string(18, 'w')}, {ten, LegendControl::kLeft}});
    EXPECT_THAT(both.back(), EndsWith("\u2026"));
}

// In rrdtool the box covers the first letters.
TEST(Frame, LegendsOfTicksStandBehindTheirBox) {
    Canvas canvas("DejaVu Sans Mono");
    const auto definition = parsed({"-s", "end-1d"}, {"TICK:1#f00:0.1:tick"});
    const auto graph = evaluate(definition, RandomSource(1), kNow, store::TimeZone::utc()).value();
    EXPECT_THAT(shown(place_frame(definition.options, graph, canvas).legend),
                ElementsAre("  tick"));
}

TEST(Title, HasThreeLinesAtMost) {
    const auto lines_of = [](std::string title) {
        GraphOptions options;
        options.title = std::move(title);
        return title_lines(options);
    };
    EXPECT_THAT(lines_of("a"), ElementsAre("a"));
    EXPECT_THAT(lines_of("a\nb\nc"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(lines_of("a\nb\nc\nd\ne"), ElementsAre("a", "b", "c\u2026"));
}

}  // namespace
}  // namespace kurabe::render
