// What tries come to: their least, middle and largest time, and how many were lost.
#include "collectors/fetch/probe_tally.hpp"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors::fetch {
namespace {

using std::chrono::microseconds;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr store::Time kNow{store::Seconds{1'800'000'000}};

Result<TimedTry> lost(const char* reason) {
    return fail(ErrorCode::kSystem, reason);
}

std::map<std::string, std::string> table(const std::vector<Result<TimedTry>>& tries) {
    ProbeTally tally;
    for (const auto& made : tries) tally.add(made);
    EXPECT_EQ(tally.tries(), tries.size());
    const Answer answer = tally.answer(kNow);
    std::map<std::string, std::string> cells;
    EXPECT_EQ(answer.rows.size(), 1U);
    EXPECT_EQ(answer.rows.front().size(), answer.columns.size());
    for (std::size_t i = 0; i < answer.columns.size(); ++i) {
        cells[answer.columns[i]] = answer.rows.front()[i];
    }
    return cells;
}

TEST(ProbeTally, OfAnOddNumberHasTheMiddleOne) {
    EXPECT_THAT(
        table({TimedTry{microseconds{300}}, TimedTry{microseconds{100}},
               TimedTry{microseconds{2'500'000}}}),
        UnorderedElementsAre(Pair("tries", "3"), Pair("loss", "0"), Pair("min", "0.0001000"),
                             Pair("median", "0.0003000"), Pair("max", "2.5000000")));
}

TEST(ProbeTally, OfAnEvenNumberHasTheMeanOfTheMiddleTwo) {
    const auto cells = table({TimedTry{microseconds{4}}, TimedTry{microseconds{1}},
                              TimedTry{microseconds{3}}, TimedTry{microseconds{100}}});
    EXPECT_EQ(cells.at("median"), "0.0000035");
}

TEST(ProbeTally, CountsOnlyTheTimesOfThoseThatSucceeded) {
    EXPECT_THAT(table({lost("a"), TimedTry{microseconds{7}}, lost("b"), lost("c"), lost("d")}),
                UnorderedElementsAre(Pair("tries", "5"), Pair("loss", "80"), Pair("reason", "d"),
                                     Pair("min", "0.0000070"), Pair("median", "0.0000070"),
                                     Pair("max", "0.0000070")));
}

TEST(ProbeTally, KnowsNoTimesWhenAllAreLost) {
    EXPECT_THAT(table({lost("a"), lost("b")}),
                UnorderedElementsAre(Pair("tries", "2"), Pair("loss", "100"), Pair("reason", "b")));
}

TEST(ProbeTally, TellsStatusAndCertificate) {
    const auto cells =
        table({TimedTry{microseconds{1}, 200, {}},
               TimedTry{microseconds{1}, 503, kNow + std::chrono::hours{36}}, lost("x")});
    EXPECT_EQ(cells.at("status"), "503");
    EXPECT_EQ(cells.at("days_left"), "1.50");
    EXPECT_EQ(cells.at("good_until"), "2027-01-16 20:00 UTC");
    EXPECT_EQ(table({TimedTry{microseconds{1}, 0, kNow - std::chrono::hours{24}}}).at("days_left"),
              "-1.00");
}

}  // namespace
}  // namespace kurabe::collectors::fetch
