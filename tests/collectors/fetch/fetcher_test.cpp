// Fetching from services that behave and from such as do not: each costs its own fetch.
#include "collectors/fetch/fetcher.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/collectors/fetch/fetching.hpp"
#include "tests/collectors/fetch/peer.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::fetch {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;
using tests::answering;
using tests::http_answer;
using tests::Peer;
using tests::PeerConnection;

constexpr std::chrono::milliseconds kShortDeadline{700};
constexpr std::chrono::milliseconds kPatientDeadline{5000};  // for those that answer, beside others

// Keeps what it was asked.
struct Heard {
    std::mutex mutex;
    std::string text;

    [[nodiscard]] Peer::Behaviour and_answers(std::string bytes) {
        return [this, bytes = std::move(bytes)](const PeerConnection& connection) {
            const std::string request = connection.read_until("\r\n\r\n");
            {
                const std::lock_guard lock(mutex);
                text += request;
            }
            connection.write(bytes);
        };
    }
};

TEST(Fetcher, AsksByHttp) {
    Heard heard;
    const Peer peer(heard.and_answers(http_answer("value: 42\n")));
    EXPECT_EQ(fetch_one(target_at(http_recipe(), peer.port(), {"/a?b=%20&c", "www.example.com"})),
              "value 42");
    EXPECT_THAT(heard.text,
                AllOf(StartsWith("GET /a?b=%20&c HTTP/1.1\r\n"),
                      HasSubstr("\r\nHost: www.example.com\r\n"), Not(HasSubstr("127."))));
    heard.text.clear();
    EXPECT_EQ(fetch_one(target_at(http_recipe(), peer.port(), {"/../x"})), "value 42");
    EXPECT_THAT(heard.text,
                AllOf(StartsWith("GET /../x HTTP/1.1\r\n"),
                      HasSubstr(fmt::format("\r\nHost: 127.0.0.1:{}\r\n", peer.port()))));
}

TEST(Fetcher, SendsATargetAsItIs) {
    Heard heard;
    const Peer peer(heard.and_answers(http_answer("value: 1\n")));
    const auto recipe = recipe_of(HttpRequest<TextTemplate>{
        text_of("{{port}}"), text_of("/"), {}, {"cache_object://localhost/info"}});
    EXPECT_EQ(fetch_one(target_at(recipe, peer.port())), "value 1");
    EXPECT_THAT(heard.text, StartsWith("GET cache_object://localhost/info HTTP/1.1\r\n"));
}

TEST(Fetcher, TriesTargetsInTheirOrder) {
    const Peer peer([](const PeerConnection& connection) {
        const bool is_new = connection.read_until("\r\n\r\n").starts_with("GET /new ");
        connection.write(is_new ? http_answer("value: 2\n") : http_answer("", "404 Not Found"));
    });
    const auto recipe = recipe_of(HttpRequest<TextTemplate>{
        text_of("{{port}}"), text_of("/"), {}, {"/newer", "/new", "/old"}});
    EXPECT_EQ(fetch_one(target_at(recipe, peer.port())), "value 2");
    EXPECT_EQ(peer.connections(), 2);
    const auto none =
        recipe_of(HttpRequest<TextTemplate>{text_of("{{port}}"), text_of("/"), {}, {"/a", "/b"}});
    EXPECT_THAT(fetch_one(target_at(none, peer.port())),
                HasSubstr("GET /a or /b: HTTP status 404"));
}

TEST(Fetcher, FollowsNoRedirectsAndNoProxies) {
    const Peer other(answering(http_answer("value: 1\n")));
    const Peer peer(
        answering(http_answer("value: 2\n", "302 Found",
                              fmt::format("Location: http://127.0.0.1:{}/\r\n", other.port()))));
    EXPECT_THAT(fetch_one(target_at(http_recipe(), peer.port())), HasSubstr("HTTP status 302"));
    const Peer good(answering(http_answer("value: 3\n")));
    const std::string proxy = fmt::format("http://127.0.0.1:{}", other.port());
    for (const char* name : {"http_proxy", "ALL_PROXY"}) ::setenv(name, proxy.c_str(), 1);
    EXPECT_EQ(fetch_one(target_at(http_recipe(), good.port())), "value 3");
    for (const char* name : {"http_proxy", "ALL_PROXY"}) ::unsetenv(name);
    EXPECT_EQ(other.connections(), 0);
}

TEST(Fetcher, AsksByLines) {
    Heard heard;
    const Peer peer([&heard](const PeerConnection& connection) {
        heard.text = connection.read_until("\r\n");
        connection.write("value: 7\r\nEN");
        connection.write("D\r\n");
        connection.stay_silent();
    });
    EXPECT_EQ(fetch_one(target_at(tcp_recipe(), peer.port())), "value 7");
    EXPECT_EQ(heard.text, "stats\r\n");
}

TEST(Fetcher, TakesAnAnswerThatEndsWithTheConnectionWhereThatIsItsEnd) {
    const Peer peer([](const PeerConnection& connection) {
        (void)connection.read_until("\r\n");
        connection.write("value: 8");
    });
    const auto recipe = recipe_of(TcpRequest<TextTemplate>{text_of("{{port}}"), text_of("x"), {}});
    EXPECT_EQ(fetch_one(target_at(recipe, peer.port())), "value 8");
    EXPECT_THAT(fetch_one(target_at(tcp_recipe(), peer.port())),
                HasSubstr("'stats': the connection ended before the answer did"));
}

TEST(Fetcher, AsksPrograms) {
    const tests::TemporaryDirectory directory;
    const auto program =
        directory.write("probe", "#!/bin/sh\necho \"value: $2\"; echo \"host: $1\"\n");
    std::filesystem::permissions(program, std::filesystem::perms{0755});
    const auto recipe = recipe_of(ExecRequest<TextTemplate>{
        {text_of(program.string()), text_of("{{address}}"), text_of("{{port}}")}});
    EXPECT_EQ(fetch_one(target_at(recipe, 42, {}, "nosuch.invalid")), "value 42")
        << "nobody is looked up or connected to";
}

// Ways to hold a client up, and ways to lie to it.
std::vector<std::unique_ptr<Peer>> bad_peers() {
    std::vector<Peer::Behaviour> behaviours{
        [](const PeerConnection& connection) { connection.stay_silent(); },
        [](const PeerConnection& connection) {  // a byte now and then
            (void)connection.read_until("\r\n");
            while (connection.write("x"))
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
        },
        [](const PeerConnection& connection) {  // half an answer, and the other half never
            (void)connection.read_until("\r\n");
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nvalue: 1\n");
            connection.stay_silent();
        },
        [](const PeerConnection& connection) {  // an answer without end
            (void)connection.read_until("\r\n");
            connection.write("HTTP/1.1 200 OK\r\n\r\n");
            while (connection.write(std::string(10000, 'a') + '\n')) {
            }
        },
        [](const PeerConnection& connection) {  // headers without end
            (void)connection.read_until("\r\n");
            connection.write("HTTP/1.1 200 OK\r\n");
            while (connection.write("X-More: " + std::string(1000, 'a') + "\r\n")) {
            }
        },
        [](const PeerConnection& connection) { (void)connection.read_until("\r\n"); },
        [](const PeerConnection&) {},
        answering(std::string(5000, '\xff')),
        answering("\r\n\r\n\r\n"),
        answering("END\r\n"),
        answering("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nvalue: 1"),
        answering(http_answer("<html>value</html>")),
        answering(http_answer("value: many\n")),
        answering(http_answer("value: 1\n", "503 Busy")),
        answering("-ERR no\r\n"),
    };
    std::vector<std::unique_ptr<Peer>> peers;
    for (Peer::Behaviour& behaviour : behaviours) {
        peers.push_back(std::make_unique<Peer>(std::move(behaviour)));
    }
    return peers;
}

TEST(Fetcher, OneBadServiceHarmsNoOther) {
    const auto bad = bad_peers();
    const Peer good(answering(http_answer("value: 5\n")));
    const auto redis =
        recipe_of(RedisRequest<TextTemplate>{text_of("{{port}}"), "", {text_of("info")}});
    const auto mysql = recipe_of(MysqlRequest<TextTemplate>{text_of("{{port}}"), "", "", {"x"}});
    for (const auto& recipe : {http_recipe(), tcp_recipe(), redis, mysql}) {
        std::vector<Target> targets;
        for (const auto& peer : bad) targets.push_back(target_at(recipe, peer->port()));
        targets.push_back(target_at(recipe, tests::free_port()));  // nobody listens
        const std::size_t failing = targets.size();
        auto outcomes = fetch_all(std::move(targets), kShortDeadline);
        EXPECT_EQ(outcomes.size(), failing);
        EXPECT_THAT(outcomes, Each(Pair(testing::_, Not(StartsWith("value")))));
        for (const auto& [plugin, message] : outcomes) {
            EXPECT_EQ(message.find_first_of("\r\n\xff"), std::string::npos) << message;
            EXPECT_LT(message.size(), 500U);
        }
    }
    std::vector<Target> mixed;
    for (const auto& peer : bad) mixed.push_back(target_at(http_recipe(), peer->port()));
    mixed.push_back(target_at(http_recipe(), good.port()));
    EXPECT_EQ(fetch_all(std::move(mixed), kPatientDeadline)["p:" + std::to_string(good.port())],
              "value 5");
}

TEST(Fetcher, SaysWhyNothingCame) {
    EXPECT_THAT(fetch_one(target_at(http_recipe(), tests::free_port())),
                HasSubstr("GET /: cannot connect: Connection refused"));
    EXPECT_THAT(fetch_one(target_at(tcp_recipe(), tests::free_port())),
                HasSubstr("'stats': cannot connect: Connection refused"));
    EXPECT_THAT(fetch_one(target_at(http_recipe(), 1, {"no path"})),
                HasSubstr("argument 'path' must be a path"));
    EXPECT_THAT(fetch_one(target_at(http_recipe(), 80, {}, "nosuch.invalid")),
                HasSubstr("cannot look up nosuch.invalid"));
    EXPECT_THAT(fetch_one(target_at(http_recipe(), 80, {}, "a b")),
                HasSubstr("no name and no address"));
    const Peer silent([](const PeerConnection& connection) { connection.stay_silent(); });
    for (const auto& recipe : {http_recipe(), tcp_recipe()}) {
        EXPECT_THAT(fetch_one(target_at(recipe, silent.port()), kShortDeadline),
                    HasSubstr("no answer in time"));
    }
}

TEST(Fetcher, ServesManyAtOnce) {
    const Peer peer(answering(http_answer("value: 6\n")));
    const auto recipe = http_recipe();
    std::vector<Target> targets;
    for (std::size_t i = 0; i < 3 * kFetchesMax; ++i) {
        Target target = target_at(recipe, peer.port());
        target.plugin = "p" + std::to_string(i);
        targets.push_back(std::move(target));
    }
    const auto outcomes = fetch_all(std::move(targets));
    EXPECT_EQ(outcomes.size(), 3 * kFetchesMax);
    EXPECT_THAT(outcomes, Each(Pair(testing::_, "value 6")));
}

TEST(Fetcher, LeavesAFailingServiceAloneAndSaysSo) {
    std::vector<std::string> said;
    auto fetcher = Fetcher::create([] { return store::Time{}; },
                                   [&said](const Target&, const Outcome& outcome) {
                                       said.push_back(outcome.report.error().message);
                                   },
                                   1)
                       .value();
    const Peer peer(answering(http_answer("", "500 Oops")));
    fetcher->add(target_at(http_recipe(), peer.port()));
    for (int round = 0; round < 3; ++round) {
        fetcher->begin();
        while (fetcher->busy() > 0) fetcher->work(std::chrono::seconds{1});
    }
    ASSERT_EQ(said.size(), 3U);
    EXPECT_THAT(said[0], HasSubstr("HTTP status 500"));
    EXPECT_THAT(said[2], AllOf(HasSubstr("HTTP status 500; left alone for "),
                               HasSubstr(" s after 1 failures")));
    EXPECT_EQ(peer.connections(), 1);
}

TEST(Fetcher, MakesAnOptionalFailureAWarning) {
    const Peer good(answering(http_answer("value: 5\n")));
    auto recipe = http_recipe();
    Step more = recipe->steps.front();
    more.is_optional = true;
    std::get<HttpRequest<TextTemplate>>(more.request).port =
        text_of(std::to_string(tests::free_port()));
    recipe->steps.push_back(more);
    std::vector<Warning> warnings;
    auto fetcher = Fetcher::create([] { return store::Time{}; },
                                   [&warnings](const Target&, const Outcome& outcome) {
                                       ASSERT_TRUE(outcome.report.has_value());
                                       warnings = outcome.report->warnings;
                                   },
                                   1)
                       .value();
    fetcher->add(target_at(recipe, good.port()));
    fetcher->begin();
    while (fetcher->busy() > 0) fetcher->work(std::chrono::seconds{1});
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].key, "http.2");
    EXPECT_THAT(warnings[0].text, HasSubstr("Connection refused"));
}

TEST(Fetcher, EndsWithFetchesUnderWay) {
    const Peer silent([](const PeerConnection& connection) { connection.stay_silent(); });
    const auto mysql = recipe_of(MysqlRequest<TextTemplate>{text_of("{{port}}"), "", "", {"x"}});
    auto fetcher =
        Fetcher::create([] { return store::Time{}; }, [](const Target&, const Outcome&) {}, 1)
            .value();
    for (const auto& recipe : {http_recipe(), tcp_recipe(), mysql}) {
        fetcher->add(target_at(recipe, silent.port()));
    }
    fetcher->begin();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (silent.connections() < 3 && std::chrono::steady_clock::now() < deadline) {
        fetcher->work(std::chrono::milliseconds{10});
    }
    EXPECT_EQ(silent.connections(), 3);
    EXPECT_EQ(fetcher->busy(), 3U);
}

}  // namespace
}  // namespace kurabe::collectors::fetch
