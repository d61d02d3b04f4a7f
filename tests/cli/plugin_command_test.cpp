// `kurabe plugin` and `kurabe collect plugin` as people and cron call them.
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/collectors/fetch/peer.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/service.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kStatus =
    "Active connections: 2 \nserver accepts handled requests\n 10 10 42 \n"
    "Reading: 0 Writing: 1 Waiting: 1 \n";

Peer::Behaviour nginx() {
    return answering(http_answer(kStatus, "200 OK", "Server: nginx/1.2\r\n"));
}

TEST(PluginList, NamesAllWithTheirArguments) {
    const auto listed = kurabe({"plugin", "list"});
    EXPECT_EQ(listed.status, 0) << listed.err;
    EXPECT_THAT(listed.out, ContainsRegex("(^|\n)base +pushed by hosts\n"));
    EXPECT_THAT(
        listed.out,
        ContainsRegex("\nhttp:port\\(80\\):path\\(/server-status\\?auto\\):host +fetched\n"));
}

TEST(PluginTest, ShowsWhatIsFetchedReadAndDrawn) {
    const Peer peer(nginx());
    const auto tried =
        kurabe({"plugin", "test", fmt::format("nginx:{}", peer.port()), "127.0.0.1"});
    EXPECT_EQ(tried.status, 0) << tried.err;
    EXPECT_THAT(
        tried.out,
        AllOf(
            StartsWith(fmt::format("# http port {}, GET /nginx_status\n", peer.port())),
            HasSubstr("    Reading: 0 Writing: 1 Waiting: 1 \n"), HasSubstr("    requests = 42\n"),
            HasSubstr(fmt::format("127.0.0.1\tnginx%3A{}.metrics.reqs.derive\t42\t", peer.port())),
            HasSubstr(fmt::format("    nginx ({})  [server: nginx/1.2]\n", peer.port())),
            HasSubstr("        processes (Connections)\n")));
}

TEST(PluginTest, ShowsAWrongAnswerAndFails) {
    const Peer peer(answering(http_answer("Reading: \x1b[31m many\n")));
    const auto tried =
        kurabe({"plugin", "test", fmt::format("nginx:{}", peer.port()), "127.0.0.1"});
    EXPECT_EQ(tried.status, 1);
    EXPECT_THAT(tried.out, HasSubstr("    Reading: ?[31m many\n"));
    EXPECT_THAT(tried.err, HasSubstr("ERROR: the answer has none of what is asked for"));
}

TEST(PluginTest, SaysWhatCannotBe) {
    const auto error = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"plugin", "test"});
        const auto tried = kurabe(more);
        EXPECT_EQ(tried.status, 1);
        return tried.err;
    };
    EXPECT_EQ(error({"iis", "h"}), "ERROR: no plugin 'iis'; 'kurabe plugin list' names all\n");
    EXPECT_EQ(error({"base", "h"}), "ERROR: plugin 'base' is not fetched: hosts push it\n");
    EXPECT_THAT(error({"ssh", "h"}), HasSubstr("try it by 'kurabe collect ssh --once HOST'"));
    EXPECT_THAT(error({"snmp:if", "h"}),
                HasSubstr("'kurabe collect snmp --once --credentials FILE HOST'"));
    EXPECT_THAT(error({"munin", "h"}), HasSubstr("'kurabe collect munin --once HOST'"));
    EXPECT_THAT(error({"exec:x", "h"}),
                HasSubstr("'kurabe plugin test exec:NAME HOST --config FILE'"));
    EXPECT_EQ(error({"nginx:80:x", "h"}),
              "ERROR: argument 'path' must be a path that begins with '/' and has no blank and no "
              "'#', not 'x'\n");
    EXPECT_THAT(error({"nginx", "-x"}), HasSubstr("ERROR"));
    EXPECT_THAT(error({"nginx:80:/:h:more", "h"}),
                HasSubstr("4 arguments, where the plugin takes 3"));
}

TEST(PluginTest, RunsAProgramOfAConfiguration) {
    const TemporaryDirectory directory;
    directory.write("rolls/r.yml", "metrics: [ exec:say:there ]\n");
    const auto config = directory.write(
        "kurabe.yml",
        "config:\n  rolls_dir: rolls\n  commands:\n    say:\n      protocol: check\n"
        "      command: [ /bin/echo, 'hello {{hostname}}' ]\n"
        "---\nservice: s\nservers: [ { roll: r.yml, hosts: [ 10.0.0.9 web1 ] } ]\n");
    const auto tried =
        kurabe({"plugin", "test", "exec:say:there", "10.0.0.9", "--config", config.string()});
    EXPECT_EQ(tried.status, 0) << tried.err;
    EXPECT_THAT(tried.out, HasSubstr("10.0.0.9\texec%3Asay%3Athere.metrics.status.gauge\t0\t"));
    EXPECT_THAT(tried.out, HasSubstr("hello web1 there"));
    EXPECT_THAT(kurabe({"plugin", "test", "exec:x", "h", "--config", config.string()}).err,
                HasSubstr("'commands' of the configuration has no 'x'"));
}

TEST(PluginTest, TakesPluginsAndSettingsOfAConfiguration) {
    const TemporaryDirectory directory;
    const Peer peer(answering(http_answer("{\"orders\": 4711}")));
    directory.write("plugins/shop.yml",
                    "plugin: shop\narguments: [ port: { type: port, config: Shop.port } ]\n"
                    "fetch:\n  requests:\n  - http: { port: '{{port}}', path: / }\n"
                    "    parse: { json: true }\n  metrics: { orders.derive: /orders }\n"
                    "graphs: { g: { definition: 'DEF:a=orders.derive:n:AVERAGE' } }\n");
    directory.write("rolls/shop.yml",
                    fmt::format("metrics_config: {{ Shop: {{ port: {} }} }}\nmetrics: [ shop ]\n",
                                peer.port()));
    const auto config = directory.write(
        "k.yml", fmt::format("config: {{ rolls_dir: rolls, metrics_plugin_dir: plugins }}\n"
                             "metrics_config: {{ Shop: {{ port: {} }} }}\n---\nservice: s\n"
                             "servers: [ {{ roll: shop.yml, hosts: [ 127.0.0.1 ] }} ]\n",
                             free_port()));
    const auto of_roll = kurabe({"plugin", "test", "shop", "127.0.0.1", "--config", config});
    EXPECT_THAT(of_roll.out, HasSubstr("shop.metrics.orders.derive\t4711\t")) << of_roll.err;
    const auto of_main = kurabe({"plugin", "test", "shop", "127.0.0.2", "--config", config});
    EXPECT_THAT(of_main.err, HasSubstr("Connection refused"));
}

TEST(PluginTest, FetchesNoPasswordOfRedis) {
    const std::string password = "canary-7134";
    const auto redis = start_redis(password);
    if (!redis) GTEST_SKIP() << "redis-server is not installed";
    const TemporaryDirectory directory;
    directory.write("rolls/r.yml", fmt::format("metrics: [ redis:{} ]\n", redis->port()));
    const auto config = directory.write(
        "k.yml", fmt::format("config: {{ rolls_dir: rolls }}\n"
                             "metrics_config: {{ Redis: {{ password: {} }} }}\n---\nservice: s\n"
                             "servers: [ {{ roll: r.yml, hosts: [ 127.0.0.1 ] }} ]\n",
                             password));
    const auto tried = kurabe({"plugin", "test", fmt::format("redis:{}", redis->port()),
                               "127.0.0.1", "--config", config});
    EXPECT_EQ(tried.status, 0) << tried.err;
    EXPECT_THAT(tried.out, AllOf(HasSubstr("maxmemory-policy"), HasSubstr(".meta.appendonly\tno\t"),
                                 HasSubstr(".meta.slowlog-max-len\t128\t")));
    for (const std::string& secret : {password, std::string("requirepass"),
                                      std::string("masterauth"), std::string("masteruser")}) {
        EXPECT_THAT(tried.out + tried.err, Not(HasSubstr(secret)));
    }
}

// One of two hosts does not answer, and holds back nothing of the other.
TEST(CollectPlugin, PrintsWhileOthersAreUnderWay) {
    std::atomic<int> seen{0};
    const Peer peer([&seen](const PeerConnection& connection) {
        if (++seen > 1) return connection.stay_silent();
        (void)connection.read_until("\r\n\r\n");
        while (seen < 2 && !connection.ends()) {
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        connection.write(http_answer(kStatus));
    });
    ChildProcess collecting({KURABE_PROGRAM, "collect", "plugin",
                             fmt::format("nginx:{}", peer.port()), "127.0.0.1", "localhost",
                             "--interval", "1", "--deadline", "60"});
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (!collecting.out().contains("reqs.derive") &&
           std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    EXPECT_THAT(collecting.out(), HasSubstr("metrics.reqs.derive\t42"));
    collecting.signal(SIGTERM);
    (void)collecting.finish();
}

TEST(CollectPlugin, PrintsLinesAndNamesThoseThatFailed) {
    const Peer peer(nginx());
    const auto finished = kurabe({"collect", "plugin", fmt::format("nginx:{}", peer.port()),
                                  "127.0.0.1", "nosuch.invalid", "--once"});
    EXPECT_EQ(finished.status, 1);
    EXPECT_THAT(finished.out, HasSubstr(fmt::format("127.0.0.1\tnginx%3A{}.metrics.read.gauge\t0\t",
                                                    peer.port())));
    EXPECT_THAT(finished.out, HasSubstr(fmt::format("nosuch.invalid\tnginx%3A{}.warn.command\t"
                                                    "cannot look up nosuch.invalid: ",
                                                    peer.port())));
    EXPECT_THAT(finished.err, AllOf(HasSubstr("nosuch.invalid: cannot look up"),
                                    HasSubstr("ERROR: 1 of 2 hosts failed")));
    EXPECT_THAT(finished.out, Not(HasSubstr("\r")));
}

}  // namespace
}  // namespace kurabe::tests
