#include "cli/rrdcached/reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/rrdcached/fetch_reply.hpp"
#include "cli/rrdcached/info_reply.hpp"
#include "tests/support/text_reply.hpp"

namespace kurabe::cli::rrdcached {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kRows =
    "FlushVersion: 1\nStart: 100\nEnd: 120\nStep: 10\nDSCount: 2\nDSName: in out\n"
    "       110: 1.5 -nan\n       120: 2e3 inf\n";
constexpr std::int64_t kLines = 8;

Result<NamedRows> rows_of(const std::string& text, std::int64_t count = kLines) {
    tests::TextReply lines(text);
    return read_fetch_reply(lines, count);
}

std::string with(const std::string& from, const std::string& to) {
    std::string text = kRows;
    return text.replace(text.find(from), from.size(), to);
}

TEST(RrdcachedReply, AHeadIsANumberAndAMessage) {
    EXPECT_EQ(parse_reply_head("2 Two lines follow")->lines, 2);
    EXPECT_EQ(parse_reply_head("2 Two lines follow")->message, "Two lines follow");
    EXPECT_EQ(parse_reply_head("-1 No\x1b[2J")->message, "No?[2J");
    EXPECT_EQ(parse_reply_head("0")->message, "");
    for (const char* const line : {"", "x", " 1 x", "1x", "+1 x", "99999999999999999999 x"}) {
        EXPECT_EQ(parse_reply_head(line).error().code, ErrorCode::kInvalid) << line;
    }
    EXPECT_EQ(parse_reply_head("16000001 x").error().code, ErrorCode::kLimit);
}

TEST(RrdcachedReply, RowsAreReadWithTheirNames) {
    const auto read = rows_of(kRows);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_THAT(read->names, ElementsAre("in", "out"));
    EXPECT_EQ(read->rows.start.time_since_epoch().count(), 100);
    EXPECT_EQ(read->rows.step.count(), 10);
    EXPECT_EQ(read->rows.values[0], 1.5);
    EXPECT_TRUE(store::is_unknown(read->rows.values[1]));
    EXPECT_EQ(read->rows.values[2], 2000);
}

TEST(RrdcachedReply, RowsThatDoNotFitTheirHeaderAreRefused) {
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"FlushVersion: 1", "FlushVersion: 2"},
             {"FlushVersion: 1", ""},
             {"Start: 100", "Start: 130"},
             {"Start: 100", "Start: -9223372036854775808"},
             {"End: 120", "End: 9223372036854775807"},
             {"End: 120", "End: 130"},
             {"Step: 10", "Step: 0"},
             {"Step: 10", "Step: -10"},
             {"Step: 10", "Step: 1000000000000"},
             {"DSCount: 2", "DSCount: 0"},
             {"DSCount: 2", "DSCount: 3"},
             {"DSCount: 2", "DSCount: 100001"},
             {"DSName: in out", "DSName: in"},
             {"1.5 -nan", "1.5"},
             {"1.5", "x"},
             {"110:", "111:"},
             {"110:", "110"}}) {
        EXPECT_FALSE(rows_of(with(from, to))) << from << " -> " << to;
    }
    EXPECT_FALSE(rows_of(kRows, 5));
    EXPECT_FALSE(rows_of(kRows, 7));
    EXPECT_FALSE(rows_of(kRows, 9));
    EXPECT_EQ(rows_of(kRows.substr(0, kRows.size() - 1)).error().message, "closed");
}

TEST(RrdcachedReply, InfoIsPrintedByType) {
    tests::TextReply lines("step 1 10\nds[a].type 2 GAUGE\nds[a].value 0 1.5\nx 3 -7\ny 0 -nan\n");
    EXPECT_EQ(read_info_reply(lines, 5).value(),
              "step = 10\nds[a].type = \"GAUGE\"\nds[a].value = 1.5000000000e+00\nx = -7\n"
              "y = NaN\n");
    for (const char* const line :
         {"\n", "key\n", "key 1\n", "key 1 x\n", "key 0 x\n", "key 4 x\n", "key 1 \n"}) {
        tests::TextReply one(line);
        const auto refused = read_info_reply(one, 1);
        ASSERT_FALSE(refused) << line;
        EXPECT_THAT(refused.error().message, HasSubstr("no line about a file")) << line;
    }
}

}  // namespace
}  // namespace kurabe::cli::rrdcached
