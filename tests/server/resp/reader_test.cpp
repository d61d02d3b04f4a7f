// Commands out of bytes, however they come.
#include "server/resp/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::server::resp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using State = Reader::State;

constexpr std::string_view kPush = "*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n$4\r\na\tb\n\r\n";

std::string error_of(std::string_view bytes) {
    Reader reader;
    EXPECT_EQ(reader.read(bytes), State::kBroken) << bytes;
    EXPECT_THAT(reader.words(), IsEmpty());
    return reader.error();
}

TEST(RespReader, TakesAnArrayOfWords) {
    Reader reader;
    ASSERT_EQ(reader.read(kPush), State::kComplete);
    EXPECT_THAT(reader.words(), ElementsAre("RPUSH", "kurado-update", "a\tb\n"));
    EXPECT_EQ(reader.bytes(), kPush.size());
}

TEST(RespReader, WaitsForTheRestWhereverTheBytesEnd) {
    Reader reader;
    for (std::size_t length = 0; length < kPush.size(); ++length) {
        EXPECT_EQ(reader.read(kPush.substr(0, length)), State::kIncomplete) << length;
        EXPECT_LE(reader.bytes(), kPush.size());
    }
}

TEST(RespReader, LeavesWhatFollows) {
    const std::string two = std::string(kPush) + "PING\r\n";
    Reader reader;
    ASSERT_EQ(reader.read(two), State::kComplete);
    ASSERT_EQ(reader.read(std::string_view(two).substr(reader.bytes())), State::kComplete);
    EXPECT_THAT(reader.words(), ElementsAre("PING"));
}

TEST(RespReader, TakesLinesThatPeopleType) {
    Reader reader;
    ASSERT_EQ(reader.read("  ping \t x\r\n"), State::kComplete);
    EXPECT_THAT(reader.words(), ElementsAre("ping", "x"));
    ASSERT_EQ(reader.read("echo \"a\\tb \\x41\\\"\\q\" 'c\\'d\\n' e\"f\n"), State::kComplete);
    EXPECT_THAT(reader.words(), ElementsAre("echo", "a\tb A\"q", "c'd\\n", "e\"f"));
    ASSERT_EQ(reader.read("\"\" ''\n"), State::kComplete);
    EXPECT_THAT(reader.words(), ElementsAre("", ""));
    EXPECT_EQ(reader.read("ping"), State::kIncomplete);
}

TEST(RespReader, TakesNothingForNoWords) {
    Reader reader;
    for (const char* bytes : {"\r\n", "\n", "*0\r\n", "*-1\r\n", "  \r\n"}) {
        EXPECT_EQ(reader.read(bytes), State::kComplete);
        EXPECT_THAT(reader.words(), IsEmpty());
    }
}

TEST(RespReader, SaysWhatIsBroken) {
    EXPECT_THAT(error_of("*x\r\n"), HasSubstr("number is malformed"));
    EXPECT_THAT(error_of("*\r\n"), HasSubstr("number is malformed"));
    EXPECT_THAT(error_of("*1\r\n+OK\r\n"), HasSubstr("'$'"));
    EXPECT_THAT(error_of("*1\r\n$-1\r\n"), HasSubstr("no length"));
    EXPECT_THAT(error_of("*1\r\n$4\r\nPINGxx"), HasSubstr("longer than its length"));
    EXPECT_THAT(error_of("*1025\r\n"), HasSubstr("more than 1024 words"));
    EXPECT_THAT(error_of("*1\r\n$4194305\r\n"), HasSubstr("over 4194304 bytes"));
    EXPECT_THAT(error_of("*2\r\n$4\r\nECHO\r\n$4194300\r\n"), HasSubstr("over 4194304 bytes"));
    EXPECT_THAT(error_of("*99999999999999999999999999"), HasSubstr("number is too long"));
    EXPECT_THAT(error_of("*9999999999999999999999\r\n"), HasSubstr("malformed"));
    EXPECT_THAT(error_of(std::string(kInlineBytesMax, 'x')), HasSubstr("over 65536 bytes"));
    EXPECT_THAT(error_of("echo \"a\n"), HasSubstr("quotes"));
    EXPECT_THAT(error_of("echo 'a'b\n"), HasSubstr("quotes"));
    std::string many;
    for (std::size_t i = 0; i <= kWordsMax; ++i) many += "x ";
    EXPECT_THAT(error_of(many + "\n"), HasSubstr("words"));
}

}  // namespace
}  // namespace kurabe::server::resp
