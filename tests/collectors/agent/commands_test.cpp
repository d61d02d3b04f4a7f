// Commands of plugins: what they print, how they end, and that nothing of them is left.
#include "collectors/agent/commands.hpp"

#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::agent {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Optional;

CommandOutcome run(const std::string& command, const CommandLimits& limits = {}) {
    const std::atomic<bool> go_on{false};
    return run_commands(std::vector{command}, limits, go_on).at(0);
}

// Waits for the number that a command writes into a file.
pid_t number_in(const std::filesystem::path& file) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    pid_t number = 0;
    while (number == 0 && std::chrono::steady_clock::now() < deadline) {
        std::ifstream(file) >> number;
        std::this_thread::sleep_for(milliseconds{5});
    }
    return number;
}

bool is_gone(pid_t process) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (std::chrono::steady_clock::now() < deadline) {
        if (::kill(process, 0) != 0) return true;
        // A zombie that somebody else has to reap does nothing any more.
        std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
        std::string text;
        std::getline(stat, text);
        if (text.find(") Z") != std::string::npos) return true;
        std::this_thread::sleep_for(milliseconds{5});
    }
    return false;
}

TEST(RunCommands, GivesWhatTheyPrint) {
    EXPECT_EQ(run("echo a  b").output, "a b\n");
    EXPECT_EQ(run("printf 'a\\tb\\n' | tr a-z A-Z").output, "A\tB\n");
    EXPECT_EQ(run("NAME=value printenv NAME").output, "value\n");
    EXPECT_EQ(run("cat").output, "");  // nothing to read
    EXPECT_EQ(run("true").failure, std::nullopt);
}

TEST(RunCommands, KeepsTheirOrder) {
    const std::atomic<bool> go_on{false};
    std::vector<std::string> commands;
    for (int i = 0; i < 40; ++i) {
        commands.push_back((i % 2 == 0 ? "sleep 0.05; echo " : "echo ") + std::to_string(i));
    }
    const auto outcomes = run_commands(commands, {}, go_on);
    ASSERT_EQ(outcomes.size(), commands.size());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        EXPECT_EQ(outcomes[i].output, std::to_string(i) + "\n");
    }
}

TEST(RunCommands, SaysHowTheyFailed) {
    const CommandOutcome failed = run("echo before; exit 3");
    EXPECT_EQ(failed.output, "before\n");
    EXPECT_THAT(failed.failure, Optional(std::string("exit_code: 3")));
    EXPECT_THAT(run("kill -SEGV $$").failure, Optional(HasSubstr("ended by signal 11")));
    EXPECT_THAT(run("/no/such/program").failure, Optional(HasSubstr("No such file")));
    EXPECT_THAT(run("exit 7").failure, Optional(HasSubstr("no program 'exit'")));
    EXPECT_THAT(run("").failure, Optional(HasSubstr("no program is named")));
    EXPECT_THAT(run("   ").failure, Optional(HasSubstr("no program is named")));
}

TEST(RunCommands, EndsWhatTakesTooLong) {
    EXPECT_THAT(run("sleep 1000", {.deadline = milliseconds{200}}).failure,
                Optional(HasSubstr("not done after 0.2 seconds")));
}

TEST(RunCommands, EndsThemWithAllThatTheyStarted) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / "process";
    std::atomic<bool> stop{false};
    std::jthread stopping([&] {
        (void)number_in(file);
        stop = true;
    });
    const std::vector<std::string> commands{fmt::format(
        "echo begun; sleep 1000 & echo $! >{0}.new; mv {0}.new {0}; sleep 1000", file.string())};
    const CommandOutcome ended =
        run_commands(commands, {.deadline = std::chrono::hours{1}}, stop).at(0);
    EXPECT_EQ(ended.output, "begun\n");
    EXPECT_THAT(ended.failure, Optional(std::string("the agent ends")));
    EXPECT_TRUE(is_gone(number_in(file)));
}

TEST(RunCommands, DoesNotWaitForWhatTheyLeaveBehind) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / "process";
    const CommandOutcome leaving = run("sleep 1000 & echo $! >" + file.string() + "; echo done");
    EXPECT_EQ(leaving.output, "done\n");
    EXPECT_EQ(leaving.failure, std::nullopt);
    EXPECT_TRUE(is_gone(number_in(file)));
}

TEST(RunCommands, EndsWhatPrintsTooMuch) {
    const CommandOutcome endless = run("yes", {.output_bytes_max = 100'000});
    EXPECT_EQ(endless.output.size(), 100'000U);
    EXPECT_THAT(endless.failure, Optional(HasSubstr("more than 100000 bytes")));
}

TEST(RunCommands, NoSignalIsBlockedOrIgnoredForThem) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &set, &before);
    const auto handler = std::signal(SIGPIPE, SIG_IGN);
    EXPECT_THAT(run("kill -TERM $$; echo still here").failure, Optional(HasSubstr("signal 15")));
    EXPECT_THAT(run("kill -PIPE $$; echo still here").failure, Optional(HasSubstr("signal 13")));
    std::signal(SIGPIPE, handler);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(RunCommands, EndAtOnceWhenTheAgentEnds) {
    std::atomic<bool> stop{false};
    std::jthread stopping([&stop] {
        std::this_thread::sleep_for(milliseconds{100});
        stop = true;
    });
    const std::vector<std::string> commands(40, "sleep 1000");
    for (const CommandOutcome& outcome : run_commands(commands, {}, stop)) {
        EXPECT_THAT(outcome.failure, Optional(std::string("the agent ends")));
    }
}

// In a process of its own, whose only children they are.
TEST(EndStrays, FindsWhatDetachedItself) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / "process";
    const pid_t agent = ::fork();
    if (agent == 0) {
        adopt_strays();
        (void)run("setsid sh -c 'echo $$ >" + file.string() + "; exec sleep 1000' & while [ ! -s " +
                  file.string() + " ]; do sleep 0.01; done");
        ::_exit(end_strays() == 0 ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(agent, &status, 0), agent);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(is_gone(number_in(file)));
}

}  // namespace
}  // namespace kurabe::collectors::agent
