// What whoever runs a server sees of it from outside: its metrics.
#include <ctime>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/prometheus/exposition.hpp"
#include "tests/cli/program_fixture.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {


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

}  // namespace
}  // namespace kurabe::tests
