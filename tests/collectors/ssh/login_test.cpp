// Who is let in, by which way, and which hosts are believed: keys, ssh_config, proxies and
// known_hosts, against the installed OpenSSH server.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/ssh/identity.hpp"
#include "collectors/ssh/remote_command.hpp"
#include "tests/collectors/ssh/watch.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"

namespace kurabe::collectors::ssh {
namespace {

using namespace test;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class SshLogin : public WithServer {};

TEST_F(SshLogin, AnUnknownHostKeyIsRefusedWithTheCommandThatAcceptsIt) {
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

TEST_F(SshLogin, TheConfigurationCannotTurnTheCheckOff) {
    const tests::SshServer server;
    Settings settings = settings_for(server);
    settings.known_hosts = server.directory().path() / "others";
    settings.config = server.directory().write("config", "Host *\n StrictHostKeyChecking no\n");
    Watch watch(settings);
    watch.add(target_of(server));
    EXPECT_THAT(watch.round_of_one(), StartsWith("host key ssh-ed25519 SHA256:"));
    EXPECT_FALSE(std::filesystem::exists(*settings.known_hosts));
}

TEST_F(SshLogin, ARevokedHostKeyIsRefused) {
    const tests::SshServer server;
    const std::string known = server.known_hosts();
    server.directory().write("known_hosts", known + "@revoked *" + known.substr(known.find(' ')));
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    EXPECT_THAT(watch.round_of_one(), AllOf(StartsWith("host key ssh-ed25519 SHA256:"),
                                            HasSubstr(" is REVOKED in known_hosts")));
}

TEST_F(SshLogin, AHashedHostNameIsFound) {
    const tests::SshServer server;
    const auto hashed =
        tests::run({"/usr/bin/ssh-keygen", "-q", "-H", "-f", server.known_hosts_file().string()});
    ASSERT_EQ(hashed.status, 0) << hashed.err;
    EXPECT_THAT(tests::read_file(server.known_hosts_file()), StartsWith("|1|"));
    Watch watch(settings_for(server));
    watch.add(target_of(server));
    EXPECT_EQ(watch.round_of_one(), "good");
}

TEST_F(SshLogin, AChangedHostKeyIsRefusedLoudly) {
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

TEST_F(SshLogin, ARefusedKeyIsNamed) {
    tests::SshServer server;
    server.forget_user_key();
    Watch watch(settings_for(server));
    watch.add("somebody@" + target_of(server));
    EXPECT_EQ(watch.round_of_one(),
              "the host refuses the key " + server.identity().string() + " for user somebody");
}

TEST_F(SshLogin, AKeyThatOthersMayReadIsRefused) {
    const tests::SshServer server;
    std::filesystem::permissions(server.identity(), std::filesystem::perms{0644});
    const auto created = Poller::create(settings_for(server), [] { return kNow; }, {}, kSeed);
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().message,
              server.identity().string() + ": others may read it; 'chmod 600' it");
}

TEST_F(SshLogin, AForcedCommandIsAllThatItsKeyCanDo) {
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

TEST_F(SshLogin, TheConfigurationNamesHostPortUserKeyAndKnownHosts) {
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

TEST_F(SshLogin, WhatTheTargetSaysWinsOverTheConfiguration) {
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
TEST_F(SshLogin, GoesThroughAProxy) {
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

TEST_F(SshLogin, AProxyThatDiesIsStartedAgain) {
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
TEST_F(SshLogin, GoesThroughAJump) {
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

TEST_F(SshLogin, AKeyWithAPassphraseIsNotAskedFor) {
    const tests::TemporaryDirectory directory;
    const std::string file = directory.path() / "key";
    const auto made = tests::run({"/usr/bin/ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m",
                                  "PEM", "-N", "a passphrase", "-f", file});
    ASSERT_EQ(made.status, 0) << made.err;
    const auto identity = Identity::load(file, std::nullopt);
    ASSERT_FALSE(identity);
    EXPECT_THAT(identity.error().message, HasSubstr("or one with a passphrase"));
}

TEST_F(SshLogin, TakesKeysFromTheAgent) {
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
