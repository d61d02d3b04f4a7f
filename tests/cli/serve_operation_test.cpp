// What whoever runs a server sees of it from outside: its metrics, and what it tells a service
// manager.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "collectors/prometheus/exposition.hpp"
#include "tests/cli/program_fixture.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kText = "Content-Type: text/plain";

class Operation : public testing::Test {
  protected:
    Operation() { directory_.write("rolls/base.yml", "metrics:\n- base\n"); }

    std::string configure(std::string_view more = "", std::string_view host = "web1") {
        return directory_
            .write("kurabe.yml", fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n{}"
                                             "---\nservice: s\nservers:\n"
                                             "- {{ roll: base.yml, hosts: [ {} ] }}\n",
                                             more, host))
            .string();
    }

    [[nodiscard]] std::string path(std::string_view name) const {
        return (directory_.path() / name).string();
    }

    TemporaryDirectory directory_;
};

// Of "/metrics", by name and the labels' values: "kurabe_http_requests_total 2xx".
std::map<std::string, double> metrics_of(const Server& server) {
    const std::string text = server.get("/metrics").body;
    const auto read = collectors::prometheus::read_exposition(text);
    EXPECT_TRUE(read) << text;
    EXPECT_EQ(read->wrong_lines, 0u) << text;
    std::map<std::string, double> values;
    for (const auto& sample : read->samples) {
        EXPECT_NE(sample.type, collectors::prometheus::MetricType::kUntyped) << sample.name;
        std::string name(sample.name);
        for (const auto& [label, value] : sample.labels) name += " " + value;
        EXPECT_TRUE(values.emplace(name, sample.value).second) << "twice: " << name;
    }
    return values;
}

TEST_F(Operation, MetricsRiseWithWhatTheServerDoes) {
    const Server server(configure());
    EXPECT_EQ(server.get("/healthz").body, "ok\n");
    EXPECT_EQ(server.get("/nothing").status, 404);
    const auto line = fmt::format("web1\tbase.metrics.a.gauge\t1\t{}\n", std::time(nullptr));
    const auto pushed = cli::http_post({.url = server.url() + "/api/v1/lines",
                                        .body = line,
                                        .headers = {kText},
                                        .deadline = kDeadline});
    ASSERT_TRUE(pushed) << pushed.error().message;
    ASSERT_EQ(pushed->status, 200) << pushed->body;
    const auto metrics = metrics_of(server);
    EXPECT_EQ(metrics.at("kurabe_http_requests_total 2xx"), 2);
    EXPECT_EQ(metrics.at("kurabe_http_requests_total 4xx"), 1);
    EXPECT_EQ(metrics.at("kurabe_http_request_duration_seconds_count"), 3);
    EXPECT_GT(metrics.at("kurabe_http_request_duration_seconds_sum"), 0);
    EXPECT_GE(metrics.at("kurabe_http_connections"), 1);
    EXPECT_EQ(metrics.at("kurabe_ingest_reports_total accepted"), 1);
    EXPECT_EQ(metrics.at("kurabe_ingest_samples_total accepted"), 1);
    EXPECT_EQ(metrics.at("kurabe_config_last_reload_successful"), 1);
    EXPECT_GT(metrics.at("process_cpu_seconds_total"), 0);
    EXPECT_GT(metrics.at("process_resident_memory_bytes"), 1e6);
    EXPECT_GT(metrics.at("process_open_fds"), 3);
    EXPECT_NEAR(metrics.at("process_start_time_seconds"), static_cast<double>(std::time(nullptr)),
                60);
    EXPECT_EQ(metrics_of(server).at("kurabe_http_requests_total 2xx"), 3);
}

TEST_F(Operation, MetricsTellThatAConfigurationCannotBeFollowed) {
    const Server server(configure());
    configure("  retention: nonsense\n");
    ASSERT_TRUE(wait_for([&] {
        return metrics_of(server).at("kurabe_config_last_reload_successful") == 0;
    })) << server.log();
    EXPECT_EQ(metrics_of(server).at("kurabe_config_reloads_total failed"), 1);
    configure("", "web2");
    ASSERT_TRUE(wait_for([&] {
        return metrics_of(server).at("kurabe_config_last_reload_successful") == 1;
    })) << server.log();
    EXPECT_EQ(metrics_of(server).at("kurabe_config_reloads_total succeeded"), 1);
}

// Where a service manager would listen.
class NotifySocket {
  public:
    explicit NotifySocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        const auto* const named = reinterpret_cast<const sockaddr*>(&address);
        EXPECT_EQ(::bind(socket_, named, sizeof address), 0);
        const timeval patience{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    ~NotifySocket() {
        ::unsetenv("NOTIFY_SOCKET");
        ::unsetenv("WATCHDOG_USEC");
        ::close(socket_);
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    // The next message that begins so; empty when none comes.
    [[nodiscard]] std::string next(std::string_view beginning) const {
        std::array<char, 4096> bytes{};
        while (true) {
            const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
            if (got <= 0) return {};
            std::string message(bytes.data(), static_cast<std::size_t>(got));
            if (message.starts_with(beginning)) return message;
        }
    }

  private:
    int socket_;
};

TEST_F(Operation, TellsTheServiceManagerHowItIs) {
    const NotifySocket manager(path("notify"));
    ::setenv("WATCHDOG_USEC", "2000000", 1);
    Server server(configure());
    EXPECT_THAT(manager.next("READY=1"), HasSubstr("\nSTATUS=1 host on port "));
    EXPECT_EQ(manager.next("WATCHDOG=1"), "WATCHDOG=1");
    server.signal(SIGHUP);
    EXPECT_THAT(manager.next("RELOADING=1"), HasSubstr("MONOTONIC_USEC="));
    EXPECT_THAT(manager.next("READY=1"), Not(HasSubstr("cannot be followed")));
    configure("  retention: nonsense\n");
    server.signal(SIGHUP);
    EXPECT_THAT(manager.next("READY=1"), HasSubstr("cannot be followed"));
    EXPECT_EQ(server.stop().status, 0);
    EXPECT_THAT(manager.next("STOPPING=1"), HasSubstr("STATUS="));
}

TEST_F(Operation, AUnitOfSystemdIsInstalledThatItAccepts) {
    constexpr const char* kAnalyze = "/usr/bin/systemd-analyze";
    if (::access(kAnalyze, X_OK) != 0) GTEST_SKIP() << "systemd is not installed";
    std::string unit = read_file(KURABE_UNIT);
    EXPECT_THAT(unit, Not(HasSubstr("@CMAKE")));
    const std::size_t start = unit.find("ExecStart=") + 10;
    unit.replace(start, unit.find(' ', start) - start, KURABE_PROGRAM);
    const auto file = directory_.write("kurabe.service", unit).string();
    const Finished verified = run({kAnalyze, "verify", "--man=no", file});
    EXPECT_THAT(verified.err + verified.out, Not(HasSubstr("kurabe.service:")));
    const Finished judged = run({kAnalyze, "security", "--offline=true", "--threshold=20", file});
    EXPECT_EQ(judged.status, 0) << judged.out << judged.err;  // 2.0 of 10
}

}  // namespace
}  // namespace kurabe::tests
