// Graphite's lines: what they mean, which are wrong, and that none is lost while the store takes
// nothing.
#include "server/graphite/protocol.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "server/graphite/line.hpp"
#include "server/tcp/server.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/server/resp/intake_fixture.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::server::graphite {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr store::SampleTime kThen{std::chrono::seconds{1795344000}};

// "HOST/PLUGIN/KEY=VALUE@SECONDS", or the reason why there is none.
std::string parsed(std::string_view line) {
    const auto sample = parse_line(line, kThen);
    if (!sample) return sample.error().message;
    return fmt::format("{}/{}/{}={}@{}", sample->host, sample->plugin, sample->key, sample->value,
                       sample->time.time_since_epoch().count() / 1'000'000);
}

TEST(GraphiteLine, NamesHostPluginAndKey) {
    EXPECT_EQ(parsed("web1.nginx.requests.ok 7 1700000000"),
              "web1/nginx/requests.ok.gauge=7@1700000000");
    EXPECT_EQ(parsed("web1_example_org.load.1m 0.5 1700000000.75"),
              "web1_example_org/load/1m.gauge=0.5@1700000000");
    EXPECT_EQ(parsed("web1.load 1e3 1700000000\r"), "web1/graphite/load.gauge=1e3@1700000000");
    EXPECT_EQ(parsed("  a.b.日本 \t -1   1700000000 "), "a/b/日本.gauge=-1@1700000000");
}

TEST(GraphiteLine, KnowsAnAddressInAPath) {
    EXPECT_EQ(parsed("10.0.0.1.nginx.requests.ok 7 1700000000"),
              "10.0.0.1/nginx/requests.ok.gauge=7@1700000000");
    EXPECT_EQ(parsed("10.0.0.1.load 7 1700000000"), "10.0.0.1/graphite/load.gauge=7@1700000000");
    EXPECT_EQ(parsed("10.0.0.256.load 7 1700000000"), "10/0/0.256.load.gauge=7@1700000000");
    EXPECT_EQ(parsed("10.0.0.x.load 7 1700000000"), "10/0/0.x.load.gauge=7@1700000000");
    EXPECT_EQ(parsed("1.2 7 1700000000"), "1/graphite/2.gauge=7@1700000000");
    EXPECT_EQ(parsed("fe80::1%eth0.nginx.requests.ok.x 7 1700000000"),
              "fe80::1%eth0/nginx/requests.ok.x.gauge=7@1700000000");
    EXPECT_FALSE(parse_line("10.0.0.1 7 1700000000", kThen, {}));
}

TEST(GraphiteLine, KnowsUnknownValuesAndNow) {
    EXPECT_EQ(parsed("a.b.c nan 1700000000"), "a/b/c.gauge=U@1700000000");
    EXPECT_EQ(parsed("a.b.c NaN -1"), "a/b/c.gauge=U@1795344000");
    EXPECT_EQ(parsed("a.b.c 1 N"), "a/b/c.gauge=1@1795344000");
}

TEST(GraphiteLine, PassesOverAPrefix) {
    const std::vector<std::string> prefixes{"servers", "stats.gauges"};
    const auto host_of = [&prefixes](std::string_view path) {
        const auto sample = parse_line(fmt::format("{} 1 1700000000", path), kThen, prefixes);
        return sample ? sample->host + "/" + sample->plugin : sample.error().message;
    };
    EXPECT_EQ(host_of("servers.web1.load.1m"), "web1/load");
    EXPECT_EQ(host_of("stats.gauges.web1.load"), "web1/graphite");
    EXPECT_EQ(host_of("stats.web1.load"), "stats/web1");
    EXPECT_EQ(host_of("serversx.web1.load"), "serversx/web1");
    EXPECT_THAT(host_of("servers.web1"), HasSubstr("two parts at least"));
    EXPECT_THAT(host_of("servers"), HasSubstr("two parts at least"));
    for (const char* wrong : {"", ".", "a.", ".a", "a..b", "a b", "a;b"}) {
        EXPECT_FALSE(is_prefix(wrong)) << wrong;
    }
    EXPECT_TRUE(is_prefix("stats.gauges"));
}

TEST(GraphiteLine, SaysWhatIsWrong) {
    for (const auto& [line, reason] : std::vector<std::pair<std::string, std::string>>{
             {"a.b.c 1", "three columns are needed"},
             {"a.b.c 1 1700000000 x", "three columns are needed"},
             {"a 1 1700000000", "two parts at least"},
             {"a..c 1 1700000000", "a part of the path is empty"},
             {".a.c 1 1700000000", "a part of the path is empty"},
             {"a.c. 1 1700000000", "a part of the path is empty"},
             {"a.b;dc=x 1 1700000000", "tags behind a ';' are not taken"},
             {"a.b.c 1 yesterday", "'yesterday' is no time"},
             {"a.b.\xff 1 1700000000", "not UTF-8"}}) {
        EXPECT_THAT(parsed(line), HasSubstr(reason)) << line;
    }
}

class Graphite : public IntakeFixture {
  protected:
    Graphite() : protocol_(current_intake(), [] { return kNow; }) {}
    tcp::Outcome give(std::string_view bytes) {
        std::string replies;
        const tcp::Outcome outcome = protocol_.answer(bytes, "10.0.0.1", replies);
        EXPECT_EQ(replies, "");
        return outcome;
    }

    GraphiteProtocol protocol_;
};

TEST_F(Graphite, TakesCompleteLinesAndGoesOnAfterWrongOnes) {
    const std::string bytes =
        "a.b.c 1 1795344360\nwrong\n\r\n\na.b.c x 1795344360\na.b.d 1 1795344360\na.b.e 1 17";
    const tcp::Outcome outcome = give(bytes);
    EXPECT_EQ(outcome.used, bytes.size() - 10);
    EXPECT_FALSE(outcome.ends);
    EXPECT_EQ(samples(), 2U);
}

TEST_F(Graphite, EndsWhatCannotBeLines) {
    EXPECT_FALSE(give(std::string(kLineBytesMax, 'x')).ends);
    EXPECT_TRUE(give(std::string(kLineBytesMax + 1, 'x')).is_foreign);
    EXPECT_FALSE(give(std::string(kLineBytesMax + 1, 'x') + "\n").ends);
    EXPECT_EQ(samples(), 0U);
}

// A web page can post lines here that nobody sent.
TEST_F(Graphite, TakesNothingBehindALineOfHttp) {
    const tcp::Outcome outcome =
        give("a.b.HTTP/c 1 1795344360\nPOST / HTTP/1.1\r\nHost: x\r\n\r\na.b.c 1 1795344360\n");
    EXPECT_TRUE(outcome.is_foreign);
    EXPECT_TRUE(outcome.ends);
    EXPECT_EQ(samples(), 0U);
    EXPECT_FALSE(give("a.b.c 1 1795344360\n").ends);
    EXPECT_EQ(samples(), 1U);
}

// One thread reads for all: what is sent on purpose must not keep the others waiting for minutes.
TEST_F(Graphite, LooksAtALineOnceHoweverOftenItNamesHttp) {
    std::string line;
    while (line.size() < 8U << 20) line += "HTTP/";
    const tcp::Outcome outcome = give(line + "\n" + line + "\na.b.c 1 1795344360\n");
    EXPECT_FALSE(outcome.is_foreign);
    EXPECT_EQ(samples(), 1U);
    EXPECT_TRUE(give("POST /" + line + " HTTP/1.1\n\na.b.c 1 1795344360\n").is_foreign)
        << "of any length";
}

TEST_F(Graphite, WaitsForAStoreThatTakesNothing) {
    fail_with(Error{ErrorCode::kNoSpace, "full"});
    EXPECT_TRUE(give("a.b.c 1 1795344360\n").waits);
    EXPECT_EQ(give("a.b.c 1 1795344360\n").used, 0U);
    EXPECT_EQ(give("wrong\n").used, 6U);
    fail_with(Error{ErrorCode::kDamaged, "bad magic"});  // for good: others go on
    EXPECT_FALSE(give("a.b.c 1 1795344360\n").waits);
    fail_with(std::nullopt);
    EXPECT_FALSE(give("a.b.c 1 1795344360\n").waits);
    EXPECT_EQ(samples(), 1U);
}

class GraphitePort : public Graphite {
  protected:
    void start(tcp::Settings settings = {}) {
        settings.listen = {.address = "127.0.0.1", .port = 0};
        auto server = tcp::Server::listen(
            settings, std::make_unique<GraphiteProtocol>(current_intake(), [] { return kNow; }),
            log_);
        ASSERT_TRUE(server) << server.error().message;
        server_ = *std::move(server);
        thread_ = std::jthread([this](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                server_->work(milliseconds{10});
                connections_ = server_->connections();
            }
        });
    }
    void TearDown() override { thread_ = {}; }
    void wait_for_samples(std::size_t count) {
        EXPECT_TRUE(tests::wait_for([&] { return samples() >= count; })) << samples();
        EXPECT_EQ(samples(), count);
    }

    std::unique_ptr<tcp::Server> server_;
    std::atomic<std::size_t> connections_{0};
    std::jthread thread_;
};

// More than what the sockets hold: the peer's send() waits, and nothing is lost.
TEST_F(GraphitePort, LosesNothingWhileTheStoreTakesNothing) {
    start();
    fail_with(Error{ErrorCode::kNoSpace, "full"});
    constexpr std::size_t kPeers = 3;
    constexpr std::size_t kLines = 200'000;
    std::vector<std::jthread> peers;
    std::atomic<std::size_t> sent{0};
    for (std::size_t peer = 0; peer < kPeers; ++peer) {
        peers.emplace_back([this, peer, &sent] {
            const RawClient client(server_->port());
            std::string text;
            for (std::size_t i = 0; i < kLines; ++i) {
                text +=
                    fmt::format("host{}.plugin.key{} {} {}\n", peer, i % 100, i, 1'700'000'000 + i);
            }
            client.send(text);
            ++sent;
        });
    }
    EXPECT_TRUE(tests::wait_for([&] { return connections_ == kPeers; }));
    EXPECT_EQ(samples(), 0U);
    fail_with(std::nullopt);
    wait_for_samples(kPeers * kLines);
    peers.clear();
    EXPECT_EQ(sent, kPeers);
}

TEST_F(GraphitePort, ClosesWhomTheStoreDoesNotTakeForTooLong) {
    tcp::Settings settings;
    settings.patience.store = milliseconds{1};
    start(settings);
    fail_with(Error{ErrorCode::kNoSpace, "full"});
    RawClient peer(server_->port());
    peer.send("a.b.c 1 1795344360\n");
    EXPECT_EQ(peer.receive_all(), "");
    EXPECT_TRUE(tests::wait_for([&] { return connections_ == 0; }));
}

TEST_F(GraphitePort, BoundsWhatWaits) {
    tcp::Settings settings;
    settings.bytes_max = 300 << 10;  // one read and a bit
    start(settings);
    fail_with(Error{ErrorCode::kNoSpace, "full"});
    std::vector<std::unique_ptr<RawClient>> peers;
    for (int i = 0; i < 20; ++i) {
        peers.push_back(std::make_unique<RawClient>(server_->port()));
        std::string text;
        for (int k = 0; k < 1000; ++k) text += fmt::format("h{}.p.k{} 1 1795344360\n", i, k);
        peers.back()->send(text);
    }
    EXPECT_TRUE(tests::wait_for([&] { return connections_ == peers.size(); }));
    fail_with(std::nullopt);
    wait_for_samples(20'000);
}

}  // namespace
}  // namespace kurabe::server::graphite
