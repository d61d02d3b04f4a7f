// Programs that are run for their output: those that behave, and those that do not end.
#include "collectors/fetch/program.hpp"

#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::collectors::fetch {
namespace {

using testing::HasSubstr;
using testing::Not;

class Program : public testing::Test {
  protected:
    std::string script(const std::string& name, const std::string& text) {
        const auto file = directory_.write(name, "#!/bin/sh\n" + text);
        std::filesystem::permissions(file, std::filesystem::perms{0755});
        return file;
    }
    static Result<Answer> run(const std::vector<std::string>& command,
                              std::chrono::milliseconds limit = std::chrono::seconds{30}) {
        return ask_program(command, std::chrono::steady_clock::now() + limit, {});
    }

    tests::TemporaryDirectory directory_;
};

TEST_F(Program, GivesItsOutput) {
    const auto answer = run({script("p", "echo value: \"$1\"; echo \"$#\"; pwd"), "a b;c$(x)"});
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->text, "value: a b;c$(x)\n1\n/\n");
}

TEST_F(Program, HasAnEnvironmentOfItsOwn) {
    ::setenv("KURABE_SECRET", "hunter2", 1);
    const auto answer = run({script("p", "env; ls /proc/self/fd | wc -l; cat")});
    ::unsetenv("KURABE_SECRET");
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_THAT(answer->text, Not(HasSubstr("hunter2")));
    EXPECT_THAT(answer->text, HasSubstr("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"));
}

TEST_F(Program, SaysHowItFailed) {
    EXPECT_EQ(run({script("a", "echo first >&2; echo second >&2; exit 3")}).error().message,
              "exit status 3: first");
    EXPECT_EQ(run({script("b", "exit 1")}).error().message, "exit status 1");
    EXPECT_EQ(run({script("c", "kill -9 $$")}).error().message, "ended by signal 9 (Killed)");
    EXPECT_THAT(run({"/nonexistent/program"}).error().message, HasSubstr("No such file"));
    const auto plain = directory_.write("plain", "no program");
    std::filesystem::permissions(plain, std::filesystem::perms{0644});
    EXPECT_THAT(run({plain}).error().message, HasSubstr("cannot run"));
}

TEST_F(Program, IsNotRunWhenOthersMayWriteIt) {
    const std::string open = script("open", "echo value: 1");
    std::filesystem::permissions(open, std::filesystem::perms{0777});
    EXPECT_THAT(run({open}).error().message, HasSubstr("may change it"));
    EXPECT_THAT(run({directory_.path()}).error().message, HasSubstr("is no file"));
}

TEST_F(Program, IsKilledAtItsDeadline) {
    EXPECT_THAT(run({script("p", "sleep 1000")}, std::chrono::milliseconds{200}).error().message,
                HasSubstr("not done after"));
}

TEST_F(Program, IsKilledWithItsChildren) {
    const std::string file = directory_.path() / "pid";
    const std::string command =
        script("p", fmt::format("sleep 1000 & echo $! >{0}.new; mv {0}.new {0}; wait", file));
    std::stop_source stop;
    const std::jthread stopping([&] {
        tests::wait_for([&] { return !tests::read_file(file).empty(); });
        stop.request_stop();
    });
    const auto answer = ask_program(
        {command}, std::chrono::steady_clock::now() + std::chrono::hours{1}, stop.get_token());
    EXPECT_EQ(answer.error().message, "stopped");
    const pid_t child = std::atoi(tests::read_file(file).c_str());
    ASSERT_GT(child, 0);
    EXPECT_TRUE(tests::wait_for([child] {
        // Killed, though its new parent may not have asked for its status yet.
        const std::string stat = tests::read_file(fmt::format("/proc/{}/stat", child));
        return stat.empty() || stat.contains(") Z ");
    }));
}

TEST_F(Program, WaitsForNobodyWhoHoldsItsOutput) {
    const auto answer = run({script("p", "sleep 1000 & echo value: 1")}, std::chrono::hours{1});
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->text, "value: 1\n");
}

TEST_F(Program, MayNotSayTooMuch) {
    EXPECT_THAT(
        run({script("p", "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaa; done")}).error().message,
        HasSubstr("more than 1048576 bytes of output"));
    EXPECT_THAT(run({script("q", "while :; do echo aaaaaaaaaaaaaaaaaaaaa >&2; done")},
                    std::chrono::milliseconds{500})
                    .error()
                    .message,
                HasSubstr("not done after"));
}

TEST_F(Program, StopsWhenItIsToldTo) {
    std::stop_source source;
    source.request_stop();
    const auto answer =
        ask_program({script("p", "sleep 1000")},
                    std::chrono::steady_clock::now() + std::chrono::hours{1}, source.get_token());
    EXPECT_EQ(answer.error().message, "stopped");
}

}  // namespace
}  // namespace kurabe::collectors::fetch
