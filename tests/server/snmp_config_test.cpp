// Credentials of devices that are watched by SNMP, what rolls ask of them, and what is kept.
#include "server/snmp_config.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config.hpp"
#include "server/plugin_definition.hpp"
#include "server/snmp_credentials.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_places.hpp"

namespace kurabe::server {
namespace {

namespace snmp = collectors::snmp;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class SnmpConfigTest : public ::testing::Test {
  protected:
    Result<std::vector<snmp::Credential>> credentials(std::string_view text, int mode = 0600) {
        const auto file = directory_.write("snmp.yml", text);
        std::filesystem::permissions(file, std::filesystem::perms{static_cast<unsigned>(mode)});
        return load_snmp_credentials(file,
                                     [this](const std::string& name) -> std::optional<std::string> {
                                         const auto found = environment_.find(name);
                                         if (found == environment_.end()) return std::nullopt;
                                         return found->second;
                                     });
    }
    std::string error_of(std::string_view text, int mode = 0600) {
        const auto read = credentials(text, mode);
        return read ? "none" : tests::without_columns(read.error().message);
    }
    Result<Config> config(const std::string& roll, const std::string& more = "{}",
                          const std::string& entry = "") {
        directory_.write("rolls/r.yml", "metrics:\n" + roll);
        const auto file =
            directory_.write("kurabe.yml", "config:\n  rolls_dir: rolls\n  snmp: " + more +
                                               "\n---\nservice: s\nservers:\n- { roll: r.yml" +
                                               entry + ", hosts: [ '10.0.0.1 sw1' ] }\n");
        return load_config(file);
    }
    std::string config_error(const std::string& roll, const std::string& more = "{}",
                             const std::string& entry = "") {
        const auto read = config(roll, more, entry);
        return read ? "none" : tests::without_columns(read.error().message);
    }

    tests::TemporaryDirectory directory_;
    std::map<std::string, std::string> environment_;
};

TEST_F(SnmpConfigTest, ReadsCommunitiesAndUsers) {
    environment_["SECRET"] = "from outside";
    const auto read = credentials(
        "sw1: { community: public }\n"
        "core: { hosts: [ '10.1.*', core1 ], community: 'env:SECRET', port: 1161 }\n"
        "'*':\n  user: watch\n  auth_passphrase: long enough\n  priv_passphrase: env:SECRET\n"
        "old: { user: o, level: authNoPriv, auth: SHA, auth_passphrase: long enough }\n"
        "new: { user: n, auth: SHA-512, priv: AES-256, auth_passphrase: long enough,\n"
        "  priv_passphrase: long enough, context: vrf1 }\n");
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 5u);
    EXPECT_THAT((*read)[0].hosts, ElementsAre("sw1")) << "the section's name";
    EXPECT_THAT((*read)[1].hosts, ElementsAre("10.1.*", "core1"));
    EXPECT_EQ(std::get<snmp::Community>((*read)[1].access).text, "from outside");
    EXPECT_EQ((*read)[1].port, 1161);
    const auto& user = std::get<snmp::User>((*read)[2].access);
    EXPECT_EQ(user.level, snmp::Level::kAuthPriv);
    EXPECT_EQ(user.auth, snmp::AuthProtocol::kSha256);
    EXPECT_EQ(user.priv, snmp::PrivProtocol::kAes128);
    EXPECT_EQ(user.priv_passphrase, "from outside");
    EXPECT_EQ(std::get<snmp::User>((*read)[3].access).level, snmp::Level::kAuth);
    EXPECT_EQ(std::get<snmp::User>((*read)[4].access).context, "vrf1");
    EXPECT_EQ(snmp::find_credential(*read, "10.1.2.3", "x"), &(*read)[1]);
    EXPECT_EQ(snmp::find_credential(*read, "10.2.2.3", "core1"), &(*read)[1]);
    EXPECT_EQ(snmp::find_credential(*read, "10.2.2.3", "x"), &(*read)[2]);
}

TEST_F(SnmpConfigTest, AFileThatOthersMayReadIsRefused) {
    for (const int mode : {0640, 0604, 0620, 0666}) {
        EXPECT_THAT(error_of("a: { community: canary }", mode),
                    AllOf(HasSubstr("snmp.yml: others may read it"), Not(HasSubstr("canary"))));
    }
    EXPECT_EQ(error_of("a: { community: canary }", 0400), "none");
}

TEST_F(SnmpConfigTest, MistakesAreNamedWithoutTheirSecrets) {
    const std::string user = "a: { user: u, auth_passphrase: canary-long, ";
    const std::map<std::string, std::string> mistakes = {
        {"", "snmp.yml:1: is no mapping of credentials by name"},
        {"- canary", "is no mapping"},
        {"a: canary", "credential 'a' must be a mapping"},
        {"a: {}", "has either 'community' (SNMPv2c) or 'user' (SNMPv3)"},
        {"a: { community: canary, user: x }", "has either 'community'"},
        {"a: { community: [ canary ] }", "'community' must be text"},
        {"a: { community: canary, comunity: canary }", "unknown key 'comunity'"},
        {"a: { community: canary, port: 65536 }", "'port' is at most 65535"},
        {"a: { community: canary, port: x }", "port"},
        {"a: { community: 'env:NOTHING' }", "has no NOTHING"},
        {user + "priv_passphrase: canary }", "'priv_passphrase' has less than 8 bytes"},
        {user + "}", "needs 'priv_passphrase' at its level"},
        {user + "auth: MD5 }", "'auth' is one of SHA-256, SHA-512, SHA-384, SHA-224, SHA"},
        {user + "priv: DES }", "'priv' is one of AES, AES-192, AES-256"},
        {user + "level: some }", "'level' is one of noAuthNoPriv, authNoPriv, authPriv"},
        {"a: { user: '', auth_passphrase: canary-long }", "user"},
        {"a: { community: canary\n", "snmp.yml:"},
        {"a: { community: canary }\na: { community: canary }", "duplicate"}};
    for (const auto& [text, message] : mistakes) {
        EXPECT_THAT(error_of(text), AllOf(HasSubstr(message), Not(HasSubstr("canary")))) << text;
    }
}

TEST_F(SnmpConfigTest, LinesOfARollSayWhatIsCollected) {
    const auto wanted = [this](const std::string& roll) {
        const auto read = config(roll);
        EXPECT_TRUE(read) << (read ? "" : read.error().message);
        const Host& host = *read->hosts.at("10.0.0.1").host;
        EXPECT_EQ(host.collect, CollectMethod::kSnmp);
        EXPECT_EQ(host.roll->plugins.front().name, "base");
        return host.roll->snmp.wanted;
    };
    const auto all = wanted("- snmp\n");
    EXPECT_TRUE(all.interfaces && all.host_resources && all.ucd);
    const auto some = wanted("- snmp:if\n- snmp:ucd\n");
    EXPECT_TRUE(some.interfaces && some.ucd && !some.host_resources);
    EXPECT_TRUE(wanted("- snmp:hr\n").host_resources);
    const auto by_key = config("- base\n", "{}", ", collect: snmp");
    ASSERT_TRUE(by_key) << by_key.error().message;
    EXPECT_EQ(by_key->hosts.at("10.0.0.1").host->collect, CollectMethod::kSnmp);
}

TEST_F(SnmpConfigTest, MistakesOfRollsAndFiltersAreErrors) {
    EXPECT_THAT(config_error("- snmp:cpu\n"),
                HasSubstr("rolls/r.yml:2: 'snmp:cpu': it is 'snmp', 'snmp:if'"));
    EXPECT_THAT(config_error("- snmp\n- ssh\n"), HasSubstr("watched in one way"));
    EXPECT_THAT(config_error("- snmp\n", "{}", ", collect: local"), HasSubstr("'collect' beside"));
    EXPECT_THAT(config_error("- snmp\n", "{ timeout: 61 }"), HasSubstr("'timeout' is at most 60"));
    EXPECT_THAT(config_error("- snmp\n", "{ interfaces: eth0 }"), HasSubstr("interfaces"));
}

constexpr std::string_view kUps = R"(plugin: ups
snmp:
  metrics:
    charge.gauge: 1.3.6.1.2.1.33.1.2.4.0
    volts.gauge: { oid: .1.3.6.1.2.1.33.1.2.5.0, times: 0.1 }
    starts.derive: 1.3.6.1.4.1.99999.1.0
  meta: { model: 1.3.6.1.2.1.33.1.1.2.0 }
  tables:
  - list: outputs
    name: 1.3.6.1.4.1.99999.4.1.1
    columns: { "output-{{row}}-watts.gauge": 1.3.6.1.2.1.33.1.4.4.1.4 }
graphs: { charge: { label: Charge, definition: "DEF:c=charge.gauge:n:AVERAGE" } }
)";

TEST(SnmpPlugin, NamesItsObjects) {
    const auto plugin = PluginDefinition::parse(kUps, "ups.yml");
    ASSERT_TRUE(plugin) << plugin.error().message;
    const auto& oids = *plugin->oids();
    EXPECT_EQ(oids.name, "ups");
    ASSERT_EQ(oids.metrics.size(), 3u);
    EXPECT_EQ(oids.metrics[0].key, "charge");
    EXPECT_EQ(oids.metrics[1].factor, 0.1);
    EXPECT_TRUE(oids.metrics[2].is_counter);
    EXPECT_EQ(oids.meta.at(0).key, "model");
    ASSERT_EQ(oids.tables.size(), 1u);
    EXPECT_EQ(oids.tables[0].columns.at(0).key, "output-");
    EXPECT_EQ(oids.tables[0].columns.at(0).key_end, "-watts");
    const auto without = PluginDefinition::parse(
        "plugin: x\ngraphs: { a: { label: A, definition: 'DEF:a=a.gauge:n:AVERAGE' } }\n", "x.yml");
    ASSERT_TRUE(without);
    EXPECT_EQ(without->oids(), nullptr);
    EXPECT_FALSE(PluginDefinition::parse(kUps, "ups.yml", PluginAuthor::kHost))
        << "a host does not say what is asked of others";
}

TEST(SnmpPlugin, TheDocumentedExampleIsRead) {
    const std::string manual =
        tests::read_file(std::string(KURABE_SOURCE_DIR) + "/docs/plugins.md");
    const std::size_t begin = manual.find("plugin: ups\n");
    ASSERT_NE(begin, std::string::npos);
    const auto plugin = PluginDefinition::parse(
        manual.substr(begin, manual.find("```", begin) - begin), "plugins.md");
    ASSERT_TRUE(plugin) << plugin.error().message;
    EXPECT_EQ(plugin->oids()->tables.size(), 1u);
}

TEST(SnmpPlugin, MistakesAreNamedWithTheirLines) {
    const std::map<std::string, std::string> mistakes = {
        {"{}", "has neither 'metrics' nor 'tables'"},
        {"{ metrics: { a.gauge: sysUpTime.0 } }", "u.yml:2: 'sysUpTime.0' is no OID"},
        {"{ metrics: { a.counter: 1.3.6 } }", "it ends in .gauge, or in .derive"},
        {"{ metrics: { 'a-{{row}}.gauge': 1.3.6 } }", "'{{row}}' is for tables"},
        {"{ metrics: { a/b.gauge: 1.3.6 } }", "cannot name a metric"},
        {"{ metrics: { a.gauge: { times: 2 } } }", "missing 'oid'"},
        {"{ metrics: { a.gauge: { oid: 1.3, times: x } } }", "'times' must be a number"},
        {"{ metrics: { a.derive: { oid: 1.3, times: 2 } } }", "'times' is for .gauge"},
        {"{ metrics: { a.gauge: { oid: 1.3, time: 2 } } }", "unknown key 'time'"},
        {"{ tables: [ { list: l } ] }", "missing 'columns'"},
        {"{ tables: [ { columns: { 'a-{{row}}.gauge': 1.3 } } ] }", "missing 'list'"},
        {"{ tables: [ { list: l, columns: { a.gauge: 1.3 } } ] }", "has '{{row}}' in it, once"},
        {"{ tables: [ { list: l, columns: { '{{row}}{{row}}.gauge': 1.3 } } ] }", "once"},
        {"{ tables: [ { list: l, name: x, columns: { '{{row}}.gauge': 1.3 } } ] }", "no OID"}};
    for (const auto& [text, message] : mistakes) {
        const auto plugin = PluginDefinition::parse("plugin: u\nsnmp: " + text + "\n", "u.yml");
        ASSERT_FALSE(plugin) << text;
        EXPECT_THAT(tests::without_columns(plugin.error().message), HasSubstr(message)) << text;
    }
}

TEST_F(SnmpConfigTest, ALineCanNameAPlugin) {
    directory_.write("plugins/ups.yml", kUps);
    const auto read = config("- snmp:oid:ups\n- snmp:if\n", "{}\n  metrics_plugin_dir: plugins");
    ASSERT_TRUE(read) << read.error().message;
    const Roll& roll = *read->hosts.at("10.0.0.1").host->roll;
    EXPECT_THAT(roll.snmp.plugins, ElementsAre("ups"));
    EXPECT_EQ(roll.plugins.at(0).identifier(), "ups");
    EXPECT_EQ(roll.plugins.at(1).identifier(), "base");
    EXPECT_THAT(config_error("- snmp:oid\n"), HasSubstr("'snmp:oid:NAME'"));
    EXPECT_THAT(config_error("- snmp:oid:a:b\n"), HasSubstr("'snmp:oid:NAME'"));
}

TEST_F(SnmpConfigTest, FiltersAndPatienceAreRead) {
    const auto read = config("- snmp\n",
                             "{ credentials: secrets.yml, timeout: 3, retries: 1, interfaces: { "
                             "only: [ 'Gi*', 'Te*' ], except: '*/99' }, disks: { only: '/' } }");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->snmp.credentials, directory_.path() / "secrets.yml");
    EXPECT_THAT(read->snmp.filters.interfaces.only, ElementsAre("Gi*", "Te*"));
    EXPECT_THAT(read->snmp.filters.interfaces.except, ElementsAre("*/99"));
    EXPECT_THAT(read->snmp.filters.disks.only, ElementsAre("/"));
    EXPECT_EQ(read->snmp.patience.timeout, std::chrono::seconds{3});
    EXPECT_EQ(read->snmp.patience.retries, 1);
    EXPECT_TRUE(read->warnings.empty());
}

}  // namespace
}  // namespace kurabe::server
