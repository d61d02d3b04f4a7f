// Munin-nodes over SSH that are none, that say too much or nothing, or that break off: what their
// hosts are warned of. Against the installed sshd.
#include "collectors/munin/ssh_way.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/munin/node.hpp"
#include "collectors/munin/ssh_command.hpp"
#include "tests/collectors/munin/ssh_access.hpp"
#include "tests/support/ssh_peer.hpp"
#include "tests/support/ssh_server.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::collectors::munin {
namespace {

using store::Seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using tests::SshServer;

constexpr std::chrono::seconds kLong{30};  // never waited for when all is well
constexpr std::chrono::milliseconds kShort{1500};
constexpr store::Time kNow{Seconds{1'700'000'000}};
constexpr const char* kGoodFetch = "echo x.value 1; echo .";

// A munin-node of one plugin `a`, as a script of sh; `fetch` is what it does when asked for values.
std::string node_script(const std::string& before, const std::string& fetch) {
    return "#!/bin/sh\n" + before +
           "\necho '# munin node at test'\nwhile read -r command name; do case $command in\n"
           "cap) echo cap multigraph dirtyconfig ;;\nlist) echo a ;;\n"
           "config) echo x.label X; echo . ;;\nfetch) " +
           fetch + " ;;\nquit) exit 0 ;;\nesac; done\n";
}

// The same with a second plugin, `b`.
std::string script_of_two(const std::string& fetch_b) {
    std::string script = node_script(
        "", "if [ $name = a ]; then " + std::string(kGoodFetch) + "; else " + fetch_b + "; fi");
    const std::string list = "echo a ;;";
    return script.replace(script.find(list), list.size(), "echo a b ;;");
}

// A host whose key can run one script only, and a node that is reached by that.
class Host {
  public:
    explicit Host(const std::string& script, std::chrono::milliseconds deadline = kLong,
                  std::chrono::milliseconds idle_max = ssh::Settings{}.idle_max)
        : server_({.key_options = "command=\"sh " + (scripts_.path() / "node").string() + '"'}) {
        scripts_.write("node", script);
        node_ = std::make_unique<Node>(
            NodeSettings{.host = "h", .plugin = "munin", .service = {}, .deadline = deadline},
            std::make_unique<SshWay>(test::target_of(server_), std::string(kUsualSshCommand),
                                     test::access_to(server_, idle_max)),
            [this] { return now_ += Seconds{60}; }, 1);
    }

    Result<Report> poll() { return node_->poll({}); }
    [[nodiscard]] std::string error() {
        const auto report = poll();
        return report ? "no error" : report.error().message;
    }
    [[nodiscard]] SshServer& server() { return server_; }
    void set(const std::string& script) { scripts_.write("node", script); }

  private:
    tests::TemporaryDirectory scripts_;
    SshServer server_;
    store::Time now_ = kNow;
    std::unique_ptr<Node> node_;
};

class MuninOverSsh : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    }
};

TEST_F(MuninOverSsh, KeepsOneSessionForItsPolls) {
    Host host(node_script("", kGoodFetch));
    for (int i = 0; i < 120; ++i) {  // more than this sshd has room for at once, MaxSessions 100
        const auto report = host.poll();
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->batch.samples.size(), 1U);
        EXPECT_EQ(host.server().session_processes().size(), 1U);
    }
}

TEST_F(MuninOverSsh, OpensASessionAgainThatHasDied) {
    Host host(node_script("", kGoodFetch));
    ASSERT_TRUE(host.poll());
    host.server().stop();
    host.server().start_again();
    const auto report = host.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), 1U);
}

// As behind a firewall that forgets connections: nothing tells that the session is dead.
TEST_F(MuninOverSsh, OpensASessionAnewThatWasIdleForLong) {
    Host host(node_script("", kGoodFetch), kLong, std::chrono::milliseconds{0});
    ASSERT_TRUE(host.poll());
    const auto before = host.server().session_processes();
    ASSERT_TRUE(host.poll());
    EXPECT_NE(host.server().session_processes(), before);
}

TEST_F(MuninOverSsh, OpensASessionAgainThatDoesNotAnswer) {
    Host host(node_script("", kGoodFetch), std::chrono::seconds{9});
    ASSERT_TRUE(host.poll());
    host.server().signal_sessions(SIGSTOP);
    const auto report = host.poll();
    host.server().signal_sessions(SIGCONT);
    EXPECT_TRUE(report) << report.error().message;
}

TEST_F(MuninOverSsh, PassesOverWhatLoginShellsSay) {
    Host host(
        node_script("echo 'Welcome to test!'; echo; echo '# no munin here'; "
                    "printf '\\033]0;test\\007'; echo noise >&2",
                    kGoodFetch));
    const auto report = host.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), 1U);
}

TEST_F(MuninOverSsh, SaysHowACommandEndedThatIsNoNode) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"/no/such/munin-async --spoolfetch",
         "the host does not find the command (asked for was '/usr/share/munin/munin-async "
         "--spoolfetch'): "},
        {"exit 0", "the command ended"},
        {"exit 3", "the command ended with exit status 3"},
        {"echo 'spooldir not found' >&2; exit 2",
         "the command ended with exit status 2: 'spooldir not found"},
        {"echo This account is not available; exit 1",
         "the command ended with exit status 1; what it said is 'This account is not available'"},
        {"kill -9 $$", "the command was cut off"},
        {"exec >&- 2>&-; sleep 100", "the command was cut off"},
        {"i=0; while [ $i -lt 300 ]; do echo $i; i=$((i+1)); done; sleep 100",
         "this is no munin-node: it says '200'"},
    };
    for (const auto& [script, error] : cases) {
        EXPECT_THAT(Host(script).error(), StartsWith(error)) << script;
    }
}

TEST_F(MuninOverSsh, AsksMuninAsyncForItsOption) {
    EXPECT_THAT(Host("echo '# munin node at x'; while read -r line; do echo '# Unknown command.'; "
                     "done")
                    .error(),
                HasSubstr("--spoolfetch"));
}

TEST_F(MuninOverSsh, EndsInTimeWithACommandThatSaysNothing) {
    EXPECT_EQ(Host("sleep 100", kShort).error(), "no answer in time");
    EXPECT_EQ(Host("echo Hello; sleep 100", 4 * kShort).error(),
              "no answer in time; what it said is 'Hello'");
}

TEST_F(MuninOverSsh, HoldsWhatIsSaidToLimits) {
    EXPECT_EQ(Host("cat /dev/zero").error(), "a line of over 4096 bytes");
    EXPECT_EQ(Host("yes '# much'").error(), "this is no munin-node: it says '# much'");
    EXPECT_EQ(Host("yes >&2").error(), "the command complained of over 1048576 bytes");
    EXPECT_EQ(Host(node_script("", "yes x.value 1")).error(), "an answer of over 1048576 bytes");
}

// It is no matter of how much a spool has.
TEST_F(MuninOverSsh, FailsWhenASpoolComplainsTooMuch) {
    Host host(
        "#!/bin/sh\necho '# munin node at test'\nwhile read -r command name; do case $command in\n"
        "cap) echo cap multigraph spool ;;\nspoolfetch) echo multigraph a; echo x.value "
        "1700000000:1; sleep 0.3; head -c 2000000 /dev/zero | tr '\\0' e >&2; echo . ;;\n"
        "quit) exit 0 ;;\nesac; done\n");
    EXPECT_EQ(host.error(), "the command complained of over 1048576 bytes");
}

TEST_F(MuninOverSsh, WarnsOfAPluginInWhichTheConnectionBrokeOff) {
    Host host(script_of_two("echo x.val; exit 4"));
    const auto report = host.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), 1U);
    ASSERT_EQ(report->warnings.size(), 1U);
    EXPECT_EQ(report->warnings[0].key, "b");
    EXPECT_EQ(report->warnings[0].text, "the command ended with exit status 4");
}

TEST_F(MuninOverSsh, WarnsOfAPluginInWhichTheSessionDied) {
    const tests::TemporaryDirectory directory;
    const auto mark = directory.path() / "asked";
    Host host(script_of_two("touch " + mark.string() + "; sleep 100"));
    std::jthread killer([&] {
        tests::wait_for([&] { return std::filesystem::exists(mark); });
        host.server().signal_sessions(SIGKILL);
    });
    const auto report = host.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), 1U);
    ASSERT_EQ(report->warnings.size(), 1U);
    EXPECT_EQ(report->warnings[0].key, "b");
    EXPECT_THAT(report->warnings[0].text, HasSubstr("the session broke off"));
}

TEST_F(MuninOverSsh, RefusesAHostOfAnotherKey) {
    Host host(node_script("", kGoodFetch));
    host.server().change_host_key();
    EXPECT_THAT(host.error(), HasSubstr("HOST KEY CHANGED"));
}

TEST_F(MuninOverSsh, LeavesAHostAloneThatFailed) {
    Host host("exit 3");
    EXPECT_EQ(host.error(), "the command ended with exit status 3");
    EXPECT_THAT(host.error(), AllOf(StartsWith("left alone for "), HasSubstr("exit status 3")));
}

TEST_F(MuninOverSsh, EndsInTimeWithPeersThatAreNoSshServers) {
    using tests::SshPeer;
    const auto error_of = [](SshPeer::Kind kind, std::chrono::milliseconds deadline) {
        const SshPeer peer(kind);
        Node node(
            {.host = "h", .plugin = "munin", .service = {}, .deadline = deadline},
            std::make_unique<SshWay>(ssh::Target{.user = "",
                                                 .host = "127.0.0.1",
                                                 .port = static_cast<std::uint16_t>(peer.port())},
                                     std::string(kUsualSshCommand),
                                     std::make_shared<const ssh::Access>(
                                         ssh::Access::prepare({.config = ssh::kNoConfig}).value())),
            [] { return kNow; }, 1);
        const auto report = node.poll({});
        return report ? "no error" : report.error().message;
    };
    EXPECT_EQ(error_of(SshPeer::Kind::kSilent, kShort), "no SSH session in time");
    EXPECT_EQ(error_of(SshPeer::Kind::kStalls, kShort), "no SSH session in time");
    EXPECT_THAT(error_of(SshPeer::Kind::kHangsUp, kLong), StartsWith("cannot exchange keys"));
    EXPECT_THAT(error_of(SshPeer::Kind::kGarbage, kLong), StartsWith("cannot exchange keys"));
    EXPECT_NE(error_of(SshPeer::Kind::kChatter, kShort), "no error");
}

TEST_F(MuninOverSsh, SharesItsKeyAmongThreads) {
    Host host(node_script("", kGoodFetch));
    const auto access = test::access_to(host.server());
    std::atomic<int> polled = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                Node node(
                    {.host = "h", .plugin = "munin", .service = {}},
                    std::make_unique<SshWay>(test::target_of(host.server()),
                                             std::string(kUsualSshCommand), access),
                    [] { return kNow; }, 1);
                for (int round = 0; round < 3; ++round) polled += node.poll({}) ? 1 : 0;
            });
        }
    }
    EXPECT_EQ(polled, 8 * 3);
}

TEST_F(MuninOverSsh, GoesThroughAProxyOfTheConfiguration) {
    Host host(node_script("", kGoodFetch));
    const SshServer jump;
    const auto config = jump.directory().write(
        "config",
        fmt::format("Host inner\n HostName 127.0.0.1\n Port {}\n ProxyCommand ssh -F none "
                    "-i {} -o BatchMode=yes -o UserKnownHostsFile={} -p {} -W %h:%p "
                    "127.0.0.1\n",
                    host.server().port(), jump.identity().string(),
                    jump.known_hosts_file().string(), jump.port()));
    Node node(
        {.host = "inner", .plugin = "munin", .service = {}},
        std::make_unique<SshWay>(
            ssh::Target{.user = "", .host = "inner"}, std::string(kUsualSshCommand),
            std::make_shared<const ssh::Access>(
                ssh::Access::prepare({.identity = host.server().identity(),
                                      .known_hosts = host.server().known_hosts_file(),
                                      .config = config})
                    .value())),
        [] { return kNow; }, 1);
    for (int round = 0; round < 2; ++round) {
        const auto report = node.poll({});
        ASSERT_TRUE(report) << report.error().message;
    }
    EXPECT_EQ(jump.session_processes().size(), 1U);
}

TEST(MuninSshCommand, IsOneLine) {
    EXPECT_TRUE(check_ssh_command(kUsualSshCommand));
    EXPECT_TRUE(check_ssh_command(std::string(kSshCommandBytesMax, 'x')));
    for (const std::string& text : {std::string(), std::string("a\nb"), std::string(1, '\0'),
                                    std::string(kSshCommandBytesMax + 1, 'x')}) {
        EXPECT_FALSE(check_ssh_command(text));
    }
}

}  // namespace
}  // namespace kurabe::collectors::munin
