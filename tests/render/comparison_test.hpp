// What tests of graphs with a second range have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"
#include "render/renderer.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render::testing {

using Words = std::vector<std::string>;

inline std::string epoch(Time time) {
    return std::to_string(time.time_since_epoch().count());
}

inline constexpr Time kStart = kSampleEnd - kSampleSpan;

// Each row's value is its own time, so that columns say what they show.
class TimeSource final : public SeriesSource {
  public:
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference&, const store::FetchRequest& request) const override {
        constexpr Seconds kRow{900};
        store::FetchedSeries series{.start = Time{request.start.time_since_epoch() / kRow * kRow},
                                    .end = Time{(request.end.time_since_epoch() / kRow + 1) * kRow},
                                    .step = kRow,
                                    .values = {}};
        for (Time time = series.start; time < series.end; time += kRow) {
            series.values.push_back(static_cast<double>(time.time_since_epoch().count()));
        }
        return series;
    }
};

class ComparisonTest : public ::testing::Test {
  protected:
    Result<GraphDefinition> parse(const Words& words) const {
        return parse_graph(words, kSampleEnd, zone_);
    }
    EvaluatedGraph evaluated(const Words& words, const SeriesSource& source) const {
        const auto definition = parse(words);
        EXPECT_TRUE(definition.has_value()) << definition.error().message;
        auto graph = render::evaluate(*definition, source, kSampleEnd, zone_);
        EXPECT_TRUE(graph.has_value()) << graph.error().message;
        return *std::move(graph);
    }
    RenderedGraph rendered(const Words& words, const SeriesSource& source) {
        auto graph = renderer_.measure(parse(words).value(), source, kSampleEnd, zone_);
        EXPECT_TRUE(graph.has_value()) << graph.error().message;
        return *std::move(graph);
    }
    static Words with(Words words, const Words& more) {
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    store::TimeZone zone_ = store::TimeZone::locate("Asia/Tokyo").value();
    InventedSource source_;
    Renderer renderer_;
};

}  // namespace kurabe::render::testing
