// Fetching, reducing, shifting, statistics and sampling of random definitions against rrdtool.
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"
#include "tests/differential/render_fixture.hpp"

namespace kurabe::tests {

namespace {

constexpr int kMinutes = 1500;

class DataDifferential : public RenderDifferential {
  protected:
    void SetUp() override {
        RenderDifferential::SetUp();
        const unsigned seed = std::random_device()();
        SCOPED_TRACE(seed);
        RecordProperty("seed", static_cast<int>(seed));
        fmt::print("seed {}\n", seed);
        random_.seed(seed);
        std::vector<std::string> values;
        for (int i = 0; i < kMinutes; ++i) {
            values.push_back(below(12) == 0 ? "U" : fmt::format("{}", below(10'000)));
        }
        const std::vector<std::string> rras = {"RRA:AVERAGE:0.5:1:1000", "RRA:AVERAGE:0.5:5:400",
                                               "RRA:MAX:0.5:5:400",      "RRA:MIN:0.5:5:400",
                                               "RRA:LAST:0.5:5:400",     "RRA:AVERAGE:0.5:60:100"};
        create("x.rrd", 60, rras, values);
        std::vector<std::string> coarse(values.begin(), values.begin() + kMinutes / 2);
        create("y.rrd", 120, {"RRA:AVERAGE:0.5:1:800"}, coarse);
    }

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

    // One of several words.
    std::string any(const std::vector<std::string>& words) {
        return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
    }

    std::vector<std::string> random_range() {
        const std::int64_t end = kFirst + 60 * kMinutes - below(60 * 600);
        // Shorter ones fail its own check of rows that --step makes longer than the range.
        const std::int64_t start = end - 7200 - below(60 * kMinutes);
        std::vector<std::string> words = {"-s", fmt::format("{}", start),
                                          "-e", fmt::format("{}", end),
                                          "-w", fmt::format("{}", 60 + below(400))};
        if (below(4) == 0) {
            words.insert(words.end(), {"-S", any({"60", "100", "300", "600", "3600"})});
        }
        return words;
    }

    // "a" and "b" never have the same CF: rrdtool takes a DEF for an earlier one of the same file
    // and CF when that one's rows came out as long as this one wants them, however they were made.
    std::string random_data(const std::string& name) {
        std::string word =
            fmt::format("DEF:{}={{dir}}/{}.rrd:a:{}", name, any({"x", "x", "y"}),
                        name == "a" ? any({"AVERAGE", "MAX"}) : any({"MIN", "LAST"}));
        if (below(4) == 0) {
            word += fmt::format(":step={}", any({"60", "120", "300", "900", "7"}));
        }
        if (below(4) == 0) {
            word += fmt::format(":reduce={}", any({"AVERAGE", "MAX", "MIN", "LAST"}));
        }
        if (below(5) == 0) {
            word += fmt::format(":start=end-{}min", 240 + below(1200));
        }
        return word;
    }

    std::mt19937 random_;
};

TEST_F(DataDifferential, StatisticsOfRandomSeries) {
    for (int round = 0; round < 300; ++round) {
        auto words = random_range();
        words.push_back(random_data("a"));
        words.push_back(random_data("b"));
        if (below(4) == 0) {
            words.push_back(fmt::format("SHIFT:a:{}", any({"60", "-3600", "100", "7200"})));
        }
        words.push_back(
            fmt::format("CDEF:c={}", any({"a,b,+", "a,b,MAX", "a,5000,GT,a,UNKN,IF",
                                          "a,b,-,PREV,ADDNAN", "a,TIME,+", "a,0,/", "b,COUNT,*"})));
        for (const std::string name : {"a", "b", "c"}) {
            for (const std::string cf : {"AVERAGE", "MIN", "MAX", "LAST"}) {
                words.push_back(fmt::format("PRINT:{}:{}:%.9le", name, cf));
            }
            for (const std::string function : {"MAXIMUM", "MINIMUM", "FIRST", "LAST"}) {
                words.push_back(fmt::format("VDEF:{}{}={},{}", name, function, name, function));
                words.push_back(fmt::format("PRINT:{}{}:%.9le", name, function));
                words.push_back(fmt::format("PRINT:{}{}:%s:strftime", name, function));
            }
            for (const std::string function :
                 {"AVERAGE", "TOTAL", "STDEV", "LSLSLOPE", "LSLINT", "95,PERCENT", "0,PERCENT",
                  "50,PERCENT", "100,PERCENT"}) {
                const std::string last = function.substr(function.find(',') + 1);
                const std::string id = fmt::format("{}{}{}", name, last, words.size());
                words.push_back(fmt::format("VDEF:{}={},{}", id, name, function));
                words.push_back(fmt::format("PRINT:{}:%.9le", id));
            }
        }
        // It cannot compute with series that have no time in common.
        if (rrdtool_prints(words).front().starts_with("ERROR: malloc")) {
            continue;
        }
        // Sums of differences of numbers near 10,000.
        expect_same_prints(words, 1e-5);
        if (HasFailure()) {
            return;
        }
    }
}

// With --alt-autoscale the scale is a tenth wider than the values of the columns on either side.
TEST_F(DataDifferential, ColumnsAndStacks) {
    for (int round = 0; round < 150; ++round) {
        auto words = random_range();
        words.push_back("--alt-autoscale");
        words.push_back(random_data("a"));
        words.push_back(random_data("b"));
        const std::string drawn =
            any({"LINE1:a", "AREA:b", "AREA:a#f00,LINE:b#0f0::STACK", "LINE1:b,STACK:a#0f0",
                 "AREA:a,AREA:b::STACK,LINE1:a::STACK"});
        for (std::size_t at = 0; at <= drawn.size();) {
            const std::size_t comma = std::min(drawn.find(',', at), drawn.size());
            words.push_back(drawn.substr(at, comma - at));
            at = comma + 1;
        }
        const auto definition = parse(words);
        ASSERT_TRUE(definition) << definition.error().message;
        const auto graph =
            render::evaluate(*definition, source_, store::Time{}, store::TimeZone::utc());
        ASSERT_TRUE(graph) << graph.error().message;
        double least = store::kUnknown;
        double most = store::kUnknown;
        for (const render::Drawn& one : graph->drawn) {
            const auto* const line = std::get_if<render::EvaluatedLine>(&one);
            const auto* const area = std::get_if<render::EvaluatedArea>(&one);
            for (const double value : line != nullptr ? line->columns : area->columns) {
                least = value < least || store::is_unknown(least) ? value : least;
                most = value > most || store::is_unknown(most) ? value : most;
            }
        }
        if (store::is_unknown(most) || most == least) {
            continue;
        }
        const auto [shown_least, shown_most] = rrdtool_scale(words);
        const double spread = (shown_most - shown_least) / 1.2;
        EXPECT_NEAR(shown_least + spread / 10, least, 1e-6 * most) << fmt::format("{}", round);
        EXPECT_NEAR(shown_most - spread / 10, most, 1e-6 * most);
        if (HasFailure()) {
            FAIL() << ::testing::PrintToString(words);
        }
    }
}

}  // namespace

}  // namespace kurabe::tests
