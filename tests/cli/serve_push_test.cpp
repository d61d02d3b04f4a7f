// A server that is pushed to in every form: what is left of what was acknowledged when it is
// killed, and what its pages show then.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/series_json.hpp"
#include "tests/cli/program_fixture.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kPosts = 100;

class ServePush : public testing::Test {
  protected:
    void SetUp() override {
        directory_.write("rolls/base.yml", "metrics:\n- base\n");
        std::filesystem::create_directories(directory_.path() / "data");
        config_ = directory_.write("kurabe.yml",
                                   "config:\n  data_dir: data\n  rolls_dir: rolls\n"
                                   "---\nservice: s\nservers:\n"
                                   "- { roll: base.yml, hosts: [ 10.0.0.9 ] }\n");
    }
    void start() {
        server_ = std::make_unique<Server>(config_,
                                           std::vector<std::string>{"--graphite", "127.0.0.1:0"});
    }
    [[nodiscard]] std::uint16_t graphite_port() const {
        const std::string log = server_->log();
        std::smatch match;
        const std::regex listening("graphite=\"?127\\.0\\.0\\.1:([0-9]+)");
        EXPECT_TRUE(std::regex_search(log, match, listening)) << log;
        return static_cast<std::uint16_t>(std::stoi(match[1].str()));
    }
    // The status.
    [[nodiscard]] int post(const std::string& path, const std::string& type,
                           const std::string& body) const {
        const auto reply = cli::http_post(
            {.url = server_->url() + path, .body = body, .headers = {"Content-Type: " + type}});
        return reply ? static_cast<int>(reply->status) : 0;
    }
    [[nodiscard]] std::size_t series(const std::string& host) const {
        const auto list =
            server::series_list_from_json(server_->get("/api/series?host=" + host).body);
        return list ? list->size() : 0;
    }

    TemporaryDirectory directory_;
    std::filesystem::path config_;
    std::unique_ptr<Server> server_;
};

TEST_F(ServePush, LosesNothingAcknowledgedWhenItIsKilled) {
    const std::string json = "application/json";
    start();
    const std::int64_t time = seconds_now();
    for (int i = 0; i < kPosts; ++i) {
        ASSERT_EQ(post("/api/v1/lines", "text/plain",
                       fmt::format("lines\tp.metrics.k{}.gauge\t{}\t{}\n", i, i, time)),
                  200);
        ASSERT_EQ(
            post("/api/v1/samples", json,
                 fmt::format(R"([{{"host":"json","plugin":"p","key":"k{}","value":{}}}])", i, i)),
            200);
        ASSERT_EQ(post("/api/v0/tsdb", json,
                       fmt::format(R"([{{"hostId":"mackerel","name":"k{}","time":{},"value":{}}}])",
                                   i, time, i)),
                  200);
        ASSERT_EQ(post(fmt::format("/api/growth/p/k{}", i), "application/x-www-form-urlencoded",
                       fmt::format("number={}", i)),
                  200);
    }
    EXPECT_EQ(server_->kill().status, -SIGKILL);
    start();
    for (const char* host : {"lines", "json", "mackerel", "service:growth"}) {
        EXPECT_EQ(series(host), static_cast<std::size_t>(kPosts)) << host;
    }
    EXPECT_THAT(server_->get("/api/growth/p/k99").body, HasSubstr(R"("number":99,)"));
    EXPECT_EQ(server_->stop().status, 0);
}

TEST_F(ServePush, TakesGraphitesLines) {
    start();
    const server::RawClient client(graphite_port());
    client.send(fmt::format("web1.nginx.ok 7 {0}\nwrong\nweb1.nginx.bad 1 -1\nweb1.load nan {0}\n",
                            seconds_now()));
    EXPECT_TRUE(wait_for([this] { return series("web1") == 3; }));
    EXPECT_THAT(server_->get("/server?address=web1").body, HasSubstr("graph=ok"));
    EXPECT_THAT(server_->log(), HasSubstr("three columns are needed"));
    EXPECT_EQ(server_->stop().status, 0);
}

TEST_F(ServePush, TheFirstSampleOfASeriesOnlyBeginsIt) {
    start();
    const std::int64_t first = seconds_now() / 60 * 60 - 240;
    const auto push = [&](std::int64_t time, int value) {
        return post(
            "/api/v1/lines", "text/plain",
            fmt::format("h\tp.metrics.g.gauge\t{0}\t{1}\nh\tp.metrics.c.counter\t{0}\t{1}\n", value,
                        time));
    };
    const auto rows = [&](std::string_view key) {
        const std::string body =
            server_->get(fmt::format("/api/v1/data?series=h/p/{}&from=-10min", key)).body;
        return body.substr(std::min(body.find("\"values\""), body.size()));
    };
    const auto digit = ::testing::ContainsRegex("[0-9]");
    ASSERT_EQ(push(first, 600), 200);
    for (const char* key : {"g.gauge", "c.counter"}) {
        EXPECT_THAT(rows(key), AllOf(HasSubstr("null"), Not(digit))) << key;
    }
    ASSERT_EQ(push(first + 60, 1200), 200);
    EXPECT_THAT(rows("g.gauge"), HasSubstr("1200"));
    EXPECT_THAT(rows("c.counter"), HasSubstr("10"));
}

TEST_F(ServePush, ShowsWhatServicesAreSent) {
    start();
    ASSERT_EQ(post("/api/shop/nginx/%E5%A3%B2%E4%B8%8A", "application/x-www-form-urlencoded",
                   "number=7&color=%23c00000"),
              200);
    ASSERT_EQ(post("/api/v0/services/shop/tsdb", "application/json",
                   fmt::format(R"([{{"name":"access.2xx","time":{},"value":10}}])", seconds_now())),
              200);
    const std::string page = server_->get("/server?address=service:shop").body;
    EXPECT_THAT(page, HasSubstr("graph=%E5%A3%B2%E4%B8%8A"));
    EXPECT_THAT(page, HasSubstr("graph=access"));
    for (const char* graph : {"nginx&graph=%E5%A3%B2%E4%B8%8A", "mackerel&graph=access"}) {
        const auto picture = server_->get(
            fmt::format("/graph?address=service:shop&plugin_identifier={}&format=svg", graph));
        EXPECT_EQ(picture.status, 200) << graph;
    }
    EXPECT_EQ(server_->stop().status, 0);
}

}  // namespace
}  // namespace kurabe::tests
