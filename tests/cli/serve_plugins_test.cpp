// A server whose rolls name plugins that are fetched: their graphs have data, and a service that
// fails is a warning on its host's page.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/collectors/fetch/peer.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/service.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// For minutes, because a row takes a reading in two of them.
void wait_long_for(const std::function<bool()>& condition) {
    wait_for(condition, std::chrono::minutes{4});
}

// A configuration of one host, 127.0.0.1, with these lines.
std::string configuration(const TemporaryDirectory& directory, const std::string& lines) {
    std::filesystem::create_directories(directory.path() / "data");
    directory.write("rolls/services.yml", "metrics:\n" + lines);
    return directory.write("kurabe.yml",
                           "config:\n  rolls_dir: rolls\n---\nservice: s\nservers:\n"
                           "- { roll: services.yml, hosts: [ 127.0.0.1 web1 ] }\n");
}

// Whether a series has a number in its last minutes. It takes a reading in two of them.
bool has_data(const Server& server, const std::string& plugin, const std::string& key) {
    const auto reply =
        server.get(fmt::format("/api/fetch?series=127.0.0.1/{}/{}&start=end-5min", plugin, key));
    if (reply.status != 200) return false;
    const std::string values = reply.body.substr(reply.body.find("\"values\":["));
    return values.find_first_of("0123456789") != std::string::npos;
}

TEST(ServePlugins, FetchesWhatRollsNameAndDrawsIt) {
    const auto apache = start_apache();
    const auto memcached = start_memcached();
    if (!apache || !memcached) GTEST_SKIP() << "apache2 or memcached is not installed";
    const TemporaryDirectory directory;
    const std::string http = fmt::format("http:{}", apache->port());
    const std::string cache = fmt::format("memcached:{}", memcached->port());
    Server server(configuration(
        directory, fmt::format("- {}\n- \"{}:/server-status?auto:www.example.com\"\n- {}\n", http,
                               http, cache)));
    const auto series = [&server] { return server.get("/api/series?host=127.0.0.1").body; };
    // A service may miss a round when the machine is busy.
    wait_long_for([&] {
        const std::string names = series();
        return names.contains(cache + "/maxconns.gauge") && names.contains(http + "/busy.gauge") &&
               names.contains("www.example.com/busy.gauge");
    });
    EXPECT_THAT(series(), AllOf(HasSubstr(http + "/busy.gauge"), HasSubstr(http + "/reqs.derive"),
                                HasSubstr(http + ":/server-status?auto:www.example.com/busy.gauge"),
                                HasSubstr(cache + "/cmd_get.derive")));
    const std::string page = server.get("/server?address=127.0.0.1").body;
    EXPECT_THAT(page, AllOf(HasSubstr(fmt::format("HTTP ({})", apache->port())),
                            HasSubstr("Apache/2."), HasSubstr("up 0 days,"),
                            HasSubstr(fmt::format("memcached ({})", memcached->port())),
                            HasSubstr("graph=reqs"), HasSubstr("graph=evictions")));
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.1").body,
                HasSubstr("\"127.0.0.1\":0"));
    wait_long_for([&] { return has_data(server, http, "busy.gauge"); });
    wait_long_for([&] { return has_data(server, cache, "maxconns.gauge"); });
    EXPECT_TRUE(has_data(server, http, "busy.gauge"));
    EXPECT_TRUE(has_data(server, cache, "maxconns.gauge"));
    EXPECT_TRUE(has_data(server, http + ":/server-status%3Fauto:www.example.com", "idle.gauge"));
    const auto picture = server.get(
        fmt::format("/graph?address=127.0.0.1&plugin_identifier={}&graph=worker&term=1hour", http));
    EXPECT_EQ(picture.status, 200);
    EXPECT_THAT(picture.body, ::testing::StartsWith("\x89PNG"));
    EXPECT_EQ(server.stop().status, 0);
}

TEST(ServePlugins, ScrapesExportersAndMakesBaseOfNodeExporters) {
    constexpr const char* kExporter = "/usr/bin/prometheus-node-exporter";
    if (!std::filesystem::exists(kExporter)) {
        GTEST_SKIP() << "prometheus-node-exporter is not installed";
    }
    const int port = free_port();
    const ChildProcess exporter(
        {kExporter, fmt::format("--web.listen-address=127.0.0.1:{}", port)});
    wait_long_for([port] { return listens(port); });
    const Peer other(
        answering(http_answer("# TYPE jobs_total counter\njobs_total{a=\"<b>\"} 7\n"
                              "left_out 1\nno metric\n")));
    const TemporaryDirectory directory;
    const std::string config = configuration(directory, "");
    const std::string node = fmt::format("prom:{}", port);
    const std::string jobs = fmt::format("prom:{}:/x", other.port());
    directory.write(
        "rolls/services.yml",
        fmt::format("metrics: [ base, \"{}\", \"{}\" ]\n"
                    "metrics_config: {{ prometheus: {{ exclude: \"left_*,go_*\" }} }}\n",
                    node, jobs));
    Server server(config);
    wait_long_for([&] {
        const auto series = server.get("/api/series?host=127.0.0.1");
        return series.body.contains(jobs) && series.body.contains("/base/loadavg-1.gauge");
    });
    const std::string series = server.get("/api/series?host=127.0.0.1").body;
    EXPECT_THAT(series, AllOf(HasSubstr("/base/cpu-idle.derive"),
                              HasSubstr(node + "/node_cpu_seconds_total_ms.0-idle.derive"),
                              HasSubstr(jobs + "/jobs_total._b_.derive"),
                              Not(HasSubstr("left_out")), Not(HasSubstr("go_gc"))));
    const std::string page = server.get("/server?address=127.0.0.1").body;
    EXPECT_THAT(page,
                AllOf(HasSubstr("CPU Memory"), HasSubstr("graph=loadavg-1"),
                      HasSubstr("graph=node_cpu_seconds_total_ms"), HasSubstr("graph=jobs_total"),
                      HasSubstr("1 line of the answer is no metric")));
    const auto picture = server.get(fmt::format(
        "/graph?address=127.0.0.1&plugin_identifier={}&graph=node_cpu_seconds_total_ms", node));
    EXPECT_EQ(picture.status, 200) << picture.body;
    EXPECT_EQ(server.stop().status, 0);
}

TEST(ServePlugins, WarnsOfWhatCannotBeFetchedAndStopsAtOnce) {
    const Peer silent([](const PeerConnection& connection) { connection.stay_silent(); });
    const Peer lying(answering(http_answer("<html>It works!</html>")));
    const int closed = free_port();
    const TemporaryDirectory directory;
    Server server(configuration(
        directory,
        fmt::format("- nginx:{}\n- nginx:{}\n- redis:{}\n- nginx:80:nopath\n- redis:1:2\n",
                    lying.port(), closed, silent.port())));
    const auto page = [&server] { return server.get("/server?address=127.0.0.1").body; };
    EXPECT_THAT(server.log(), HasSubstr("services.yml:5:3: 'nginx:80:nopath': argument 'path' "));
    EXPECT_THAT(server.log(),
                HasSubstr("'redis:1:2': has 2 arguments, the plugin takes 1 at most"));
    wait_long_for([&] { return page().contains("no answer in time"); });
    EXPECT_THAT(page(), AllOf(HasSubstr("the answer has none of what is asked for"),
                              HasSubstr("cannot connect: Connection refused"),
                              HasSubstr("argument &#39;path&#39; must be a path"),
                              HasSubstr("no answer in time")));
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.1").body,
                HasSubstr("\"127.0.0.1\":1"));
    EXPECT_EQ(server.get("/api/series?host=127.0.0.1").status, 404);
    EXPECT_THAT(server.log(),
                ContainsRegex(fmt::format("plugin cannot fetch.*host=\"?127.0.0.1\"? "
                                          "plugin=\"?nginx:{}\"? reason=.*Connection refused",
                                          closed)));
    EXPECT_EQ(server.stop().status, 0);
}

// Counts what it is asked; the answer is one of nginx.
Peer::Behaviour counting(std::atomic<int>& requests) {
    return [&requests](const PeerConnection& connection) {
        (void)connection.read_until("\r\n\r\n");
        ++requests;
        connection.write(
            http_answer("Active connections: 1 \nserver accepts handled requests\n"
                        " 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n"));
    };
}

TEST(ServePlugins, EachHostIsPolledAtItsInterval) {
    std::atomic<int> often = 0;
    std::atomic<int> seldom = 0;
    const Peer often_asked(counting(often));
    const Peer seldom_asked(counting(seldom));
    const TemporaryDirectory directory;
    std::filesystem::create_directories(directory.path() / "data");
    directory.write("rolls/often.yml", fmt::format("metrics: [ nginx:{} ]\n", often_asked.port()));
    directory.write("rolls/seldom.yml",
                    fmt::format("interval: 1h\nmetrics: [ nginx:{} ]\n", seldom_asked.port()));
    Server server(directory.write("kurabe.yml",
                                  "config:\n  rolls_dir: rolls\n---\nservice: s\nservers:\n"
                                  "- { roll: often.yml, interval: 10s, hosts: [ 127.0.0.1 ] }\n"
                                  "- { roll: seldom.yml, hosts: [ localhost ] }\n"));
    wait_long_for([&] { return often >= 4 && seldom >= 1; });
    EXPECT_LE(seldom, 2) << "at the start, and when its moment of the hour is within the test";
    EXPECT_EQ(server.stop().status, 0);
}

TEST(ServePlugins, TimesServicesAndGoesOnWhenNobodyAnswers) {
    const Peer good(answering(http_answer("hello")));
    const ReservedPort closed;
    const TemporaryDirectory directory;
    const std::string http = fmt::format("latency:http:{}", good.port());
    const std::string tcp = fmt::format("latency:tcp:{}", closed.number());
    Server server(configuration(
        directory,
        fmt::format("- {}\n- {}\n- latency:tcp\n- latency:icmp:1\n- kurabe\n", http, tcp)));
    EXPECT_THAT(server.log(),
                AllOf(HasSubstr("'latency:tcp': a probe of the kind tcp needs a port"),
                      HasSubstr("'latency:icmp:1': argument 'kind' must be one of tcp, tls")));
    wait_long_for([&] { return has_data(server, tcp, "loss.gauge"); });
    wait_long_for([&] { return has_data(server, http, "median.gauge"); });
    EXPECT_TRUE(has_data(server, tcp, "loss.gauge")) << "it was probed again within minutes";
    EXPECT_TRUE(has_data(server, http, "median.gauge"));
    EXPECT_FALSE(has_data(server, tcp, "median.gauge"));
    const std::string page = server.get("/server?address=127.0.0.1").body;
    EXPECT_THAT(
        page, AllOf(HasSubstr(fmt::format("Latency (http {} /)", good.port())),
                    HasSubstr(fmt::format("tcp {}: 100 % lost: cannot connect: Connection refused",
                                          closed.number())),
                    HasSubstr("Collection(probes)"), HasSubstr("graph=loss")));
    const auto picture = server.get(fmt::format(
        "/graph?address=127.0.0.1&plugin_identifier={}&graph=latency&term=1hour", http));
    EXPECT_EQ(picture.status, 200) << picture.body;
    EXPECT_EQ(server.stop().status, 0);
}

TEST(ServePlugins, KeepsPasswordsToItself) {
    const Peer peer([](const PeerConnection& connection) {
        (void)connection.read_until("info");
        connection.write("-ERR you said hunter2\r\n");
        connection.stay_silent();
    });
    const TemporaryDirectory directory;
    const std::string config = configuration(directory, fmt::format("- redis:{}\n", peer.port()));
    directory.write("rolls/services.yml",
                    fmt::format("metrics_config: {{ Redis: {{ password: hunter2 }} }}\n"
                                "metrics:\n- redis:{}\n",
                                peer.port()));
    Server server(config);
    wait_long_for([&] { return server.log().contains("plugin cannot fetch"); });
    EXPECT_THAT(server.log(), Not(HasSubstr("hunter2")));
    EXPECT_THAT(server.get("/server?address=127.0.0.1").body, Not(HasSubstr("hunter2")));
    EXPECT_EQ(server.stop().status, 0);
}

}  // namespace
}  // namespace kurabe::tests
