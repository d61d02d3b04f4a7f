// Number formats and scaling of PRINT against rrdtool.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/differential/render_fixture.hpp"

namespace kurabe::tests {

namespace {

class FormatDifferential : public RenderDifferential {
  protected:
    void SetUp() override {
        RenderDifferential::SetUp();
        create("x.rrd", 60, {"RRA:AVERAGE:0.5:1:200"}, std::vector<std::string>(20, "1"));
    }

    // Prints every value with `format`, in one command.
    void expect_same(const std::string& format, const std::vector<std::string>& values,
                     const std::string& base = "1000") {
        std::vector<std::string> words = {
            "-s", fmt::format("{}", kFirst),    "-e", fmt::format("{}", kFirst + 600), "-b",
            base, "DEF:a={dir}/x.rrd:a:AVERAGE"};
        for (std::size_t i = 0; i < values.size(); ++i) {
            words.push_back(fmt::format("CDEF:c{}=a,POP,{},1,*", i, values[i]));
            words.push_back(fmt::format("PRINT:c{}:MAX:{}", i, format));
        }
        // MAX takes finite values only; VDEF LAST takes all.
        for (std::size_t i = 0; i < values.size(); ++i) {
            words.push_back(fmt::format("VDEF:v{}=c{},LAST", i, i));
            words.push_back(fmt::format("PRINT:v{}:{}", i, format));
        }
        expect_same_prints(words);
    }
};

const std::vector<std::string> kValues = {
    "0",        "1",      "-1",      "0.5",    "999.9",    "1000",   "1024",   "-1000", "123456",
    "12345678", "0.001",  "0.00099", "999999", "1e9",      "1e12",   "1.5e15", "1e18",  "1e21",
    "1e24",     "1e-18",  "1e-21",   "1e-25",  "999.9999", "2.5",    "3.5",    "-0.5",  "1e15",
    "INF",      "NEGINF", "UNKN",    "0.1",    "123.456",  "1048576"};

TEST_F(FormatDifferential, PlainNumbers) {
    for (const std::string conversion : {"le", "lE", "lf", "lF", "lg", "lG"}) {
        for (const std::string prefix :
             {"%", "%10", "%10.2", "%.0", "%.3", "%-12.1", "%+.2", "% .2", "%012.3", "%#.0", "%0",
              "%+10.1", "%#10.3", "%3"}) {
            expect_same(prefix + conversion, kValues);
        }
    }
}

std::vector<std::string> words_with_constant(const std::string& text) {
    return {"DEF:a={dir}/x.rrd:a:AVERAGE", "CDEF:c=a,POP," + text + ",1,*", "VDEF:v=c,LAST",
            "PRINT:v:%.19le"};
}

// rrdtool rounds them once per digit.
TEST_F(FormatDifferential, ConstantsHaveEveryBitOfRrdtools) {
    for (const std::string text :
         {"123.456789", "0.007", "1e300", "1e-20", "0.1", "-17.3e-5", "2.5e17", "1e-310", "+3.25e3",
          "1e1024", "1e400", "3.", ".7", "5e", "5e+", "5e-0", "1e-1021", "12345678901234567890123",
          "1111111111222222222233333333334444444444"}) {
        const auto words = words_with_constant(text);
        const auto expected = rrdtool_prints(words);
        ASSERT_THAT(expected, testing::ElementsAre(testing::Not(testing::HasSubstr("ERROR"))));
        EXPECT_EQ(our_prints(words), expected) << text;
    }
}

TEST_F(FormatDifferential, WhatIsNoConstantIsNoneForBoth) {
    for (const std::string text :
         {"1e1025", "1e-1022", "1.2.3", "+-5", "--5", "1E3", "0x10", "nan", "-inf", "5x", ".",
          "1e5e5", "11111111112222222222333333333344444444445"}) {
        const auto words = words_with_constant(text);
        ASSERT_THAT(rrdtool_prints(words), testing::ElementsAre(testing::HasSubstr("ERROR")));
        EXPECT_FALSE(parse(words)) << text;
    }
}

TEST_F(FormatDifferential, TextAroundTheNumber) {
    for (const std::string format :
         {"%5.1lf[%%]", "x %lf y", "%%%lf", "a%lg b%s c%%", "%lf %S%%", "%lf", "é%lf"}) {
        expect_same(format, kValues);
    }
}

TEST_F(FormatDifferential, MagnitudesOfBothBases) {
    for (const std::string base : {"1000", "1024"}) {
        for (const std::string format : {"%6.2lf%s", "%6.2lf%S", "%lf %sbps", "%le%s"}) {
            for (const std::string& value : kValues) {
                expect_same(format, {value}, base);
            }
        }
    }
}

// "%S" takes the magnitude of the last "%s" or "%S", but never that of a zero it chose itself.
TEST_F(FormatDifferential, SequencesOfMagnitudes) {
    for (const std::vector<std::string>& values : {std::vector<std::string>{"0", "1000", "5"},
                                                   {"5", "1e6", "1000"},
                                                   {"UNKN", "1000", "1"},
                                                   {"0", "0", "1e-4"},
                                                   {"1e6", "0", "1"}}) {
        for (const std::vector<std::string>& units : {std::vector<std::string>{"s", "S", "S"},
                                                      {"S", "S", "S"},
                                                      {"S", "s", "S"},
                                                      {"s", "s", "S"}}) {
            std::vector<std::string> words = {"-s", fmt::format("{}", kFirst), "-e",
                                              fmt::format("{}", kFirst + 600),
                                              "DEF:a={dir}/x.rrd:a:AVERAGE"};
            for (std::size_t i = 0; i < values.size(); ++i) {
                words.push_back(fmt::format("CDEF:c{}=a,POP,{},1,*", i, values[i]));
                words.push_back(fmt::format("PRINT:c{}:LAST:%.4lf%{}", i, units[i]));
            }
            expect_same_prints(words);
        }
    }
}

TEST_F(FormatDifferential, RefusedFormats) {
    for (const std::string format : {"%d", "foo", "%lf%lf", "%s%lf", "%lf%s%s", "%f", "%", "%-+5lf",
                                     "%5.lf", "%l", "%lx", "%*lf", "%1$lf", "%hs", "%n", "%lf%n"}) {
        expect_same(format, {"1"});
    }
}

TEST_F(FormatDifferential, TimesOfStatistics) {
    for (const std::string format :
         {"%Y-%m-%d %H\\:%M\\:%S", "%s", "%a %A %b %B %d %e %I %j %p", "%U %V %W %G %g %u %w %y",
          "%D %F %T %R %c %x %X %h %%", "%Z %z"}) {
        std::vector<std::string> words = {"-s", fmt::format("{}", kFirst), "-e",
                                          fmt::format("{}", kFirst + 600),
                                          "DEF:a={dir}/x.rrd:a:AVERAGE"};
        for (const std::string function : {"MAXIMUM", "FIRST", "LAST", "MINIMUM"}) {
            words.push_back(fmt::format("VDEF:v{}=a,{}", function, function));
            words.push_back(fmt::format("PRINT:v{}:{}:strftime", function, format));
        }
        expect_same_prints(words);
    }
}

TEST_F(FormatDifferential, DashesForNoTime) {
    std::vector<std::string> words = {"-s",
                                      fmt::format("{}", kFirst),
                                      "-e",
                                      fmt::format("{}", kFirst + 600),
                                      "DEF:a={dir}/x.rrd:a:AVERAGE",
                                      "CDEF:u=a,POP,UNKN"};
    int number = 0;
    for (const std::string function :
         {"a,AVERAGE", "a,TOTAL", "a,STDEV", "a,50,PERCENT", "a,LSLSLOPE", "a,LSLINT",
          "a,LSLCORREL", "u,MAXIMUM", "u,LAST", "u,FIRST", "a,50,PERCENTNAN"}) {
        ++number;
        words.push_back(fmt::format("VDEF:v{}={}", number, function));
        words.push_back(fmt::format("PRINT:v{}:%Y-%m-%d %H\\:%M\\:%S:strftime", number));
    }
    expect_same_prints(words);
}

}  // namespace

}  // namespace kurabe::tests
