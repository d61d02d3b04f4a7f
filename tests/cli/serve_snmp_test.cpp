// A server that watches hosts by SNMP because their roll says so: its pages are those of hosts with
// an agent, and a host that fails is a warning on its page.
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/support/files.hpp"
#include "tests/support/snmp_answerer.hpp"
#include "tests/support/snmp_daemon.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string write_config(const TemporaryDirectory& directory, const std::string& credentials,
                         const std::string& hosts) {
    directory.write("rolls/machine.yml", "metrics:\n- snmp\n");
    directory.write("rolls/switch.yml", "metrics:\n- snmp:if\n");
    std::filesystem::create_directories(directory.path() / "data");
    const auto secrets = directory.write("snmp.yml", credentials);
    std::filesystem::permissions(secrets, std::filesystem::perms{0600});
    return directory
        .write("kurabe.yml",
               "config:\n  data_dir: data\n  rolls_dir: rolls\n  snmp: { credentials: snmp.yml }\n"
               "---\nservice: s\nservers:\n" +
                   hosts)
        .string();
}

std::string user(const std::string& host, const std::string& name, const SnmpDaemon& daemon) {
    return fmt::format("'{}': {{ port: {}, user: {}, auth_passphrase: {}, priv_passphrase: {} }}\n",
                       host, daemon.port(), name, SnmpDaemon::kAuthPassphrase,
                       SnmpDaemon::kPrivPassphrase);
}

TEST(ServeSnmp, KeepsWhatHostsTellAndWarnsOfThoseThatDoNot) {
    if (!SnmpDaemon::is_installed()) GTEST_SKIP() << "snmpd is not installed";
    const SnmpDaemon daemon;
    SnmpAnswerer answerer;
    answerer.add("127.6.0.1", {.objects = switch_objects(4, 1000)});
    const TemporaryDirectory directory;
    const std::string config =
        write_config(directory,
                     user("127.0.0.2", "aes", daemon) + user("127.0.0.8", "nobody", daemon) +
                         fmt::format("'*': {{ port: {}, community: public }}\n", answerer.port()),
                     "- { roll: machine.yml, hosts: [ 127.0.0.2 good, 127.0.0.8 bad ] }\n"
                     "- { roll: switch.yml, hosts: [ 127.6.0.1 switch ] }\n");
    Server server(config);
    const auto series = [&](const std::string& host) {
        return server.get("/api/series?host=" + host).body;
    };
    wait_for([&] {
        return series("127.0.0.2").contains("loadavg-1") &&
               series("127.6.0.1").contains("traffic-") &&
               server.log().contains("host does not answer");
    });
    for (const char* key :
         {"loadavg-1.gauge", "memory-total.gauge", "processors.gauge", "tcp-established.gauge"}) {
        EXPECT_THAT(series("127.0.0.2"), HasSubstr(key));
    }
    EXPECT_THAT(series("127.6.0.1"), HasSubstr("traffic-Gi1_0_4-rxbytes.derive"));
    // The page of an agent's host, with its graphs.
    const std::string page = server.get("/server?address=127.0.0.2").body;
    EXPECT_THAT(page, AllOf(HasSubstr("Disk Usage(/)"), HasSubstr("Linux ")));
    const auto graph =
        server.get("/graph?address=127.0.0.2&plugin_identifier=base&graph=loadavg-1");
    EXPECT_EQ(graph.status, 200);
    EXPECT_TRUE(graph.body.starts_with("\x89PNG"));
    EXPECT_THAT(server.get("/server?address=127.6.0.1").body, HasSubstr("Traffic(Gi1_0_3)"));
    EXPECT_THAT(server.log(), HasSubstr("host=127.0.0.8"));
    EXPECT_THAT(server.get("/server?address=127.0.0.8").body,
                HasSubstr("the device does not know the user"));
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.8").body, HasSubstr(":2"));
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.2").body, HasSubstr(":0"));
    EXPECT_THAT(server.log() + page + server.get("/server?address=127.0.0.8").body,
                Not(HasSubstr("canary")));
    EXPECT_EQ(server.stop().status, 0);
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(directory.path() / "data")) {
        if (!entry.is_regular_file()) continue;
        EXPECT_FALSE(read_file(entry.path().string()).contains("canary")) << entry.path();
    }
}

TEST(ServeSnmp, AsksForThePluginsThatRollsName) {
    SnmpAnswerer answerer;
    SnmpObjects objects = switch_objects(1, 1000);
    objects[{1, 3, 6, 1, 4, 1, 9, 1, 0}] = {.tag = SnmpTag::kInteger, .number = 97};
    answerer.add("127.6.0.2", {.objects = objects});
    const TemporaryDirectory directory;
    const std::string config = write_config(
        directory, fmt::format("'*': {{ port: {}, community: public }}\n", answerer.port()), "");
    directory.write("rolls/ups.yml", "metrics:\n- snmp:oid:ups\n");
    directory.write("kurabe.yml",
                    "config:\n  data_dir: data\n  rolls_dir: rolls\n"
                    "  metrics_plugin_dir: plugins\n"
                    "  snmp: { credentials: snmp.yml, retries: 1 }\n"
                    "---\nservice: s\nservers:\n"
                    "- { roll: ups.yml, hosts: [ 127.6.0.2 ups, 127.6.0.3 dead ] }\n");
    directory.write("plugins/ups.yml",
                    "plugin: ups\nsnmp:\n  metrics: { charge.gauge: 1.3.6.1.4.1.9.1.0 }\n"
                    "groups: [ { graphs: [ charge ] } ]\ngraphs:\n  charge:\n    label: Charge\n"
                    "    definition: |\n      DEF:c=charge.gauge:n:AVERAGE\n      AREA:c#00C000\n");
    Server server(config);
    wait_for([&] {
        return server.get("/api/series?host=127.6.0.2").body.contains("charge.gauge") &&
               server.get("/server?address=127.6.0.3").body.contains("no answer");
    });
    EXPECT_THAT(server.get("/api/series?host=127.6.0.2").body,
                AllOf(HasSubstr("charge.gauge"), Not(HasSubstr("traffic"))));
    EXPECT_EQ(server.get("/graph?address=127.6.0.2&plugin_identifier=ups&graph=charge").status,
              200);
    EXPECT_THAT(server.get("/server?address=127.6.0.3").body, HasSubstr("no answer to 2 requests"));
}

TEST(ServeSnmp, DoesNotStartWithoutCredentials) {
    const auto error_of = [](const TemporaryDirectory& directory, const std::string& config) {
        (void)directory;
        const auto finished = kurabe({"serve", "--config", config, "--listen", "127.0.0.1:0"});
        EXPECT_NE(finished.status, 0);
        return finished.err;
    };
    const std::string hosts = "- { roll: switch.yml, hosts: [ 10.0.0.1 sw1 ] }\n";
    const TemporaryDirectory other;
    EXPECT_THAT(error_of(other, write_config(other, "sw2: { community: canary }", hosts)),
                AllOf(HasSubstr("no SNMP credential fits '10.0.0.1'"), Not(HasSubstr("canary"))));
    const TemporaryDirectory open;
    const std::string config = write_config(open, "sw1: { community: canary }", hosts);
    std::filesystem::permissions(open.path() / "snmp.yml", std::filesystem::perms{0644});
    EXPECT_THAT(error_of(open, config), HasSubstr("others may read it"));
    const TemporaryDirectory none;
    (void)write_config(none, "", hosts);
    const auto without = none.write(
        "kurabe.yml", "config: { rolls_dir: rolls }\n---\nservice: s\nservers:\n" + hosts);
    EXPECT_THAT(error_of(none, without.string()), HasSubstr("'credentials: FILE'"));
}

}  // namespace
}  // namespace kurabe::tests
