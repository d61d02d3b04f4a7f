// Arguments -> Command: defaults, repeated options, and what is refused.
#include "cli/command_line.hpp"

#include <span>
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The first word is the command.
Result<Command> parse(const std::vector<std::string>& words) {
    return parse_command_line(words.front(), std::span(words).subspan(1));
}

template <typename T>
T parsed(const std::vector<std::string>& words) {
    auto command = parse(words);
    EXPECT_TRUE(command) << (command ? "" : command.error().message);
    return command ? std::get<T>(*command) : T{};
}

TEST(CommandLine, ServeHasDefaults) {
    const auto serve = parsed<ServeCommand>({"serve", "--config", "k.yml"});
    EXPECT_EQ(serve.config, "k.yml");
    EXPECT_FALSE(serve.data);
    EXPECT_EQ(serve.listen, "127.0.0.1:5434");
    EXPECT_EQ(serve.commit_interval, 1);
}

TEST(CommandLine, TheCommitIntervalIsInSeconds) {
    const auto interval = [](const std::string& text) {
        return parsed<ServeCommand>({"serve", "--config", "k", "--commit-interval", text})
            .commit_interval;
    };
    EXPECT_EQ(interval("0"), 0);
    EXPECT_EQ(interval("0.25"), 0.25);
    for (const char* text : {"-1", "1d", "4000", "nan", "", "0x10"}) {
        EXPECT_FALSE(parse({"serve", "--config", "k", "--commit-interval", text})) << text;
    }
}

TEST(CommandLine, CollectSshHasDefaultsAndOptions) {
    const auto plain = parsed<CollectSshCommand>({"collect", "ssh", "web1", "watch@web2:2222"});
    EXPECT_THAT(plain.targets, ElementsAre("web1", "watch@web2:2222"));
    EXPECT_FALSE(plain.once || plain.prints_forced_command || plain.identity || plain.known_hosts);
    EXPECT_EQ(plain.deadline, 10);
    EXPECT_EQ(plain.interval, 60);
    const auto full = parsed<CollectSshCommand>({"collect", "ssh", "--once", "--identity", "k",
                                                 "--known-hosts", "h", "--ssh-config", "none",
                                                 "--deadline", "2.5", "--interval", "300", "web1"});
    EXPECT_TRUE(full.once);
    EXPECT_EQ(full.identity, "k");
    EXPECT_EQ(full.known_hosts, "h");
    EXPECT_EQ(full.config, "none");
    EXPECT_EQ(full.deadline, 2.5);
    EXPECT_EQ(full.interval, 300);
    EXPECT_THAT(full.targets, ElementsAre("web1"));
    EXPECT_FALSE(parse({"collect"}));
    EXPECT_FALSE(parse({"collect", "ssh", "web1", "--deadline", "301"}));
}

TEST(CommandLine, CollectSnmpHasDefaultsAndOptions) {
    const auto plain = parsed<CollectSnmpCommand>({"collect", "snmp", "--credentials", "c", "sw1"});
    EXPECT_THAT(plain.targets, ElementsAre("sw1"));
    EXPECT_EQ(plain.credentials, "c");
    EXPECT_TRUE(plain.parts.empty());
    EXPECT_FALSE(plain.once);
    EXPECT_EQ(plain.deadline, 10);
    EXPECT_EQ(plain.interval, 60);
    const auto full =
        parsed<CollectSnmpCommand>({"collect", "snmp", "--once", "--credentials", "c", "--only",
                                    "if,hr", "--only", "ucd", "sw1", "sw2:1161"});
    EXPECT_TRUE(full.once);
    EXPECT_THAT(full.parts, ElementsAre("if", "hr", "ucd"));
    EXPECT_THAT(full.targets, ElementsAre("sw1", "sw2:1161"));
    EXPECT_FALSE(parse({"collect", "snmp", "sw1"}));
}

TEST(CommandLine, PluginsAreCollectedListedAndTried) {
    const auto plugin = parsed<CollectPluginCommand>(
        {"collect", "plugin", "http:80:/x", "web1", "web2", "--once", "--config", "k.yml"});
    EXPECT_EQ(plugin.line, "http:80:/x");
    EXPECT_EQ(plugin.hosts, (std::vector<std::string>{"web1", "web2"}));
    EXPECT_TRUE(plugin.once);
    EXPECT_EQ(plugin.config, "k.yml");
    EXPECT_EQ(plugin.server, std::nullopt);
    const auto pushed = parsed<CollectPluginCommand>(
        {"collect", "plugin", "http", "web1", "--server", "http://k:1", "--token-file", "t"});
    EXPECT_EQ(pushed.server->url, "http://k:1");
    EXPECT_EQ(parsed<CollectMuninCommand>({"collect", "munin", "m1", "--server", "http://k:1"})
                  .server->url,
              "http://k:1");
    const auto munin = parsed<CollectMuninCommand>(
        {"collect", "munin", "--ssh-command", "nc localhost 4949", "--identity", "k",
         "--known-hosts", "h", "--ssh-config", "none", "ssh://m1"});
    EXPECT_EQ(munin.ssh_command, "nc localhost 4949");
    EXPECT_EQ(munin.identity, "k");
    EXPECT_EQ(munin.known_hosts, "h");
    EXPECT_EQ(munin.config, "none");
    EXPECT_FALSE(parse({"collect", "plugin", "http"}));
    EXPECT_EQ(parsed<PluginListCommand>({"plugin", "list"}).config, std::nullopt);
    EXPECT_EQ(parsed<PluginTestCommand>({"plugin", "test", "http", "web1"}).host, "web1");
    EXPECT_FALSE(parse({"plugin"}));
    EXPECT_FALSE(parse({"plugin", "test", "http"}));
}

TEST(CommandLine, CheckAndBackupTakeDirectories) {
    EXPECT_FALSE(parsed<CheckCommand>({"check", "d"}).repairs);
    EXPECT_TRUE(parsed<CheckCommand>({"check", "d", "--repair"}).repairs);
    EXPECT_EQ(parsed<BackupCommand>({"backup", "d", "t"}).target, "t");
    EXPECT_FALSE(parse({"backup", "d"}));
}

TEST(CommandLine, AccessIsGivenByNameAndFile) {
    const auto token = parsed<TokenCreateCommand>(
        {"token", "create", "n", "--write", "--hosts", "web*", "--hosts", "db1", "--config", "c"});
    EXPECT_EQ(token.name, "n");
    EXPECT_TRUE(token.writes);
    EXPECT_FALSE(token.reads);
    EXPECT_EQ(token.hosts, (std::vector<std::string>{"web*", "db1"}));
    EXPECT_EQ(token.place.config, "c");
    EXPECT_EQ(parsed<TokenRevokeCommand>({"token", "revoke", "n", "--config", "c"}).name, "n");
    EXPECT_EQ(parsed<TokenListCommand>({"token", "list", "--config", "c"}).place.config, "c");
    EXPECT_EQ(parsed<UserSetCommand>({"user", "set", "u", "--users", "f"}).users, "f");
    EXPECT_EQ(parsed<UserRemoveCommand>({"user", "remove", "u", "--users", "f"}).name, "u");
    EXPECT_EQ(parsed<UserListCommand>({"user", "list", "--users", "f"}).users, "f");
    EXPECT_EQ(parsed<SignCommand>({"sign", "/graph", "--config", "c"}).expires, "30d");
    EXPECT_FALSE(parse({"user", "set", "u", "password", "--users", "f"}));
    EXPECT_FALSE(parse({"token", "create", "--config", "c"}));
}

TEST(CommandLine, ServeNeedsAConfiguration) {
    const auto command = parse({"serve"});
    ASSERT_FALSE(command);
    EXPECT_THAT(command.error().message, HasSubstr("--config"));
}

TEST(CommandLine, WhatIsMisspeltIsNamedAndNotMissed) {
    const auto error = [](const std::vector<std::string>& words) {
        return parse(words).error().message;
    };
    EXPECT_EQ(error({"serve", "--confg", "x"}),
              "unknown option '--confg'; see 'kurabe serve --help'");
    EXPECT_EQ(error({"collect", "shh"}), "unknown word 'shh'; see 'kurabe collect --help'");
    EXPECT_EQ(error({"serve"}), "--config is required; see 'kurabe serve --help'");
}

TEST(CommandLine, TheLastOfARepeatedOptionWins) {
    EXPECT_EQ(parsed<DemoCommand>({"demo", "d", "--days", "3", "--days", "4"}).days, 4);
}

TEST(CommandLine, DemoChecksItsCounts) {
    EXPECT_EQ(parsed<DemoCommand>({"demo", "d", "--hosts", "3", "--seed", "7"}).hosts, 3);
    EXPECT_FALSE(parse({"demo", "d", "--hosts", "0"}));
    EXPECT_FALSE(parse({"demo", "d", "--hosts", "many"}));
}

TEST(CommandLine, HelpListsTheOptions) {
    EXPECT_THAT(parsed<TextCommand>({"serve", "--help"}).text, HasSubstr("--config"));
    EXPECT_THAT(parsed<TextCommand>({"demo", "--help"}).text, HasSubstr("--hosts"));
}

TEST(CommandLine, ErrorsAreOneLine) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"serve", "--nonsense"}, {"serve"}, {"demo"}, {"demo", "a", "b"}}) {
        const auto command = parse(words);
        ASSERT_FALSE(command);
        EXPECT_EQ(command.error().message.find('\n'), std::string::npos);
    }
}

}  // namespace
}  // namespace kurabe::cli
