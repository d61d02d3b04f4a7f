// Hosts watched over SSH, against the installed OpenSSH server and against peers that are none.
#include "collectors/ssh/poller.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/local.hpp"
#include "collectors/ssh/remote_command.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/ssh_peer.hpp"
#include "tests/support/ssh_server.hpp"

namespace kurabe::collectors::ssh {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Clock = std::chrono::steady_clock;

constexpr store::Time kNow{store::Seconds{1795344360}};
constexpr std::uint64_t kSeed = 7;
constexpr std::chrono::seconds kPatience{60};  // never waited for when all is well

// A poller and what its polls came to.
class Watch {
  public:
    explicit Watch(Settings settings) {
        auto created = Poller::create(
            std::move(settings), [] { return kNow; },
            [this](const Target& target, const Result<Report>& outcome) {
                outcomes_.insert_or_assign(target.text(),
                                           outcome ? std::string("good") : outcome.error().message);
                if (outcome) reports_.insert_or_assign(target.text(), *outcome);
                ++told_;
            },
            kSeed);
        if (!created) throw std::runtime_error(created.error().message);
        poller_ = *std::move(created);
    }

    void add(const std::string& target) { poller_->add(Target::parse(target).value()); }

    // Polls every host once; what each came to, "good" or its error.
    std::map<std::string, std::string> round() {
        outcomes_.clear();
        poller_->begin();
        const auto deadline = Clock::now() + kPatience;
        while (poller_->busy() > 0 && Clock::now() < deadline) {
            poller_->work(std::chrono::milliseconds{1000});
        }
        EXPECT_EQ(poller_->busy(), 0u);
        return outcomes_;
    }
    std::string round_of_one() {
        const auto outcomes = round();
        return outcomes.size() == 1 ? outcomes.begin()->second : "not one outcome";
    }
    // Lets sessions be served for a while.
    void rest(std::chrono::milliseconds while_) {
        const auto end = Clock::now() + while_;
        for (auto now = Clock::now(); now < end; now = Clock::now()) {
            poller_->work(std::chrono::ceil<std::chrono::milliseconds>(end - now));
        }
    }
    [[nodiscard]] Poller& poller() { return *poller_; }
    [[nodiscard]] const Report& report(const std::string& target) const {
        return reports_.at(target);
    }
    [[nodiscard]] std::size_t told() const { return told_; }

  private:
    std::map<std::string, std::string> outcomes_;
    std::map<std::string, Report> reports_;
    std::size_t told_ = 0;
    std::unique_ptr<Poller> poller_;
};

std::set<std::string> names_of(const Report& report) {
    std::set<std::string> names;
    for (const auto& sample : report.batch.samples) names.insert(sample.key);
    for (const Meta& meta : report.meta) names.insert("meta " + meta.key);
    return names;
}

Settings settings_for(const tests::SshServer& server) {
    return {.identity = server.identity(),
            .known_hosts = server.known_hosts_file(),
            .config = kNoConfig,
            .deadline = std::chrono::seconds{30}};
}

std::string target_of(const tests::SshServer& server, const std::string& address = "127.0.0.1") {
    return address + ":" + std::to_string(server.port());
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

class SshPoller : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!tests::SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    }
};

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
    for (const pid_t session : server.session_processes()) ::kill(session, SIGKILL);
    EXPECT_EQ(watch.round_of_one(), "good");
    server.stop();
    server.start_again();
    watch.rest(std::chrono::milliseconds{50});  // the end is noticed between polls
    EXPECT_EQ(watch.round_of_one(), "good");
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

TEST_F(SshPoller, AnUnknownHostKeyIsRefusedWithTheCommandThatAcceptsIt) {
    const tests::SshServer server;
    const auto known = server.directory().path() / "those I know";
    Settings settings = settings_for(server);
    settings.known_hosts = known;
    std::string error;
    {
        Watch watch(settings);
        watch.add(target_of(server));
        error = watch.round_of_one();
    }
    EXPECT_THAT(error, StartsWith("host key ssh-ed25519 SHA256:"));
    EXPECT_FALSE(std::filesystem::exists(known)) << "the check must not accept anything";
    const std::string marker = "accept it by: ";
    const std::size_t at = error.find(marker);
    ASSERT_NE(at, std::string::npos) << error;
    const auto finished = tests::run({"/bin/sh", "-c", error.substr(at + marker.size())});
    EXPECT_EQ(finished.status, 0) << finished.err;
    Watch watch(settings);
    watch.add(target_of(server));
    EXPECT_EQ(watch.round_of_one(), "good");
}

TEST_F(SshPoller, TheConfigurationCannotTurnTheCheckOff) {
    const tests::SshServer server;
    Settings settings = settings_for(server);
    settings.known_hosts = server.directory().path() / "others";
    settings.config = server.directory().write("config", "Host *\n StrictHostKeyChecking no\n");
    Watch watch(settings);
    watch.add(target_of(server));
    EXPECT_THAT(watch.round_of_one(), StartsWith("host key ssh-ed25519 SHA256:"));
    EXPECT_FALSE(std::filesystem::exists(*settings.known_hosts));
}

TEST_F(SshPoller, ARevokedHostKeyIsRefused) {
    const tests::SshServer server;
    const std::string known = server.known_hosts();
    server.directory().write("known_hosts", known + "@revoked *" + known.substr(known.find(' ')));
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    EXPECT_THAT(watch.round_of_one(), AllOf(StartsWith("host key ssh-ed25519 SHA256:"),
                                            HasSubstr(" is REVOKED in known_hosts")));
}

TEST_F(SshPoller, AHashedHostNameIsFound) {
    const tests::SshServer server;
    const auto hashed =
        tests::run({"/usr/bin/ssh-keygen", "-q", "-H", "-f", server.known_hosts_file().string()});
    ASSERT_EQ(hashed.status, 0) << hashed.err;
    EXPECT_THAT(tests::read_file(server.known_hosts_file()), StartsWith("|1|"));
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    EXPECT_EQ(watch.round_of_one(), "good");
}

TEST_F(SshPoller, AChangedHostKeyIsRefusedLoudly) {
    tests::SshServer server;
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    ASSERT_EQ(watch.round_of_one(), "good");
    const std::string known = tests::read_file(server.known_hosts_file());
    server.change_host_key();
    EXPECT_THAT(watch.round_of_one(),
                StartsWith("HOST KEY CHANGED: it is now ssh-ed25519 SHA256:"));
    EXPECT_EQ(tests::read_file(server.known_hosts_file()), known);
}

TEST_F(SshPoller, ARefusedKeyIsNamed) {
    tests::SshServer server;
    server.forget_user_key();
    Watch watch(settings_for(server));
    watch.add("somebody@" + target_of(server));
    EXPECT_EQ(watch.round_of_one(),
              "the host refuses the key " + server.identity().string() + " for user somebody");
}

TEST_F(SshPoller, AKeyThatOthersMayReadIsRefused) {
    const tests::SshServer server;
    std::filesystem::permissions(server.identity(), std::filesystem::perms{0644});
    const auto created = Poller::create(settings_for(server), [] { return kNow; }, {}, kSeed);
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().message,
              server.identity().string() + ": others may read this key; 'chmod 600' it");
}

TEST_F(SshPoller, AForcedCommandIsAllThatItsKeyCanDo) {
    const tests::SshServer server({.key_options = forced_command_options()});
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    EXPECT_EQ(watch.round_of_one(), "good");
    EXPECT_EQ(watch.round_of_one(), "good");
    const auto finished = tests::run(
        {"/usr/bin/ssh", "-F", "none", "-i", server.identity(), "-o", "IdentitiesOnly=yes", "-o",
         "BatchMode=yes", "-o", "UserKnownHostsFile=" + server.known_hosts_file().string(), "-p",
         std::to_string(server.port()), "127.0.0.1", "echo harm"});
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_THAT(finished.out, StartsWith("kurabe-base 1\n"));
    EXPECT_EQ(finished.out.find("harm"), std::string::npos);
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
    const auto frozen = server.session_processes();
    ASSERT_EQ(frozen.size(), 1u);
    ::kill(frozen[0], SIGSTOP);
    watch.add(target_of(server, "127.0.0.2"));
    const auto outcomes = watch.round();
    EXPECT_EQ(outcomes.at(target_of(server)), "the command did not end within 2 s");
    EXPECT_EQ(outcomes.at(target_of(server, "127.0.0.2")), "good");
    ::kill(frozen[0], SIGCONT);
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

TEST_F(SshPoller, TheConfigurationNamesHostPortUserKeyAndKnownHosts) {
    const tests::SshServer server;
    const auto config = server.directory().write(
        "config",
        fmt::format("Host web1\n HostName 127.0.0.1\n Port {}\n IdentityFile {}\n"
                    " IdentitiesOnly yes\n UserKnownHostsFile {}\n",
                    server.port(), server.identity().string(), server.known_hosts_file().string()));
    Watch watch({.config = config});
    watch.add("web1");
    ASSERT_EQ(watch.round_of_one(), "good");
    EXPECT_EQ(watch.report("web1").batch.host, "web1");
}

TEST_F(SshPoller, WhatTheTargetSaysWinsOverTheConfiguration) {
    const tests::SshServer server;
    Settings settings = settings_for(server);
    settings.config =
        server.directory().write("config", "Host *\n Port 1\n User nobody-of-that-name\n");
    Watch watch(settings);
    const auto name = tests::run({"/usr/bin/id", "-un"}).out;
    watch.add(name.substr(0, name.find('\n')) + "@" + target_of(server));
    EXPECT_EQ(watch.round_of_one(), "good");
}

Settings settings_through_proxy(const tests::SshServer& server) {
    Settings settings = settings_for(server);
    settings.config = server.directory().write(
        "config",
        fmt::format("Host inner\n HostName 127.0.0.1\n Port {0}\n"
                    " ProxyCommand ssh -F none -i {1} -o BatchMode=yes -o UserKnownHostsFile={2}"
                    " -p {0} -W %h:%p 127.0.0.1\n",
                    server.port(), server.identity().string(), server.known_hosts_file().string()));
    return settings;
}

std::set<pid_t> children() {
    std::ifstream file(fmt::format("/proc/self/task/{}/children", ::getpid()));
    return {std::istream_iterator<pid_t>(file), {}};
}

// Also that a child it starts ends with its session.
TEST_F(SshPoller, GoesThroughAProxy) {
    const tests::SshServer server;
    const std::set<pid_t> before = children();
    {
        Watch watch(settings_through_proxy(server));
        watch.add("inner");
        EXPECT_EQ(watch.round_of_one(), "good");
        EXPECT_EQ(watch.round_of_one(), "good");
    }
    EXPECT_EQ(children(), before);
}

TEST_F(SshPoller, AProxyThatDiesIsStartedAgain) {
    const tests::SshServer server;
    const std::set<pid_t> before = children();
    Watch watch(settings_through_proxy(server));
    watch.add("inner");
    ASSERT_EQ(watch.round_of_one(), "good");
    for (const pid_t child : children()) {
        if (before.contains(child)) continue;
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        siginfo_t ended{};
        ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
    }
    EXPECT_EQ(watch.round_of_one(), "good");
}

// libssh 0.10 starts ssh for the jump; one that knows where this test's keys are comes first.
TEST_F(SshPoller, GoesThroughAJump) {
    const tests::SshServer server;
    const auto& directory = server.directory();
    const auto program = directory.write(
        "bin/ssh", fmt::format("#!/bin/sh\nexec /usr/bin/ssh -F none -i {} -o BatchMode=yes "
                               "-o UserKnownHostsFile={} \"$@\"\n",
                               server.identity().string(), server.known_hosts_file().string()));
    std::filesystem::permissions(program, std::filesystem::perms{0755});
    Settings settings = settings_for(server);
    settings.config = directory.write(
        "config", fmt::format("Host inner\n HostName 127.0.0.1\n Port {0}\n ProxyJump "
                              "127.0.0.1:{0}\n",
                              server.port()));
    const std::string path = std::getenv("PATH");
    ASSERT_EQ(::setenv("PATH", (program.parent_path().string() + ":" + path).c_str(), 1), 0);
    Watch watch(settings);
    watch.add("inner");
    EXPECT_EQ(watch.round_of_one(), "good");
    EXPECT_EQ(server.session_processes().size(), 2u);  // the jump's and the one through it
    ::setenv("PATH", path.c_str(), 1);
}

TEST_F(SshPoller, AKeyWithAPassphraseIsNotAskedFor) {
    const tests::TemporaryDirectory directory;
    const std::string file = directory.path() / "key";
    const auto made = tests::run({"/usr/bin/ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m",
                                  "PEM", "-N", "a passphrase", "-f", file});
    ASSERT_EQ(made.status, 0) << made.err;
    const auto identity = Identity::load(file);
    ASSERT_FALSE(identity);
    EXPECT_THAT(identity.error().message, HasSubstr("or one with a passphrase"));
}

TEST_F(SshPoller, TakesKeysFromTheAgent) {
    const tests::SshServer server;
    const auto socket = server.directory().path() / "agent";
    tests::ChildProcess agent({"/usr/bin/ssh-agent", "-D", "-a", socket});
    const auto deadline = Clock::now() + kPatience;
    while (!std::filesystem::exists(socket) && Clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    ASSERT_EQ(::setenv("SSH_AUTH_SOCK", socket.c_str(), 1), 0);
    const auto added = tests::run({"/usr/bin/ssh-add", "-q", server.identity()});
    EXPECT_EQ(added.status, 0) << added.err;
    Settings settings = settings_for(server);
    settings.identity.reset();
    Watch watch(settings);
    watch.add(target_of(server));
    EXPECT_EQ(watch.round_of_one(), "good");
    ::unsetenv("SSH_AUTH_SOCK");
}

}  // namespace
}  // namespace kurabe::collectors::ssh
