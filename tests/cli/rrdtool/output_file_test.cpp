// Whole files or none.
#include "cli/rrdtool/output_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli::rrdtool {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(OutputFile, ReplacesAnOldFile) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.write("a.png", "old and longer");
    ASSERT_TRUE(write_output(file.string(), "new"));
    EXPECT_EQ(content_of(file), "new");
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
    EXPECT_EQ(content_of(file), "new");
}

TEST(OutputFile, NamesAMissingDirectory) {
    const auto written = write_output("/nowhere/at/all.png", "x");
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("/nowhere/at/all.png"));
}

}  // namespace
}  // namespace kurabe::cli::rrdtool
