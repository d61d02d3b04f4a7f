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
    EXPECT_EQ(drawn_range(graph, Scaling::kLinear), (ValueRange{-3, 5}));
}

TEST(ValueRange, LogarithmicScalesKnowOnlyWhatIsAboveZero) {
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedLine{{-5, 0, 3, 40}, 1, Color{}, false, {}});
    EXPECT_EQ(drawn_range(graph, Scaling::kLogarithmic), (ValueRange{3, 40}));
    graph.drawn = {EvaluatedLine{{-5, 0}, 1, Color{}, false, {}}};
    EXPECT_EQ(drawn_range(graph, Scaling::kLogarithmic), std::nullopt);
}

TEST(ValueRange, IsNoneWithoutKnownValues) {
    EvaluatedGraph graph;
    graph.drawn.push_back(EvaluatedLine{{store::kUnknown}, 1, Color{}, false, {}});
    EXPECT_EQ(drawn_range(graph, Scaling::kLinear), std::nullopt);
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

TEST(ValueAxis, AShrinkingRigidScaleIsWidenedInsideItsLimits) {
    GraphOptions options = options_of();
    options.rigid = true;
    options.allow_shrink = true;
    options.lower_limit = 0;
    options.upper_limit = 100;
    EXPECT_EQ(fit_value_axis(options, ValueRange{23, 47}).range, (ValueRange{20, 50}));
    EXPECT_EQ(fit_value_axis(options, ValueRange{-23, 470}).range, (ValueRange{0, 100}));
}

TEST(ValueAxis, OneEndMayHaveATenthOfRoom) {
    GraphOptions options = options_of();
    options.alt_autoscale_min = true;
    EXPECT_EQ(fit_value_axis(options, ValueRange{20, 70}).range, (ValueRange{15, 70}));
    options.alt_autoscale_min = false;
    options.alt_autoscale_max = true;
    EXPECT_EQ(fit_value_axis(options, ValueRange{20, 70}).range, (ValueRange{20, 75}));
}

TEST(ValueAxis, ALogarithmicScaleHasRoomForAsMuchAgain) {
    GraphOptions options = options_of();
    options.logarithmic = true;
    EXPECT_EQ(fit_value_axis(options, ValueRange{10, 70}).range, (ValueRange{5, 140}));
    EXPECT_GT(fit_value_axis(options, std::nullopt).range.min, 0);
    options.lower_limit = 7;
    options.upper_limit = 20;
    EXPECT_EQ(fit_value_axis(options, ValueRange{10, 70}).range, (ValueRange{7, 140}));
    EXPECT_EQ(fit_value_axis(options, ValueRange{7, 20}).range, (ValueRange{7, 20}));
    options.rigid = true;
    EXPECT_EQ(fit_value_axis(options, ValueRange{10, 70}).range, (ValueRange{7, 20}));
}

TEST(ValueAxis, EndsWhereItIsClippedAndNowhereElse) {
    GraphOptions options = options_of();
    options.lower_limit = 0;
    options.upper_limit = 2;
    options.clip_above = 17;
    EXPECT_EQ(fit_value_axis(options, ValueRange{-3, 99}).range, (ValueRange{-3, 17}));
    options.clip_above.reset();
    options.clip_below = 3.3;
    EXPECT_EQ(fit_value_axis(options, ValueRange{-3, 94}).range, (ValueRange{3.3, 100}));
    EXPECT_EQ(fit_value_axis(options, std::nullopt).range.min, 3.3);
    options.clip_above = 4;
    EXPECT_EQ(fit_value_axis(options, ValueRange{-3, 94}).range, (ValueRange{3.3, 4}));
    options.rigid = true;
    EXPECT_EQ(fit_value_axis(options, ValueRange{-3, 94}).range, (ValueRange{3.3, 4}));
}

// Nothing of the data is inside.
TEST(ValueAxis, IsNeverEmptyWhereItIsClipped) {
    for (const double end : {-5.0, 0.0, 200.0, 1e-9, 1e250}) {
        for (const bool logarithmic : {false, true}) {
            if (logarithmic && (end <= 0 || end > 1e100)) continue;
            GraphOptions options = options_of();
            options.logarithmic = logarithmic;
            options.clip_below = end;
            const ValueRange above = fit_value_axis(options, ValueRange{end - 20, end - 10}).range;
            EXPECT_EQ(above.min, end);
            EXPECT_LT(above.min, above.max) << end;
            options.clip_below.reset();
            options.clip_above = end;
            const ValueRange below = fit_value_axis(options, ValueRange{end + 10, end + 20}).range;
            EXPECT_EQ(below.max, end);
            EXPECT_LT(below.min, below.max) << end;
        }
    }
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

// As rrdtool; it depends on the line above the highest one.
TEST(YGrid, NumbersBelowTenHaveADecimal) {
    GraphOptions options = options_of();
    EXPECT_THAT(labels_of(options, {0, 5}), ElementsAre("0.0", "1.0", "2.0", "3.0", "4.0", "5.0"));
    options.rigid = true;
    EXPECT_THAT(labels_of(options, {-9, 9}), ElementsAre("-5", "0", "5"));
    EXPECT_THAT(labels_of(options, {-25, 5}), ElementsAre("-20.0", "-10.0", "0.0"));
    EXPECT_THAT(labels_of(options, {-60, -1}),
                ElementsAre("-60.0", "-50.0", "-40.0", "-30.0", "-20.0", "-10.0"));
    EXPECT_THAT(labels_of(options, {-600, -1}),
                ElementsAre("-600", "-500", "-400", "-300", "-200", "-100"));
}

TEST(YGrid, AnAlternativeGridLabelsEverySecondLineOfMany) {
    GraphOptions options = options_of(200);
    options.alt_y_grid = true;
    options.rigid = true;
    EXPECT_THAT(labels_of(options, {1, 7}), ElementsAre("2", "4", "6"));
    EXPECT_THAT(labels_of(options, {100, 700}),
                ElementsAre("100", "200", "300", "400", "500", "600", "700"));
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

std::vector<std::string> right_labels_of(const GraphOptions& options, ValueRange range) {
    std::vector<std::string> labels;
    for (const YLine& line : y_grid(options, fit_value_axis(options, range))) {
        if (!line.right_label.empty()) labels.push_back(line.right_label);
    }
    return labels;
}

TEST(YGrid, LogarithmicLabelsArePowersOfTen) {
    GraphOptions options = options_of();
    options.logarithmic = true;
    EXPECT_THAT(labels_of(options, {2, 30}), ElementsAre("1e+00", "5e+00", "1e+01", "5e+01"));
    EXPECT_THAT(labels_of(options, {2, 5000}),
                ElementsAre("1e+00", "1e+01", "1e+02", "1e+03", "1e+04"));
    EXPECT_THAT(labels_of(options, {2, 5e5}), ElementsAre("1e+00", "1e+03", "1e+06"));
    options.si_units = true;
    EXPECT_THAT(labels_of(options, {2, 5e5}), ElementsAre("1  ", "1 k", "1 M"));
    EXPECT_THAT(labels_of(options, {2, 30}), ElementsAre("1", "5", "10", "50"));
}

TEST(YGrid, LogarithmicLinesMayLieOnBothEnds) {
    GraphOptions options = options_of();
    options.logarithmic = true;
    options.rigid = true;
    options.lower_limit = 1;
    options.upper_limit = 1000;
    EXPECT_THAT(labels_of(options, {1, 2}), ElementsAre("1e+00", "1e+01", "1e+02", "1e+03"));
}

TEST(YGrid, LogarithmicAxesHeedWhatIsGiven) {
    GraphOptions options = options_of();
    options.logarithmic = true;
    options.no_minor = true;
    options.left_axis_format.format = "%.0lf";
    EXPECT_THAT(labels_of(options, {2, 500}), ElementsAre("1", "10", "100", "1000"));
    EXPECT_EQ(y_grid(options, fit_value_axis(options, ValueRange{2, 500})).size(), 4U);
}

TEST(YGrid, AWideLogarithmicRangeWithOneLabelHasThemAtItsEnds) {
    GraphOptions options = options_of(69);
    options.logarithmic = true;
    options.rigid = true;
    options.lower_limit = 3.7e-6;
    options.upper_limit = 3.5e5;
    EXPECT_THAT(labels_of(options, {1, 2}), ElementsAre("1e-04", "1e+00", "1e+04"));
}

TEST(YGrid, LogarithmicRangesBetweenPowersHaveLabelsToo) {
    GraphOptions options = options_of();
    options.logarithmic = true;
    options.rigid = true;
    options.lower_limit = 1.2;
    options.upper_limit = 1.9;
    EXPECT_THAT(labels_of(options, {1, 2}),
                ElementsAre("1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9"));
}

TEST(YGrid, TheRightAxisSaysTheSameLinesInItsOwnUnit) {
    GraphOptions options = options_of();
    options.right_axis = RightAxis{.scale = 1000, .shift = 0};
    EXPECT_THAT(right_labels_of(options, {0, 1}),
                ElementsAre("0", "200", "400", "600", "800", "1000"));
    options.right_axis = RightAxis{.scale = -1e6, .shift = 5e6};
    EXPECT_THAT(right_labels_of(options, {0, 1}),
                ElementsAre("5.0 M", "4.8 M", "4.6 M", "4.4 M", "4.2 M", "4.0 M"));
    EXPECT_THAT(labels_of(options, {0, 1}), ElementsAre("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"));
}

// rrdtool writes "1.0 k" six times.
TEST(YGrid, TheRightAxisHasTheDecimalsItNeeds) {
    GraphOptions options = options_of();
    options.right_axis = RightAxis{.scale = 1, .shift = 1000};
    EXPECT_THAT(right_labels_of(options, {0, 1}),
                ElementsAre("1000.0", "1000.2", "1000.4", "1000.6", "1000.8", "1001.0"));
    options.units_length = 10;
    EXPECT_THAT(right_labels_of(options, {0, 1}), ElementsAre("1.0000 k", "1.0002 k", "1.0004 k",
                                                              "1.0006 k", "1.0008 k", "1.0010 k"));
    options.logarithmic = true;
    options.right_axis = RightAxis{.scale = 2, .shift = 1};
    EXPECT_THAT(right_labels_of(options, {2, 5000}),
                ElementsAre("3.0e+00", "2.1e+01", "2.0e+02", "2.0e+03", "2.0e+04"));
}

TEST(YGrid, GivenFormatsAreUsed) {
    GraphOptions options = options_of();
    options.left_axis_format.format = "%5.2lf%%";
    options.right_axis = RightAxis{.scale = 1, .shift = 0};
    options.right_axis_format.format = "%.0le";
    EXPECT_THAT(labels_of(options, {0, 2e6}),
                ElementsAre(" 0.00%", " 0.50%", " 1.00%", " 1.50%", " 2.00%"));
    EXPECT_THAT(right_labels_of(options, {0, 2e6}),
                ElementsAre("0e+00", "5e+05", "1e+06", "2e+06", "2e+06"));
}

TEST(YGrid, ValuesMayBeTimesAndDurations) {
    GraphOptions options = options_of();
    options.left_axis_format.formatter = AxisFormatter::kDuration;
    EXPECT_THAT(labels_of(options, {0, 3.6e6}),
                ElementsAre("0:00:00", "0:16:40", "0:33:20", "0:50:00", "1:06:40"));
    EXPECT_THAT(
        labels_of(options, {0, 200}),
        ElementsAre("0:00:00.000", "0:00:00.050", "0:00:00.100", "0:00:00.150", "0:00:00.200"));
    options.left_axis_format.formatter = AxisFormatter::kTimestamp;
    options.rigid = true;
    EXPECT_THAT(labels_of(options, {1.5e9, 1.8e9}), ElementsAre("2017", "2020", "2023", "2027"));
    options.units_length = 20;
    EXPECT_THAT(labels_of(options, {1.5e9, 1.8e9}),
                ElementsAre("2017-07-14 02:40:00", "2020-09-13 12:26:40", "2023-11-14 22:13:20",
                            "2027-01-15 08:00:00"));
}

// Ranges of every magnitude and place, seeded.
TEST(YGrid, LogarithmicLabelsAreAtLeastTwoAndNeverEqual) {
    const unsigned seed = 6;
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> low_power(-12, 15);
    std::uniform_real_distribution<double> powers(0.01, 12);
    std::uniform_int_distribution<int> height(30, 500);
    for (int i = 0; i < 3000; ++i) {
        GraphOptions options = options_of(height(random));
        options.logarithmic = true;
        options.rigid = true;
        options.si_units = i % 2 == 0;
        options.lower_limit = std::pow(10, low_power(random));
        options.upper_limit = *options.lower_limit * std::pow(10, powers(random));
        const auto labels = labels_of(options, {0, 1});
        const std::set<std::string> distinct(labels.begin(), labels.end());
        const auto trace =
            fmt::format("seed {} case {}: {}..{}, {} px", seed, i, *options.lower_limit,
                        *options.upper_limit, options.height_px);
        EXPECT_EQ(distinct.size(), labels.size()) << trace;
        EXPECT_GE(labels.size(), 2U) << trace;
    }
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
        // As given by someone who knows the values: up to a million times larger or smaller.
        if (i % 7 == 0) {
            const int power = static_cast<int>(std::floor(std::log10(span)));
            options.units_exponent = power + i % 9 - 4;
        }
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
