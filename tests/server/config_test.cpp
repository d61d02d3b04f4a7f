// Kurado's configuration: every rule, and every error with the line it blames.
#include "server/config.hpp"

#include <random>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/host_line.hpp"
#include "server/roll.hpp"
#include "tests/server/case_name.hpp"
#include "tests/server/config_fixture.hpp"
#include "tests/server/documented_example.hpp"

namespace kurabe::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Kurado's own sample in all that matters.
constexpr std::string_view kSample = R"(---
config:
  redis: 127.0.0.1:6379
  data_dir: data
  rolls_dir: sample_rolls
  metrics_plugin_dir:
  - metrics_plugins
  - metrics_site_plugins
  web_worker: 7
  update_worker: 2
  fetch_worker: 2
metrics_config:
  MYSQL: { user: root, password: "" }
---
service: new service
servers:
- roll: httpd.yml
  label: www
  hosts:
  - 192.168.51.10 www1
  - 192.168.51.11 www2 any text  is a comment
- roll: httpd_memcached.yml
  hosts: [ "192.168.51.12 www3" ]
- roll: base.yml
  label: バッチ
  hosts:
  - 192.168.51.20
---
service: Another サービス
servers:
- roll: base.yml
  collect: local
  hosts: [ "localhost  this　この機械" ]
---
)";

class ConfigTest : public ConfigFixture {
  protected:
    ConfigTest() {
        directory_.write("sample_rolls/base.yml", "metrics:\n- base\n");
        directory_.write("sample_rolls/httpd.yml",
                         "metrics_config:\n  http: { a: 1 }\nmetrics:\n- base\n"
                         "- http:80:/server-status?auto:www.example.com\n");
        directory_.write("sample_rolls/httpd_memcached.yml",
                         "metrics:\n- base\n- http:80\n- memcached:11211\n");
        std::filesystem::create_directories(directory_.path() / "metrics_plugins/view");
    }
};

TEST_F(ConfigTest, ReadsKuradosSample) {
    const auto config = load(kSample);
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->data_dir, directory_.path() / "data");
    EXPECT_THAT(config->plugin_dirs, ElementsAre(directory_.path() / "metrics_plugins",
                                                 directory_.path() / "metrics_site_plugins"));

    ASSERT_EQ(config->services.size(), 2U);
    EXPECT_EQ(config->services[0].name, "Another サービス") << "sorted, case-insensitively";
    const Service& service = config->services[1];
    ASSERT_EQ(service.sections.size(), 2U);
    EXPECT_EQ(service.sections[0].label, "www");
    ASSERT_EQ(service.sections[0].hosts.size(), 3U) << "an entry without label goes on";
    EXPECT_EQ(service.sections[1].label, "バッチ");

    const Host& second = service.sections[0].hosts[1];
    EXPECT_EQ(second.address, "192.168.51.11");
    EXPECT_EQ(second.hostname, "www2");
    EXPECT_EQ(second.comments, "any text  is a comment");
    EXPECT_EQ(second.collect, CollectMethod::kNone);
    ASSERT_EQ(second.roll->plugins.size(), 2U);
    EXPECT_EQ(second.roll->file, "httpd.yml");
    EXPECT_EQ(second.roll->plugins[1].identifier(), "http:80:/server-status?auto:www.example.com");
    EXPECT_EQ(service.sections[0].hosts[2].roll->plugins.size(), 3U);

    const Host& bare = service.sections[1].hosts[0];
    EXPECT_EQ(bare.hostname, "192.168.51.20");
    EXPECT_EQ(bare.comments, "");
    const Host& local = *config->hosts.at("localhost").host;
    EXPECT_EQ(local.collect, CollectMethod::kLocal);
    EXPECT_EQ(local.hostname, "this");
    EXPECT_EQ(local.comments, "この機械");
}

TEST_F(ConfigTest, ALineOfTheRollSaysHowHostsAreWatched) {
    directory_.write("sample_rolls/plain.yml", "metrics:\n- http:80\n- ssh\n- base\n");
    directory_.write("sample_rolls/user.yml", "metrics:\n- base\n- ssh:watch@:2222\n");
    directory_.write("sample_rolls/port.yml", "metrics:\n- ssh::2222\n");
    const auto config = load(
        "config: {}\n---\nservice: s\nservers:\n- { roll: plain.yml, hosts: [ a, b ] }\n"
        "- { roll: user.yml, hosts: [ c ] }\n- { roll: port.yml, hosts: [ d ] }\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    const Host& plain = *config->hosts.at("a").host;
    EXPECT_EQ(plain.collect, CollectMethod::kSsh);
    EXPECT_EQ(plain.ssh.text(), "a");
    EXPECT_EQ(config->hosts.at("b").host->ssh.text(), "b");
    EXPECT_EQ(config->hosts.at("c").host->ssh.text(), "watch@c:2222");
    EXPECT_EQ(config->hosts.at("d").host->ssh.text(), "d:2222");
    ASSERT_EQ(plain.roll->plugins.size(), 2U) << "base once, where the line stands";
    EXPECT_EQ(plain.roll->plugins[0].name, "http");
    EXPECT_EQ(plain.roll->plugins[1].name, "base");
    ASSERT_EQ(config->hosts.at("d").host->roll->plugins.size(), 1U);
    EXPECT_EQ(config->hosts.at("d").host->roll->plugins[0].name, "base");
}

TEST_F(ConfigTest, ReadsHowHostsAreWatchedOverSsh) {
    const auto config = load(
        "config:\n  ssh: { identity: keys/watch, known_hosts: /etc/known, ssh_config: none }\n"
        "---\nservice: s\nservers:\n"
        "- { roll: base.yml, collect: ssh, hosts: [ web1 ] }\n"
        "- { roll: base.yml, collect: 'ssh:watch@:2222', hosts: [ 10.0.0.9, '::1' ] }\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->ssh.identity, directory_.path() / "keys/watch");
    EXPECT_EQ(config->ssh.known_hosts, "/etc/known");
    EXPECT_EQ(config->ssh.config, collectors::ssh::kNoConfig);
    const Host& plain = *config->hosts.at("web1").host;
    EXPECT_EQ(plain.collect, CollectMethod::kSsh);
    EXPECT_EQ(plain.ssh.text(), "web1");
    EXPECT_EQ(config->hosts.at("10.0.0.9").host->ssh.text(), "watch@10.0.0.9:2222");
    EXPECT_EQ(config->hosts.at("::1").host->ssh.text(), "watch@[::1]:2222");
    EXPECT_THAT(warnings_of(*config), IsEmpty());
}

TEST_F(ConfigTest, AHostHasTheIntervalOfItsEntryOrOfItsRoll) {
    directory_.write("sample_rolls/slow.yml", "interval: 10m\nmetrics:\n- base\n");
    const auto config = load(R"(config: {}
---
service: s
servers:
- { roll: base.yml, hosts: [ usual ] }
- { roll: base.yml, interval: 300, hosts: [ seconds ] }
- { roll: base.yml, interval: 1h, collect: ssh, hosts: [ hour ] }
- { roll: slow.yml, hosts: [ roll ] }
- { roll: slow.yml, interval: 10s, hosts: [ entry ] }
)");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_THAT(config->warnings, IsEmpty());
    EXPECT_EQ(config->interval_of("usual"), store::Seconds{60});
    EXPECT_EQ(config->interval_of("seconds"), store::Seconds{300});
    EXPECT_EQ(config->interval_of("hour"), store::Seconds{3600});
    EXPECT_EQ(config->interval_of("roll"), store::Seconds{600});
    EXPECT_EQ(config->interval_of("entry"), store::Seconds{10});
    EXPECT_EQ(config->interval_of("of nobody"), store::Seconds{60});
}

TEST_F(ConfigTest, ReadsWhatHostsRunForMuninOverSsh) {
    const std::string rest = "---\nservice: s\nservers:\n- { roll: base.yml, hosts: [ a ] }\n";
    EXPECT_EQ(load("config: {}\n" + rest)->munin_ssh_command,
              "/usr/share/munin/munin-async --spoolfetch");
    const auto config = load("config:\n  munin: { ssh_command: nc localhost 4949 }\n" + rest);
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->munin_ssh_command, "nc localhost 4949");
    EXPECT_THAT(warnings_of(*config), IsEmpty());
    for (const char* wrong : {"''", "\"a\\nb\"", "[ a ]"}) {
        const auto refused =
            load(fmt::format("config:\n  munin:\n    ssh_command: {}\n", wrong) + rest);
        ASSERT_FALSE(refused.has_value()) << wrong;
        EXPECT_THAT(refused.error().message, HasSubstr("kurabe.yml:3:")) << wrong;
    }
}

TEST_F(ConfigTest, ReadsWhatGraphitesPathsBeginWith) {
    const std::string rest = "---\nservice: s\nservers:\n- { roll: base.yml, hosts: [ a ] }\n";
    const auto config =
        load("config:\n  graphite: { prefixes: [ servers, stats.gauges ], x: 1 }\n" + rest);
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->graphite_prefixes, (std::vector<std::string>{"servers", "stats.gauges"}));
    EXPECT_THAT(warnings_of(*config), ElementsAre(HasSubstr("unknown key 'x' in 'graphite'")));
    for (const char* wrong : {"''", "a.", "'a b'", "[ a ]"}) {
        const auto refused =
            load(fmt::format("config:\n  graphite:\n    prefixes:\n    - {}\n", wrong) + rest);
        ASSERT_FALSE(refused.has_value()) << wrong;
        EXPECT_THAT(refused.error().message, HasSubstr("kurabe.yml:4:")) << wrong;
    }
}

TEST_F(ConfigTest, ReadsTheDocumentedExample) {
    for (const char* roll : {"web.yml", "cache.yml", "base.yml"}) {
        directory_.write(std::filesystem::path("rolls") / roll, "metrics:\n- base\n");
    }
    std::filesystem::create_directories(directory_.path() / "plugins");
    const auto config = load(documented_example("operations.md"));
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_THAT(config->warnings, IsEmpty());
    EXPECT_EQ(config->hosts.size(), 4U);
}

TEST_F(ConfigTest, WarnsOfWhatItCannotServe) {
    directory_.write("sample_rolls/httpd.yml", "metrics:\n- base\n- iis:80\n");
    directory_.write("sample_rolls/httpd_memcached.yml",
                     "metrics:\n- iis:80\n- groupcache\n- mackerel\n");
    const auto config = load(kSample);
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_THAT(
        warnings_of(*config),
        ElementsAre(
            "kurabe.yml:8: there is no directory metrics_site_plugins",
            StartsWith("kurabe.yml:17: roll 'httpd.yml' names plugin 'iis', which has no "),
            StartsWith("kurabe.yml:22: roll 'httpd_memcached.yml' names plugin 'iis', which has "),
            StartsWith("kurabe.yml:22: roll 'httpd_memcached.yml' names plugin 'groupcache', ")));
}

TEST_F(ConfigTest, APluginFileOfADirectoryIsADefinition) {
    directory_.write("sample_rolls/httpd.yml", "metrics:\n- base\n- iis:80\n");
    directory_.write("metrics_plugins/iis.yml", "");
    const auto config = load(kSample);
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->warnings.size(), 1U);
}

TEST_F(ConfigTest, ARollsMetricsConfigWinsForEachKeyAsAWhole) {
    directory_.write("sample_rolls/web.yml",
                     "metrics_config:\n  MySQL: { user: other }\nmetrics: [ base ]\n");
    const auto config = load(
        "config: {}\nmetrics_config:\n  MySQL: { user: watch, password: secret }\n"
        "  Redis: { password: open, deep: { er: 1 } }\n  list: [ 1 ]\n---\nservice: s\nservers:\n"
        "- { roll: web.yml, hosts: [ a ] }\n- { roll: base.yml, hosts: [ b ] }\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    using Texts = std::map<std::string, std::string, std::less<>>;
    const auto& own = config->hosts.at("a").host->roll->metrics_config;
    EXPECT_EQ(own.at("MySQL"), (Texts{{"user", "other"}}));
    EXPECT_EQ(own.at("Redis"), (Texts{{"password", "open"}, {"deep.er", "1"}}));
    const auto& main = config->hosts.at("b").host->roll->metrics_config;
    EXPECT_EQ(main.at("MySQL"), (Texts{{"user", "watch"}, {"password", "secret"}}));
    EXPECT_EQ(main, config->metrics_config);
}

TEST_F(ConfigTest, HasDefaults) {
    const auto config = load("config: {}\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->data_dir, directory_.path() / "data");
    EXPECT_THAT(config->plugin_dirs, IsEmpty());
    EXPECT_THAT(config->services, IsEmpty());
    EXPECT_THAT(config->warnings, IsEmpty());
    EXPECT_TRUE(load("config: {}\n---\nservice: s\nservers:\n- roll: base.yml\n").has_value())
        << "sample_rolls is the default";
}

TEST_F(ConfigTest, PathsStartAtTheConfigurationsDirectory) {
    const auto config = load("config:\n  data_dir: ../x/./d\n  metrics_plugin_dir: /etc\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->data_dir, directory_.path().parent_path() / "x/d");
    EXPECT_THAT(config->plugin_dirs, ElementsAre("/etc")) << "one text is a list of one";
    EXPECT_EQ(load("config:\n  data_dir: /var/lib/kurabe\n")->data_dir, "/var/lib/kurabe");
}

TEST_F(ConfigTest, TakesMetricsConfigInBothPlaces) {
    EXPECT_TRUE(load("config:\n  metrics_config: { a: { b: 1 } }\nmetrics_config:\n  c: 1\n"));
    EXPECT_TRUE(load("config: {}\nmetrics_config:\n")) << "an empty one counts as absent";
}

TEST_F(ConfigTest, UnknownKeysAreWarnings) {
    const auto config = load(
        "config:\n  odd: 1\nother: 2\n---\nservice: s\nextra: 3\nservers:\n- roll: base.yml\n"
        "  note: 4\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_THAT(warnings_of(*config),
                ElementsAre("kurabe.yml:3: unknown key 'other' in document 1",
                            "kurabe.yml:2: unknown key 'odd' in 'config'",
                            "kurabe.yml:9: unknown key 'note' in an entry of 'servers'",
                            "kurabe.yml:6: unknown key 'extra' in a service's document"));
}

TEST_F(ConfigTest, StaysValidWhenMoved) {
    auto loaded = load(kSample);
    ASSERT_TRUE(loaded.has_value());
    Config moved = *std::move(loaded);
    Config assigned;
    assigned = std::move(moved);
    ASSERT_EQ(assigned.hosts.size(), 5U);
    for (const auto& [address, place] : assigned.hosts) {
        EXPECT_EQ(place.host->address, address);
        bool found = false;
        for (const Service& service : assigned.services) {
            for (const Section& section : service.sections) {
                for (const Host& host : section.hosts) {
                    found |= &host == place.host && &service == place.service;
                }
            }
        }
        EXPECT_TRUE(found) << address;
    }
}

TEST_F(ConfigTest, SortsServicesIgnoringCase) {
    const auto config =
        load("config: {}\n---\nservice: b\n---\nservice: C\n---\nservice: A\n---\nservice: D\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    std::vector<std::string> names;
    for (const Service& service : config->services) names.push_back(service.name);
    EXPECT_THAT(names, ElementsAre("A", "b", "C", "D"));
}

TEST_F(ConfigTest, AnEntryWithoutLabelAtFirstMakesANamelessSection) {
    const auto config = load(
        "config: {}\n---\nservice: s\nservers:\n- { roll: base.yml, hosts: [ a ] }\n"
        "- { roll: base.yml, label: x, hosts: [ b ] }\n- { roll: base.yml, hosts: [ c ] }\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    const auto& sections = config->services[0].sections;
    ASSERT_EQ(sections.size(), 2U);
    EXPECT_EQ(sections[0].label, "");
    EXPECT_EQ(sections[0].hosts.size(), 1U);
    EXPECT_EQ(sections[1].hosts.size(), 2U);
}

TEST_F(ConfigTest, HostsOfARollShareIt) {
    const auto config = load(
        "config: {}\n---\nservice: s\nservers:\n- { roll: base.yml, hosts: [ a ] }\n"
        "- { roll: base.yml, hosts: [ b ] }\n");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->hosts.at("a").host->roll, config->hosts.at("b").host->roll);
}

TEST_F(ConfigTest, ReadsTheFleetOfADemo) {
    const auto config = load("config:\n  demo: { seed: 7, hosts: 3, end: 1700000000 }\n");
    ASSERT_TRUE(config) << config.error().message;
    ASSERT_TRUE(config->demo);
    EXPECT_EQ(config->demo->seed, 7u);
    EXPECT_EQ(config->demo->hosts, 3);
    EXPECT_EQ(config->demo->end.time_since_epoch().count(), 1700000000);
    EXPECT_FALSE(load("config: {}\n")->demo);
}

TEST_F(ConfigTest, NamesTheFileThatIsMissing) {
    const auto config = load_config(directory_.path() / "absent.yml");
    ASSERT_FALSE(config.has_value());
    EXPECT_EQ(config.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(without_directory(config.error().message), "absent.yml: there is no such file");
    EXPECT_THAT(load_config(directory_.path()).error().message, HasSubstr("is not a file"));
}

struct Wrong {
    std::string_view text;
    std::string_view begins;

    friend void PrintTo(const Wrong& given, std::ostream* output) {
        print_case_name(*output, given.text, given.begins);
    }
};

class ConfigWrong : public ConfigTest, public testing::WithParamInterface<Wrong> {};

TEST_P(ConfigWrong, IsRefusedWithItsLine) {
    EXPECT_THAT(error_of(GetParam().text), StartsWith(GetParam().begins));
}

#define SERVICE "config: {}\n---\nservice: s\nservers:\n"
INSTANTIATE_TEST_SUITE_P(
    Config, ConfigWrong,
    testing::Values(
        Wrong{"", "kurabe.yml:1: the file is empty; document 1 must have 'config:'"},
        Wrong{"# nothing\n---\n", "kurabe.yml:1: the file is empty"},
        Wrong{"- a\n", "kurabe.yml:1: document 1 must be a mapping (key: value), not a list"},
        Wrong{"\nservice: s\n", "kurabe.yml:2: missing 'config' in document 1; begin with"},
        Wrong{"config:\n", "kurabe.yml:1: missing 'config' in document 1"},
        Wrong{"config: [ a ]\n", "kurabe.yml:1: 'config' must be a mapping (key: value), not a"},
        Wrong{"config:\n  data_dir: [ a ]\n", "kurabe.yml:2: 'data_dir' must be text, not a list"},
        Wrong{"config:\n  redis: { a: b }\n", "kurabe.yml:2: 'redis' must be text, not a mapping"},
        Wrong{"config:\n  rolls_dir:\n  - a\n", "kurabe.yml:3: 'rolls_dir' must be text"},
        Wrong{"config:\n  metrics_plugin_dir: { a: b }\n",
              "kurabe.yml:2: 'metrics_plugin_dir' (a directory or a list of them) must be text"},
        Wrong{"config:\n  metrics_plugin_dir:\n  - [ a ]\n",
              "kurabe.yml:3: 'metrics_plugin_dir' (a directory or a list of them) must be text"},
        Wrong{"config:\n  web_worker: many\n",
              "kurabe.yml:2: 'web_worker' must be a whole number above 0, not 'many'"},
        Wrong{"config:\n  fetch_worker: 0\n",
              "kurabe.yml:2: 'fetch_worker' must be a whole number above 0, not '0'"},
        Wrong{"config:\n  update_worker: 99999999999\n", "kurabe.yml:2: 'update_worker' must be"},
        Wrong{"config: {}\nmetrics_config: x\n",
              "kurabe.yml:2: 'metrics_config' must be a mapping (key: value), not text"},
        Wrong{"config:\n  metrics_config: [ x ]\n",
              "kurabe.yml:2: 'metrics_config' must be a mapping (key: value), not a list"},
        Wrong{"config: {}\n---\n- a\n",
              "kurabe.yml:3: a service's document must be a mapping (key: value), not a list"},
        Wrong{"config: {}\n---\nservers: []\n",
              "kurabe.yml:3: missing 'service' in a service's document; each document after the"},
        Wrong{"config: {}\n---\nservice: \"\"\n", "kurabe.yml:3: missing 'service'"},
        Wrong{"config: {}\n---\nservice: s\n---\nservice: s\n",
              "kurabe.yml:5: duplicate service 's', already in line 3; give each service one"},
        Wrong{"config: {}\n---\nservice: s\nservers: x\n",
              "kurabe.yml:4: 'servers' must be a list (- item), not text"},
        Wrong{SERVICE "- a\n", "kurabe.yml:5: an entry of 'servers' must be a mapping"},
        Wrong{SERVICE "- label: x\n",
              "kurabe.yml:5: missing 'roll' in an entry of 'servers'; name a file of the rolls"},
        Wrong{SERVICE "- label: x\n  roll: no.yml\n",
              "kurabe.yml:6: no roll file sample_rolls/no.yml; create it or correct 'roll'"},
        Wrong{SERVICE "- { roll: base.yml, label: x }\n- roll: base.yml\n  label: x\n",
              "kurabe.yml:7: duplicate label 'x' in service 's'; labels of a service must differ"},
        Wrong{SERVICE "- roll: base.yml\n  collect: telnet\n",
              "kurabe.yml:6: unknown 'collect: telnet'; it is 'local', 'demo', 'snmp', 'ssh'"},
        Wrong{SERVICE "- roll: base.yml\n  collect: ssh:watch\n  hosts:\n  - web1\n",
              "kurabe.yml:8: 'ssh': 'watch' is not [USER@][:PORT]"},
        Wrong{SERVICE "- roll: base.yml\n  collect: ssh\n  hosts:\n  - $(id)\n",
              "kurabe.yml:8: 'ssh': '$(id)': no such name can be a host's"},
        Wrong{"config:\n  ssh: none\n", "kurabe.yml:2: 'ssh' must be a mapping"},
        Wrong{SERVICE "- roll: base.yml\n  collect: demo\n",
              "kurabe.yml:6: 'collect: demo' needs 'demo: { seed: ..., hosts: ..., end: ... }'"},
        Wrong{"config:\n  demo: { seed: 1, hosts: 9999999, end: 3 }\n",
              "kurabe.yml:2: 'hosts' must be a whole number up to 5000, not '9999999'"},
        Wrong{"config:\n  demo: { seed: 1, hosts: 2 }\n", "kurabe.yml:2: missing 'end' in 'demo'"},
        Wrong{SERVICE "- roll: base.yml\n  hosts: a\n",
              "kurabe.yml:6: 'hosts' must be a list (- item), not text"},
        Wrong{
            SERVICE "- roll: base.yml\n  hosts:\n  - a: b\n",
            "kurabe.yml:7: missing 'host' in a host; write { host: ..., address: ... }, or quotes"},
        Wrong{SERVICE "- roll: base.yml\n  hosts:\n  - \" \"\n",
              "kurabe.yml:7: a host without address; write 'ADDRESS HOSTNAME COMMENTS'"},
        Wrong{SERVICE "- roll: base.yml\n  hosts:\n  - a/b\n",
              "kurabe.yml:7: address 'a/b' cannot name a host; it must have no '/'"},
        Wrong{SERVICE "- roll: base.yml\n  hosts:\n  - a b\n  - c\n  - a other\n",
              "kurabe.yml:9: duplicate address 'a', already in line 7; a host stands in one place"},
        Wrong{SERVICE "- roll: base.yml\n  interval: 9s\n",
              "kurabe.yml:6: 'interval: 9s' is not possible; it is 10 s to 1 h, such as 30s, 5m"},
        Wrong{SERVICE "- roll: base.yml\n  interval: 3601\n",
              "kurabe.yml:6: 'interval: 3601' is not possible"},
        Wrong{SERVICE "- roll: base.yml\n  interval: often\n",
              "kurabe.yml:6: 'interval: often' is not possible"},
        Wrong{SERVICE "- roll: base.yml\n  interval: [ 60 ]\n",
              "kurabe.yml:6: 'interval' must be text, not a list"},
        Wrong{"config: {}\nconfig: {}\n", "kurabe.yml:2: duplicate key 'config'; give each key"},
        Wrong{"config: {}\nx: \"open\n", "kurabe.yml:2: a quoted text that begins in this line"},
        Wrong{"config: {}\n---\nservice: \xff\n", "kurabe.yml:3: not UTF-8"}));

struct WrongRoll {
    std::string_view roll;
    std::string_view begins;

    friend void PrintTo(const WrongRoll& given, std::ostream* output) {
        print_case_name(*output, given.roll, given.begins);
    }
};

class ConfigWrongRoll : public ConfigTest, public testing::WithParamInterface<WrongRoll> {};

TEST_P(ConfigWrongRoll, IsRefusedWithTheRollsLine) {
    directory_.write("sample_rolls/r.yml", GetParam().roll);
    EXPECT_THAT(error_of(SERVICE "- roll: r.yml\n"), StartsWith(GetParam().begins));
}

INSTANTIATE_TEST_SUITE_P(
    Config, ConfigWrongRoll,
    testing::Values(
        WrongRoll{"",
                  "sample_rolls/r.yml:1: a roll file must be one document with 'metrics:', not 0"},
        WrongRoll{"a: 1\n---\nb: 1\n", "sample_rolls/r.yml:1: a roll file must be one document"},
        WrongRoll{"- base\n", "sample_rolls/r.yml:1: a roll file must be a mapping (key: value)"},
        WrongRoll{"metrics: base\n", "sample_rolls/r.yml:1: 'metrics' must be a list (- item)"},
        WrongRoll{"metrics:\n- base\n- { a: b }\n",
                  "sample_rolls/r.yml:3: an item of 'metrics' ('NAME:ARGUMENT:...') must be text"},
        WrongRoll{"metrics:\n- ':80'\n",
                  "sample_rolls/r.yml:2: ':80' names no plugin; write 'NAME'"},
        WrongRoll{"metrics:\n- ../x\n", "sample_rolls/r.yml:2: '../x' names no plugin"},
        WrongRoll{"metrics:\n- \"a\\nb\"\n",
                  "sample_rolls/r.yml:2: a plugin line must be one line"},
        WrongRoll{"metrics:\n- ssh\n- base\n- ssh:root@\n",
                  "sample_rolls/r.yml:4: 'ssh:root@' beside 'ssh': a roll's hosts are watched in"},
        WrongRoll{"metrics: [ base ]\ninterval: 2h\n",
                  "sample_rolls/r.yml:2: 'interval: 2h' is not possible; it is 10 s to 1 h"},
        WrongRoll{"metrics_config: 1\n",
                  "sample_rolls/r.yml:1: 'metrics_config' must be a mapping"}));

TEST_F(ConfigTest, AHostIsWatchedInOneWay) {
    directory_.write("sample_rolls/r.yml", "metrics:\n- ssh:watch@\n");
    EXPECT_EQ(
        error_of(SERVICE "- roll: r.yml\n  collect: local\n"),
        "kurabe.yml:6: 'collect' beside roll 'r.yml', which has 'ssh:watch@' already; leave one"
        " of them out");
}

TEST_F(ConfigTest, OddRollsAreWarnings) {
    directory_.write("sample_rolls/r.yml", "odd: 1\nmetrics:\n- base\n- base\n");
    directory_.write("sample_rolls/e.yml", "metrics:\n");
    const auto config = load(SERVICE "- { roll: r.yml, hosts: [ a ] }\n- roll: e.yml\n");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->hosts.at("a").host->roll->plugins.size(), 1U);
    EXPECT_THAT(
        warnings_of(*config),
        ElementsAre(
            "sample_rolls/r.yml:4: plugin 'base' stands here again; it is shown once",
            "sample_rolls/r.yml:1: unknown key 'odd' in a roll file",
            "sample_rolls/e.yml:1: no plugin in 'metrics': hosts of this roll show nothing"));
}

TEST_F(ConfigTest, KeepsItsLimits) {
    std::string roll = "metrics:\n";
    for (std::size_t plugin = 0; plugin <= kPluginsPerRollMax; ++plugin) {
        roll += "- base:" + std::to_string(plugin) + "\n";
    }
    directory_.write("sample_rolls/r.yml", roll);
    EXPECT_EQ(load(SERVICE "- roll: r.yml\n").error().code, ErrorCode::kLimit);
    EXPECT_EQ(error_of(SERVICE "- roll: r.yml\n"),
              "sample_rolls/r.yml:102: more than 100 plugins in a roll, the limit");

    std::string many = SERVICE "- roll: base.yml\n  hosts:\n";
    for (std::size_t host = 0; host <= kHostsMax; ++host) {
        many += "  - host" + std::to_string(host) + "\n";
    }
    EXPECT_EQ(error_of(many), "kurabe.yml:20007: more than 20000 hosts, the limit");
    EXPECT_EQ(load(std::string(kConfigBytesMax + 1, ' ')).error().code, ErrorCode::kLimit);
}

TEST_F(ConfigTest, MutatedFilesGiveAConfigurationOrOneMessage) {
    constexpr std::uint32_t kSeed = 20260102;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    int refused = 0;
    for (int round = 0; round < 2000; ++round) {
        std::string text(kSample);
        for (std::size_t change = 1 + random() % 3; change > 0; --change) {
            const std::size_t at = random() % text.size();
            switch (random() % 4) {
                case 0:
                    text[at] = static_cast<char>(random() % 256);
                    break;
                case 1:
                    text.erase(at, 1 + random() % 9);
                    break;
                case 2:
                    text.insert(at, 1, "\n -:\"'[{&*#"[random() % 11]);
                    break;
                default:
                    text.resize(at + 1);
                    break;
            }
            if (text.empty()) break;
        }
        const auto config = load(text);
        if (config) continue;
        ++refused;
        const std::string message = without_directory(config.error().message);
        EXPECT_THAT(message, StartsWith("kurabe.yml:")) << text;
        EXPECT_EQ(message.find('\n'), std::string::npos) << text;
    }
    EXPECT_GT(refused, 500);
    EXPECT_LT(refused, 1900);
}

TEST(PluginLine, SplitsAndRejoins) {
    EXPECT_EQ(parse_plugin_line("base").name, "base");
    const PluginLine line = parse_plugin_line("http:80::x:");
    EXPECT_EQ(line.name, "http");
    EXPECT_THAT(line.arguments, ElementsAre("80", "", "x"));
    EXPECT_EQ(line.identifier(), "http:80::x");
    EXPECT_EQ(parse_plugin_line("http::").identifier(), "http");
}

TEST(PluginLine, ShortIdentifierHas27CharactersAtMost) {
    EXPECT_EQ((PluginLine{std::string(27, 'a'), {}}.short_identifier()), std::string(27, 'a'));
    EXPECT_EQ((PluginLine{std::string(28, 'a'), {}}.short_identifier()),
              std::string(25, 'a') + "..");
    std::string japanese;
    for (int character = 0; character < 27; ++character) japanese += "比";
    EXPECT_EQ((PluginLine{japanese, {}}.short_identifier()), japanese);
    EXPECT_EQ((PluginLine{japanese + "べ", {}}.short_identifier()), japanese.substr(0, 75) + "..");
}

TEST(HostLine, SplitsAtRunsOfBlanks) {
    const HostLine line = split_host_line("  a \t b   c  d ");
    EXPECT_EQ(line.address, "a");
    EXPECT_EQ(line.hostname, "b");
    EXPECT_EQ(line.comments, "c  d");
    EXPECT_EQ(split_host_line("a　b\xC2\xA0 c").hostname, "b") << "Unicode's blanks too";
    EXPECT_EQ(split_host_line("").address, "");
}

}  // namespace
}  // namespace kurabe::server
