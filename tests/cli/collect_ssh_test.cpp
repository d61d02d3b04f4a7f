// `kurabe collect ssh` as cron starts it, against the installed OpenSSH server.
#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/ssh_server.hpp"

namespace kurabe::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<std::string> arguments_for(const tests::SshServer& server,
                                       std::vector<std::string> more) {
    std::vector<std::string> words = {KURABE_PROGRAM,
                                      "collect",
                                      "ssh",
                                      "--ssh-config",
                                      "none",
                                      "--identity",
                                      server.identity(),
                                      "--known-hosts",
                                      server.known_hosts_file(),
                                      "--deadline",
                                      "30"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::string ssh_at(const std::string& address, int port) {
    return fmt::format("{}:{}", address, port);
}

class CollectSsh : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!tests::SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    }
};

TEST_F(CollectSsh, PrintsLinesOfTwentyHosts) {
    tests::SshServerOptions options;
    options.addresses.clear();
    for (int i = 1; i <= 10; ++i) options.addresses.push_back(fmt::format("127.0.0.{}", i));
    const tests::SshServer first(options);
    for (int i = 1; i <= 10; ++i)
        options.addresses[static_cast<std::size_t>(i - 1)] = fmt::format("127.0.1.{}", i);
    const tests::SshServer second(options);
    first.directory().write("known_hosts", first.known_hosts() + second.known_hosts());
    second.directory().write("authorized_keys",
                             tests::read_file(first.directory().path() / "authorized_keys"));
    std::vector<std::string> words = {"--once"};
    for (int i = 1; i <= 10; ++i) {
        words.push_back(ssh_at(fmt::format("127.0.0.{}", i), first.port()));
        words.push_back(ssh_at(fmt::format("127.0.1.{}", i), second.port()));
    }
    const auto finished = tests::run(arguments_for(first, words));
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(finished.err, "");
    for (int i = 1; i <= 10; ++i) {
        for (const int network : {0, 1}) {
            EXPECT_THAT(finished.out, HasSubstr(fmt::format("127.0.{}.{}\tbase.metrics.loadavg-1."
                                                            "gauge\t",
                                                            network, i)));
        }
    }
    EXPECT_EQ(finished.out.find(".warn."), std::string::npos);
}

TEST_F(CollectSsh, NamesEachHostThatFailedInALineAndEndsWithOne) {
    const tests::SshServer server;
    const std::string dead = ssh_at("127.0.0.9", tests::free_port());
    const auto finished =
        tests::run(arguments_for(server, {"--once", ssh_at("127.0.0.1", server.port()), dead}));
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(finished.err, dead +
                                ": cannot connect: Connection refused\nERROR: 1 of 2 hosts "
                                "failed\n");
    EXPECT_THAT(finished.out, HasSubstr("127.0.0.1\tbase.metrics.loadavg-1.gauge\t"));
    EXPECT_THAT(finished.out,
                HasSubstr("127.0.0.9\tbase.warn.ssh\tcannot connect: Connection refused\t"));
}

TEST_F(CollectSsh, GoesOnAtEveryIntervalOverOneSession) {
    const tests::SshServer server;
    tests::ChildProcess process(
        arguments_for(server, {"--interval", "1", ssh_at("127.0.0.1", server.port())}));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    const auto rounds = [&process] {
        const std::string out = process.out();
        std::size_t count = 0;
        for (auto at = out.find("loadavg-15"); at != out.npos;
             at = out.find("loadavg-15", at + 1)) {
            ++count;
        }
        return count;
    };
    while (rounds() < 1 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    const auto sessions = server.session_processes();
    while (rounds() < 3 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    EXPECT_GE(rounds(), 3u) << process.err();
    EXPECT_EQ(sessions.size(), 1u);
    EXPECT_EQ(server.session_processes(), sessions);
}

TEST_F(CollectSsh, TheForcedCommandIsOneLineForAuthorizedKeys) {
    const auto finished = tests::run({KURABE_PROGRAM, "collect", "ssh", "--forced-command"});
    EXPECT_EQ(finished.status, 0);
    EXPECT_THAT(finished.out, StartsWith("restrict,command=\"sh -c '"));
    EXPECT_EQ(std::ranges::count(finished.out, '\n'), 1);
    const tests::SshServer server({.key_options = finished.out.substr(0, finished.out.size() - 1)});
    const auto collected =
        tests::run(arguments_for(server, {"--once", ssh_at("127.0.0.1", server.port())}));
    EXPECT_EQ(collected.status, 0) << collected.err;
}

TEST_F(CollectSsh, RefusesWhatItCannotDoBeforeItBegins) {
    const auto error_of = [](std::vector<std::string> words) {
        words.insert(words.begin(), {KURABE_PROGRAM, "collect"});
        const auto finished = tests::run(words);
        EXPECT_EQ(finished.status, 1);
        EXPECT_EQ(finished.out, "");
        return finished.err;
    };
    EXPECT_EQ(error_of({"ssh", "--once"}), "ERROR: name at least one [USER@]HOST[:PORT]\n");
    EXPECT_THAT(error_of({"ssh", "a;b"}), HasSubstr("no such name can be a host's"));
    EXPECT_THAT(error_of({"ssh", "web1", "x@web1:22"}), HasSubstr("'web1' comes twice"));
    EXPECT_THAT(error_of({"ssh", "web1", "--identity", "/no/such/key"}),
                HasSubstr("/no/such/key: No such file or directory"));
    EXPECT_THAT(error_of({"ssh", "web1", "--deadline", "0"}), HasSubstr("--deadline"));
    EXPECT_THAT(error_of({"ssh", "web1", "--interval", "0"}), HasSubstr("--interval"));
    EXPECT_THAT(error_of({"telnet", "web1"}), StartsWith("ERROR: "));
}

// libssh would go on without it.
TEST(CollectSshConfig, ThatCannotBeReadIsAnError) {
    for (const char* file : {"/nowhere/config", "/tmp"}) {
        const auto finished = tests::run(
            {KURABE_PROGRAM, "collect", "ssh", "--once", "--ssh-config", file, "127.0.0.1:9"});
        EXPECT_NE(finished.status, 0);
        EXPECT_THAT(finished.err, StartsWith(std::string("ERROR: ") + file + ": no file"));
    }
}

}  // namespace
}  // namespace kurabe::cli
