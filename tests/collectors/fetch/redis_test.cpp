// Replies of Redis, in pieces of any size, and a conversation with a server that wants a password.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/fetch/resp_reader.hpp"
#include "tests/collectors/fetch/fetching.hpp"
#include "tests/collectors/fetch/peer.hpp"

namespace kurabe::collectors::fetch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using tests::Peer;
using tests::PeerConnection;

std::vector<std::string> texts(const std::vector<Reply>& replies) {
    std::vector<std::string> all;
    for (const Reply& reply : replies) {
        std::string text = reply.is_error ? "!" : reply.is_array ? "*" : "";
        for (const std::string& item : reply.items) text += "[" + item + "]";
        all.push_back(text);
    }
    return all;
}

const std::string kReplies =
    "+OK\r\n-ERR no\r\n:-42\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
    "*2\r\n$1\r\nx\r\n:1\r\n*2\r\n*2\r\n+a\r\n*0\r\n+b\r\n";

TEST(RespReader, ReadsRepliesInPiecesOfAnySize) {
    std::mt19937 random(20261130);
    for (int round = 0; round < 200; ++round) {
        RespReader reader;
        std::string_view rest = kReplies;
        while (!rest.empty()) {
            const std::size_t size = std::min<std::size_t>(1 + random() % 9, rest.size());
            ASSERT_TRUE(reader.feed(rest.substr(0, size)).has_value());
            rest.remove_prefix(size);
        }
        ASSERT_THAT(texts(reader.replies()),
                    ElementsAre("[OK]", "![ERR no]", "[-42]", "[a\r\nbc]", "[]", "[]", "[]", "*",
                                "*[x][1]", "*[a][b]"));
    }
}

TEST(RespReader, RefusesWhatIsNoReplyOrTooMuch) {
    for (const std::string& text : std::vector<std::string>{
             "x\r\n", "\r\n", "$x\r\n", ":1x\r\n", "*-2\r\n", "$-2\r\n", "$1\r\nabc",
             "$99999999\r\n", "*99999999\r\n", "*99999999999999999999\r\n",
             std::string(kReplyLineBytesMax + 1, '+'),
             "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"}) {
        RespReader reader;
        EXPECT_FALSE(reader.feed(text).has_value()) << text.substr(0, 20);
    }
    RespReader reader;
    bool refused = false;
    for (std::size_t i = 0; i < kReplyItemsMax + 2 && !refused; ++i)
        refused = !reader.feed("+\r\n");
    EXPECT_TRUE(refused);
}

std::shared_ptr<Recipe> redis_recipe() {
    auto recipe = recipe_of(RedisRequest<TextTemplate>{text_of("{{port}}"), "", {text_of("info")}});
    recipe->steps[0].credentials.password = {"Redis.password", ""};
    Step second = recipe->steps[0];
    second.request = RedisRequest<TextTemplate>{
        text_of("{{port}}"), "", {text_of("config"), text_of("get"), text_of("*")}};
    second.parse = {.columns = ColumnsRule{}};
    recipe->steps.push_back(second);
    return recipe;
}

const MetricsConfig kPassword{{"Redis", {{"password", "hunter2"}}}};

TEST(Redis, SendsAllCommandsOverOneConnectionBehindThePassword) {
    std::string heard;
    const Peer peer([&heard](const PeerConnection& connection) {
        heard = connection.read_until("*\r\n");
        connection.write("+OK\r\n$9\r\nvalue: 3\n\r\n*2\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n");
        connection.stay_silent();
    });
    EXPECT_EQ(fetch_one(target_at(redis_recipe(), peer.port(), {}, "127.0.0.1", kPassword)),
              "value 3");
    EXPECT_EQ(heard,
              "*2\r\n$4\r\nAUTH\r\n$7\r\nhunter2\r\n*1\r\n$4\r\ninfo\r\n"
              "*3\r\n$6\r\nconfig\r\n$3\r\nget\r\n$1\r\n*\r\n");
    EXPECT_EQ(peer.connections(), 1);
}

TEST(Redis, KeepsThePasswordOutOfMessages) {
    const Peer peer([](const PeerConnection& connection) {
        (void)connection.read_until("*\r\n");
        connection.write("-ERR hunter2 is wrong\r\n-NOAUTH\r\n-NOAUTH\r\n");
        connection.stay_silent();
    });
    const auto said = fetch_one(target_at(redis_recipe(), peer.port(), {}, "127.0.0.1", kPassword));
    EXPECT_THAT(said, HasSubstr("info: the password is refused"));
    EXPECT_THAT(said, Not(HasSubstr("hunter2")));
}

TEST(Redis, SaysWhereAPasswordGoesThatTheServerWants) {
    const Peer peer([](const PeerConnection& connection) {
        (void)connection.read_until("*\r\n");
        connection.write(
            "-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n");
        connection.stay_silent();
    });
    EXPECT_THAT(fetch_one(target_at(redis_recipe(), peer.port(), {}, "127.0.0.1", {})),
                HasSubstr("NOAUTH Authentication required. Give it as 'Redis.password' of "
                          "'metrics_config'"));
}

}  // namespace
}  // namespace kurabe::collectors::fetch
