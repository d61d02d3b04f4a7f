// Value ranges, units, grid lines and labels of the y axis.
#include "render/y_axis.hpp"

#include <cmath>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::render {
namespace {

using ::testing::ElementsAre;

GraphOptions options_of(int height_px = 100) {
    GraphOptions options;
    options.height_px = height_px;
    options.fonts = rrdtool_fonts();
    return options;
}

std::vector<std::string> labels_of(const GraphOptions& options, ValueRange range) {
    std::vector<std::string> labels;
    for (const YLine& line : y_grid(options, fit_value_axis(options, range))) {
        if (!line.label.empty()) labels.push_back(line.label);
    }
    return labels;
}

TEST(ValueRange, IgnoresWhatIsUnknownInfiniteOrSkipped) {
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedLine{{1, store::kUnknown, INFINITY, 5}, 1, Color{}, false, {}});
    graph.drawn.push_back(EvaluatedArea{{-3, 2}, {}, std::nullopt, false});
    graph.drawn.push_back(EvaluatedArea{{-99, 99}, {}, Color{}, true});
    graph.drawn.push_back(EvaluatedHorizontalRule{1000, Color{}, {}});
    EXPECT_EQ(drawn_range(graph), (ValueRange{-3, 5}));
}

TEST(ValueRange, IsNoneWithoutKnownValues) {
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedLine{{store::kUnknown}, 1, Color{}, false, {}});
    EXPECT_EQ(drawn_range(graph), std::nullopt);
    EXPECT_EQ(fit_value_axis(options_of(), std::nullopt).range, (ValueRange{0, 1}));
}

TEST(ValueAxis, WidensToRoundNumbers) {
    const GraphOptions options = options_of();
    EXPECT_EQ(fit_value_axis(options, ValueRange{11, 94}).range, (ValueRange{10, 100}));
    EXPECT_EQ(fit_value_axis(options, ValueRange{-42, 3}).range, (ValueRange{-50, 3}));
}

TEST(ValueAxis, RigidLimitsAreKept) {
    GraphOptions options = options_of();
    options.lower_limit = 3;
    options.upper_limit = 17;
    EXPECT_EQ(fit_value_axis(options, ValueRange{0, 99}).range, (ValueRange{0, 100}));
    options.rigid = true;
    EXPECT_EQ(fit_value_axis(options, ValueRange{0, 99}).range, (ValueRange{3, 17}));
}

TEST(ValueAxis, IsNeverEmptyOrUpsideDown) {
    GraphOptions options = options_of();
    options.rigid = true;
    for (const auto& [low, high] : {std::pair(5.0, 5.0), std::pair(0.0, 0.0), std::pair(-5.0, -5.0),
                                    std::pair(9.0, 2.0), std::pair(-2.0, -9.0)}) {
        options.lower_limit = low;
        options.upper_limit = high;
        const ValueRange range = fit_value_axis(options, ValueRange{1, 2}).range;
        EXPECT_LT(range.min, range.max) << low << ' ' << high;
    }
}

TEST(YGrid, LabelsEveryFourthLineOfFives) {
    EXPECT_THAT(labels_of(options_of(), {11, 94}), ElementsAre("20", "40", "60", "80", "100"));
}

TEST(YGrid, CarriesTheLetterOfItsMagnitude) {
    EXPECT_THAT(labels_of(options_of(), {0, 9.4e7}),
                ElementsAre("0  ", "20 M", "40 M", "60 M", "80 M", "100 M"));
    EXPECT_THAT(labels_of(options_of(), {0, 2e-3}),
                ElementsAre("0.0  ", "0.5 m", "1.0 m", "1.5 m", "2.0 m"));
}

TEST(YGrid, UnitsExponentZeroShowsWholeNumbers) {
    GraphOptions options = options_of();
    options.units_exponent = 0;
    EXPECT_THAT(labels_of(options, {0, 4000}), ElementsAre("0", "1000", "2000", "3000", "4000"));
}

TEST(YGrid, NarrowRangesGetTheDecimalsTheyNeed) {
    GraphOptions options = options_of();
    options.rigid = true;
    options.lower_limit = 1000.1;
    options.upper_limit = 1000.6;
    options.y_grid = YGrid{0.1, 1};
    options.units_exponent = 0;
    EXPECT_THAT(labels_of(options, {0, 0}),
                ElementsAre("1000.1", "1000.2", "1000.3", "1000.4", "1000.5", "1000.6"));
}

TEST(YGrid, AbsurdlyFineStepsDoNotFillMemory) {
    GraphOptions options = options_of();
    options.y_grid = YGrid{1e-9, 1};
    EXPECT_LT(y_grid(options, fit_value_axis(options, ValueRange{0, 1e9})).size(), 100U);
}

// Two neighbouring doubles: the grid's line numbers cannot be told apart either.
TEST(YGrid, RangesOfAFewDoublesHaveNoLines) {
    GraphOptions options = options_of();
    options.alt_autoscale = true;
    options.alt_y_grid = true;
    EXPECT_TRUE(y_grid(options, fit_value_axis(options, ValueRange{1e17, 1e17 + 16})).empty());
    options = options_of();
    options.rigid = true;
    options.y_grid = YGrid{5e-324, 1};
    EXPECT_TRUE(y_grid(options, fit_value_axis(options, ValueRange{0, 1e-307})).empty());
}

TEST(YGrid, TheSmallestNumbersAreNoTrouble) {
    for (const double smallest : {5e-324, 1e-320, 1e-310}) {
        GraphOptions options = options_of();
        options.rigid = true;
        for (const bool alternative : {false, true}) {
            options.alt_y_grid = alternative;
            const ValueAxis axis = fit_value_axis(options, ValueRange{smallest, 3 * smallest});
            EXPECT_LT(y_grid(options, axis).size(), 200U) << smallest;
        }
    }
}

TEST(ValueAxis, TheLargestNumbersLeaveAFiniteRange) {
    constexpr double kLargest = 1.7e308;
    for (const ValueRange drawn :
         {ValueRange{-kLargest, kLargest}, {kLargest, kLargest}, {-kLargest, -kLargest}}) {
        for (const bool rigid : {false, true}) {
            GraphOptions options = options_of();
            options.rigid = rigid;
            const ValueAxis axis = fit_value_axis(options, drawn);
            EXPECT_TRUE(std::isfinite(axis.range.max - axis.range.min));
            EXPECT_LT(axis.range.min, axis.range.max);
            EXPECT_LT(y_grid(options, axis).size(), 200U);
        }
    }
}

TEST(YGrid, NoneWhenSwitchedOff) {
    GraphOptions options = options_of();
    options.no_y_grid = true;
    EXPECT_TRUE(y_grid(options, fit_value_axis(options, ValueRange{0, 1})).empty());
}

// Ranges of every magnitude and place, seeded.
TEST(YGrid, LabelsAreAtLeastTwoAndNeverEqual) {
    const unsigned seed = 5;
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> exponent(-12, 15);
    std::uniform_real_distribution<double> place(-20, 20);
    std::uniform_int_distribution<int> height(30, 500);
    for (int i = 0; i < 5000; ++i) {
        const double span = std::pow(10, exponent(random));
        const double low = span * place(random);
        GraphOptions options = options_of(height(random));
        options.base = i % 2 == 0 ? 1000 : 1024;
        options.alt_autoscale = i % 3 == 0;
        options.alt_y_grid = i % 5 == 0;
        const auto labels = labels_of(options, {low, low + span});
        const std::set<std::string> distinct(labels.begin(), labels.end());
        const auto trace =
            fmt::format("seed {} case {}: {} + {}, {} px", seed, i, low, span, options.height_px);
        EXPECT_EQ(distinct.size(), labels.size()) << trace;
        EXPECT_GE(labels.size(), 2U) << trace;
    }
}

}  // namespace
}  // namespace kurabe::render
