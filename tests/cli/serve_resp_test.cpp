// A server in place of Kurado's Redis: its agents' bytes, redis-cli, and what is left of what was
// acknowledged when the server is killed.
#include <chrono>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "server/series_json.hpp"
#include "tests/cli/program_fixture.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using server::RawClient;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kRedisCli = "/usr/bin/redis-cli";

std::string push(std::string_view body) {
    return fmt::format("*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n${}\r\n{}\r\n", body.size(),
                       body);
}

std::string line(std::string_view host, std::string_view key, std::int64_t value,
                 std::int64_t time) {
    return fmt::format("{}\tbase.metrics.{}\t{}\t{}\n", host, key, value, time);
}

class ServeResp : public testing::Test {
  protected:
    void SetUp() override {
        directory_.write("rolls/base.yml", "metrics:\n- base\n");
        std::filesystem::create_directories(directory_.path() / "data");
        configure("");
    }
    void configure(std::string_view more) {
        config_ = directory_.write(
            "kurabe.yml", fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n{}"
                                      "---\nservice: s\nservers:\n"
                                      "- {{ roll: base.yml, hosts: [ 10.0.0.9, 10.0.0.10 ] }}\n",
                                      more));
    }
    void start() {
        server_.reset();
        server_ =
            std::make_unique<Server>(config_, std::vector<std::string>{"--resp", "127.0.0.1:0"});
        const std::string log = server_->log();
        const std::regex listening("resp=\"?127\\.0\\.0\\.1:([0-9]+)");
        std::smatch match;
        ASSERT_TRUE(std::regex_search(log, match, listening)) << log;
        port_ = static_cast<std::uint16_t>(std::stoi(match[1].str()));
    }
    [[nodiscard]] Finished redis(std::vector<std::string> words) const {
        words.insert(words.begin(), {kRedisCli, "-p", std::to_string(port_)});
        return run(words);
    }
    [[nodiscard]] std::vector<store::SeriesInfo> series(const std::string& host) const {
        const auto list =
            server::series_list_from_json(server_->get("/api/series?host=" + host).body);
        return list ? *list : std::vector<store::SeriesInfo>{};
    }

    TemporaryDirectory directory_;
    std::filesystem::path config_;
    std::unique_ptr<Server> server_;
    std::uint16_t port_ = 0;
};

TEST_F(ServeResp, TakesAnAgentsBytes) {
    start();
    RawClient agent(port_);
    agent.send("*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(agent.receive_bytes(7), "+PONG\r\n");
    const std::string body = fmt::format(
        "10.0.0.9\tbase.metrics.cpu-idle.derive\t147356\t{0}\n"
        "10.0.0.9\tbase.metrics.traffic-eth0-rxbytes.derive\t9000\t{0}\n"
        "10.0.0.9\tbase.meta.traffic-interfaces\teth0\t{0}\n"
        "10.0.0.9\tproc.metrics.fork.derive\t12\t1700000000\n"
        "10.0.0.9\tbad.warn.command\tfailed to exec plugin:bad: exit_code: 3\t{0}\n",
        seconds_now());
    agent.send(push(body));
    EXPECT_EQ(agent.receive_bytes(4), ":1\r\n");
    EXPECT_EQ(series("10.0.0.9").size(), 3U);
    // The warning of its plugin that failed.
    EXPECT_THAT(server_->get("/api/host-status?address=10.0.0.9").body, HasSubstr(":1"));
    EXPECT_THAT(server_->get("/server?address=10.0.0.9").body,
                AllOf(HasSubstr("eth0"), HasSubstr("failed to exec plugin:bad")));
    EXPECT_EQ(server_->stop().status, 0);
}

TEST_F(ServeResp, AnswersRedisCli) {
    if (!std::filesystem::exists(kRedisCli)) GTEST_SKIP() << "redis-tools is not installed";
    start();
    EXPECT_EQ(redis({"PING"}).out, "PONG\n");
    EXPECT_EQ(redis({"ECHO", "a b"}).out, "a b\n");
    EXPECT_EQ(redis({"RPUSH", "kurado-update", line("10.0.0.9", "a.gauge", 1, seconds_now())}).out,
              "1\n");
    EXPECT_EQ(redis({"LPUSH", "kurado-update", line("10.0.0.9", "b.gauge", 1, seconds_now()),
                     line("10.0.0.10", "b.gauge", 1, seconds_now())})
                  .out,
              "1\n");
    EXPECT_EQ(redis({"-n", "0", "--no-raw", "CLIENT", "SETNAME", "x"}).out, "OK\n");
    EXPECT_THAT(redis({"RPUSH", "other", "x"}).out, HasSubstr("ERR only the list kurado-update"));
    EXPECT_THAT(redis({"KEYS", "*"}).out, HasSubstr("ERR unknown command 'KEYS'"));
    EXPECT_EQ(redis({"-r", "1000", "RPUSH", "kurado-update", "# nothing"}).status, 0);
    EXPECT_EQ(series("10.0.0.9").size(), 2U);
    EXPECT_EQ(series("10.0.0.10").size(), 1U);
}

TEST_F(ServeResp, TakesNothingThatIsPostedOverHttp) {
    start();
    const std::string body = fmt::format(
        "RPUSH kurado-update \"10.0.0.9\tbase.metrics.a.gauge\t1\t{}\"\n", seconds_now());
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(cli::http_post({.url = fmt::format("http://127.0.0.1:{}/", port_),
                                     .body = body,
                                     .headers = {"Content-Type: text/plain"}}));
    }
    EXPECT_TRUE(series("10.0.0.9").empty());
    const std::string log = server_->log();
    const std::string_view line = "does not speak Redis' protocol";
    const std::size_t first = log.find(line);
    ASSERT_NE(first, std::string::npos) << log;
    EXPECT_EQ(log.find(line, first + 1), std::string::npos) << log;
}

TEST_F(ServeResp, IsOffUnlessItIsAskedFor) {
    Server quiet(config_);
    EXPECT_THAT(quiet.log(), Not(HasSubstr("resp=")));
    EXPECT_EQ(quiet.stop().status, 0);
    const auto finished = kurabe(
        {"serve", "--config", config_.string(), "--listen", "127.0.0.1:0", "--resp", "nowhere"});
    EXPECT_EQ(finished.status, 2);
    EXPECT_THAT(finished.err, HasSubstr("listen address 'nowhere'"));
}

// Both ways of pushing, and one line in the log for each however often it is tried.
TEST_F(ServeResp, HoldsSendersToTheirRules) {
    configure(
        "  senders:\n  - { hosts: [ 10.0.0.9 ], from: [ itself ] }\n"
        "  - { hosts: [ 10.0.0.10 ], from: [ 127.0.0.0/8 ] }\n");
    start();
    RawClient agent(port_);
    for (int i = 0; i < 50; ++i) {
        agent.send(push(line("10.0.0.9", "a.gauge", i, seconds_now() - 50 + i)));
        const std::string expected =
            "-ERR 1 of 1 line refused: '10.0.0.9' may not be sent from 127.0.0.1\r\n";
        EXPECT_EQ(agent.receive_bytes(expected.size()), expected);
    }
    agent.send(push(line("10.0.0.10", "a.gauge", 1, seconds_now())));
    EXPECT_EQ(agent.receive_bytes(4), ":1\r\n");
    const auto posted = cli::http_post({.url = server_->url() + "/api/v1/lines",
                                        .body = "10.0.0.9\tbase.metrics.a.gauge\t1\t60\n",
                                        .headers = {"Content-Type: text/plain"}});
    ASSERT_TRUE(posted);
    EXPECT_EQ(posted->status, 403);
    EXPECT_TRUE(series("10.0.0.9").empty());
    EXPECT_EQ(series("10.0.0.10").size(), 1U);
    const std::string log = server_->log();
    for (const char* protocol : {"protocol=resp", "protocol=http"}) {
        const std::size_t first = log.find(protocol);
        ASSERT_NE(first, std::string::npos) << log;
        EXPECT_EQ(log.find(protocol, first + 1), std::string::npos) << log;
    }
    EXPECT_NE(log.find("line=1 of=\"10.0.0.9 base.metrics.a.gauge\""), std::string::npos) << log;
}

TEST_F(ServeResp, ServesAThousandAgentsAndSomeThatAreNone) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    start();
    const RawClient slow(port_);
    slow.send("*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n$1000000\r\n");
    std::vector<std::unique_ptr<RawClient>> agents;
    for (int i = 0; i < 1000; ++i) {
        agents.push_back(std::make_unique<RawClient>(port_));
        ASSERT_TRUE(agents.back()->connected()) << i;
        slow.send("x");
        RawClient(port_).send("\x16\x03\x01garbage\n*9\r\n");
    }
    const std::int64_t time = seconds_now();
    for (std::size_t i = 0; i < agents.size(); ++i) {
        agents[i]->send(
            push(line(fmt::format("10.0.0.{}", i % 20), fmt::format("k{}.gauge", i), 1, time)));
    }
    for (const auto& agent : agents) EXPECT_EQ(agent->receive_bytes(4), ":1\r\n");
    EXPECT_EQ(series("10.0.0.3").size(), 50U);
    EXPECT_EQ(server_->stop().status, 0);
}

// Each sample waits for the answer to the one before, so that all but the last one sent were
// acknowledged.
TEST_F(ServeResp, LosesNothingAcknowledgedWhenItIsKilled) {
    const std::int64_t begin = seconds_now() / 60 * 60 - 99'960;
    std::int64_t acknowledged = 0;
    for (int round = 0; round < 3; ++round) {
        start();
        RawClient agent(port_);
        const std::int64_t goal = acknowledged + 400;
        while (acknowledged < goal) {
            agent.send(push(line("10.0.0.9", "a.gauge", acknowledged, begin + 60 * acknowledged)));
            ASSERT_EQ(agent.receive_bytes(4), ":1\r\n");
            ++acknowledged;
        }
        EXPECT_EQ(server_->kill().status, -SIGKILL);
    }
    start();
    const auto rows = server::series_from_json(
        server_
            ->get(fmt::format("/api/fetch?series=10.0.0.9/base/a.gauge&start={}&end={}", begin,
                              begin + 60 * (acknowledged - 1)))
            .body);
    ASSERT_TRUE(rows);
    const auto first = (begin - rows->start.time_since_epoch().count()) / 60;
    for (std::int64_t i = 1; i < acknowledged; ++i) {
        ASSERT_EQ(rows->values.at(static_cast<std::size_t>(first + i - 1)), static_cast<double>(i));
    }
}

}  // namespace
}  // namespace kurabe::tests
