// SVG, PDF and EPS: whole and well-formed files of the right size, with nothing in them that
// depends on when, where or in which order they were made.
#include <map>
#include <regex>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/renderer.hpp"
#include "store/xml_reader.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

const std::vector<std::string> kFormats = {"SVG", "PDF", "EPS"};

Words with_options(Words options, const Words& words) {
    options.insert(options.end(), words.begin(), words.end());
    return options;
}

RenderedGraph rendered(Renderer& renderer, const Words& words) {
    const auto definition = parse_graph(words, kSampleEnd, store::TimeZone::utc());
    EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
    if (!definition) return {};
    auto graph = renderer.render(*definition, InventedSource{}, kSampleEnd, store::TimeZone::utc());
    EXPECT_TRUE(graph.has_value()) << (graph ? "" : graph.error().message);
    return graph ? *std::move(graph) : RenderedGraph{};
}

// Elements by name.
class Counter final : public store::XmlHandler {
  public:
    [[nodiscard]] Result<void> begin_element(std::string_view name) override {
        ++counts[std::string(name)];
        return {};
    }
    [[nodiscard]] Result<void> end_element(std::string_view) override { return {}; }

    std::map<std::string, int> counts;
};

Words japanese_graph() {
    return {"-t",
            "平均負荷 サーバー東京",
            "-v",
            "使用率 [%]",
            "-E",
            "DEF:a=user:n:AVERAGE",
            "AREA:a#4682B4:受信バイト",
            "LINE2:a#b78795:予測:dashes=4,6",
            "HRULE:40#c00000:しきい値"};
}

TEST(VectorPicture, SvgIsWellFormed) {
    Renderer renderer;
    for (const Words& words : {cpu_graph(), traffic_graph(), memory_graph(), japanese_graph()}) {
        Counter counter;
        store::XmlReader reader(counter);
        const auto read = reader.feed(rendered(renderer, with_options({"-a", "SVG"}, words)).bytes);
        ASSERT_TRUE(read.has_value()) << read.error().message;
        ASSERT_TRUE(reader.finish().has_value());
        EXPECT_EQ(counter.counts["svg"], 1);
        EXPECT_GT(counter.counts["symbol"], 15);  // letters
        EXPECT_GT(counter.counts["path"], 30);
        EXPECT_EQ(counter.counts["image"], 0);  // nothing is made of pixels
    }
}

// At the usual fineness the pixels of this one would take a gigabyte.
TEST(VectorPicture, WhatIsTranslucentInEpsHasALimit) {
    Renderer renderer;
    const Words words = {"-a",
                         "EPS",
                         "-w",
                         "2000",
                         "-h",
                         "1000",
                         "-m",
                         "2.5",
                         "-c",
                         "CANVAS#ffffff80",
                         "DEF:a=user:n:AVERAGE",
                         "AREA:a#4682B480"};
    const std::string eps = rendered(renderer, words).bytes;
    const std::regex image("/Width ([0-9]+)\\s+/Height ([0-9]+)");
    std::size_t images = 0;
    for (std::sregex_iterator found(eps.begin(), eps.end(), image), end; found != end; ++found) {
        ++images;
        EXPECT_LE(std::stod((*found)[1]) * std::stod((*found)[2]), 16.8e6);
    }
    EXPECT_GT(images, 0U);
}

// Gradients stay gradients, and what Cairo has no shape for is not made of pixels either.
TEST(VectorPicture, HoldsGradientsAndDashes) {
    Renderer renderer;
    for (const std::string mode : {"-N", "-E", "-R"}) {
        Words words = {"-a", "SVG", mode};
        if (mode == "-R") words.push_back("normal");
        words.insert(words.end(),
                     {"DEF:a=user:n:AVERAGE", "AREA:a#f00#00f:down", "AREA:a#0f08#00f0:up:STACK",
                      "LINE1:a#000:dashes=5,5", "HRULE:20#c00:rule:dashes=3"});
        Counter counter;
        store::XmlReader reader(counter);
        const std::string file = rendered(renderer, words).bytes;
        ASSERT_TRUE(reader.feed(file).has_value());
        EXPECT_GT(counter.counts["linearGradient"], 10) << mode;
        EXPECT_EQ(counter.counts["image"], 0) << mode;
        EXPECT_LT(file.size(), 4'000'000U) << mode;
        EXPECT_THAT(file, HasSubstr("stroke-dasharray")) << mode;
    }
}

// As rrdtool's: a pixel is a point; compared with it in tests/differential/picture_size_test.cpp.
TEST(VectorPicture, HasTheLayoutsSizeInPoints) {
    Renderer renderer;
    const Words words = {"DEF:a=user:n:AVERAGE", "AREA:a#00c000"};
    const auto file = [&](const char* format, const char* zoom) {
        const RenderedGraph graph =
            rendered(renderer, with_options({"-a", format, "-m", zoom}, words));
        EXPECT_EQ(graph.size, (ImageSize{481, 141}));
        return graph.bytes;
    };
    EXPECT_THAT(file("SVG", "1"), HasSubstr("width=\"481pt\" height=\"141pt\""));
    EXPECT_THAT(file("SVG", "1.5"), HasSubstr("width=\"721.5pt\" height=\"211.5pt\""));
    EXPECT_THAT(file("PDF", "1"), HasSubstr("/MediaBox [ 0 0 481 141 ]"));
    EXPECT_THAT(file("PDF", "2"), HasSubstr("/MediaBox [ 0 0 962 282 ]"));
    EXPECT_THAT(file("EPS", "1"), HasSubstr("%%BoundingBox: 0 0 481 141\n"));
    EXPECT_THAT(file("EPS", "1.5"), HasSubstr("%%BoundingBox: 0 0 722 212\n"));
}

TEST(VectorPicture, FilesAreWhole) {
    Renderer renderer;
    const auto file = [&](const char* format) {
        return rendered(renderer, with_options({"-a", format}, cpu_graph())).bytes;
    };
    EXPECT_THAT(file("SVG"), StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "));
    EXPECT_THAT(file("SVG"), EndsWith("</svg>\n"));
    EXPECT_THAT(file("PDF"), StartsWith("%PDF-1.5\n"));
    EXPECT_THAT(file("PDF"), EndsWith("%%EOF\n"));
    EXPECT_THAT(file("EPS"), StartsWith("%!PS-Adobe-3.0 EPSF-3.0\n"));
    EXPECT_THAT(file("EPS"), EndsWith("%%EOF\n"));
}

TEST(VectorPicture, HoldsNoDate) {
    Renderer renderer;
    for (const std::string& format : kFormats) {
        EXPECT_THAT(rendered(renderer, with_options({"-a", format}, traffic_graph())).bytes,
                    Not(HasSubstr("CreationDate")));
    }
}

TEST(VectorPicture, EightThreadsGiveTheBytesOfOne) {
    std::vector<Words> graphs;
    for (const std::string& format : kFormats) {
        graphs.push_back(with_options({"-a", format}, memory_graph()));
        graphs.push_back(with_options({"-a", format}, japanese_graph()));
    }
    std::vector<std::string> alone;
    for (const Words& words : graphs) {
        Renderer fresh;
        alone.push_back(rendered(fresh, words).bytes);
    }
    constexpr std::size_t kThreads = 8;
    std::vector<std::size_t> equal(kThreads);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            Renderer own;
            for (std::size_t i = 0; i < graphs.size(); ++i) {
                const std::size_t at = (i + t) % graphs.size();
                equal[t] += rendered(own, graphs[at]).bytes == alone[at] ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::size_t count : equal) EXPECT_EQ(count, graphs.size());
}

}  // namespace
}  // namespace kurabe::render::testing
