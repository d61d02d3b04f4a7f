// Every RPN operator against rrdtool, over known, unknown and infinite values.
#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/variable_table.hpp"
#include "tests/differential/render_fixture.hpp"

namespace kurabe::tests {

namespace {

constexpr int kRows = 60;

class RpnDifferential : public RenderDifferential {
  protected:
    void SetUp() override {
        RenderDifferential::SetUp();
        std::vector<std::string> values;
        std::mt19937 random(7);
        for (int i = 0; i < kRows; ++i) {
            const int kind = static_cast<int>(random() % 10);
            values.push_back(kind == 0   ? "U"
                             : kind == 1 ? "0"
                             : kind == 2 ? fmt::format("-{}", random() % 1000)
                             : kind == 3 ? fmt::format("{}.5", random() % 10)
                                         : fmt::format("{}", random() % 100));
        }
        create("x.rrd", 60, {"RRA:AVERAGE:0.5:1:200"}, values);
        create("y.rrd", 300, {"RRA:AVERAGE:0.5:1:200"}, values);
        std::ranges::reverse(values);
        create("z.rrd", 60, {"RRA:AVERAGE:0.5:1:200"}, values);
    }

    std::vector<std::string> base_words(std::string_view expression) const {
        return {"-s",
                fmt::format("{}", kFirst + 600),
                "-e",
                fmt::format("{}", kFirst + 60 * (kRows - 5)),
                "DEF:a={dir}/x.rrd:a:AVERAGE",
                "DEF:b={dir}/z.rrd:a:AVERAGE",
                "DEF:c={dir}/y.rrd:a:AVERAGE",
                "VDEF:v=a,MAXIMUM",
                fmt::format("CDEF:r={}", expression)};
    }

    // The column of an expression as both compute it, or that both refuse it.
    // rrdtool reads memory before its first row and after its last one in windows over the past;
    // `left_out` says how many rows at each end to leave alone for that.
    struct Ends {
        std::int64_t first = 0;
        std::int64_t last = 0;
    };
    void expect_same(const std::string& expression, Ends left_out = {0, 0}) {
        const auto words = base_words(expression);
        const Exported expected = rrdtool_export(words, "r");
        const auto definition = parse(words);
        if (!definition) {
            EXPECT_NE(expected.error, "") << expression << ": " << definition.error().message;
            return;
        }
        const auto table = render::compute_variables(*definition, source_, kNow_, zone_);
        if (!table) {
            EXPECT_NE(expected.error, "") << expression << ": " << table.error().message;
            return;
        }
        ASSERT_EQ(expected.error, "") << expression;
        compare(expression, expected, *table->series("r"), left_out);
    }

    static void compare(const std::string& expression, const Exported& expected,
                        const render::SeriesView& series, Ends left_out) {
        ASSERT_EQ(expected.step, series.step.count()) << expression;
        int wrong = 0;
        for (std::size_t i = 0; i < expected.values.size() && wrong < 3; ++i) {
            const std::int64_t time = expected.start + static_cast<std::int64_t>(i) * expected.step;
            const std::int64_t row =
                (time - series.start.time_since_epoch().count()) / expected.step - 1;
            const auto rows = static_cast<std::int64_t>(series.values.size());
            const bool inside = row >= 0 && row < rows;
            if (row < left_out.first || row >= rows - left_out.last) {
                continue;
            }
            const double ours =
                inside ? series.values[static_cast<std::size_t>(row)] : store::kUnknown;
            if (!close_enough(expected.values[i], ours, 1e-8)) {
                ++wrong;
                ADD_FAILURE() << expression << " row " << row << ": rrdtool " << expected.values[i]
                              << ", ours " << ours;
            }
        }
    }

    store::Time kNow_{store::Seconds{1'700'500'000}};
    store::TimeZone zone_ = store::TimeZone::utc();
};

TEST_F(RpnDifferential, OperatorsOfTwo) {
    const std::vector<std::string> operands = {
        "a",    "b",   "c",      "v",     "0,",   "-3,",           "2.5,",
        "UNKN", "INF", "NEGINF", "a,b,/", "1e9,", "a,UN,UNKN,a,IF"};
    for (const std::string op : {"+", "-", "*", "/", "%", "POW", "ATAN2", "ADDNAN", "MINNAN",
                                 "MAXNAN", "MIN", "MAX", "LT", "LE", "GT", "GE", "EQ", "NE"}) {
        for (std::string left : operands) {
            for (std::string right : operands) {
                left = left.ends_with(',') ? left.substr(0, left.size() - 1) : left;
                right = right.ends_with(',') ? right.substr(0, right.size() - 1) : right;
                expect_same(fmt::format("{},{},{},a,0,*,ADDNAN", left, right, op));
            }
        }
    }
}

TEST_F(RpnDifferential, OperatorsOfOneAndThree) {
    for (const std::string op : {"SIN", "COS", "ATAN", "SQRT", "LOG", "EXP", "FLOOR", "CEIL", "ABS",
                                 "RAD2DEG", "DEG2RAD", "UN", "ISINF"}) {
        for (const std::string operand : {"a", "b", "c", "a,3,/", "a,0,/", "a,-1,*", "a,700,*"}) {
            expect_same(fmt::format("{},{}", operand, op));
        }
    }
    for (const std::string expression :
         {"a,b,c,IF", "a,UN,b,c,IF", "a,50,GT,a,b,IF", "UNKN,a,b,IF", "INF,a,b,IF", "a,0,50,LIMIT",
          "a,b,c,LIMIT", "a,UNKN,50,LIMIT", "a,0,UNKN,LIMIT", "a,NEGINF,INF,LIMIT", "a,0,INF,LIMIT",
          "a,0,/,0,INF,LIMIT", "a,50,0,LIMIT"}) {
        expect_same(expression);
    }
}

TEST_F(RpnDifferential, TimeAndPosition) {
    for (const std::string expression : {"a,POP,TIME",
                                         "a,POP,LTIME",
                                         "a,POP,COUNT",
                                         "a,POP,STEPWIDTH",
                                         "c,POP,STEPWIDTH",
                                         "a,c,+,POP,STEPWIDTH",
                                         "c,POP,TIME",
                                         "c,POP,COUNT",
                                         "a,POP,NEWDAY",
                                         "a,POP,NEWWEEK",
                                         "a,POP,NEWMONTH",
                                         "a,POP,NEWYEAR",
                                         "a,PREV,ADDNAN",
                                         "PREV,a,UN,PREV,a,IF,ADDNAN",
                                         "PREV(a)",
                                         "PREV(c)",
                                         "a,PREV(c),ADDNAN",
                                         "PREV(v),a,+",
                                         "a,PREV(b),-",
                                         "c,PREV(c),-",
                                         "PREV,UN,a,PREV,1,+,IF",
                                         "a,c,+,PREV,ADDNAN"}) {
        expect_same(expression);
    }
}

TEST_F(RpnDifferential, TheStack) {
    for (const std::string expression : {"a,DUP,+",
                                         "a,b,POP",
                                         "a,b,EXC,-",
                                         "a,b,DEPTH,+,+",
                                         "a,b,c,3,SORT,POP,POP",
                                         "a,b,c,3,SORT,-,-",
                                         "a,b,c,7,4,SORT,-,*,-",
                                         "a,b,c,3,REV,-,-",
                                         "a,b,c,2,REV,-,-",
                                         "a,b,c,7,4,REV,-,*,-",
                                         "a,b,2,COPY,-,*,+",
                                         "a,b,1,INDEX,-,*",
                                         "a,b,2,INDEX,-,*",
                                         "a,b,c,3,INDEX,-,*,+",
                                         "a,b,c,3,AVG",
                                         "a,b,UNKN,INF,4,AVG",
                                         "a,b,c,3,SMIN",
                                         "a,b,c,UNKN,4,SMIN",
                                         "a,b,c,3,SMAX",
                                         "a,b,c,UNKN,4,SMAX",
                                         "a,b,c,3,MEDIAN",
                                         "a,b,c,9,4,MEDIAN",
                                         "a,b,c,UNKN,4,MEDIAN",
                                         "a,b,c,3,STDEV",
                                         "a,b,UNKN,3,STDEV",
                                         "a,1,STDEV",
                                         "a,UNKN,2,STDEV",
                                         "a,b,c,50,3,PERCENT",
                                         "a,b,c,9,95,4,PERCENT",
                                         "a,b,c,9,40,4,PERCENT",
                                         "a,b,c,9,100,4,PERCENT",
                                         "a,b,c,9,13,4,PERCENT",
                                         "a,b,c,UNKN,60,4,PERCENT",
                                         "a,b,c,9,37.5,4,PERCENT",
                                         "a,b,1.7,AVG,+",
                                         "a,0,SORT",
                                         "a,0,REV",
                                         "a,0,COPY",
                                         "a,0,AVG,+",
                                         "a,0,AVG,POP",
                                         "a,0,MEDIAN,POP",
                                         "a,0,STDEV,POP",
                                         "a,0,SMIN,POP",
                                         "a,0,SMAX,POP",
                                         "a,1,SMAX",
                                         "a,1,MEDIAN",
                                         "a,5,INDEX",
                                         "a,2,COPY",
                                         "a,2,AVG",
                                         "a,+",
                                         "a,b",
                                         "a,1e18,AVG",
                                         "a,UNKN,AVG",
                                         "a,101,1,PERCENT",
                                         "a,POP,5,"}) {
        expect_same(expression);
    }
}

TEST_F(RpnDifferential, WindowsOverThePast) {
    for (const std::string variable : {"a", "b", "c"}) {
        for (const std::string duration :
             {"60", "61", "120", "300", "600", "900", "1", "0", "-60", "100000"}) {
            for (const std::string op : {"TREND", "TRENDNAN"}) {
                expect_same(fmt::format("{},{},{}", variable, duration, op));
                expect_same(fmt::format("a,{},{},{},+", variable, duration, op),
                            {.first = variable == "c" ? 15 : 0});
            }
        }
    }
    expect_same("a,v,TREND");
    expect_same("a,1,+,300,TREND");
}

TEST_F(RpnDifferential, Predictions) {
    for (const std::string op : {"PREDICT", "PREDICTSIGMA"}) {
        for (const std::string shifts : {"0,1", "60,1", "120,60,2", "600,300,120,3", "60,-3",
                                         "300,-2", "61,1", "10,1", "86400,1", "90,-4", "0,-1"}) {
            for (const std::string window : {"60", "120", "61", "300", "1", "0", "86400"}) {
                for (const std::string variable : {"a", "c"}) {
                    expect_same(fmt::format("{},{},{},{}", shifts, window, variable, op),
                                {.last = 1});
                }
            }
        }
    }
    for (const std::string percent : {"0", "50", "95", "100", "-50", "-95", "-100", "33", "-33"}) {
        for (const std::string shifts : {"60,1", "120,60,2", "60,-5"}) {
            for (const std::string variable : {"a", "c"}) {
                expect_same(fmt::format("{},300,{},{},PREDICTPERC", shifts, percent, variable),
                            {.last = 1});
            }
        }
    }
}

}  // namespace

}  // namespace kurabe::tests
