// Percent signs, texts that were encoded twice, and times.
#include "collectors/line_text.hpp"

#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

TEST(PercentDecoded, TakesPairsOfDigitsAndLeavesTheRest) {
    EXPECT_EQ(percent_decoded("http%3A80%3a%2Fserver-status%3Fauto"),
              "http:80:/server-status?auto");
    EXPECT_EQ(percent_decoded("100%"), "100%");
    EXPECT_EQ(percent_decoded("%4"), "%4");
    EXPECT_EQ(percent_decoded("%zz%-1%41"), "%zz%-1A");
    EXPECT_EQ(percent_decoded(""), "");
}

TEST(IsAscii, SeesEveryByte) {
    const std::string text = "0123456789abcdefghi";
    EXPECT_TRUE(is_ascii(text));
    EXPECT_TRUE(is_ascii(""));
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string other = text;
        other[at] = '\x80';
        EXPECT_FALSE(is_ascii(other)) << at;
    }
}

TEST(BeforeSecondUtf8, UndoesWhatAgentsDo) {
    // 日本, as captured from an agent.
    EXPECT_EQ(before_second_utf8("\xc3\xa6\xc2\x97\xc2\xa5\xc3\xa6\xc2\x9c\xc2\xac"), "日本");
    EXPECT_EQ(before_second_utf8("a \xc3\x83\xc2\xa9"), "a é");
}

TEST(BeforeSecondUtf8, LeavesWhatWasEncodedOnce) {
    EXPECT_EQ(before_second_utf8("日本"), std::nullopt);
    EXPECT_EQ(before_second_utf8("é"), std::nullopt);
    EXPECT_EQ(before_second_utf8("café €"), std::nullopt);
    EXPECT_EQ(before_second_utf8("plain"), std::nullopt);
    EXPECT_EQ(before_second_utf8("\xff"), std::nullopt);
    EXPECT_EQ(before_second_utf8(""), std::nullopt);
}

TEST(ParseEpoch, TakesSecondsAndDecimals) {
    using std::chrono::microseconds;
    const auto ticks = [](std::string_view text) {
        return parse_epoch(text).value().time_since_epoch().count();
    };
    EXPECT_EQ(ticks("1795344360"), 1'795'344'360'000'000);
    EXPECT_EQ(ticks("1795344360.25"), 1'795'344'360'250'000);
    EXPECT_EQ(ticks("1.1234567890123456789012"), 1'123'456);
    EXPECT_EQ(ticks("7."), 7'000'000);
}

TEST(ParseEpoch, RefusesTheRest) {
    for (const char* text : {"", "N", "-5", "+5", "0", "1e9", " 1", "1 ", "7258118401", "1.5s",
                             "99999999999999999999", "0x10", "U"}) {
        EXPECT_FALSE(parse_epoch(text)) << text;
    }
}

}  // namespace
}  // namespace kurabe::collectors
