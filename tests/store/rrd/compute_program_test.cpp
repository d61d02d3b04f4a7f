// COMPUTE programs as text and as nodes.
#include "store/rrd/compute_program.hpp"

#include <gtest/gtest.h>

namespace kurabe::store::rrd {
namespace {

std::vector<SourceRecord> sources_named(std::initializer_list<const char*> names) {
    std::vector<SourceRecord> sources;
    for (const char* name : names) {
        SourceRecord record;
        set_text(record.name, name);
        set_text(record.type, "GAUGE");
        sources.push_back(record);
    }
    return sources;
}

const std::vector<SourceRecord> kSources = sources_named({"a", "b", "5", "e", "MIN", "5x"});

// The text of what `text` is read as, or the error.
std::string read_back(std::string_view text) {
    const auto program = parse_compute(text, kSources);
    if (!program) return program.error().message;
    return compute_text(*program, kSources);
}

TEST(ComputeProgram, ReadsBackAsWritten) {
    for (const char* text : {"a", "a,2,*", "a,-32768,*", "a,b,+,2,/", "UNKN,a,b,IF", "a,b,2,AVG",
                             "a,b,DEPTH,COPY,POP,INF,NEGINF,NOW", "a,POP,7", "a,ROUND", "5x,1,+"}) {
        EXPECT_EQ(read_back(text), text);
    }
    EXPECT_EQ(read_back("a,+5,5.,1e2,*,*,*,"), "a,5,5,100,*,*,*");
}

TEST(ComputeProgram, NumbersAndOperatorsHideSourcesOfTheirNames) {
    const auto program = parse_compute("5,e,MIN,1e,+,5", kSources);
    ASSERT_TRUE(program);
    EXPECT_EQ(program->nodes[0].op, ComputeOperator::kNumber);
    EXPECT_EQ(program->nodes[1].op, ComputeOperator::kVariable);
    EXPECT_EQ(program->nodes[2].op, ComputeOperator::kMin);
    EXPECT_EQ(program->nodes[3].value, 1);
    EXPECT_EQ(program->nodes[5].op, ComputeOperator::kVariable);
    EXPECT_EQ(program->nodes[5].value, 2);
}

TEST(ComputeProgram, RefusesWhatItDoesNotUnderstand) {
    for (const char* text : {"", ",", ",a", "a,,b", "a,b,+,,", "c", "a,foo,+", "min", " a", "a ",
                             "a,1-2,+", "a,--2,+", "a,nan,+", "a,0x10,+", "PREV(c)", "PREV(",
                             "TIME,c", "a,00000000000000000000000000000000000000001,+"}) {
        EXPECT_EQ(read_back(text), "failed to parse computed data source") << text;
    }
}

TEST(ComputeProgram, RefusesWhatTheFileCannotHold) {
    const std::string constants = "constants must be integers in the interval (-32768, 32767)";
    for (const char* text : {"a,1.5,*", "a,32768,*", "a,-32769,*", "a,1e400,*", "1e-5,a,+"}) {
        EXPECT_EQ(read_back(text), constants) << text;
    }
    std::string ones;
    for (int i = 0; i < 19; ++i) ones += "1,";
    EXPECT_TRUE(parse_compute(ones, kSources));
    EXPECT_EQ(read_back(ones + "1.5,"),
              "Maximum 19 RPN nodes permitted. Got 20 RPN nodes at present.");
}

TEST(ComputeProgram, RefusesWhatNeedsTimes) {
    const std::string of_graphs =
        "operators TIME LTIME STEPWIDTH PREV NEW* COUNT TREND TRENDNAN PREDICT PREDICTSIGMA "
        "PREDICTPERC are not supported with DS COMPUTE";
    for (const char* word :
         {"TIME", "LTIME", "STEPWIDTH", "PREV", "PREV(a)", "NEWDAY", "NEWWEEK", "NEWMONTH",
          "NEWYEAR", "COUNT", "TREND", "TRENDNAN", "PREDICT", "PREDICTSIGMA", "PREDICTPERC"}) {
        EXPECT_EQ(read_back(std::string("1.5,a,") + word), of_graphs) << word;
    }
}

TEST(ComputeProgram, SurvivesTheRecord) {
    const auto program = parse_compute("a,-7,*,b,MAX", kSources);
    ASSERT_TRUE(program);
    SourceRecord record;
    write_compute(*program, record);
    const auto back = read_compute(record, 2);
    ASSERT_TRUE(back);
    EXPECT_EQ(compute_text(*back, kSources), "a,-7,*,b,MAX");
    EXPECT_FALSE(read_compute(record, 1));
}

}  // namespace
}  // namespace kurabe::store::rrd
