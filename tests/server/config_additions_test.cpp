// What a configuration may say beyond Kurado's: hosts that have moved, time zone, retention.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/config_json.hpp"
#include "server/config_places.hpp"
#include "tests/server/config_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string kService = "config: {}\n---\nservice: s\nservers:\n";

class ConfigAdditions : public ConfigFixture {
  protected:
    ConfigAdditions() {
        directory_.write("sample_rolls/base.yml", "metrics: [ base ]\n");
        directory_.write("sample_rolls/ssh.yml", "metrics: [ 'ssh:watch@:2222' ]\n");
        directory_.write("sample_rolls/short.yml", "metrics: [ base ]\nretention: 60:2h,1h:2d\n");
    }
};

TEST_F(ConfigAdditions, AHostThatHasMovedKeepsTheNameOfItsSeries) {
    const auto config =
        load(kService +
             "- roll: ssh.yml\n  hosts:\n"
             "  - { host: 10.0.0.1, address: 10.9.0.1, name: www1, comments: moved }\n"
             "  - { host: db }\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_THAT(config->warnings, IsEmpty());
    const Host& moved = *config->hosts.at("10.0.0.1").host;
    EXPECT_EQ(moved.connect_to, "10.9.0.1");
    EXPECT_EQ(moved.hostname, "www1");
    EXPECT_EQ(moved.comments, "moved");
    EXPECT_EQ(moved.ssh.host, "10.9.0.1");
    EXPECT_EQ(moved.ssh.reported_host(), "10.0.0.1");
    EXPECT_EQ(moved.ssh.user, "watch");
    const Host& db = *config->hosts.at("db").host;
    EXPECT_EQ(db.connect_to, "db");
    EXPECT_EQ(db.hostname, "db");
}

TEST_F(ConfigAdditions, RefusesHostsThatAreHalfSaid) {
    const auto host = [this](const std::string& text) {
        return error_of(kService + "- roll: base.yml\n  hosts:\n  - " + text + "\n");
    };
    EXPECT_THAT(host("{ address: 10.0.0.1 }"),
                StartsWith("kurabe.yml:7: missing 'host' in a host"));
    EXPECT_THAT(host("{ host: a, adress: b }"), HasSubstr("unknown key 'adress'"));
    EXPECT_THAT(host("{ host: a/b }"), HasSubstr("cannot name a host"));
    EXPECT_THAT(host("{ host: \"a\\nb\" }"), HasSubstr("cannot name a host"));
    EXPECT_THAT(host("{ host: a, name: \"b\\nc\" }"), HasSubstr("'name' must be one line"));
    EXPECT_THAT(host("a x\n  - { host: a }"),
                HasSubstr("duplicate address 'a', already in line 7"));
    EXPECT_THAT(host("[ a ]"), HasSubstr("must be text, not a list"));
}

TEST_F(ConfigAdditions, ReadsTheTheme) {
    EXPECT_EQ(load("config: { theme: dark }\n")->theme, "dark");
    EXPECT_EQ(load("config: { theme: kurado }\n")->theme, "kurado");
    EXPECT_EQ(load("config: {}\n")->theme, std::nullopt);
    EXPECT_THAT(config_to_json(*load("config: {}\n")), HasSubstr("\"theme\": \"kurado\""));
    EXPECT_THAT(error_of("config: { theme: drak }\n"), HasSubstr("kurabe.yml:1: 'theme: drak': "));
}

TEST_F(ConfigAdditions, ReadsTheTimeZone) {
    EXPECT_EQ(load("config: { time_zone: Asia/Tokyo }\n")->time_zone->name(), "Asia/Tokyo");
    EXPECT_FALSE(load("config: {}\n")->time_zone);
    EXPECT_EQ(error_of("config: { time_zone: Tokio }\n"),
              "kurabe.yml:1: 'time_zone: Tokio' is no time zone; write one as 'Asia/Tokyo' or "
              "'UTC'");
}

TEST_F(ConfigAdditions, ARollsRetentionStandsOverTheUsualOne) {
    const auto config = load(
        "config: { retention: '60:1d,5m:3d' }\n---\nservice: s\nservers:\n"
        "- { roll: base.yml, hosts: [ a ] }\n"
        "- { roll: short.yml, hosts: [ b ] }\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->retention_of("a").text(), "60:86400,300:259200");
    EXPECT_EQ(config->retention_of("b").text(), "60:7200,3600:172800");
    EXPECT_EQ(config->retention_of("unlisted").text(), "60:86400,300:259200");
    EXPECT_EQ(load("config: {}\n")->retention_of("a"), store::Retention::kurado());
    EXPECT_THAT(error_of("config: { retention: 2d }\n"),
                HasSubstr("write it as 60:2d,5m:10d,1h:40d,1d:1100d"));
    EXPECT_THAT(error_of("config: { retention: '5m:2d' }\n"), HasSubstr("begin with 60:DURATION"));
}

TEST_F(ConfigAdditions, PlacesAreKnownOfAConfigurationThatCannotBeFollowed) {
    const auto file = directory_.write(
        "broken.yml",
        "config: { rolls_dir: r, metrics_plugin_dir: [ p, /q ], retention: wrong,\n"
        "  tls: { certificate: a.crt, key: a.key }, access: { mode: basic, users: u, tokens: t },\n"
        "  ssh: { identity: i }, snmp: { credentials: c } }\n---\nservice: [ s ]\n");
    ASSERT_FALSE(load_config(file));
    const auto in = [this](const char* name) { return directory_.path() / name; };
    EXPECT_THAT(places_named_by(file),
                testing::ElementsAre(file, in("r"), in("p"), "/q", in("a.crt"), in("a.key"),
                                     in("u"), in("t"), in("i"), in("c")));
    const auto none = directory_.write("none.yml", "config: [\n");
    EXPECT_THAT(places_named_by(none), testing::ElementsAre(none));
    EXPECT_THAT(places_named_by(in("absent.yml")), testing::ElementsAre(in("absent.yml")));
}

TEST_F(ConfigAdditions, JsonHasNoSecrets) {
    const auto config = load(
        "config: { time_zone: UTC, ssh: { identity: id }, access_log: '-', theme: dark,\n"
        "  senders: [ { hosts: [ 10.0.0.0/24, 'web*' ], from: [ itself, fd00::/8 ] } ] }\n"
        "metrics_config:\n  MySQL: { user: root, password: geheim }\n"
        "  redis: { requirepass: geheim }\n"
        "  http: { proxy: 'http://me:geheim@proxy:80/?a=b@c', two: 'a://geheim@b c://d:geheim@e',\n"
        "    odd: 'http://me:/geheim?geheim#geheim@proxy \"c://d:geheim/@e\"',\n"
        "    quoted: \"http://me:it's geheim@proxy/\", slashed: 'http://me:ge://geheim@proxy' }\n"
        "---\nservice: 新しい\nservers:\n"
        "- roll: base.yml\n  label: www\n  hosts: [ 10.0.0.1 a b c ]\n");
    ASSERT_TRUE(config) << config.error().message;
    const std::string json = config_to_json(*config);
    EXPECT_THAT(json, Not(HasSubstr("geheim")));
    EXPECT_THAT(json, HasSubstr("\"user\": \"root\""));
    EXPECT_THAT(json, HasSubstr("\"service\": \"新しい\""));
    EXPECT_THAT(json, HasSubstr("\"host_num\": 1"));
    EXPECT_THAT(json, HasSubstr("\"picture_cache\": 67108864"));
    EXPECT_THAT(json, HasSubstr("\"comments\": \"b c\""));
    EXPECT_THAT(json, HasSubstr("\"proxy\": \"http://***@c\"")) << "rather too much";
    EXPECT_THAT(json, HasSubstr("\"quoted\": \"http://***@proxy/\""));
    EXPECT_THAT(json, HasSubstr("\"slashed\": \"http://***@proxy\""));
    EXPECT_THAT(json, HasSubstr("\"two\": \"a://***@b c://***@e\""));
    EXPECT_THAT(json, HasSubstr(R"("odd": "http://***@proxy \"c://***@e\"")"));
    EXPECT_THAT(json, HasSubstr("\"theme\": \"dark\""));
    const auto dumped = nlohmann::json::parse(json);
    EXPECT_EQ(dumped["config"]["senders"].dump(),
              R"([{"from":["itself","fd00::/8"],"hosts":["10.0.0.0/24","web*"]}])");
    EXPECT_THAT(json, HasSubstr("\"time_zone\": \"UTC\""));
    EXPECT_THAT(json, HasSubstr("\"retention\": \"60:172800,"));
    EXPECT_THAT(json, HasSubstr("/id\""));
    EXPECT_THAT(json, HasSubstr("\"tls\": null"));
    EXPECT_THAT(json, HasSubstr("\"access_log\": \"-\""));
}

TEST_F(ConfigAdditions, SaysWhereHttpsHasItsFilesAndWhereRequestsAreNoted) {
    const std::string service = "---\nservice: s\n";
    const auto plain = load("config: {}\n" + service);
    ASSERT_TRUE(plain) << plain.error().message;
    EXPECT_FALSE(plain->serving.tls || plain->serving.access_log);
    const auto config = load(
        "config:\n  tls: { certificate: a.crt, key: /k/a.key, cert: x }\n  access_log: log/a\n" +
        service);
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->serving.tls->certificate, directory_.path() / "a.crt");
    EXPECT_EQ(config->serving.tls->key, "/k/a.key");
    EXPECT_EQ(config->serving.access_log, directory_.path() / "log/a");
    ASSERT_EQ(config->warnings.size(), 1u);
    EXPECT_THAT(config->warnings.front(), HasSubstr("'cert'"));
    const auto standard = load("config: { access_log: '-' }\n" + service);
    ASSERT_TRUE(standard) << standard.error().message;
    EXPECT_EQ(standard->serving.access_log, kStandardOutput);
    EXPECT_THAT(error_of("config: { tls: { certificate: a.crt } }\n" + service),
                HasSubstr("'tls' names the files 'certificate' and 'key'"));
    EXPECT_THAT(error_of("config: { tls: on }\n" + service), StartsWith("kurabe.yml:1: "));
}

}  // namespace
}  // namespace kurabe::server
