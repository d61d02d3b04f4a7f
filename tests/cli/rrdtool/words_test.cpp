// Lines of a pipe as words. What rrdtool makes of them is compared in tests/differential/.
#include "cli/rrdtool/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::cli::rrdtool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> words(std::string_view line) {
    const auto split = split_words(line);
    EXPECT_TRUE(split) << line;
    return split.value_or(std::vector<std::string>{"error"});
}

TEST(Words, AreSeparatedBySpaces) {
    EXPECT_THAT(words(""), IsEmpty());
    EXPECT_THAT(words(" \t\r\n"), IsEmpty());
    EXPECT_THAT(words("last a.rrd\n"), ElementsAre("last", "a.rrd"));
    EXPECT_THAT(words("  last   a.rrd  \r\n"), ElementsAre("last", "a.rrd"));
    EXPECT_THAT(words("last a\tb"), ElementsAre("last", "a\tb"));
}

TEST(Words, QuotesHoldAnythingAnywhereInAWord) {
    EXPECT_THAT(words("'a b' \"c d\""), ElementsAre("a b", "c d"));
    EXPECT_THAT(words("a' 'b\" \"c"), ElementsAre("a b c"));
    EXPECT_THAT(words("'a\"b' \"a'b\""), ElementsAre("a\"b", "a'b"));
    EXPECT_THAT(words("'' \"\" x''"), ElementsAre("", "", "x"));
    EXPECT_THAT(words("a\\ 'b\\'"), ElementsAre("a\\", "b\\"));
    EXPECT_THAT(words("' \t'"), ElementsAre(" \t"));
}

TEST(Words, AnOpenQuoteIsAnError) {
    for (const char* line : {"'", "a \"b", "a'b\"c\"", "'a' '"}) {
        const auto split = split_words(line);
        ASSERT_FALSE(split) << line;
        EXPECT_EQ(split.error().code, ErrorCode::kInvalid);
    }
}

// rrdtool cuts such letters off the end of a line.
TEST(Words, LettersOfOtherScriptsMayEndALine) {
    EXPECT_THAT(words("last caf\xC3\xA9\n"), ElementsAre("last", "caf\xC3\xA9"));
    EXPECT_THAT(words("\xE8\xB2\xA0\xE8\x8D\xB7 x"), ElementsAre("\xE8\xB2\xA0\xE8\x8D\xB7", "x"));
}

}  // namespace
}  // namespace kurabe::cli::rrdtool
