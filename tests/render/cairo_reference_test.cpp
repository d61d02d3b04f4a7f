// The raster against Cairo, which paints the same display list with all shades between: sample
// graphs and random ones. The raster has 8 shades of an edge and 16 of a letter, so that it may be
// half a shade off at each, and where several lie over each other the sum of that.
#include "tests/render/cairo_reference.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"
#include "render/layout.hpp"
#include "render/true_color_raster.hpp"
#include "tests/render/sample_graphs.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::render::testing {
namespace {

using Words = std::vector<std::string>;

constexpr int kHalfAShade = 17;

struct Differences {
    std::size_t pixels = 0;
    std::size_t over_half_a_shade = 0;
    int largest = 0;
};

Differences compared(const Pixels& ours, const Pixels& cairos) {
    Differences differences{.pixels = ours.rgb.size()};
    EXPECT_EQ(ours.size, cairos.size);
    for (std::size_t i = 0; i < std::min(ours.rgb.size(), cairos.rgb.size()); ++i) {
        int difference = 0;
        for (const unsigned shift : {0U, 8U, 16U}) {
            const auto channel = [&](std::uint32_t rgb) {
                return static_cast<int>(rgb >> shift & 0xFF);
            };
            difference =
                std::max(difference, std::abs(channel(ours.rgb[i]) - channel(cairos.rgb[i])));
        }
        differences.over_half_a_shade += difference > kHalfAShade ? 1 : 0;
        differences.largest = std::max(differences.largest, difference);
    }
    return differences;
}

class CairoReference : public ::testing::Test {
  protected:
    Differences differences_of(const Words& words) {
        const store::TimeZone utc = store::TimeZone::utc();
        const auto definition = parse_graph(words, kSampleEnd, utc);
        EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
        if (!definition) return {};
        const auto graph = evaluate(*definition, InventedSource{}, kSampleEnd, utc);
        EXPECT_TRUE(graph.has_value()) << (graph ? "" : graph.error().message);
        if (!graph) return {};
        const auto layout = lay_out(definition->options, *graph, utc, canvas_);
        EXPECT_TRUE(layout.has_value());
        TrueColorRaster raster(layout->picture_size);
        draw(layout->list, canvas_, raster);
        return compared(std::move(raster).take(),
                        painted_by_cairo(layout->list, layout->picture_size, canvas_.fonts()));
    }

    Canvas canvas_{"DejaVu Sans Mono"};
};

TEST_F(CairoReference, SampleGraphsAgree) {
    for (const Words& words : {cpu_graph(), traffic_graph(), memory_graph()}) {
        const Differences differences = differences_of(words);
        EXPECT_EQ(differences.over_half_a_shade, 0U) << differences.largest;
        Words sloped = words;
        sloped.insert(sloped.begin(), "-E");
        const Differences of_slopes = differences_of(sloped);
        EXPECT_LE(of_slopes.over_half_a_shade, of_slopes.pixels / 1000);
        EXPECT_LE(of_slopes.largest, 4 * kHalfAShade);
    }
}

// Colours, widths, dashes, alpha, ticks, rules, slopes, odd sizes and zooms. Letters are left out
// of zoomed ones: the raster fits them to the larger pixels, and Cairo enlarges them.
TEST_F(CairoReference, RandomGraphsAgree) {
    const unsigned seed = std::random_device()();
    fmt::print("seed {}\n", seed);
    std::mt19937 random(seed);
    const auto below = [&random](int limit) {
        return std::uniform_int_distribution<int>(0, limit - 1)(random);
    };
    const auto color = [&] {
        return fmt::format("#{:06x}{}", below(1 << 24), below(3) == 0 ? "80" : "");
    };
    const auto dashes = [&] {
        return below(2) == 0 ? "" : fmt::format(":dashes={},{}", 1 + below(9), 1 + below(9));
    };
    std::size_t pixels = 0;
    std::size_t over_half_a_shade = 0;
    for (int round = 0; round < (tests::is_nightly() ? 3000 : 60); ++round) {
        Words words = {"-w",       std::to_string(10 + below(500)),
                       "-h",       std::to_string(10 + below(200)),
                       "-s",       fmt::format("end-{}min", 30 + below(4000)),
                       "-e",       std::to_string(1700190000 - below(1000)),
                       "--border", std::to_string(below(4))};
        const bool zoomed = below(2) == 0;
        if (zoomed) {
            words.insert(words.end(), {"-m", std::vector{"2", "3", "1.5", "0.7"}[below(4)], "-j"});
        } else {
            words.insert(words.end(), {"-t", "Title 平均負荷", "-v", "left", "-W", "mark"});
        }
        if (below(3) == 0) words.push_back("-E");
        for (const char* const series : {"user", "system", "idle"}) {
            words.push_back(fmt::format("DEF:{0}={0}:n:AVERAGE", series));
            const std::string value = series + color();
            const std::vector<std::string> drawn = {
                fmt::format("AREA:{}:area{}", value, below(2) == 0 ? ":STACK" : ""),
                fmt::format("LINE{}:{}:line{}", 1 + below(4), value, dashes()),
                fmt::format("LINE{}.5:{}:line{}", below(3), value, dashes()),
                fmt::format("TICK:{}:0.{}:tick", value, 1 + below(9))};
            words.push_back(drawn[static_cast<std::size_t>(below(4))]);
        }
        words.push_back(fmt::format("HRULE:{}{}:rule{}", below(90), color(), dashes()));
        const Differences differences = differences_of(words);
        std::string text;
        for (const std::string& word : words) text += "'" + word + "' ";
        EXPECT_LE(differences.over_half_a_shade, 10 + differences.pixels / 1000) << text;
        pixels += differences.pixels;
        over_half_a_shade += differences.over_half_a_shade;
        if (HasFailure()) return;
    }
    fmt::print("{} of {} pixels are more than half a shade off\n", over_half_a_shade, pixels);
    EXPECT_LE(over_half_a_shade, pixels / 10000);
}

}  // namespace
}  // namespace kurabe::render::testing
