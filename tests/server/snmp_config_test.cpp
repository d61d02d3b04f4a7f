// Credentials of devices that are watched by SNMP, what rolls ask of them, and what is kept.
#include "server/snmp_config.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config.hpp"
#include "server/snmp_credentials.hpp"
#include "tests/support/temporary_directory.hpp"

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
        return read ? "none" : read.error().message;
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
        return read ? "none" : read.error().message;
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
        EXPECT_THAT(
            error_of("a: { community: canary }", mode),
            AllOf(HasSubstr("snmp.yml: others may read these secrets"), Not(HasSubstr("canary"))));
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
        return host.roll->snmp;
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
