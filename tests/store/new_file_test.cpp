// Files that come into being whole.
#include "store/new_file.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

using testing::EndsWith;

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

class NewFileTest : public testing::Test {
  protected:
    [[nodiscard]] Result<void> make(const std::filesystem::path& path, std::string_view text,
                                    NewFile::Existing existing = NewFile::Existing::kReplace) {
        auto file = NewFile::create(path);
        if (!file) return std::unexpected(file.error());
        if (auto written = file->write(bytes_of(text)); !written) return written;
        return file->commit(existing);
    }
    [[nodiscard]] static unsigned mode_of(const std::filesystem::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0);
        return status.st_mode & 0777U;
    }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(directory_.path()), {}));
    }

    tests::TemporaryDirectory directory_;
    std::filesystem::path path_ = directory_.path() / "a";
};

TEST_F(NewFileTest, HasItsNameWhenItIsWhole) {
    directory_.write("a", "old");
    auto file = NewFile::create(path_);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->reserve(1000));
    ASSERT_TRUE(file->write(bytes_of("new")));
    EXPECT_EQ(tests::read_file(path_), "old");
    ASSERT_TRUE(file->commit());
    EXPECT_EQ(tests::read_file(path_).substr(0, 3), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(NewFileTest, ManyPartsComeInOrder) {
    std::string text;
    auto file = NewFile::create(path_);
    ASSERT_TRUE(file);
    for (std::size_t length : {3UL, 1'500'000UL, 1UL, 700'000UL, 700'000UL, 1'048'576UL, 5UL}) {
        const std::string part(length, static_cast<char>('a' + text.size() % 26));
        ASSERT_TRUE(file->write(bytes_of(part)));
        text += part;
    }
    ASSERT_TRUE(file->commit());
    EXPECT_TRUE(tests::read_file(path_) == text);
}

TEST_F(NewFileTest, WhatIsNotCommittedLeavesNothing) {
    {
        auto file = NewFile::create(path_);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write(bytes_of("new")));
        NewFile moved = std::move(*file);
        EXPECT_EQ(files(), 1);
    }
    EXPECT_EQ(files(), 0);
}

TEST_F(NewFileTest, TheModeIsTheOldOneOrWhatTheUmaskLeaves) {
    const mode_t mask = ::umask(027);
    ASSERT_TRUE(make(path_, "1"));
    EXPECT_EQ(mode_of(path_), 0640U);
    std::filesystem::remove(path_);
    ASSERT_TRUE(NewFile::create(path_, NewFile::Readers::kAll)->commit());
    EXPECT_EQ(mode_of(path_), 0644U);
    for (const mode_t mode : {0600, 0664, 0444}) {
        ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
        ASSERT_TRUE(make(path_, "2"));
        EXPECT_EQ(mode_of(path_), mode);
    }
    ::umask(mask);
}

// As a user who may neither give files away nor read a directory without its mode saying so.
class NewFileOfNobody : public NewFileTest {
  protected:
    static constexpr uid_t kNobody = 65534;
    static constexpr gid_t kOtherGroup = 54321;
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "needs root to become a user who owns nothing";
    }
    [[nodiscard]] Result<void> make_as_nobody(std::string_view text) {
        if (::seteuid(kNobody) != 0) return fail(ErrorCode::kSystem, "seteuid");
        auto made = make(path_, text);
        if (::seteuid(0) != 0) return fail(ErrorCode::kSystem, "seteuid");
        return made;
    }
};

TEST_F(NewFileOfNobody, AnotherGroupDoesNotGetTheOldOnesRights) {
    directory_.write("a", "old");
    ASSERT_EQ(::chmod(path_.c_str(), 0664), 0);
    ASSERT_EQ(::chown(path_.c_str(), 0, kOtherGroup), 0);
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0777), 0);
    ASSERT_TRUE(make_as_nobody("new"));
    EXPECT_EQ(tests::read_file(path_), "new");
    EXPECT_EQ(mode_of(path_), 0604U);
}

TEST_F(NewFileOfNobody, ADirectoryThatCannotBeReadIsNoError) {
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0333), 0);
    const auto made = make_as_nobody("new");
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(tests::read_file(path_), "new");
}

TEST_F(NewFileTest, ALinkIsReplaced) {
    directory_.write("target", "old");
    std::filesystem::create_symlink(directory_.path() / "target", path_);
    ASSERT_TRUE(make(path_, "new"));
    EXPECT_FALSE(std::filesystem::is_symlink(path_));
    EXPECT_EQ(tests::read_file(directory_.path() / "target"), "old");
}

TEST_F(NewFileTest, OnlyRegularFilesAreReplaced) {
    const auto directory = make(directory_.path(), "x");
    ASSERT_FALSE(directory);
    EXPECT_THAT(directory.error().message, EndsWith("Is a directory"));
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    const auto pipe = make(path_, "x");
    ASSERT_FALSE(pipe);
    EXPECT_THAT(pipe.error().message, EndsWith("what has this name is no regular file"));
    EXPECT_EQ(files(), 1);
}

TEST_F(NewFileTest, OfManyThatMayNotReplaceOneIsThere) {
    for (int round = 0; round < 50; ++round) {
        std::atomic<int> made = 0;
        std::string winner;
        std::vector<std::jthread> threads;
        for (const char* text : {"1", "2", "3", "4"}) {
            threads.emplace_back([&, text] {
                const auto committed = make(path_, text, NewFile::Existing::kKeep);
                if (committed) {
                    winner = text;
                    ++made;
                } else {
                    EXPECT_THAT(committed.error().message, EndsWith("File exists"));
                }
            });
        }
        threads.clear();
        ASSERT_EQ(made, 1);
        EXPECT_EQ(tests::read_file(path_), winner);
        EXPECT_EQ(files(), 1);
        std::filesystem::remove(path_);
    }
}

}  // namespace
}  // namespace kurabe::store
