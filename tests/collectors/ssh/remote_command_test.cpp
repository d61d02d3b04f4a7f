// The command itself, run by the shells of this machine: what it prints is what this machine's own
// collection finds.
#include "collectors/ssh/remote_command.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "collectors/local.hpp"
#include "collectors/ssh/capture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr store::Time kCommandNow{store::Seconds{1795344360}};

std::set<std::string> names_of(const Report& report) {
    std::set<std::string> names;
    for (const auto& sample : report.batch.samples) names.insert(sample.key);
    for (const Meta& meta : report.meta) names.insert("meta " + meta.key);
    return names;
}

// `words` start a shell; the command follows them.
void finds_what_the_local_collection_finds(std::vector<std::string> words) {
    words.emplace_back("-c");
    words.emplace_back(remote_command());
    const auto finished = tests::run(words);
    EXPECT_EQ(finished.status, 0);
    EXPECT_EQ(finished.err, "");
    const auto report = read_capture(finished.out, "h", kCommandNow);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(names_of(*report), names_of(collect_local("/", "h", kCommandNow)));
    for (const Warning& warning : report->warnings) {
        ADD_FAILURE() << warning.key << ": " << warning.text;
    }
}

class RemoteCommand : public ::testing::TestWithParam<const char*> {};

TEST_P(RemoteCommand, FindsWhatTheLocalCollectionFinds) {
    const std::string shell = GetParam();
    if (::access(shell.c_str(), X_OK) != 0) GTEST_SKIP() << "no " << shell;
    finds_what_the_local_collection_finds({shell});
}

INSTANTIATE_TEST_SUITE_P(Shells, RemoteCommand,
                         ::testing::Values("/bin/sh", "/bin/bash", "/bin/dash", "/bin/csh",
                                           "/usr/bin/fish"));

TEST(RemoteCommandText, RunsWhereThereIsBusyboxOnly) {
    const std::string busybox = "/bin/busybox";
    if (::access(busybox.c_str(), X_OK) != 0) GTEST_SKIP() << "no " << busybox;
    const tests::TemporaryDirectory programs;
    for (const char* name : {"sh", "head", "grep", "df"}) {
        std::filesystem::create_symlink(busybox, programs.path() / name);
    }
    finds_what_the_local_collection_finds(
        {"/usr/bin/env", "-i", "PATH=" + programs.path().string(), "sh"});
}

// What each of the shells above would read differently.
TEST(RemoteCommandText, HoldsNothingThatAShellOfTheTableReadsDifferently) {
    const std::string_view command = remote_command();
    ASSERT_TRUE(command.starts_with("sh -c '") && command.ends_with('\''));
    const std::string_view script = command.substr(7, command.size() - 8);
    for (const char* token : {"'", "\n", "!", "\\"}) {
        EXPECT_EQ(script.find(token), std::string_view::npos) << token;
    }
    EXPECT_LT(forced_command_options().size(), 4000u);  // old sshd: lines of 8,192 bytes
}

TEST(RemoteCommandText, ItsMarksAreThoseThatAreLookedFor) {
    const std::string command(remote_command());
    EXPECT_NE(command.find("\"" + std::string(kBeginMark) + std::string(kCommandVersion) + "\""),
              std::string::npos);
    EXPECT_NE(command.find("\"" + std::string(kEndMark) + "\""), std::string::npos);
    EXPECT_NE(command.find("==> " + std::string(kUsePart) + " <=="), std::string::npos);
}

}  // namespace
}  // namespace kurabe::collectors::ssh
