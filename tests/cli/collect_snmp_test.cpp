// `kurabe collect snmp` as cron starts it, against the installed net-snmp agent and devices that
// the test answers for.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"
#include "tests/support/snmp_answerer.hpp"
#include "tests/support/snmp_daemon.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using tests::SnmpDaemon;

std::string at(const std::string& address, int port) {
    return fmt::format("{}:{}", address, port);
}

std::vector<std::string> command(const std::filesystem::path& credentials,
                                 std::vector<std::string> more) {
    std::vector<std::string> words = {KURABE_PROGRAM, "collect", "snmp", "--credentials",
                                      credentials.string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::filesystem::path write_credentials(const tests::TemporaryDirectory& directory,
                                        std::string_view text) {
    auto file = directory.write("credentials.yml", text);
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    return file;
}

class CollectSnmpFromDaemon : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!SnmpDaemon::is_installed()) GTEST_SKIP() << "snmpd is not installed";
    }
};

TEST_F(CollectSnmpFromDaemon, PrintsLinesOfHostsByVersion2And3) {
    const SnmpDaemon daemon;
    const auto finished = tests::run(
        command(daemon.credentials(),
                {"--once", at("127.0.0.1", daemon.port()), at("127.0.0.2", daemon.port()),
                 at("127.0.0.3", daemon.port()), at("127.0.0.4", daemon.port())}));
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(finished.err, "");
    for (int i = 1; i <= 4; ++i) {
        const std::string host = fmt::format("127.0.0.{}\t", i);
        EXPECT_THAT(finished.out, HasSubstr(host + "base.metrics.loadavg-1.gauge\t"));
        EXPECT_THAT(finished.out, HasSubstr(host + "base.metrics.memory-total.gauge\t"));
        EXPECT_THAT(finished.out, HasSubstr(host + "base.meta.version\tLinux "));
    }
}

TEST_F(CollectSnmpFromDaemon, HostsThatFailAreNamedAndTheOthersPrinted) {
    const SnmpDaemon daemon;
    const auto finished =
        tests::run(command(daemon.credentials(), {"--once", at("127.0.0.1", daemon.port()),
                                                  at("127.0.0.6", daemon.port())}));
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(finished.err,
              at("127.0.0.6", daemon.port()) +
                  ": the device refuses the auth passphrase or its protocol\nERROR: 1 of 2 hosts "
                  "failed\n");
    EXPECT_THAT(finished.out, HasSubstr("127.0.0.1\tbase.metrics.loadavg-1.gauge\t"));
    EXPECT_THAT(finished.out, HasSubstr("127.0.0.6\tbase.warn.snmp\tthe device refuses the auth"));
}

// In no argument, line or message of a program that asks devices which take its secrets and devices
// which do not, over and over.
TEST_F(CollectSnmpFromDaemon, NoSecretIsSeenFromOutside) {
    const SnmpDaemon daemon;
    std::vector<std::string> hosts;
    for (int i = 1; i <= 8; ++i) hosts.push_back(at(fmt::format("127.0.0.{}", i), daemon.port()));
    hosts.insert(hosts.end(), {"--interval", "1", "--deadline", "5"});
    tests::ChildProcess process(command(daemon.credentials(), hosts));
    const std::string own = "/proc/" + std::to_string(process.number());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    const auto has_all = [&] {
        const std::string out = process.out();
        return out.contains("127.0.0.5\tbase.warn.snmp") && out.contains("127.0.0.4\tbase.metrics");
    };
    std::string seen;
    while (!has_all() && std::chrono::steady_clock::now() < deadline) {
        seen = tests::read_file(own + "/cmdline") + tests::read_file(own + "/environ");
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    EXPECT_TRUE(has_all()) << process.err();
    process.signal(SIGTERM);
    const auto finished = process.finish();
    seen += finished.out + finished.err;
    EXPECT_THAT(seen, HasSubstr("127.0.0.8"));
    EXPECT_THAT(seen, Not(HasSubstr("canary")));
}

TEST_F(CollectSnmpFromDaemon, NoFileOfTheLibraryIsReadOrWritten) {
    const SnmpDaemon daemon;
    const tests::TemporaryDirectory directory;
    for (const char* name : {"snmp.conf", "snmpapp.conf", "kurabe.conf", "hosts/127.0.0.2.conf"}) {
        directory.write(name, "defVersion 1\ndefCommunity no\n");
    }
    const int watch = ::inotify_init1(IN_NONBLOCK);
    for (const char* name : {"", "hosts"}) {
        ASSERT_GE(::inotify_add_watch(watch, (directory.path() / name).c_str(), IN_ALL_EVENTS), 0);
    }
    std::vector<std::string> words =
        command(daemon.credentials(), {"--once", at("127.0.0.2", daemon.port())});
    const std::string path = directory.path().string();
    words.insert(words.begin(), {"/usr/bin/env", "HOME=" + path, "SNMPCONFPATH=" + path,
                                 "SNMP_PERSISTENT_DIR=" + path, "MIBDIRS=" + path, "MIBS=ALL"});
    EXPECT_EQ(tests::run(words).status, 0);
    std::array<char, 4096> events{};
    EXPECT_LT(::read(watch, events.data(), events.size()), 0) << "something looked into " << path;
    ::close(watch);
}

TEST(CollectSnmp, GoesOnAndFollowsItsDevices) {
    tests::SnmpAnswerer answerer;
    answerer.add("127.5.0.1", {.objects = tests::switch_objects(2, 1000)});
    const tests::TemporaryDirectory directory;
    const auto credentials = write_credentials(directory, "all: { hosts: '*', community: public }");
    tests::ChildProcess process(command(
        credentials, {"--interval", "1", "--only", "if", at("127.5.0.1", answerer.port())}));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    const auto wait_for = [&](const std::string& text) {
        while (!process.out().contains(text) && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        return process.out().contains(text);
    };
    EXPECT_TRUE(wait_for("traffic-Gi1_0_2-rxbytes.derive\t1002\t"));
    answerer.change("127.5.0.1", [](tests::SnmpDevice& device) {
        device.objects = tests::switch_objects(3, 5000);
        ++device.objects[{1, 3, 6, 1, 2, 1, 1, 3, 0}].number;
    });
    EXPECT_TRUE(wait_for("traffic-Gi1_0_3-rxbytes.derive\t5003\t")) << process.err();
}

TEST(CollectSnmp, RefusesWhatItCannotDoBeforeItBegins) {
    const tests::TemporaryDirectory directory;
    const auto good = write_credentials(directory, "sw1: { community: canary }");
    const auto error_of = [&](std::vector<std::string> more) {
        const auto finished = tests::run(command(good, std::move(more)));
        EXPECT_EQ(finished.status, 1);
        EXPECT_EQ(finished.out, "");
        EXPECT_THAT(finished.err, Not(HasSubstr("canary")));
        return finished.err;
    };
    EXPECT_EQ(error_of({"--once"}), "ERROR: name at least one HOST[:PORT]\n");
    EXPECT_THAT(error_of({"a;b"}), HasSubstr("no such name can be a host's; it is HOST[:PORT]"));
    EXPECT_THAT(error_of({"sw1", "sw1:162"}), HasSubstr("'sw1' comes twice"));
    EXPECT_THAT(error_of({"sw2"}), HasSubstr("no SNMP credential fits 'sw2'"));
    EXPECT_THAT(error_of({"sw1", "--only", "cpu"}), HasSubstr("--only is 'if', 'hr' or 'ucd'"));
    EXPECT_THAT(error_of({"sw1", "--interval", "0"}), HasSubstr("--interval"));
    std::filesystem::permissions(good, std::filesystem::perms{0644});
    EXPECT_THAT(error_of({"sw1"}), HasSubstr("others may read it"));
    const auto without = tests::run({KURABE_PROGRAM, "collect", "snmp", "sw1"});
    EXPECT_EQ(without.status, 1);
    EXPECT_THAT(without.err, HasSubstr("--credentials"));
}

}  // namespace
}  // namespace kurabe::cli
