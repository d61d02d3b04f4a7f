// RPN expressions: operators, stack, windows and limits.
#include "render/rpn.hpp"

#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/rpn_evaluator.hpp"
#include "tests/support/plain_rpn.hpp"

namespace kurabe::render {

namespace {

constexpr store::Time kGridStart{store::Seconds{1'700'000'040}};

class Rpn : public ::testing::Test {
  protected:
    // Variables "a", "b", ...: 600 rows, some unknown.
    Rpn() {
        std::mt19937 random(3);
        for (auto& column : columns_) {
            for (int i = 0; i < 600; ++i) {
                column.push_back(random() % 9 == 0 ? store::kUnknown
                                                   : static_cast<double>(random() % 20) - 5);
            }
        }
    }

    Result<std::vector<store::Value>> evaluate(
        const RpnProgram& program, const store::TimeZone& zone = store::TimeZone::utc()) {
        std::vector<RpnOperand> operands;
        for (const std::string& name : program.variables) {
            operands.emplace_back(SeriesView{kGridStart, store::Seconds{60},
                                             columns_[static_cast<std::size_t>(name[0] - 'a')]});
        }
        WorkBudget budget;
        return evaluate_rpn(program, operands, {kGridStart, store::Seconds{60}, 600}, kGridStart,
                            zone, budget);
    }

    Result<std::vector<store::Value>> evaluate(const std::string& text) {
        return evaluate(parse_rpn(text).value());
    }

    std::string error(const std::string& text) {
        const auto result = evaluate(text);
        return result ? "none" : result.error().message;
    }

    std::array<std::vector<double>, 3> columns_;
};

TEST_F(Rpn, ParsesWordsInTheirOrder) {
    const RpnProgram program = parse_rpn("a,b,+,a,PREV(c),-1.5e2,UNKN").value();
    ASSERT_EQ(program.nodes.size(), 7u);
    EXPECT_EQ(program.variables, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(program.nodes[2].op, RpnOperator::kAdd);
    EXPECT_EQ(program.nodes[3].variable, 0u);
    EXPECT_EQ(program.nodes[4].op, RpnOperator::kPrevOther);
    EXPECT_EQ(program.nodes[4].variable, 2u);
    EXPECT_EQ(program.nodes[5].number, -150);
}

TEST_F(Rpn, RefusesWhatIsNoWord) {
    EXPECT_EQ(parse_rpn("").error().message, "can not parse an empty rpn expression");
    EXPECT_EQ(parse_rpn("a,,+").error().message, "don't understand ',+'");
    EXPECT_EQ(parse_rpn("a,b c,+").error().message, "don't understand 'b c,+'");
    EXPECT_EQ(parse_rpn("a,PREV(),+").error().message, "don't understand 'PREV(),+'");
    EXPECT_FALSE(parse_rpn("a,1.5.5,+"));
    EXPECT_FALSE(parse_rpn("a,\xff,+"));
    EXPECT_EQ(parse_rpn("a,5").value().nodes.size(), 2u);   // rrdtool wants a comma here
    EXPECT_EQ(parse_rpn("a,5,").value().nodes.size(), 2u);  // as rrdtool has it
}

// Where rrdtool wants a comma.
TEST_F(Rpn, ANumberMayEndAnExpression) {
    const auto program = parse_rpn("a,POP,0.5");
    ASSERT_TRUE(program);
    ASSERT_EQ(program->nodes.size(), 3u);
    EXPECT_EQ(program->nodes.back().number, 0.5);
}

TEST_F(Rpn, LongExpressionsAreLimited) {
    std::string text = "a";
    for (std::size_t i = 0; i < kRpnNodesMax; ++i) {
        text += ",a";
    }
    EXPECT_EQ(parse_rpn(text).error().code, ErrorCode::kLimit);
}

TEST_F(Rpn, DeepStacksAreLimited) {
    std::string text = "a";
    for (std::size_t i = 0; i < kRpnStackMax; ++i) {
        text += ",a";
    }
    EXPECT_EQ(evaluate(text).error().code, ErrorCode::kLimit);
    std::string doubling = "a";
    for (int i = 0; i < 60; ++i) {
        doubling += ",DEPTH,COPY";
    }
    EXPECT_EQ(evaluate(doubling).error().code, ErrorCode::kLimit);
}

TEST_F(Rpn, HostileCountsAreErrors) {
    for (const std::string count : {"-1", "3", "1e18", "-1e18", "UNKN", "INF", "NEGINF", "a"}) {
        for (const std::string op :
             {"COPY", "INDEX", "SORT", "REV", "AVG", "SMIN", "SMAX", "MEDIAN", "STDEV"}) {
            EXPECT_FALSE(evaluate(fmt::format("a,b,{},{}", count, op))) << count << op;
        }
        EXPECT_FALSE(evaluate(fmt::format("a,b,{},1,ROLL", count)));
        EXPECT_FALSE(evaluate(fmt::format("a,50,{},PERCENT", count)));
        if (count != "-1") {
            EXPECT_FALSE(evaluate(fmt::format("60,{},60,a,PREDICT", count))) << count;
        }
    }
    EXPECT_EQ(error("a,+"), "RPN stack underflow");
    EXPECT_EQ(error("a,b"), "RPN final stack size != 1");
    EXPECT_EQ(error("a,101,1,PERCENT"), "percentile argument must be between 0 and 100");
    EXPECT_EQ(error("a,1,+,300,TREND"), "malformed trend arguments");
    EXPECT_EQ(error("-60,1,60,a,PREDICT"), "negative shift step not allowed: -60");
    EXPECT_FALSE(evaluate("a,b,2,INF,ROLL,POP"));
}

TEST_F(Rpn, WindowsOfAnyLengthEndQuickly) {
    for (const std::string duration : {"0", "-1", "1e300", "INF", "NEGINF", "UNKN", "a"}) {
        EXPECT_TRUE(evaluate(fmt::format("a,{},TREND", duration))) << duration;
        EXPECT_TRUE(evaluate(fmt::format("60,1,{},a,PREDICT", duration))) << duration;
        EXPECT_TRUE(evaluate(fmt::format("60,-1000,{},a,PREDICTSIGMA", duration))) << duration;
    }
    for (const std::string percent : {"1e300", "-1e300", "INF", "NEGINF", "UNKN", "a"}) {
        EXPECT_TRUE(evaluate(fmt::format("60,1,60,{},a,PREDICTPERC", percent))) << percent;
    }
}

TEST_F(Rpn, WorkIsLimited) {
    std::string text = "1e9,-1000,1e9,a,PREDICT";
    for (int i = 0; i < 100; ++i) {
        text += ",0,-1000,1e9,a,PREDICT,+";
    }
    EXPECT_EQ(evaluate(text).error().code, ErrorCode::kLimit);
}

TEST_F(Rpn, RollTurnsTheTop) {
    const auto digits = [this](const std::string& text) {
        return evaluate("a,POP," + text + ",EXC,10,*,+,EXC,100,*,+,EXC,1000,*,+").value()[0];
    };
    EXPECT_EQ(digits("1,2,3,4"), 1234);
    EXPECT_EQ(digits("1,2,3,4,3,1,ROLL"), 1423);
    EXPECT_EQ(digits("1,2,3,4,3,-1,ROLL"), 1342);
    EXPECT_EQ(digits("1,2,3,4,4,2,ROLL"), 3412);
    EXPECT_EQ(digits("1,2,3,4,4,-7,ROLL"), digits("1,2,3,4,4,1,ROLL"));
    EXPECT_EQ(digits("1,2,3,4,0,1,ROLL"), 1234);
}

TEST_F(Rpn, PercentOfZeroIsTheSmallest) {
    EXPECT_EQ(evaluate("a,POP,99,3,1,2,0,3,PERCENT,EXC,POP").value()[0], 1);
}

TEST_F(Rpn, InfinitiesSortAtTheEnds) {
    EXPECT_EQ(evaluate("a,POP,3,INF,UNKN,1,NEGINF,5,SORT,POP,POP,POP,EXC,POP").value()[0],
              -std::numeric_limits<double>::infinity());
}

TEST_F(Rpn, RoundGoesAwayFromZero) {
    EXPECT_EQ(evaluate("a,POP,2.5,ROUND").value()[0], 3);
    EXPECT_EQ(evaluate("a,POP,-2.5,ROUND").value()[0], -3);
}

TEST_F(Rpn, PeriodsBeginInTheZone) {
    const store::TimeZone tokyo = store::TimeZone::locate("Asia/Tokyo").value();
    const auto days = evaluate(parse_rpn("a,POP,NEWDAY").value(), tokyo).value();
    for (std::size_t i = 0; i < days.size(); ++i) {
        const auto clock = tokyo.to_calendar(kGridStart + store::Seconds{60} * (i + 1));
        EXPECT_EQ(days[i] == 1, clock.hour == 0 && clock.minute == 0) << i;
    }
    const auto local = evaluate(parse_rpn("a,POP,LTIME,TIME,-").value(), tokyo).value();
    EXPECT_EQ(local[0], 9 * 3600);
}

// Programs that keep a sensible stack, for both evaluators. "0,+" makes one zero of the two where
// an operator may choose either.
std::string random_program(std::mt19937& random) {
    static const std::vector<std::string> kUnary = {"SIN",     "COS",     "ATAN", "SQRT",  "LOG",
                                                    "EXP",     "FLOOR",   "CEIL", "ROUND", "ABS",
                                                    "RAD2DEG", "DEG2RAD", "UN",   "ISINF", "DUP,+"};
    static const std::vector<std::string> kBinary = {"+",
                                                     "-",
                                                     "*",
                                                     "/",
                                                     "%",
                                                     "POW",
                                                     "ATAN2",
                                                     "ADDNAN",
                                                     "MINNAN,0,+",
                                                     "MAXNAN,0,+",
                                                     "MIN,0,+",
                                                     "MAX,0,+",
                                                     "LT",
                                                     "LE",
                                                     "GT",
                                                     "GE",
                                                     "EQ",
                                                     "NE",
                                                     "EXC,-",
                                                     "2,AVG",
                                                     "2,SMIN,0,+",
                                                     "2,SMAX,0,+",
                                                     "2,MEDIAN,0,+",
                                                     "2,STDEV",
                                                     "2,SORT,-,0,+",
                                                     "2,REV,-",
                                                     "2,1,ROLL,-",
                                                     "2,INDEX,+,-",
                                                     "50,2,PERCENT,0,+"};
    static const std::vector<std::string> kTernary = {"IF",
                                                      "LIMIT",
                                                      "3,AVG",
                                                      "3,SORT,-,-,0,+",
                                                      "3,-1,ROLL,-,-",
                                                      "3,STDEV",
                                                      "1,3,COPY,3,AVG,+,+,+,+"};
    static const std::vector<std::string> kLeaves = {
        "a", "b", "c", "1", "-2.5", "0", "UNKN", "INF", "NEGINF", "COUNT", "PREV", "PREV(b)", "3"};
    const auto any = [&random](const std::vector<std::string>& words) {
        return words[random() % words.size()];
    };
    std::string text = "a";
    for (int depth = 1, steps = 0; steps < 14 || depth > 1; ++steps) {
        const auto kind = random() % 5;
        if (depth >= 3 && kind == 0) {
            text += "," + any(kTernary);
            depth -= 2;
        } else if (depth >= 2 && (kind <= 2 || steps >= 14)) {
            text += "," + any(kBinary);
            --depth;
        } else if (kind == 3) {
            text += "," + any(kUnary);
        } else {
            text += "," + any(kLeaves);
            ++depth;
        }
    }
    return text;
}

TEST_F(Rpn, BlocksAgreeWithThePlainEvaluator) {
    const unsigned seed = std::random_device()();
    fmt::print("seed {}\n", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 1000; ++round) {
        const std::string text = random_program(random);
        const RpnProgram program = parse_rpn(text).value();
        std::vector<std::vector<double>> variables;
        for (const std::string& name : program.variables) {
            variables.push_back(columns_[static_cast<std::size_t>(name[0] - 'a')]);
        }
        const auto expected = tests::plain_rpn(program, variables);
        const auto actual = evaluate(program);
        ASSERT_EQ(expected.has_value(), actual.has_value()) << text;
        for (std::size_t i = 0; expected && i < expected->size(); ++i) {
            const double left = (*expected)[i];
            const double right = (*actual)[i];
            ASSERT_TRUE(left == right || (std::isnan(left) && std::isnan(right)))
                << text << " row " << i << ": " << left << " and " << right;
        }
    }
}

}  // namespace

}  // namespace kurabe::render
