// Words of commands, and which files may be run.
#include "collectors/exec/command.hpp"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "collectors/trusted_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::exec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Command command(const std::vector<std::string>& words) {
    Command made;
    for (const std::string& word : words) made.words.push_back(TextTemplate::parse(word).value());
    return made;
}

TEST(CommandWords, HaveTheHostAndTheLinesArguments) {
    const auto words = words_of(command({"/bin/x", "-H", "{{address}}", "n={{hostname}}"}),
                                {.host = "10.0.0.1",
                                 .hostname = "web1",
                                 .plugin = "exec:x:80",
                                 .arguments = {"80", "a/b"}});
    EXPECT_THAT(words.value(), ElementsAre("/bin/x", "-H", "10.0.0.1", "n=web1", "80", "a/b"));
}

TEST(CommandWords, AreSafeOrNone) {
    for (const char* bad : {"-o",  "--help",   "$(touch x)",  "a;b", "`x`", "a b", "a\nb",
                            "a\\", "'",        "\"",          "*",   "~",   "<x",  "a|b",
                            "a&b", "\xc3\xa4", "{{address}}", "#",   "!",   "(x)"}) {
        EXPECT_FALSE(is_safe_argument(bad)) << bad;
        const auto argument =
            words_of(command({"/bin/x"}),
                     {.host = "h", .hostname = "h", .plugin = "exec:x", .arguments = {bad}});
        ASSERT_FALSE(argument) << bad;
        EXPECT_THAT(argument.error().message, HasSubstr("cannot be an argument"));
        const Target target{.host = bad, .hostname = bad, .plugin = "exec:x", .arguments = {}};
        EXPECT_FALSE(words_of(command({"/bin/x", "{{address}}"}), target)) << bad;
        EXPECT_FALSE(words_of(command({"/bin/x", "a{{hostname}}"}), target)) << bad;
        EXPECT_TRUE(words_of(command({"/bin/x"}), target)) << "it is no argument";
    }
    for (const char* good : {"80", "2001:db8::1", "user@host", "/a/b.c", "a=1,b=2", "50%"}) {
        EXPECT_TRUE(is_safe_argument(good)) << good;
    }
    EXPECT_FALSE(is_safe_argument(std::string(600, 'a')));
    EXPECT_FALSE(is_safe_argument(""));
}

TEST(TrustedFiles, AreThoseThatNobodyElseCanChange) {
    using std::filesystem::perms;
    const tests::TemporaryDirectory directory;
    const std::string file = directory.write("d/x", "#!/bin/sh\n").string();
    const auto set = [](const std::filesystem::path& path, unsigned mode) {
        std::filesystem::permissions(path, static_cast<perms>(mode));
    };
    EXPECT_TRUE(check_trusted_file(file));
    set(file, 0775);
    EXPECT_THAT(check_trusted_file(file).error().message, HasSubstr("may change it"));
    set(file, 0757);
    EXPECT_FALSE(check_trusted_file(file));
    set(file, 0755);
    set(directory.path() / "d", 0777);
    EXPECT_THAT(check_trusted_file(file).error().message, HasSubstr("/d, so it is not run"));
    set(directory.path() / "d", 01777);
    EXPECT_TRUE(check_trusted_file(file)) << "as /tmp";
    set(directory.path() / "d", 0755);
    EXPECT_EQ(check_trusted_file(file + "no").error().code, ErrorCode::kNotFound);
    EXPECT_FALSE(check_trusted_file((directory.path() / "d").string()));
    EXPECT_FALSE(check_trusted_file("d/x"));
    EXPECT_FALSE(check_trusted_file("/dev/null"));
    std::filesystem::create_symlink(file, directory.path() / "link");
    EXPECT_TRUE(check_trusted_file((directory.path() / "link").string()));
    set(file, 0777);
    EXPECT_FALSE(check_trusted_file((directory.path() / "link").string()));
}

TEST(TrustedFiles, AreReachedByTrustedLinksOnly) {
    namespace fs = std::filesystem;
    const tests::TemporaryDirectory directory;
    const fs::path root = directory.path();
    directory.write("d/x", "#!/bin/sh\n");
    for (const char* const name : {"named", "between"}) fs::create_directory(root / name);
    fs::create_symlink("../between/link", root / "named/link");
    fs::create_symlink("../d", root / "between/link");
    const std::string named = root / "named/link/x";
    EXPECT_TRUE(check_trusted_file(named)) << check_trusted_file(named).error().message;
    for (const char* const open : {"named", "between"}) {
        fs::permissions(root / open, fs::perms::all);
        EXPECT_THAT(check_trusted_file(named).error().message,
                    HasSubstr(std::string(open) + ", so it is not run"));
        fs::permissions(root / open, fs::perms::owner_all);
    }
    fs::create_symlink("loop", root / "loop");
    EXPECT_FALSE(check_trusted_file(root / "loop"));
    if (::geteuid() != 0) return;
    ASSERT_EQ(::lchown((root / "between/link").c_str(), 1, 1), 0);
    EXPECT_FALSE(check_trusted_file(named)) << "another user made the link";
}

}  // namespace
}  // namespace kurabe::collectors::exec
