// Files that are watched while others read and write them.
#include "cli/source_watch.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli {
namespace {

class SourceWatchTest : public ::testing::Test {
  protected:
    // By its size, too: the clock of a file system may stand for some milliseconds.
    std::string write(const std::string& name) {
        return directory_.write(name, std::string(++written_, 'x'));
    }
    // Two looks: a change counts once its files are at rest.
    bool has_changed() {
        const bool at_first = watch_.has_changed();
        return watch_.has_changed() || at_first;
    }

    tests::TemporaryDirectory directory_;
    std::size_t written_ = 0;
    SourceWatch watch_;
};

TEST_F(SourceWatchTest, TellsAChangeOnceAndWhenItIsAtRest) {
    const std::string file = write("a");
    watch_.watch({file, directory_.path() / "absent"});
    EXPECT_FALSE(has_changed());
    write("a");
    EXPECT_FALSE(watch_.has_changed()) << "it may still be written";
    EXPECT_TRUE(watch_.has_changed());
    EXPECT_FALSE(has_changed());
    write("absent");
    EXPECT_TRUE(has_changed());
    EXPECT_FALSE(has_changed());
}

// What is read before it is watched may be saved in between, and nobody saves it again.
TEST_F(SourceWatchTest, MissesNothingThatIsWrittenWhileItIsRead) {
    const std::string file = write("a");
    watch_.watch({file});
    write("a");  // while a reader has its old text
    const std::string other = write("b");
    watch_.watch({other, file});
    EXPECT_TRUE(has_changed());
    EXPECT_FALSE(has_changed());
    watch_.watch({file, other});
    EXPECT_FALSE(has_changed()) << "in whichever order";
}

TEST_F(SourceWatchTest, OfADirectoryCountTheNamesOfItsSources) {
    directory_.write("rolls/base.yml", "metrics: [ base ]\n");
    watch_.watch({directory_.path() / "rolls"});
    EXPECT_FALSE(has_changed());
    directory_.write("rolls/.base.yml.swp", "of vi");
    directory_.write("rolls/base.yml~", "of Emacs");
    directory_.write("rolls/._base.yml", "of a Mac");
    std::filesystem::create_symlink("me@here.1", directory_.path() / "rolls/.#base.yml");
    EXPECT_FALSE(has_changed());
    directory_.write("rolls/second.yml", "metrics: [ base ]\n");
    EXPECT_TRUE(has_changed());
    EXPECT_FALSE(has_changed());
    std::filesystem::remove(directory_.path() / "rolls/base.yml");
    EXPECT_TRUE(has_changed());
}

}  // namespace
}  // namespace kurabe::cli
