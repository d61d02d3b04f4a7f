// What agents and redis-cli are answered.
#include "server/resp/commands.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "tests/server/resp/intake_fixture.hpp"

namespace kurabe::server::resp {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kGood = "10.0.0.9\tbase.metrics.a.gauge\t1\t1795344360\n";

class RespCommands : public IntakeFixture {
  protected:
    std::string reply(std::vector<std::string_view> words) {
        std::string replies;
        next_ = answer(words, "10.0.0.1", intake_, replies);
        return replies;
    }
    Next next_ = Next::kGoOn;
};

TEST_F(RespCommands, AnswersWhoAsksWhetherAnybodyIsThere) {
    EXPECT_EQ(reply({"PING"}), "+PONG\r\n");
    EXPECT_EQ(reply({"pInG", "a b"}), "$3\r\na b\r\n");
    EXPECT_EQ(reply({"ECHO", ""}), "$0\r\n\r\n");
    EXPECT_EQ(reply({}), "");
}

TEST_F(RespCommands, StoresWhatIsPushed) {
    EXPECT_EQ(reply({"RPUSH", "kurado-update", kGood}), ":1\r\n");
    EXPECT_EQ(reply({"lpush", "kurado-update", kGood, kGood}), ":1\r\n");
    EXPECT_EQ(samples(), 3U);
}

// As Kurado does: it logs the line and goes on.
TEST_F(RespCommands, AWrongLineAmongOthersIsNoError) {
    EXPECT_EQ(reply({"RPUSH", "kurado-update", std::string(kGood) + "wrong\n"}), ":1\r\n");
    EXPECT_EQ(reply({"RPUSH", "kurado-update", ""}), ":1\r\n");
}

TEST_F(RespCommands, SaysWhyNothingWasTaken) {
    EXPECT_THAT(reply({"RPUSH", "kurado-update", "wrong\n"}),
                StartsWith("-ERR 1 of 1 line refused: four columns"));
    EXPECT_THAT(reply({"RPUSH", "kurado-update", "wrong\n", kGood}), StartsWith("-ERR"));
    EXPECT_EQ(samples(), 1U);
    fail_with(Error{ErrorCode::kNoSpace, "/secret: full"});
    const std::string full = reply({"RPUSH", "kurado-update", kGood});
    EXPECT_THAT(full, StartsWith("-ERR 10.0.0.9: the server could not"));
    EXPECT_THAT(full, Not(HasSubstr("secret")));
}

// Of a sender that did not get the answer.
TEST_F(RespCommands, TakesWhatTheStoreHasAlready) {
    store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
        return store::AppendReport{.refused = {{ErrorCode::kOutdated, "a.gauge: old"}},
                                   .refused_count = 1};
    };
    EXPECT_EQ(reply({"RPUSH", "kurado-update", kGood}), ":1\r\n");
    EXPECT_EQ(reply({"RPUSH", "kurado-update", std::string(kGood) + "wrong\n"}), ":1\r\n");
    store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
        return store::AppendReport{.refused = {{ErrorCode::kInvalid, "a.gauge: in the future"}},
                                   .refused_count = 1};
    };
    EXPECT_THAT(reply({"RPUSH", "kurado-update", kGood}), StartsWith("-ERR 1 of 1 line refused"));
}

TEST_F(RespCommands, HoldsSendersToTheirRules) {
    rules_ = SenderRules({{.hosts = {HostPattern::parse("10.0.0.9").value()},
                           .networks = {},
                           .allows_itself = true}});
    const std::string body = std::string(kGood) + "other\tp.metrics.a.gauge\t1\t1795344360\n";
    EXPECT_EQ(reply({"RPUSH", "kurado-update", body}),
              "-ERR 1 of 2 lines refused: '10.0.0.9' may not be sent from 10.0.0.1\r\n");
    EXPECT_EQ(samples(), 1U);
}

TEST_F(RespCommands, RefusesWhatItDoesNotKeep) {
    EXPECT_EQ(reply({"RPUSH", "mail", kGood}),
              "-ERR only the list kurado-update is taken here\r\n");
    EXPECT_EQ(reply({"RPUSH", "kurado-update"}),
              "-ERR wrong number of arguments for 'rpush' command\r\n");
    EXPECT_EQ(next_, Next::kGoOn);
    EXPECT_EQ(reply({"FLUSHALL"}), "-ERR unknown command 'FLUSHALL'\r\n");
    EXPECT_EQ(next_, Next::kUnknown);
    EXPECT_EQ(reply({"a\r\n+OK"}), "-ERR unknown command 'a??+OK'\r\n");
    EXPECT_LT(reply({std::string(100'000, 'x')}).size(), 500U);
    EXPECT_EQ(reply({""}), "-ERR unknown command ''\r\n");
    EXPECT_EQ(samples(), 0U);
}

TEST_F(RespCommands, KnowsWhatClientsBeginWith) {
    EXPECT_EQ(reply({"SELECT", "0"}), "+OK\r\n");
    EXPECT_THAT(reply({"SELECT", "1"}), StartsWith("-ERR"));
    EXPECT_EQ(reply({"CLIENT", "SETNAME", "x"}), "+OK\r\n");
    EXPECT_EQ(reply({"COMMAND", "DOCS"}), "*0\r\n");
    EXPECT_EQ(next_, Next::kGoOn);
    EXPECT_EQ(reply({"QUIT"}), "+OK\r\n");
    EXPECT_EQ(next_, Next::kClose);
}

}  // namespace
}  // namespace kurabe::server::resp
