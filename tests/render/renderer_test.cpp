// The renderer from a definition to a file: sizes, errors, threads.
#include "render/renderer.hpp"

#include <algorithm>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/png.hpp"
#include "render/themes.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render::testing {
namespace {

using Words = std::vector<std::string>;

GraphDefinition definition_of(const Words& words) {
    auto definition = parse_graph(words, kSampleEnd, store::TimeZone::utc());
    EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
    return definition.value_or(GraphDefinition{});
}

Result<RenderedGraph> measured(Renderer& renderer, const GraphDefinition& definition) {
    return renderer.measure(definition, InventedSource{}, kSampleEnd, store::TimeZone::utc());
}

Result<RenderedGraph> render_words(Renderer& renderer, const Words& words) {
    return renderer.render(definition_of(words), InventedSource{}, kSampleEnd,
                           store::TimeZone::utc());
}

TEST(Renderer, ThePictureHasTheSizeItTells) {
    Renderer renderer;
    for (const Words& words : {cpu_graph(), traffic_graph(), memory_graph()}) {
        const auto graph = render_words(renderer, words);
        ASSERT_TRUE(graph.has_value()) << graph.error().message;
        const auto pixels = decode_png(graph->bytes);
        ASSERT_TRUE(pixels.has_value());
        EXPECT_EQ(pixels->size, graph->size);
        EXPECT_EQ(measured(renderer, definition_of(words))->size, graph->size);
        EXPECT_EQ(graph->plot.width_px, 420);
    }
}

TEST(Renderer, EightThreadsGiveTheBytesOfOne) {
    const std::vector<Words> graphs = {cpu_graph(), traffic_graph(), memory_graph()};
    std::vector<std::string> alone;
    Renderer renderer;
    for (const Words& words : graphs) alone.push_back(render_words(renderer, words)->bytes);
    constexpr std::size_t kThreads = 8;
    constexpr int kRounds = 5;
    std::vector<int> equal(kThreads);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            Renderer own;
            for (int round = 0; round < kRounds; ++round) {
                for (std::size_t i = 0; i < graphs.size(); ++i) {
                    const auto graph = render_words(own, graphs[i]);
                    equal[t] += graph && graph->bytes == alone[i] ? 1 : 0;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const int count : equal) EXPECT_EQ(count, kRounds * 3);
}

TEST(Renderer, TheSourcesErrorIsPassedOn) {
    Renderer renderer;
    const Words words = {"DEF:a=missing:n:AVERAGE", "LINE1:a#f00"};
    const auto graph = render_words(renderer, words);
    ASSERT_FALSE(graph.has_value());
    EXPECT_EQ(graph.error().code, ErrorCode::kNotFound);
}

TEST(Renderer, MissingDataMayBeUnknown) {
    Renderer renderer;
    const auto graph = render_words(renderer, {"-Z", "DEF:a=missing:n:AVERAGE", "LINE1:a#f00:x"});
    ASSERT_TRUE(graph.has_value()) << graph.error().message;
    EXPECT_EQ(graph->value_max, 1);
}

TEST(Renderer, SizesOverTheLimitsAreRefused) {
    Renderer renderer;
    GraphDefinition definition = definition_of(traffic_graph());
    definition.options.width_px = kPlotWidthMax_px + 1;
    EXPECT_EQ(measured(renderer, definition).error().code, ErrorCode::kLimit);
    definition.options.width_px = 420;
    for (const double size_pt : {1e9, 0.0, std::numeric_limits<double>::quiet_NaN()}) {
        definition.options.fonts[static_cast<std::size_t>(FontTag::kTitle)].size_pt = size_pt;
        EXPECT_EQ(measured(renderer, definition).error().code, ErrorCode::kLimit) << size_pt;
    }
    EXPECT_FALSE(renderer.message_picture({0, 10}, "t", "m").has_value());
    EXPECT_FALSE(renderer.message_picture({100000, 10}, "t", "m").has_value());
}

TEST(Renderer, LayersOverTheLimitsAreRefused) {
    Renderer renderer;
    const auto drawn = [&renderer](std::size_t lines, const char* width, const char* height) {
        Words words = {"-w", width, "-h", height};
        words.resize(words.size() + lines, "LINE:1#f00");
        return render_words(renderer, words);
    };
    EXPECT_TRUE(drawn(300, "100", "20").has_value());
    EXPECT_EQ(drawn(300, "4000", "20").error().code, ErrorCode::kLimit);
    EXPECT_EQ(drawn(30, "4000", "2000").error().code, ErrorCode::kLimit);
}

// The time is what counts here: as dashes this line takes a gigabyte and half a minute.
TEST(Renderer, ALineOfMillionsOfDashesIsSolid) {
    Renderer renderer;
    const auto with = [&renderer](const std::string& line) {
        return render_words(renderer, {"-w", "4000", "-h", "2000", "-E", "DEF:a=user:n:AVERAGE",
                                       "CDEF:b=COUNT,2,%,a,0,*,+", line})
            ->bytes;
    };
    EXPECT_EQ(with("LINE50:b#f00::dashes=0.5,0.5"), with("LINE50:b#f00"));
    EXPECT_NE(with("LINE50:b#f00::dashes=50,500"), with("LINE50:b#f00"));
}

// Masks of large letters and of long texts fill the cache many times.
TEST(Renderer, APictureDoesNotDependOnThoseBefore) {
    const Words last = {"-w", "100", "-t", "\u65e5\u672c", "HRULE:1#f00:Title"};
    Renderer fresh;
    const auto expected = render_words(fresh, last);
    ASSERT_TRUE(expected.has_value());
    Renderer used;
    for (int size = 130; size < 200; ++size) {
        const std::string font = "TITLE:" + std::to_string(size);
        const std::string title = "abcdefghijklmnop \u65e5" + std::to_string(size);
        ASSERT_TRUE(
            render_words(used, {"-w", "4000", "-h", "10", "-n", font, "-t", title, "HRULE:1#f00"}));
    }
    EXPECT_EQ(render_words(used, last)->bytes, expected->bytes);
}

// Kept letters of this size would take gigabytes; what counts is the time and the memory.
TEST(Renderer, OfLettersLargerThanThePictureOnlyAPartIsPainted) {
    Renderer renderer;
    std::string letters;
    for (char letter = '!'; letter <= '~'; ++letter) {
        if (letter != ':' && letter != '\\' && letter != '%') letters += letter;
    }
    const auto graph =
        render_words(renderer, {"-m", "16", "-w", "10", "-h", "10", "-n", "LEGEND:199",
                                "COMMENT:" + letters + "\\l", "LINE1:1#f00"});
    ASSERT_TRUE(graph.has_value()) << graph.error().message;
    const auto pixels = decode_png(graph->bytes);
    ASSERT_TRUE(pixels.has_value());
    EXPECT_GT(std::ranges::count(pixels->rgb, 0x000000U), 5'000) << "of letters";
}

TEST(Renderer, AMessagePictureHasExactlyTheSize) {
    Renderer renderer;
    for (const ImageSize size : {ImageSize{497, 150}, {1, 1}, {30, 8}, {900, 20}}) {
        const auto bytes = renderer.message_picture(size, "No such graph", "x is not a variable");
        ASSERT_TRUE(bytes.has_value());
        EXPECT_EQ(decode_png(*bytes)->size, size);
    }
}

TEST(Renderer, AMessagePictureHasTheThemesColours) {
    Renderer renderer;
    for (const Theme theme : {Theme::kKurado, Theme::kLight, Theme::kDark}) {
        const auto bytes = renderer.message_picture({60, 20}, "", "", 1, theme);
        ASSERT_TRUE(bytes.has_value());
        const Color ground = look_of(theme).colors.front();
        EXPECT_EQ(decode_png(*bytes)->rgb.at(10 * 60 + 50),
                  ground.red << 16U | ground.green << 8U | ground.blue);
    }
}

TEST(Renderer, TheTagsMarginGoesWithItsOption) {
    Renderer renderer;
    const Words plain = {"DEF:a=user:n:AVERAGE", "LINE1:a#f00"};
    EXPECT_EQ(measured(renderer, definition_of(plain))->size, (ImageSize{481, 141}));
    Words without = plain;
    without.insert(without.begin(), "--disable-rrdtool-tag");
    EXPECT_EQ(measured(renderer, definition_of(without))->size, (ImageSize{466, 141}));
}

}  // namespace
}  // namespace kurabe::render::testing
