// Whole files or none, and nothing but their content changes.
#include "cli/rrdtool/output_file.hpp"

#include <climits>
#include <filesystem>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli::rrdtool {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(OutputFile, ReplacesAnOldFile) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.write("a.png", "old and longer");
    ASSERT_TRUE(write_output(file.string(), "new"));
    EXPECT_EQ(tests::read_file(file), "new");
}

TEST(OutputFile, LeavesNothingBehindWhenItFails) {
    const tests::TemporaryDirectory directory;
    std::filesystem::create_directory(directory.path() / "taken");
    const auto written = write_output((directory.path() / "taken").string(), "x");
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("taken"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(OutputFile, WritesIntoWhatIsNoRegularFileAndLeavesItThere) {
    const tests::TemporaryDirectory directory;
    const auto pipe = directory.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    ASSERT_GE(reader, 0);
    EXPECT_TRUE(write_output(pipe.string(), "text"));
    std::string got(8, '\0');
    EXPECT_EQ(::read(reader, got.data(), got.size()), 4);
    EXPECT_THAT(got, StartsWith("text"));
    ::close(reader);
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(OutputFile, APipeThatNobodyReadsIsAnError) {
    const tests::TemporaryDirectory directory;
    const auto pipe = directory.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto written = write_output(pipe.string(), "text");
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, EndsWith("No such device or address"));
}

TEST(OutputFile, FollowsLinks) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.write("a", "old");
    const auto link = directory.path() / "link";
    std::filesystem::create_symlink(file, link);
    EXPECT_TRUE(write_output(link.string(), "new"));
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_EQ(tests::read_file(file), "new");
}

mode_t mode_of(const std::filesystem::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST(OutputFile, KeepsTheModeOfAnOldFileAndLeavesThatOfANewOneToTheUmask) {
    const tests::TemporaryDirectory directory;
    const auto old = directory.write("old.png", "old");
    ASSERT_EQ(::chmod(old.c_str(), 0640), 0);
    const std::string fresh = directory.path() / "new.png";
    const mode_t before = ::umask(0027);
    const auto replaced = write_output(old.string(), "new");
    const auto made = write_output(fresh, "new");
    ::umask(before);
    ASSERT_TRUE(replaced && made);
    EXPECT_EQ(tests::read_file(old), "new");
    EXPECT_EQ(mode_of(old), 0640u);
    EXPECT_EQ(mode_of(fresh), 0640u);
}

TEST(OutputFile, MakesWhatALinkLeadsTo) {
    const tests::TemporaryDirectory directory;
    const auto link = directory.path() / "link";
    std::filesystem::create_symlink("new", link);
    EXPECT_TRUE(write_output(link.string(), "text"));
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    EXPECT_EQ(tests::read_file(directory.path() / "new"), "text");
}

// As /dev/stdout leads to where standard output is a file that was removed meanwhile.
TEST(OutputFile, WritesIntoAFileWithoutAName) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.write("a", "old and longer");
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    std::filesystem::remove(file);
    const auto link = directory.path() / "link";
    std::filesystem::create_symlink("/proc/self/fd/" + std::to_string(descriptor), link);
    EXPECT_TRUE(write_output(link.string(), "new"));
    EXPECT_TRUE(std::filesystem::is_symlink(link));
    std::string got(16, '\0');
    EXPECT_EQ(::pread(descriptor, got.data(), got.size(), 0), 3);
    EXPECT_THAT(got, StartsWith("new"));
    ::close(descriptor);
}

TEST(OutputFile, EveryNameOfAFileKeepsIt) {
    const tests::TemporaryDirectory directory;
    const auto first = directory.write("a.png", "old and longer");
    const auto second = directory.path() / "b.png";
    std::filesystem::create_hard_link(first, second);
    ASSERT_TRUE(write_output(first.string(), "new"));
    EXPECT_EQ(tests::read_file(second), "new");
}

TEST(OutputFile, NamesMayBeAsLongAsTheFileSystemHasThem) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / (std::string(NAME_MAX - 4, 'n') + ".png");
    ASSERT_TRUE(write_output(file.string(), "old"));
    ASSERT_TRUE(write_output(file.string(), "new"));
    EXPECT_EQ(tests::read_file(file), "new");
}

// As a user who may write files and not their directory.
TEST(OutputFile, AFileThatCannotBeReplacedIsWrittenInto) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to become a user who owns nothing";
    constexpr uid_t kNobody = 65534;
    const tests::TemporaryDirectory directory;
    const auto open = directory.write("open.png", "old and longer");
    const auto closed = directory.write("closed.png", "old");
    ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
    ASSERT_EQ(::chmod(open.c_str(), 0666), 0);
    const auto own = directory.write("own.png", "old and longer");
    ASSERT_EQ(::chown(own.c_str(), kNobody, ::getegid()), 0);
    ASSERT_EQ(::seteuid(kNobody), 0);
    const auto opened = write_output(open.string(), "new");
    const auto kept = write_output(own.string(), "new");
    const auto refused = write_output(closed.string(), "new");
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_TRUE(opened);
    EXPECT_EQ(tests::read_file(open), "new");
    EXPECT_TRUE(kept);
    EXPECT_EQ(tests::read_file(own), "new");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, EndsWith("closed.png': Permission denied"));
    EXPECT_EQ(tests::read_file(closed), "old");
}

// As a user who may do everything in the directory but cannot give files away.
TEST(OutputFile, TheOwnerStays) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
    constexpr uid_t kNobody = 65534;
    const tests::TemporaryDirectory directory;
    const auto file = directory.write("a.png", "old");
    ASSERT_EQ(::chmod(directory.path().c_str(), 0777), 0);
    ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
    ASSERT_EQ(::seteuid(kNobody), 0);
    const auto by_nobody = write_output(file.string(), "nobody's");
    ASSERT_EQ(::seteuid(0), 0);
    ASSERT_TRUE(by_nobody);
    EXPECT_EQ(tests::read_file(file), "nobody's");
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 0u);
    ASSERT_EQ(::chown(file.c_str(), kNobody, kNobody), 0);
    ASSERT_TRUE(write_output(file.string(), "root's"));
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, kNobody);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(OutputFile, NamesAMissingDirectory) {
    const auto written = write_output("/nowhere/at/all.png", "x");
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("/nowhere/at/all.png"));
}

TEST(OutputFile, MakesDirectoriesAroundADirectory) {
    const tests::TemporaryDirectory directory;
    const auto deep = directory.path() / "a/b/c";
    ASSERT_TRUE(make_directories(deep));
    EXPECT_TRUE(std::filesystem::is_directory(deep));
    EXPECT_TRUE(make_directories(deep));
    EXPECT_TRUE(make_directories(""));
    EXPECT_TRUE(make_directories(directory.path() / "d/"));
    directory.write("file", "");
    const auto refused = make_directories(directory.path() / "file/e");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("cannot make"));
}

}  // namespace
}  // namespace kurabe::cli::rrdtool
