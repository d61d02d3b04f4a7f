// Answers of services become fields: lines, columns, matches, JSON, whatever else the bytes are.
#include "collectors/fetch/answer_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors::fetch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Fields parsed(const Answer& answer, const ParseRule& rule) {
    Fields fields;
    const auto done = parse_answer(answer, rule, fields);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return fields;
}

Fields parsed(std::string text, const ParseRule& rule) {
    return parsed(Answer{.text = std::move(text)}, rule);
}

MatchRule match(std::string_view expression, bool sums = false) {
    auto pattern = Pattern::compile(expression);
    EXPECT_TRUE(pattern.has_value()) << pattern.error().message;
    return {*std::move(pattern), sums};
}

TEST(AnswerParser, ReadsPairs) {
    EXPECT_THAT(
        parsed("Total Accesses: 12\r\nBusyWorkers:  3\nno pair\n: nameless\nx: y: z\nx: 2",
               {.pairs = PairsRule{":", ""}})
            .all(),
        ElementsAre(Pair("BusyWorkers", "3"), Pair("Total Accesses", "12"), Pair("x", "y: z")));
    EXPECT_THAT(parsed("STAT pid 1\nVERSION 2\nSTAT version 1.6 x\nEND\n",
                       {.prefix = "m.", .pairs = PairsRule{" ", "STAT "}})
                    .all(),
                ElementsAre(Pair("m.pid", "1"), Pair("m.version", "1.6 x")));
}

TEST(AnswerParser, ReadsFirstMatchesAndSums) {
    const std::string text =
        "Active connections: 2\nserver accepts handled requests\n 10 11 42 \n"
        "db0:keys=3,expires=0\ndb1:keys=4,expires=1\n";
    EXPECT_THAT(parsed(text, {.matches = {match(R"(^ *\d+ +\d+ +(?P<requests>\d+))"),
                                          match(R"(^db\d+:keys=(?P<keys>\d+))", true),
                                          match(R"((?P<none>nothing))")}})
                    .all(),
                ElementsAre(Pair("keys", "7"), Pair("requests", "42")));
    EXPECT_THAT(parsed(text, {.matches = {match("keys=(?P<first>\\d+)")}}).all(),
                ElementsAre(Pair("first", "3")));
}

TEST(AnswerParser, ReadsColumns) {
    EXPECT_THAT(parsed("a  1 x\n b\t2\nshort\n", {.columns = ColumnsRule{0, 1, ""}}).all(),
                ElementsAre(Pair("a", "1"), Pair("b", "2")));
    EXPECT_THAT(parsed("1;;c;d\n", {.columns = ColumnsRule{2, 0, ";"}}).all(),
                ElementsAre(Pair("c", "1")));
    const Answer table{.text = "ignored 1",
                       .columns = {"Variable_name", "Value"},
                       .rows = {{"Uptime", "7"}, {"Threads", "2"}, {"short"}}};
    EXPECT_THAT(parsed(table, {.columns = ColumnsRule{}}).all(),
                ElementsAre(Pair("Threads", "2"), Pair("Uptime", "7")));
    EXPECT_THAT(parsed(table, {.prefix = "s_", .row = true}).all(),
                ElementsAre(Pair("s_Value", "7"), Pair("s_Variable_name", "Uptime")));
    EXPECT_THAT(parsed(Answer{.columns = {"a"}}, {.row = true}).all(), IsEmpty());
}

TEST(AnswerParser, ReadsJsonByPointers) {
    EXPECT_THAT(
        parsed(R"({"a": {"b/c~d": [1, 2.50, true, null, "x"]}, "e": -7, "": {"f": "g"}, "h": {}})",
               {.json = true})
            .all(),
        ElementsAre(Pair("//f", "g"), Pair("/a/b~1c~0d/0", "1"), Pair("/a/b~1c~0d/1", "2.50"),
                    Pair("/a/b~1c~0d/2", "1"), Pair("/a/b~1c~0d/4", "x"), Pair("/e", "-7")));
    EXPECT_THAT(parsed("[[1,[2]],3]", {.prefix = "p", .json = true}).all(),
                ElementsAre(Pair("p/0/0", "1"), Pair("p/0/1/0", "2"), Pair("p/1", "3")));
    EXPECT_THAT(parsed("5", {.prefix = "p", .json = true}).all(), ElementsAre(Pair("p", "5")));
}

TEST(AnswerParser, RefusesWhatIsNoJson) {
    const auto error = [](const std::string& text) {
        Fields fields;
        const auto done = parse_answer({.text = text}, {.json = true}, fields);
        return done ? "none" : done.error().message;
    };
    EXPECT_EQ(error("<html>"), "the answer is no JSON (byte 1)");
    EXPECT_THAT(error(""), HasSubstr("no JSON"));
    EXPECT_THAT(error("{\"a\": 1} x"), HasSubstr("no JSON"));
    EXPECT_THAT(error("{\"a\": \"\xff\"}"), HasSubstr("no JSON"));
    EXPECT_THAT(error(std::string(100000, '[')), HasSubstr("nested deeper than 64"));
    EXPECT_THAT(error("1e999"), HasSubstr("no JSON"));
}

TEST(AnswerParser, ReadsTheWholeTextAndHeaders) {
    const Answer answer{.text = " 7\r\n", .headers = {{"server", "nginx/1.22"}}};
    EXPECT_THAT(parsed(answer, {.text = "length"}).all(),
                ElementsAre(Pair("header.server", "nginx/1.22"), Pair("length", "7")));
}

TEST(AnswerParser, StopsAtItsLimits) {
    std::string lines;
    for (std::size_t i = 0; i < kAnswerLinesMax + 5; ++i) lines += std::to_string(i) + ":1\n";
    EXPECT_THAT(parsed(lines, {.pairs = PairsRule{":", ""}}).all(), SizeIs(kFieldsMax));
    const std::string name(kFieldNameBytesMax + 1, 'n');
    const std::string value(kFieldValueBytesMax + 1, 'v');
    const auto fields = parsed(name + ":1\nx:" + value, {.pairs = PairsRule{":", ""}});
    EXPECT_EQ(fields.find(name), nullptr);
    EXPECT_EQ(fields.find("x")->size(), kFieldValueBytesMax);
}

TEST(Fields, AreFoundByNameAndByStars) {
    Fields fields;
    fields.add("/value/name=G1 Eden Space,type=MemoryPool/Usage/max", "1");
    fields.add("/value/name=G1 Old Gen,type=MemoryPool/Usage/max", "2");
    fields.add("a*b", "3");
    EXPECT_EQ(*fields.find("/value/*Eden Space*/Usage/max"), "1");
    EXPECT_EQ(*fields.find("/value/*Old Gen*/Usage/max"), "2");
    EXPECT_EQ(*fields.find("/value/*/Usage/max"), "1");
    EXPECT_EQ(fields.find("/value/*Eden/max"), nullptr) << "a star does not reach over '/'";
    EXPECT_EQ(fields.find("/value/*"), nullptr);
    EXPECT_EQ(fields.find("/nothing*"), nullptr);
    EXPECT_EQ(fields.find(""), nullptr);
    EXPECT_EQ(*fields.find("*b"), "3");
    EXPECT_EQ(*fields.find("***"), "3");
}

TEST(Pattern, FindsInTimeLinearInTheText) {
    const auto pattern = Pattern::compile("(?P<x>(a*)*b)");
    ASSERT_TRUE(pattern.has_value()) << pattern.error().message;
    int found = 0;
    pattern->find(std::string(kPatternTextMax, 'a'), kPatternMatchesMax,
                  [&found](const auto&) { ++found; });
    EXPECT_EQ(found, 0);
    pattern->find(std::string(2 * kPatternMatchesMax, 'b'), kPatternMatchesMax,
                  [&found](const auto&) { ++found; });
    EXPECT_EQ(static_cast<std::size_t>(found), kPatternMatchesMax);
    // Empty matches do not stand still.
    const auto empty = Pattern::compile("(?P<x>z*)").value();
    empty.find("aaa", 100, [&found](const auto&) { ++found; });
    EXPECT_EQ(static_cast<std::size_t>(found), kPatternMatchesMax + 4);
}

TEST(Pattern, SaysWhatIsWrongWithIt) {
    const auto error = [](std::string_view text) { return Pattern::compile(text).error().message; };
    EXPECT_THAT(error("(?P<x>"), HasSubstr("not a regular expression: missing )"));
    EXPECT_THAT(error("(a)"), HasSubstr("without a named group; write (?P<name>...)"));
    EXPECT_THAT(error("(?P<x>a)\\1"), HasSubstr("not a regular expression"));
    EXPECT_THAT(error("(?P<x>((a{100}){100}){100})"), HasSubstr("repetition"));
    EXPECT_THAT(error("(?P<x>[a-z]{900}[0-9]{900})"), HasSubstr("too many repetitions"));
    EXPECT_THAT(error(std::string(kPatternBytesMax + 1, 'x')), HasSubstr("over 1000 bytes"));
}

}  // namespace
}  // namespace kurabe::collectors::fetch
