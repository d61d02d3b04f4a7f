// Files of users, tokens and keys: what is read, what is refused and where, how they change.
#include "tests/support/files.hpp"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "server/access/account_name.hpp"
#include "server/access/secret_text.hpp"
#include "server/access/tokens_file.hpp"
#include "server/access/users_file.hpp"
#include "server/access/watched_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kFileHash = "$2y$10$abcdefghijklmnopqrstuuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

TEST(AccountName, IsFitForLinesAndHeaders) {
    for (const char* name : {"alice", "web-agents", "a@example.org", "山田", "two words"}) {
        EXPECT_TRUE(check_account_name(name)) << name;
    }
    for (const std::string& name :
         {std::string(), std::string("a:b"), std::string("a\nb"), std::string("a\tb"),
          std::string("#a"), std::string("-a"), std::string(" a"), std::string("a "),
          std::string("a,b"), std::string(129, 'a'), std::string("a\0b", 3)}) {
        EXPECT_FALSE(check_account_name(name)) << name;
    }
}

TEST(UsersFile, ReadsApachesLines) {
    const auto users =
        parse_users("# ours\nalice:" + kFileHash + "\r\n\nbob:" + kFileHash + "\n", "users");
    ASSERT_TRUE(users) << users.error().message;
    EXPECT_EQ(users->size(), 2U);
    EXPECT_EQ(users->at("alice"), kFileHash);
}

TEST(UsersFile, SaysWhatIsWrongInWhichLineWithoutTheHash) {
    const auto error = [](const std::string& text) {
        const auto users = parse_users(text, "users");
        return users ? "no error" : users.error().message;
    };
    EXPECT_THAT(error("alice:" + kFileHash + "\nbob:$apr1$secret\n"),
                HasSubstr("users:2: the password of 'bob' is no bcrypt hash"));
    EXPECT_THAT(error("bob:$apr1$secret\n"), Not(HasSubstr("secret")));
    EXPECT_THAT(error("alice\n"), HasSubstr("users:1: is no 'NAME:HASH'"));
    EXPECT_THAT(error(":" + kFileHash), HasSubstr("users:1: the name is empty"));
    EXPECT_THAT(error("a:" + kFileHash + "\na:" + kFileHash),
                HasSubstr("users:2: the user 'a' is there twice"));
    EXPECT_THAT(error("a:" + kFileHash + ":more"), HasSubstr("no bcrypt hash"));
}

TEST(UsersFile, ChangesOneLineAndLeavesTheOthers) {
    EXPECT_EQ(with_user("", "a", "h"), "a:h\n");
    EXPECT_EQ(with_user("# x\nab:1\n\na:2\nb:3", "a", "h"), "# x\nab:1\n\na:h\nb:3\n");
    EXPECT_EQ(with_user("a:1\nb:2\na:3\n", "a", "h"), "a:h\nb:2\n");
    EXPECT_EQ(without_user("a:1\nab:2\n# a:\n", "a"), "ab:2\n# a:\n");
    EXPECT_TRUE(has_user("a:1\n", "a"));
    EXPECT_FALSE(has_user("ab:1\n", "a"));
}

Token token(std::string name, std::vector<std::string> hosts = {}) {
    return {.name = name,
            .digest = sha256("secret of " + name),
            .reads = true,
            .writes = true,
            .hosts = HostScope::parse(hosts).value()};
}

TEST(TokensFile, ReadsWhatItWrote) {
    Tokens tokens{token("all"), token("some", {"web*", "10.0.7.0/24", "fd00::/8", "a host"})};
    tokens[0].reads = false;
    tokens[1].writes = false;
    tokens[1].expires = store::Time{store::Seconds{1'767'323'045}};
    const std::string text = tokens_text(tokens);
    EXPECT_THAT(text, Not(HasSubstr("secret of")));
    const auto read = parse_tokens(text, "tokens");
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ(tokens_text(*read), text);
    EXPECT_FALSE((*read)[0].reads);
    EXPECT_FALSE((*read)[1].writes);
    EXPECT_TRUE((*read)[0].hosts.is_all());
    EXPECT_THAT((*read)[1].hosts.texts(), ElementsAre("web*", "10.0.7.0/24", "fd00::/8", "a host"));
    EXPECT_FALSE((*read)[1].is_expired(*tokens[1].expires - store::Seconds{1}));
    EXPECT_TRUE((*read)[1].is_expired(*tokens[1].expires));
}

TEST(TokensFile, SaysWhatIsWrongInWhichLine) {
    const std::string digest = "sha256:" + to_hex(sha256("x"));
    const auto error = [](const std::string& text) {
        const auto tokens = parse_tokens("#\n" + text, "tokens");
        return tokens ? "no error" : tokens.error().message;
    };
    EXPECT_EQ(error("a\t" + digest + "\tread\tnever\n"), "no error");
    EXPECT_THAT(error("a\t" + digest + "\tread"), HasSubstr("tokens:2: a token has a field"));
    EXPECT_THAT(error("a\tsha256:12\tread\tnever"), HasSubstr("tokens:2: the digest of 'a'"));
    EXPECT_THAT(error("a\t" + digest + "\tadmin\tnever"), HasSubstr("tokens:2: the scopes"));
    EXPECT_THAT(error("a\t" + digest + "\t\tnever"), HasSubstr("tokens:2: the scopes"));
    for (const char* time : {"", "-1", "1.5", "1 ", "99999999999999999999", "Never"}) {
        EXPECT_THAT(error("a\t" + digest + "\tread\t" + time), HasSubstr("the expiry of 'a'"));
    }
    EXPECT_THAT(error("a\t" + digest + "\tread\tnever\t1*2"), HasSubstr("hosts '1*2'"));
    // An empty field would otherwise be no limit.
    EXPECT_THAT(error("a\t" + digest + "\tread\tnever\t"), HasSubstr("hosts ''"));
    EXPECT_THAT(error("a\t" + digest + "\tread\tnever\na\t" + digest + "\tread\tnever"),
                HasSubstr("tokens:3: the token 'a' is there twice"));
}

TEST(TokensFile, FindsATokenByItsSecretAlone) {
    const TokenIndex index({token("a"), token("b"), token("c")});
    ASSERT_NE(index.find("secret of b"), nullptr);
    EXPECT_EQ(index.find("secret of b")->name, "b");
    EXPECT_EQ(index.find("secret of d"), nullptr);
    EXPECT_EQ(index.find(""), nullptr);
    EXPECT_EQ(index.find(to_hex(sha256("secret of b"))), nullptr) << "what the file shows is none";
    EXPECT_EQ(TokenIndex().find("x"), nullptr);
    const auto secret = new_token_secret();
    ASSERT_TRUE(secret);
    EXPECT_EQ(secret->size(), kTokenPrefix.size() + 64);
}

TEST(HostScopeTest, OddNamesDoNotEscape) {
    const std::vector<std::string> patterns{"db1", "web*", "10.0.7.0/24"};
    const HostScope scope = HostScope::parse(patterns).value();
    for (const char* host : {"db1", "web", "web1", "web.example", "10.0.7.9"}) {
        EXPECT_TRUE(scope.includes(host)) << host;
    }
    for (const std::string& host :
         {std::string("db10"), std::string("DB1"), std::string("db1 "), std::string(" db1"),
          std::string("db1\0", 4), std::string("xweb1"), std::string("Web1"),
          std::string("10.0.70.9"), std::string("10.0.7"), std::string("010.0.7.9"),
          std::string("10.0.7.9.example"), std::string("../web1"), std::string("db1%"),
          std::string("*"), std::string()}) {
        EXPECT_FALSE(scope.includes(host)) << host;
    }
    EXPECT_TRUE(HostScope().includes("anything"));
}

class Secrets : public testing::Test {
  protected:
    [[nodiscard]] SecretFile file(std::size_t bytes_max = 1000) const {
        return {.path = directory_.path() / "secret", .bytes_max = bytes_max};
    }
    Result<void> append(std::string_view more) {
        return change_secret(file(100'000), [more](std::string_view text) -> Result<std::string> {
            return std::string(text) + std::string(more);
        });
    }
    tests::TemporaryDirectory directory_;
};

TEST_F(Secrets, AreMadeForTheirOwnerAlone) {
    EXPECT_EQ(read_secret(file()).error().code, ErrorCode::kNotFound);
    const mode_t before = ::umask(0);
    ASSERT_TRUE(append("a"));
    ::umask(before);
    EXPECT_EQ(read_secret(file()).value(), "a");
    struct stat status{};
    ASSERT_EQ(::stat(file().path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    ::chmod(file().path.c_str(), 0644);
    EXPECT_THAT(read_secret(file()).error().message, HasSubstr("others may read it"));
    EXPECT_FALSE(append("b")) << "what others read is no secret any more";
}

// The user of a service, whom nobody can be while it does not run.
TEST_F(Secrets, OfADirectoryOfAnotherUserAreItsOwnersAndRootsToChange) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root makes files for others";
    constexpr uid_t kService = 61'234;
    ASSERT_EQ(::chown(directory_.path().c_str(), kService, kService), 0);
    struct stat status{};
    for (const char* text : {"a", "ab"}) {
        ASSERT_TRUE(append(text + std::string_view(text).size() - 1));
        EXPECT_EQ(read_secret(file()).value(), text);
        ASSERT_EQ(::stat(file().path.c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, kService);
        EXPECT_EQ(status.st_mode & 0777, 0600U);
    }
    ASSERT_EQ(::chown(file().path.c_str(), kService + 1, kService), 0);
    EXPECT_THAT(read_secret(file()).error().message, HasSubstr("belongs to another user"));
}

TEST_F(Secrets, HaveALimitAndChangeWholly) {
    ASSERT_TRUE(append(std::string(1001, 'x')));
    EXPECT_EQ(read_secret(file()).error().code, ErrorCode::kLimit);
    EXPECT_EQ(read_secret(file(1001)).value().size(), 1001U);
    const auto refused = change_secret(file(5000), [](std::string_view) -> Result<std::string> {
        return fail(ErrorCode::kInvalid, "no");
    });
    EXPECT_FALSE(refused);
    EXPECT_EQ(read_secret(file(1001)).value().size(), 1001U);
}

TEST_F(Secrets, LoseNoChangeOfSeveralAtOnce) {
    constexpr int kThreads = 4;
    constexpr int kChanges = 10;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([this] {
            for (int change = 0; change < kChanges; ++change) EXPECT_TRUE(append("x"));
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(read_secret(file()).value().size(), std::size_t{kThreads * kChanges});
}

TEST_F(Secrets, AreSeenWhenTheyChange) {
    tests::TemporaryDirectory logs;
    std::FILE* const stream = std::fopen((logs.path() / "log").c_str(), "w");
    Log log(::fileno(stream), LogLevel::kInfo);
    int loads = 0;
    const auto load = [this, &loads](const std::filesystem::path&) -> Result<std::string> {
        ++loads;
        auto text = read_secret(file());
        if (text && *text == "broken") return fail(ErrorCode::kInvalid, "secret:1: broken");
        return text;
    };
    store::Time now{store::Seconds{1000}};
    auto watched = WatchedFile<std::string>::open(file().path, load, log);
    ASSERT_TRUE(watched);
    EXPECT_EQ(*(*watched)->current(now), "") << "a file that is not there";
    const auto write = [this](std::string_view text) {
        ASSERT_TRUE(change_secret(
            file(), [text](std::string_view) -> Result<std::string> { return std::string(text); }));
    };
    write("one");
    EXPECT_EQ(*(*watched)->current(now), "") << "it was looked at in this second";
    EXPECT_EQ(*(*watched)->current(now += store::Seconds{1}), "one");
    EXPECT_EQ(*(*watched)->current(now += store::Seconds{1}), "one");
    EXPECT_EQ(loads, 1);
    write("two");
    EXPECT_EQ(*(*watched)->current(now += store::Seconds{1}), "two");
    write("broken");
    EXPECT_EQ(*(*watched)->current(now += store::Seconds{1}), "two");
    EXPECT_EQ(*(*watched)->current(now += store::Seconds{1}), "two");
    EXPECT_EQ(loads, 3) << "what is broken is read once";
    std::filesystem::remove(file().path);
    EXPECT_EQ(*(*watched)->current(now += store::Seconds{1}), "") << "a removed file says nothing";
    std::fclose(stream);
    EXPECT_THAT(tests::read_file(logs.path() / "log"), HasSubstr("secret:1: broken"));
}

}  // namespace
}  // namespace kurabe::server
