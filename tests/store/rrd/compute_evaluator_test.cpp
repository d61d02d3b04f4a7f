// COMPUTE programs at work. Values were read off rrdtool 1.7.2 where it follows its documentation.
#include "store/rrd/compute_evaluator.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "tests/store/rrd/rrd_builder.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr Value kInf = std::numeric_limits<Value>::infinity();
const Header kHeader = tests::RrdBuilder(Seconds{60}, Time{Seconds{0}})
                           .add({.name = "a"})
                           .add({.name = "b"})
                           .add({.name = "c"})
                           .header();

Result<Value> run(std::string_view text, std::initializer_list<Value> pdps) {
    const auto program = parse_compute(text, kHeader.sources);
    if (!program) return std::unexpected(program.error());
    return evaluate_compute(*program, std::span(pdps.begin(), pdps.size()),
                            Time{Seconds{1'700'000'000}});
}

Value value(std::string_view text, std::initializer_list<Value> pdps) {
    const auto result = run(text, pdps);
    EXPECT_TRUE(result) << text << ": " << result.error().message;
    return result.value_or(kUnknown);
}

TEST(ComputeEvaluator, Arithmetic) {
    EXPECT_EQ(value("a,b,+,2,*", {3, 4, 0}), 14);
    EXPECT_EQ(value("a,b,-", {3, 4, 0}), -1);
    EXPECT_EQ(value("a,b,/", {7, 0, 0}), kInf);
    EXPECT_EQ(value("a,b,%", {-7, 3, 0}), -1);
    EXPECT_EQ(value("a,RAD2DEG", {1, 0, 0}), 57.29577951);
    EXPECT_EQ(value("INF,NEGINF,MAX", {}), kInf);
    EXPECT_EQ(value("NOW", {}), 1'700'000'000);
    EXPECT_EQ(value("7", {}), 7);
}

TEST(ComputeEvaluator, UnknownValues) {
    EXPECT_TRUE(is_unknown(value("a,b,MIN", {1, kUnknown, 0})));
    EXPECT_EQ(value("a,b,MINNAN", {1, kUnknown, 0}), 1);
    EXPECT_EQ(value("a,b,ADDNAN", {kUnknown, 5, 0}), 5);
    EXPECT_TRUE(is_unknown(value("a,b,LT", {kUnknown, 5, 0})));
    EXPECT_EQ(value("a,b,c,IF", {kUnknown, 1, 2}), 2);
    EXPECT_EQ(value("a,b,c,LIMIT", {5, 1, 9}), 5);
    EXPECT_TRUE(is_unknown(value("a,b,c,LIMIT", {5, 6, 9})));
    EXPECT_EQ(value("a,UN", {kUnknown, 0, 0}), 1);
}

// rrdtool's unknown is negative; files show that ABS takes the sign away.
TEST(ComputeEvaluator, SignsOfUnknownValuesAreKept) {
    EXPECT_TRUE(std::signbit(value("UNKN", {})));
    EXPECT_TRUE(std::signbit(value("a,a,-", {kInf, 0, 0})));
    EXPECT_TRUE(std::signbit(value("a,0,AVG,EXC,POP", {1, 0, 0})));
    EXPECT_FALSE(std::signbit(value("a,ABS", {kFileUnknown, 0, 0})));
    EXPECT_FALSE(std::signbit(value("a,ABS,b,+", {kFileUnknown, kFileUnknown, 0})));
    EXPECT_TRUE(std::signbit(value("a,b,ABS,+", {kFileUnknown, kFileUnknown, 0})));
}

TEST(ComputeEvaluator, Stack) {
    EXPECT_EQ(value("a,DUP,*", {3, 0, 0}), 9);
    EXPECT_EQ(value("a,b,EXC,-", {1, 5, 0}), 4);
    EXPECT_EQ(value("a,b,POP", {1, 5, 0}), 1);
    EXPECT_EQ(value("a,b,2,COPY,+,+,+", {1, 5, 0}), 12);
    EXPECT_EQ(value("a,b,2,INDEX,+,-", {10, 3, 0}), -3);
    EXPECT_EQ(value("a,DEPTH,+", {5, 0, 0}), 6);
    EXPECT_EQ(value("a,b,c,3,1,ROLL,10,*,+,10,*,+", {1, 2, 3}), 213);
    EXPECT_EQ(value("a,b,c,3,-1,ROLL,10,*,+,10,*,+", {1, 2, 3}), 132);
    EXPECT_EQ(value("a,b,c,3,REV,10,*,+,10,*,+", {3, 1, 2}), 312);
    // The longest stack of nineteen words: one value doubled nine times.
    EXPECT_EQ(run("a,DEPTH,COPY,DEPTH,COPY,DEPTH,COPY,DEPTH,COPY,DEPTH,COPY,DEPTH,COPY,DEPTH,COPY,"
                  "DEPTH,COPY,DEPTH,COPY",
                  {1, 0, 0})
                  .error()
                  .message,
              "RPN final stack size != 1");
}

TEST(ComputeEvaluator, Sets) {
    EXPECT_EQ(value("a,b,c,3,SORT,10,*,+,10,*,+", {3, 1, 2}), 321);
    EXPECT_EQ(value("a,b,c,3,AVG", {1, kUnknown, 4}), 2.5);
    EXPECT_EQ(value("a,b,c,3,SMAX", {3, kUnknown, 2}), 3);
    EXPECT_EQ(value("a,b,c,3,MEDIAN", {3, 8, 5}), 5);
    EXPECT_EQ(value("a,b,2,STDEV", {3, 5, 0}), 1.4142135623730951);
    EXPECT_TRUE(is_unknown(value("a,1,STDEV", {3, 0, 0})));
    EXPECT_EQ(value("a,b,c,50,3,PERCENT", {3, 8, 5}), 5);
    EXPECT_EQ(value("a,b,c,0,3,PERCENT", {3, 8, 5}), 3) << "rrdtool reads outside of the set";
    EXPECT_EQ(value("a,b,c,3,MEDIAN", {kInf, 8, -kInf}), 8) << "rrdtool cannot sort infinities";
}

TEST(ComputeEvaluator, ProgramsThatCannotRunAreErrors) {
    for (const char* text :
         {"+", "a,+", "POP", "DUP", "a,EXC", "a,b,IF", "SIN", "a,5,COPY", "a,-1,COPY", "a,UNKN,AVG",
          "a,INF,SORT", "a,b,0,INDEX", "a,b,3,INDEX", "a,2,ROLL", "a,1,UNKN,ROLL", "a,1,PERCENT"}) {
        const auto result = run(text, {1, 2, 3});
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().message, "RPN stack underflow") << text;
    }
    EXPECT_EQ(run("a,b", {1, 2, 3}).error().message, "RPN final stack size != 1");
    EXPECT_EQ(run("a,POP", {1, 2, 3}).error().message, "RPN final stack size != 1");
    EXPECT_EQ(run("a,101,1,PERCENT", {1, 2, 3}).error().message,
              "percentile argument must be between 0 and 100");
}

}  // namespace
}  // namespace kurabe::store::rrd
