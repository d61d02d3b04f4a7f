// Programs that end, fail, hang, flood and leave others behind.
#include "collectors/program.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::collectors {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;
using tests::TemporaryDirectory;

constexpr ProgramLimits kShort{.time = milliseconds{200}, .output_bytes = 1000};

Result<ProgramEnd> shell(const std::string& script, const ProgramLimits& limits = {},
                         const std::stop_token& stop = {}) {
    return run_program({.words = {"/bin/sh", "-c", script}, .environment = {"PATH=/usr/bin:/bin"}},
                       limits, stop);
}

std::string output_of(const Result<ProgramEnd>& end) {
    return end ? end->output : "error: " + end.error().message;
}

std::string error_of(const Result<ProgramEnd>& end) {
    return end ? "status " + std::to_string(end->status) : end.error().message;
}

// A killed one may stay a zombie where nobody waits for orphans.
bool is_running(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string number, name, state;
    return (file >> number >> name >> state) && state != "Z";
}

TEST(Program, GivesOutputComplaintsAndStatus) {
    const auto end = shell("echo out; echo err >&2; exit 3");
    ASSERT_TRUE(end.has_value()) << end.error().message;
    EXPECT_EQ(end->status, 3);
    EXPECT_EQ(end->output, "out\n");
    EXPECT_EQ(end->complaints, "err\n");
}

TEST(Program, WordsAreNoScript) {
    const auto end =
        run_program({.words = {"printf", "%s|", "a b", "$(id)", "; rm"}, .environment = {}}, {});
    EXPECT_EQ(output_of(end), "a b|$(id)|; rm|");
}

TEST(Program, HasTheEnvironmentThatItIsGivenAndNoInput) {
    ::setenv("KURABE_TEST_SECRET", "x", 1);
    const auto end = run_program({.words = {"/usr/bin/env"}, .environment = {"A=1", "B=2"}}, {});
    ::unsetenv("KURABE_TEST_SECRET");
    EXPECT_EQ(output_of(end), "A=1\nB=2\n");
    EXPECT_EQ(output_of(shell("cat; pwd")), "/\n");
}

TEST(Program, InheritsNoDescriptor) {
    const int open = ::dup(STDERR_FILENO);  // one without close-on-exec
    const std::string number = std::to_string(open);
    EXPECT_EQ(output_of(shell("[ -e /proc/self/fd/0 ] && [ ! -e /proc/self/fd/" + number +
                              " ] && echo good")),
              "good\n");
    ::close(open);
}

TEST(Program, WhatCannotBeRunIsNamed) {
    const TemporaryDirectory directory;
    const auto plain = directory.write("plain", "text");
    EXPECT_EQ(error_of(run_program({.words = {"no-such"}, .environment = {"PATH=/bin"}}, {})),
              "there is no program 'no-such' along PATH (/bin)");
    EXPECT_EQ(error_of(run_program({.words = {plain.string()}, .environment = {}}, {})),
              "cannot run " + plain.string() + ": Permission denied");
    EXPECT_EQ(error_of(run_program({.words = {"/no/such"}, .environment = {}}, {})),
              "cannot run /no/such: No such file or directory");
    EXPECT_EQ(
        error_of(run_program({.words = {"true"}, .environment = {}, .directory = "/no/such"}, {})),
        "cannot run true: No such file or directory");
    EXPECT_EQ(error_of(run_program({.words = {}, .environment = {}}, {})), "no program is named");
}

TEST(Program, ASignalIsAnError) {
    EXPECT_EQ(error_of(shell("kill -9 $$")), "ended by signal 9 (Killed)");
}

TEST(Program, ASlowOneIsKilledWithAllThatItStarted) {
    const TemporaryDirectory directory;
    const std::string file = (directory.path() / "pids").string();
    const auto end = shell("sleep 1000 & echo $! $$ >" + file + "; wait", kShort);
    EXPECT_EQ(error_of(end), "not done after 0.2 seconds");
    pid_t child = 0;
    pid_t parent = 0;
    // Written before the limit, but on a machine that is very slow: then there is nobody to look
    // at.
    if (!(std::ifstream(file) >> child >> parent)) GTEST_SKIP() << "the script had not begun";
    EXPECT_FALSE(is_running(parent));
    EXPECT_TRUE(tests::wait_for([&] { return !is_running(child); }));
}

TEST(Program, WhoIsLeftBehindHoldsNothingUp) {
    const auto end = shell("sleep 1000 & echo $!");
    const pid_t child = std::atoi(output_of(end).c_str());
    ASSERT_GT(child, 0) << output_of(end);
    EXPECT_TRUE(tests::wait_for([&] { return !is_running(child); }));
}

// Traces the process whose number comes into `file`, and says so in `traced`; then it never asks
// for its end.
[[noreturn]] void trace(const std::string& file, const std::string& traced) {
    pid_t process = 0;
    if (!tests::wait_for([&] { return static_cast<bool>(std::ifstream(file) >> process); }) ||
        ::ptrace(PTRACE_SEIZE, process, nullptr, nullptr) != 0) {
        std::ofstream(traced) << "no";
        ::_exit(1);
    }
    std::ofstream(traced) << "yes";
    while (true) ::pause();
}

// One that has a tracer does not end for its parent before it has for the tracer, whatever kills
// it.
TEST(Program, OneThatCannotBeKilledHoldsNothingUp) {
    const TemporaryDirectory directory;
    const std::string file = (directory.path() / "pid").string();
    const std::string traced = (directory.path() / "traced").string();
    const pid_t tracer = ::fork();
    if (tracer == 0) trace(file, traced);
    std::stop_source stop;
    const std::jthread stopping([&] {
        tests::wait_for([&] { return !tests::read_file(traced).empty(); });
        stop.request_stop();
    });
    const auto end = shell(fmt::format("echo $$ >{0}.new; mv {0}.new {0}; sleep 1000", file),
                           {.time = std::chrono::hours{1}}, stop.get_token());
    ::kill(tracer, SIGKILL);
    ::waitpid(tracer, nullptr, 0);
    if (tests::read_file(traced) != "yes") GTEST_SKIP() << "no process may be traced here";
    EXPECT_EQ(error_of(end), "stopped; it cannot be killed and is left behind");
    const std::string number = tests::read_file(file);
    EXPECT_TRUE(tests::wait_for([&] { return ::kill(std::atoi(number.c_str()), 0) != 0; }));
}

TEST(Program, OutputIsThereWithoutAnEnd) {
    const auto run = watch_program(
        {.words = {"/bin/sh", "-c", "echo begun; kill -9 $$"}, .environment = {}}, {});
    ASSERT_FALSE(run.status);
    EXPECT_EQ(run.status.error().message, "ended by signal 9 (Killed)");
    EXPECT_EQ(run.output, "begun\n");
}

TEST(Program, EndlessOutputIsCutOff) {
    EXPECT_EQ(error_of(shell("yes", {.output_bytes = 1000})), "more than 1000 bytes of output");
    const auto end = shell("head -c 100000 /dev/zero >&2; echo done");
    EXPECT_EQ(output_of(end), "done\n");
    EXPECT_EQ(end->complaints.size(), kComplaintBytesMax);
    EXPECT_EQ(output_of(shell("head -c 1000000 /dev/zero")).size(), 1000000U);
}

TEST(Program, EndsWhenItIsToldTo) {
    std::stop_source stop;
    std::jthread asks([&] {
        std::this_thread::sleep_for(milliseconds{50});
        stop.request_stop();
    });
    EXPECT_EQ(error_of(shell("sleep 1000", {.time = std::chrono::hours{1}}, stop.get_token())),
              "stopped");
}

TEST(Program, SignalsThatThisProcessHoldsBackReachIt) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const auto end = shell("kill -TERM $$; echo deaf");
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    EXPECT_THAT(error_of(end), HasSubstr("ended by signal 15"));
}

TEST(Program, RunsAsAnotherUser) {
    EXPECT_EQ(find_account("no such user").error().message, "there is no user 'no such user'");
    const auto nobody = find_account("nobody");
    ASSERT_TRUE(nobody.has_value()) << nobody.error().message;
    const int dumpable = ::prctl(PR_GET_DUMPABLE);
    const auto end =
        run_program({.words = {"id", "-un"}, .environment = {}, .account = *nobody}, {});
    EXPECT_EQ(::prctl(PR_GET_DUMPABLE), dumpable);
    if (::geteuid() == 0) {
        EXPECT_EQ(output_of(end), "nobody\n");
    } else {
        EXPECT_EQ(error_of(end), "cannot run id: Operation not permitted");
    }
}

// Like a file system that does not answer: exec(3) waits for the lease.
TEST(Program, OneWhoseFileDoesNotAnswerHoldsNothingUp) {
    const TemporaryDirectory directory;
    const auto file = directory.write("program", "#!/bin/sh\necho late\n");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    const Descriptor leased(::open(file.c_str(), O_RDWR | O_CLOEXEC));
    struct sigaction ignored{};
    ignored.sa_handler = SIG_IGN;  // what tells that somebody wants the file
    ASSERT_EQ(::sigaction(SIGIO, &ignored, nullptr), 0);
    if (::fcntl(leased.number(), F_SETLEASE, F_WRLCK) != 0) {
        GTEST_SKIP() << "no leases on this file system: " << std::strerror(errno);
    }
    const Program program{.words = {file}, .environment = {}};
    EXPECT_EQ(error_of(run_program(program, kShort)),
              "not done after 0.2 seconds: its file or directory does not answer");
    std::stop_source source;
    std::jthread stopping([&source] { source.request_stop(); });
    EXPECT_EQ(error_of(run_program(program, {}, source.get_token())), "stopped");
    ASSERT_EQ(::fcntl(leased.number(), F_SETLEASE, F_UNLCK), 0);
}

int copies_of_this_process = 0;

// A server has the archives of thousands of hosts mapped; to copy it keeps all of its threads from
// memory for a tenth of a second and more.
TEST(Program, DoesNotCopyThisProcess) {
#ifdef KURABE_SANITIZED_THREADS
    GTEST_SKIP() << "its vfork(2) is a fork(2)";
#endif
    ASSERT_EQ(::pthread_atfork([] { ++copies_of_this_process; }, nullptr, nullptr), 0);
    copies_of_this_process = 0;
    const auto end = run_program({.words = {"/bin/echo", "here"}, .environment = {}}, {});
    ASSERT_TRUE(end) << end.error().message;
    EXPECT_EQ(end->output, "here\n");
    EXPECT_EQ(copies_of_this_process, 0);
}

TEST(Program, ManyAtOnce) {
    std::vector<std::jthread> threads;
    std::vector<std::string> outputs(8);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        threads.emplace_back([&outputs, i] {
            for (int round = 0; round < 20; ++round) {
                outputs[i] = output_of(shell("echo " + std::to_string(i)));
            }
        });
    }
    threads.clear();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        EXPECT_EQ(outputs[i], std::to_string(i) + "\n");
    }
}

}  // namespace
}  // namespace kurabe::collectors
