// Hosts watched over SSH, against the installed OpenSSH server and against peers that are none.
#include "collectors/ssh/poller.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/local.hpp"
#include "collectors/ssh/remote_command.hpp"
#include "tests/collectors/ssh/watch.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/ssh_peer.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::collectors::ssh {
namespace {

using namespace test;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class SshPoller : public WithServer {};

std::set<std::string> names_of(const Report& report) {
    std::set<std::string> names;
    for (const auto& sample : report.batch.samples) names.insert(sample.key);
    for (const Meta& meta : report.meta) names.insert("meta " + meta.key);
    return names;
}
std::size_t open_descriptors() {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}
TEST_F(SshPoller, BringsHomeWhatTheLocalCollectionFinds) {
    const tests::SshServer server;
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    ASSERT_EQ(watch.round_of_one(), "good");
    const Report& report = watch.report(target_of(server));
    EXPECT_EQ(report.batch.host, "127.0.0.1");
    EXPECT_EQ(report.time, kNow);
    EXPECT_EQ(names_of(report), names_of(collect_local("/", "127.0.0.1", kNow)));
    EXPECT_TRUE(report.warnings.empty()) << report.warnings.front().text;
}

TEST_F(SshPoller, OneSessionServesManyPolls) {
    const tests::SshServer server;
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    ASSERT_EQ(watch.round_of_one(), "good");
    const auto sessions = server.session_processes();
    ASSERT_EQ(sessions.size(), 1u);
    for (int round = 0; round < 20; ++round) ASSERT_EQ(watch.round_of_one(), "good");
    EXPECT_EQ(server.session_processes(), sessions);
}

TEST_F(SshPoller, WatchesManyHostsAtOnceAndLeavesNothingOpen) {
    const std::size_t before = open_descriptors();
    {
        tests::SshServerOptions options;
        options.addresses.clear();
        for (int i = 1; i <= 10; ++i) options.addresses.push_back(fmt::format("127.0.0.{}", i));
        const tests::SshServer first(options), second(options);
        Settings settings = settings_for(first);
        first.directory().write("known_hosts", first.known_hosts() + second.known_hosts());
        std::filesystem::copy_file(first.directory().path() / "authorized_keys",
                                   second.directory().path() / "authorized_keys",
                                   std::filesystem::copy_options::overwrite_existing);
        Watch watch(settings);
        for (const std::string& address : options.addresses) {
            watch.add(target_of(first, address));
            watch.add(target_of(second, address));
        }
        for (int round = 0; round < 3; ++round) {
            const auto outcomes = watch.round();
            EXPECT_EQ(outcomes.size(), 20u);
            for (const auto& [target, outcome] : outcomes) EXPECT_EQ(outcome, "good") << target;
        }
        EXPECT_EQ(first.session_processes().size(), 10u);
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(SshPoller, ADeadSessionIsOpenedAgainWithinThePoll) {
    tests::SshServer server;
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    ASSERT_EQ(watch.round_of_one(), "good");
    server.signal_sessions(SIGKILL);
    EXPECT_EQ(watch.round_of_one(), "good");
    server.stop();
    server.start_again();
    watch.rest(std::chrono::milliseconds{50});  // the end is noticed between polls
    EXPECT_EQ(watch.round_of_one(), "good");
}

// As behind a firewall that forgets connections: nothing tells that the session is dead.
TEST_F(SshPoller, ASessionThatWasIdleForLongIsOpenedAnew) {
    const tests::SshServer server;
    Settings settings = settings_for(server);
    settings.idle_max = std::chrono::milliseconds{0};
    Watch watch(settings);
    watch.add(target_of(server));
    ASSERT_EQ(watch.round_of_one(), "good");
    server.signal_sessions(SIGSTOP);
    EXPECT_EQ(watch.round_of_one(), "good");
    server.signal_sessions(SIGKILL);  // also the one that is stopped
}

// Each end has something to hold for a session that is open, also for one that nobody uses again.
TEST_F(SshPoller, ASessionThatWouldBeIdleForTooLongIsNotKept) {
    const tests::SshServer server;
    const Settings settings = settings_for(server);
    const auto idle_max = std::chrono::floor<store::Seconds>(settings.idle_max);
    Watch kept(settings);
    kept.add(target_of(server), idle_max);
    ASSERT_EQ(kept.round_of_one(), "good");
    const auto sessions = server.session_processes();
    EXPECT_EQ(sessions.size(), 1u);
    Watch seldom(settings);
    seldom.add(target_of(server), idle_max + store::Seconds{1});
    const std::size_t open = open_descriptors();
    for (int round = 0; round < 3; ++round) {
        ASSERT_EQ(seldom.round_of_one(), "good");
        EXPECT_EQ(open_descriptors(), open);
    }
    EXPECT_TRUE(tests::wait_for([&] { return server.session_processes() == sessions; }));
}

TEST_F(SshPoller, AnswersItsHostBetweenPolls) {
    const tests::SshServer server(
        {.configuration = "ClientAliveInterval 1\nClientAliveCountMax 4\n"});
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    ASSERT_EQ(watch.round_of_one(), "good");
    const auto sessions = server.session_processes();
    watch.rest(std::chrono::milliseconds{7000});
    EXPECT_EQ(watch.round_of_one(), "good");
    EXPECT_EQ(server.session_processes(), sessions);
}

TEST_F(SshPoller, ACommandThatDoesSomethingElseIsAnErrorOfItsHost) {
    const auto error_with = [](const std::string& command) {
        const tests::SshServer server({.key_options = "command=\"" + command + "\""});
        Settings settings = settings_for(server);
        Watch watch(settings);
        watch.add(target_of(server));
        return watch.round_of_one();
    };
    EXPECT_EQ(error_with("true"), "the command printed nothing");
    EXPECT_EQ(error_with("echo no such luck >&2; false"),
              "the command printed nothing, but complained 'no such luck?'");
    EXPECT_EQ(error_with("echo This account is not available."),
              "the command did not run, but printed 'This account is not available.'");
    EXPECT_EQ(error_with("yes"), "the command printed more than 1048576 bytes");
    EXPECT_EQ(error_with("yes >&2"), "the command printed more than 1048576 bytes");
    EXPECT_THAT(error_with("head -c 100000 /dev/urandom; echo; echo kurabe-end"),
                StartsWith("the command did not run, but printed '"));
}

TEST_F(SshPoller, WhatACommandLeavesRunningDoesNotKeepThePoll) {
    tests::SshServerOptions options{.key_options = forced_command_options()};
    options.key_options.insert(options.key_options.find("sh -c"), "sleep 20 & ");
    const tests::SshServer server(options);
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    const auto begin = Clock::now();
    EXPECT_EQ(watch.round_of_one(), "good");
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds{10});
}

// Every kind of peer that is no good, beside hosts that are.
TEST_F(SshPoller, BadPeersFailInTimeAndHarmNoOther) {
    using tests::SshPeer;
    const tests::SshServer server({.addresses = {"127.0.0.1", "127.0.0.2", "127.0.0.3"}});
    const SshPeer silent(SshPeer::Kind::kSilent), garbage(SshPeer::Kind::kGarbage, kSeed);
    const SshPeer chatter(SshPeer::Kind::kChatter), stalls(SshPeer::Kind::kStalls);
    const SshPeer hangs_up(SshPeer::Kind::kHangsUp);
    Settings settings = settings_for(server);
    settings.deadline = std::chrono::seconds{8};
    Watch watch(settings);
    std::vector<std::string> good;
    for (const char* address : {"127.0.0.1", "127.0.0.2", "127.0.0.3"}) {
        good.push_back(target_of(server, address));
        watch.add(good.back());
    }
    const auto at = [](int port) { return "127.0.0.1:" + std::to_string(port); };
    const std::string dead = at(tests::free_port());
    for (const std::string& target :
         {dead, at(silent.port()), at(garbage.port()), at(chatter.port()), at(stalls.port()),
          at(hangs_up.port()), std::string("no-such-host.invalid")}) {
        watch.add(target);
    }
    const auto begin = Clock::now();
    const auto outcomes = watch.round();
    EXPECT_LT(Clock::now() - begin, 2 * settings.deadline);
    for (const std::string& target : good) EXPECT_EQ(outcomes.at(target), "good") << target;
    EXPECT_EQ(outcomes.at(dead), "cannot connect: Connection refused");
    EXPECT_EQ(outcomes.at(at(silent.port())), "no session within 8 s");
    EXPECT_EQ(outcomes.at(at(stalls.port())), "no session within 8 s");
    for (const int port : {garbage.port(), chatter.port(), hangs_up.port()}) {
        EXPECT_THAT(outcomes.at(at(port)), AnyOf(StartsWith("cannot exchange keys: "),
                                                 StartsWith("no session within 8 s")));
    }
    EXPECT_THAT(outcomes.at("no-such-host.invalid"),
                AnyOf(StartsWith("cannot look up no-such-host.invalid: "),
                      StartsWith("the name was not found within 8 s")));
}

TEST_F(SshPoller, AHostThatStopsAnsweringFailsAtTheDeadline) {
    const tests::SshServer server({.addresses = {"127.0.0.1", "127.0.0.2"}});
    Settings settings = settings_for(server);
    settings.deadline = std::chrono::seconds{2};
    Watch watch(settings);
    watch.add(target_of(server));
    ASSERT_EQ(watch.round_of_one(), "good");
    server.signal_sessions(SIGSTOP);
    watch.add(target_of(server, "127.0.0.2"));
    const auto outcomes = watch.round();
    EXPECT_EQ(outcomes.at(target_of(server)), "the command did not end within 2 s");
    EXPECT_EQ(outcomes.at(target_of(server, "127.0.0.2")), "good");
    server.signal_sessions(SIGCONT);
    EXPECT_THAT(watch.round().at(target_of(server)),
                AllOf(StartsWith("left alone for "),
                      HasSubstr(" after 1 failure, the last: the command did not end within")));
}

TEST_F(SshPoller, AHostThatFailsIsLeftAloneForAWhile) {
    const tests::SshPeer peer(tests::SshPeer::Kind::kHangsUp);
    Watch watch({.config = kNoConfig});
    watch.add("127.0.0.1:" + std::to_string(peer.port()));
    EXPECT_THAT(watch.round_of_one(), StartsWith("cannot exchange keys: "));
    for (int round = 0; round < 3; ++round) {
        EXPECT_THAT(watch.round_of_one(), StartsWith("left alone for "));
    }
    EXPECT_EQ(peer.accepted(), 1);
}

TEST_F(SshPoller, MoreHostsThanMayOpenAtOnceTakeTurns) {
    const tests::SshPeer silent(tests::SshPeer::Kind::kSilent);
    Settings settings{.config = kNoConfig, .deadline = std::chrono::seconds{1}};
    Watch watch(settings);
    const std::size_t hosts = kOpeningMax + 50;
    for (std::size_t i = 0; i < hosts; ++i) {
        watch.add(fmt::format("user{}@127.0.0.1:{}", i, silent.port()));
    }
    const auto outcomes = watch.round();
    EXPECT_EQ(outcomes.size(), hosts);
    for (const auto& [target, outcome] : outcomes) EXPECT_EQ(outcome, "no session within 1 s");
}

// A poll that is asked for while one is under way is that one.
TEST_F(SshPoller, LateRoundsDoNotPileUp) {
    const tests::SshServer server;
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    watch.poller().begin();
    watch.poller().begin();
    EXPECT_EQ(watch.poller().busy(), 1u);
    EXPECT_EQ(watch.round_of_one(), "good");
    EXPECT_EQ(watch.told(), 1u);
}

}  // namespace
}  // namespace kurabe::collectors::ssh
