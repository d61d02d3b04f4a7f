// The built-in plugins fetch from the servers that they are for: every series of their graphs
// comes, with the values that the server has.
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/fetch/fetcher.hpp"
#include "server/plugin_definition.hpp"
#include "server/roll.hpp"
#include "tests/collectors/fetch/peer.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/service.hpp"

namespace kurabe::server {
namespace {

using collectors::fetch::Fetcher;
using collectors::fetch::MetricsConfig;
using collectors::fetch::Outcome;
using collectors::fetch::Target;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

// What a fetch brought.
struct Fetched {
    std::string error;
    std::map<std::string, double> values;  // by key
    MetaMap meta;
    std::map<std::string, std::string> warnings;

    [[nodiscard]] double value(const std::string& key) const {
        const auto found = values.find(key);
        EXPECT_NE(found, values.end()) << key;
        return found == values.end() ? -1 : found->second;
    }
};

Fetched fetched_of(const Outcome& outcome) {
    Fetched fetched;
    if (!outcome.report) {
        fetched.error = outcome.report.error().message;
        return fetched;
    }
    for (const store::Sample& sample : outcome.report->batch.samples) {
        fetched.values[sample.key] = sample.value.kind == store::RawValue::Kind::kInteger
                                         ? static_cast<double>(sample.value.integer)
                                         : sample.value.number;
    }
    for (const auto& meta : outcome.report->meta) fetched.meta[meta.key] = meta.value;
    for (const auto& warning : outcome.report->warnings) {
        fetched.warnings[warning.key] = warning.text;
    }
    return fetched;
}

// Series of the graphs that a host with this meta shows.
std::set<std::string> drawn(const PluginDefinition& plugin, const MetaMap& meta) {
    std::set<std::string> keys;
    for (const GraphGroup& group : plugin.groups(meta)) {
        for (const std::string& key : group.graphs) {
            const GraphTemplate graph = plugin.graph(key, meta).value();
            for (const std::string& argument : graph.arguments) {
                if (!argument.starts_with("DEF:")) continue;
                const std::size_t begin = argument.find('=') + 1;
                keys.insert(argument.substr(begin, argument.find(':', begin) - begin));
            }
        }
    }
    return keys;
}

class PluginFetch : public testing::Test {
  protected:
    Fetched fetch(const std::string& line, const MetricsConfig& config = {}) {
        const PluginLine parsed = parse_plugin_line(line);
        const PluginDefinition& plugin = *catalogue_.find(parsed.name);
        Fetched fetched;
        auto fetcher =
            Fetcher::create(
                [] { return std::chrono::floor<store::Seconds>(std::chrono::system_clock::now()); },
                [&fetched](const Target&, const Outcome& outcome) {
                    fetched = fetched_of(outcome);
                },
                1, std::chrono::seconds{60})
                .value();
        fetcher->add(Target::of("127.0.0.1", line, plugin.recipe(), parsed.arguments, config));
        fetcher->begin();
        while (fetcher->busy() > 0) fetcher->work(std::chrono::seconds{1});
        return fetched;
    }

    // Series of the graphs that a host with this meta shows, which were not fetched.
    std::set<std::string> missing(const std::string& plugin, const Fetched& fetched) {
        std::set<std::string> keys = drawn(*catalogue_.find(plugin), fetched.meta);
        for (const auto& [key, value] : fetched.values) keys.erase(key);
        return keys;
    }

    PluginCatalogue catalogue_ = PluginCatalogue::load({}).value();
};

std::string at(const std::string& plugin, int port) {
    return fmt::format("{}:{}", plugin, port);
}

TEST_F(PluginFetch, FromApache) {
    const auto apache = tests::start_apache();
    if (!apache) GTEST_SKIP() << "apache2 is not installed";
    const Fetched first = fetch(at("http", apache->port()));
    ASSERT_EQ(first.error, "");
    EXPECT_THAT(missing("http", first), IsEmpty());
    EXPECT_GE(first.value("busy.gauge"), 1);
    EXPECT_EQ(first.meta.at("has-reqs"), "1");
    EXPECT_THAT(first.meta.at("server"), StartsWith("Apache/2."));
    EXPECT_LT(std::stod(first.meta.at("uptime")), 3600);
    EXPECT_THAT(fetch(at("http", apache->port()) + ":/nothing").error,
                HasSubstr("HTTP status 404"));
    EXPECT_THAT(fetch(at("http", apache->port()) + ":/server-status:www.example.com").error,
                HasSubstr("none of what is asked for"))
        << "the page for people has no such lines";
}

TEST_F(PluginFetch, FromNginx) {
    const auto nginx = tests::start_nginx();
    if (!nginx) GTEST_SKIP() << "nginx is not installed";
    const Fetched first = fetch(at("nginx", nginx->port()));
    ASSERT_EQ(first.error, "");
    EXPECT_THAT(missing("nginx", first), IsEmpty());
    EXPECT_EQ(first.value("write.gauge"), 1) << "ours";
    const double requests = first.value("reqs.derive");
    EXPECT_EQ(fetch(at("nginx", nginx->port())).value("reqs.derive"), requests + 1);
    EXPECT_THAT(first.meta.at("server"), StartsWith("nginx/"));
}

TEST_F(PluginFetch, FromMemcached) {
    const auto memcached = tests::start_memcached();
    if (!memcached) GTEST_SKIP() << "memcached is not installed";
    const Fetched fetched = fetch(at("memcached", memcached->port()));
    ASSERT_EQ(fetched.error, "");
    EXPECT_THAT(missing("memcached", fetched), IsEmpty());
    EXPECT_EQ(fetched.value("limit_maxbytes.gauge"), 64 << 20);
    EXPECT_EQ(fetched.value("maxconns.gauge"), 1024);
    EXPECT_EQ(fetched.value("curr_items.gauge"), 0);
    EXPECT_THAT(fetched.meta, Contains(Pair("maxconns", "1024")));
    EXPECT_THAT(fetched.meta, Contains(Pair("version", StartsWith("1."))));
}

TEST_F(PluginFetch, FromRedisWithItsPassword) {
    const auto redis = tests::start_redis("open sesame");
    if (!redis) GTEST_SKIP() << "redis-server is not installed";
    const MetricsConfig config{{"Redis", {{"password", "open sesame"}}}};
    const Fetched fetched = fetch(at("redis", redis->port()), config);
    ASSERT_EQ(fetched.error, "");
    EXPECT_THAT(missing("redis", fetched), IsEmpty());
    EXPECT_THAT(fetched.warnings, IsEmpty());
    EXPECT_EQ(fetched.value("keys.gauge"), 0);
    EXPECT_EQ(fetched.value("slowlog.gauge"), 0);
    EXPECT_EQ(fetched.meta.at("role"), "master");
    EXPECT_EQ(fetched.meta.at("maxmemory-policy"), "noeviction");
    EXPECT_THAT(fetch(at("redis", redis->port())).error, HasSubstr("NOAUTH"));
    EXPECT_THAT(fetch(at("redis", redis->port()), {{"Redis", {{"password", "wrong"}}}}).error,
                AllOf(HasSubstr("the password is refused"), Not(HasSubstr("wrong"))));
}

TEST_F(PluginFetch, FromSquid) {
    const auto squid = tests::start_squid();
    if (!squid) GTEST_SKIP() << "squid is not installed";
    const Fetched fetched = fetch(at("squid", squid->port()));
    ASSERT_EQ(fetched.error, "");
    EXPECT_THAT(missing("squid", fetched), IsEmpty());
    EXPECT_GT(fetched.value("file-descriptors.max.gauge"),
              fetched.value("file-descriptors.used.gauge"));
    EXPECT_TRUE(fetched.meta.contains("version"));
    EXPECT_TRUE(fetched.meta.contains("uptime"));
}

// Runs statements as root.
void execute(const tests::Service& server, const std::string& statements) {
    const auto finished = tests::run({"/usr/bin/mariadb", "--no-defaults", "--host=127.0.0.1",
                                      fmt::format("--port={}", server.port()), "--user=root",
                                      "--execute=" + statements});
    ASSERT_EQ(finished.status, 0) << finished.err;
}

TEST_F(PluginFetch, FromMariaDb) {
    const auto server = tests::start_mariadb();
    if (!server) GTEST_SKIP() << "mariadb-server is not installed";
    const std::string line = at("mysql", server->port());
    execute(*server,
            "create database d; create table d.t (i int) engine=innodb; insert into d.t values (1);"
            "select * from d.t; create user watch@127.0.0.1 identified by 'hunter2'");
    const Fetched all = fetch(line);
    ASSERT_EQ(all.error, "");
    EXPECT_THAT(all.warnings, IsEmpty());
    auto without = missing("mysql", all);
    without.erase("innodb_buffer_pool_hit_rate.gauge");  // counts from one print to the next
    EXPECT_THAT(without, IsEmpty());
    EXPECT_EQ(all.value("com_insert.derive"), 1);
    EXPECT_EQ(all.value("com_select.derive"), 1);
    EXPECT_EQ(all.meta.at("innodb"), "1");
    EXPECT_EQ(all.meta.at("replication"), "0");
    EXPECT_THAT(all.meta.at("version"), HasSubstr("MariaDB"));

    // An account without privileges sees less, and says why.
    const MetricsConfig watch{{"MySQL", {{"user", "watch"}, {"password", "hunter2"}}}};
    const Fetched less = fetch(line, watch);
    ASSERT_EQ(less.error, "");
    EXPECT_EQ(less.value("com_insert.derive"), 1);
    EXPECT_THAT(less.warnings, ElementsAre(Pair("mysql.3", HasSubstr("PROCESS")),
                                           Pair("mysql.4", HasSubstr("Access denied"))));
    const MetricsConfig wrong{{"MySQL", {{"user", "watch"}, {"password", "swordfish"}}}};
    EXPECT_THAT(fetch(line, wrong).error, AllOf(HasSubstr("show global status: Access denied for "
                                                          "user 'watch'@'127.0.0.1'"),
                                                Not(HasSubstr("swordfish"))));

    execute(*server,
            "change master to master_host='127.0.0.1', master_port=1, master_user='x';"
            "start slave sql_thread");
    const Fetched replica = fetch(line);
    EXPECT_EQ(replica.meta.at("replication"), "1");
    EXPECT_EQ(replica.meta.at("replication_source"), "127.0.0.1");
    EXPECT_THAT(replica.warnings,
                ElementsAre(Pair("replication-io", StartsWith("replication does not read"))));
    EXPECT_GE(replica.value("replication_exec_master_log_pos.gauge"), 0);
}

TEST_F(PluginFetch, LatencyOfNginxWithTls) {
    const auto nginx = tests::start_tls_nginx();
    if (!nginx) GTEST_SKIP() << "nginx or openssl is not installed";
    const Fetched https = fetch(fmt::format("latency:https:{}:www.example.org", nginx->port()));
    ASSERT_EQ(https.error, "");
    EXPECT_THAT(missing("latency", https), IsEmpty());
    EXPECT_EQ(https.value("loss.gauge"), 0);
    EXPECT_GT(https.value("median.gauge"), 0);
    EXPECT_NEAR(https.value("days-left.gauge"), 90, 0.1);
    EXPECT_EQ(https.meta.at("status"), "200");
    EXPECT_EQ(https.meta.at("asked"), fmt::format("https {} www.example.org /", nginx->port()));
    EXPECT_THAT(https.warnings, IsEmpty());
    const std::string line = at("latency:tls", nginx->port());
    EXPECT_THAT(
        fetch(line).warnings,
        ElementsAre(Pair("certificate", HasSubstr("days left of the certificate, which ends 20"))))
        << "of 9 days";
    EXPECT_THAT(fetch(line + ":::21").error, HasSubstr("'tries' is a number from 1 to 20"));
    const MetricsConfig config{{"latency", {{"tries", "2"}}}};
    EXPECT_EQ(fetch(at("latency:tcp", nginx->port()), config).value("loss.gauge"), 0);
}

TEST_F(PluginFetch, LatencyWarnsOfStatusAndOfLossAndKeepsCountingIt) {
    const tests::Peer bad(tests::answering(tests::http_answer("", "503 Service Unavailable")));
    const Fetched status = fetch(at("latency:http", bad.port()));
    EXPECT_EQ(status.value("loss.gauge"), 0) << "it is an answer";
    EXPECT_THAT(status.warnings, ElementsAre(Pair("status", HasSubstr("HTTP status 503"))));
    const tests::ReservedPort closed;
    const std::string line = at("latency:tcp", closed.number());
    const Fetched lost = fetch(line);
    ASSERT_EQ(lost.error, "");
    EXPECT_EQ(lost.value("loss.gauge"), 100);
    EXPECT_THAT(missing("latency", lost), IsEmpty()) << "unknown values are sent";
    EXPECT_THAT(lost.warnings, ElementsAre(Pair("loss", HasSubstr("Connection refused"))));
}

// What a service of HTTP answers, by the path that is asked for.
using Documents = std::map<std::string, std::string>;

tests::Peer::Behaviour serving(Documents documents) {
    return [documents = std::move(documents)](const tests::PeerConnection& connection) {
        const std::string request = connection.read_until("\r\n\r\n");
        const std::size_t begin = request.find(' ') + 1;
        const auto found = documents.find(request.substr(begin, request.find(' ', begin) - begin));
        connection.write(found == documents.end()
                             ? tests::http_answer("no such thing", "404 Not Found")
                             : tests::http_answer(found->second));
    };
}

std::string document(const std::string& name) {
    return tests::read_file(std::filesystem::path(KURABE_SOURCE_DIR) / "tests/server/documents" /
                            name);
}

Documents jolokia(const std::string& java) {
    return {
        {"/jolokia/read/java.lang:type=ClassLoading", document("jolokia_classes.json")},
        {"/jolokia/read/java.lang:type=Threading", document("jolokia_threads.json")},
        {"/jolokia/read/java.lang:name=*,type=GarbageCollector", document(java + "_gc.json")},
        {"/jolokia/read/java.lang:type=Memory", document("jolokia_memory.json")},
        {"/jolokia/read/java.lang:name=*,type=MemoryPool", document(java + "_pools.json")},
        {"/jolokia/read/java.lang:type=Runtime", document("jolokia_runtime.json")},
    };
}

TEST_F(PluginFetch, FromJava17) {
    const tests::Peer peer(serving(jolokia("java17")));
    const Fetched fetched = fetch(at("jolokia", peer.port()));
    ASSERT_EQ(fetched.error, "");
    EXPECT_THAT(missing("jolokia", fetched), IsEmpty());
    EXPECT_EQ(fetched.value("loaded_class.gauge"), 9123);
    EXPECT_EQ(fetched.value("young_gc_count.derive"), 14);
    EXPECT_EQ(fetched.value("full_gc_time.derive"), 31);
    EXPECT_EQ(fetched.value("memory_pool.eden.used.gauge"), 37748736);
    EXPECT_EQ(fetched.value("memory_pool.meta.used.gauge"), 51234568);
    EXPECT_EQ(fetched.value("heap_memory_usage.max.gauge"), 4171235328);
    EXPECT_EQ(fetched.meta.at("has-perm"), "0");
    EXPECT_EQ(fetched.meta.at("uptime"), "90061");
    EXPECT_EQ(fetched.meta.at("vm"), "OpenJDK 64-Bit Server VM");
}

TEST_F(PluginFetch, FromJava7) {
    const tests::Peer peer(serving(jolokia("java7")));
    const Fetched fetched = fetch(at("jolokia", peer.port()));
    ASSERT_EQ(fetched.error, "");
    EXPECT_THAT(missing("jolokia", fetched), IsEmpty());
    EXPECT_EQ(fetched.value("young_gc_count.derive"), 120);
    EXPECT_EQ(fetched.value("memory_pool.perm.max.gauge"), 85983232);
    EXPECT_EQ(fetched.meta.at("has-metaspace"), "0");
}

TEST_F(PluginFetch, FromOpcache) {
    const tests::Peer peer(serving({{"/opcache-status.php", document("opcache.json")}}));
    const Fetched fetched = fetch(at("opcache", peer.port()));
    ASSERT_EQ(fetched.error, "");
    EXPECT_THAT(missing("opcache", fetched), IsEmpty());
    EXPECT_EQ(fetched.value("num_cached_scripts.gauge"), 412);
    EXPECT_DOUBLE_EQ(fetched.value("opcache_hit_rate.gauge"), 99.87412311);
    EXPECT_EQ(fetched.meta.at("max_accelerated_files"), "10000");
    EXPECT_EQ(fetched.meta.at("memory_max"), "134217728");
}

TEST_F(PluginFetch, FromGaurunAndGoPrograms) {
    const tests::Peer peer(
        serving({{"/stat/app", document("gaurun.json")}, {"/stat/go", document("goapp.json")}}));
    const Fetched gaurun = fetch(at("gaurun", peer.port()));
    ASSERT_EQ(gaurun.error, "");
    EXPECT_THAT(missing("gaurun", gaurun), IsEmpty());
    EXPECT_EQ(gaurun.value("queue_max.gauge"), 8192);
    EXPECT_EQ(gaurun.value("android_push_error.counter"), 17);
    const Fetched go = fetch(at("goapp", peer.port()));
    ASSERT_EQ(go.error, "");
    EXPECT_THAT(missing("goapp", go), IsEmpty());
    EXPECT_EQ(go.value("memory_mallocs.counter"), 16204);
    EXPECT_EQ(go.value("goroutine_num.gauge"), 9);
    EXPECT_THAT(fetch(at("goapp", peer.port()) + ":/stat/app").error,
                HasSubstr("none of what is asked for"));
}

// Every metric of a built-in plugin is drawn by one of its graphs, and the other way round.
TEST_F(PluginFetch, SendsWhatIsDrawnAndNothingElse) {
    for (const auto& [name, plugin] : catalogue_.all()) {
        if (plugin.recipe() == nullptr) continue;
        std::set<std::string> sent;
        for (const auto& rule : plugin.recipe()->reading.metrics) sent.insert(rule.key);
        MetaMap everything;
        for (const auto& rule : plugin.recipe()->reading.meta) everything[rule.key] = "1";
        EXPECT_EQ(sent, drawn(plugin, everything)) << name;
    }
}

}  // namespace
}  // namespace kurabe::server
