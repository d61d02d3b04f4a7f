// Archives kept open: locks, replaced files, limits.
#include "store/rrd/open_archives.hpp"

#include <iterator>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/rrd/rrd_builder.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store::rrd {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::int64_t kBegin_s = 1'000'000'020;  // a multiple of 60
constexpr LockWait kWithoutWait{std::chrono::milliseconds{0}};

// Of this process.
std::ptrdiff_t open_files() {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{});
}

class RrdOpenArchives : public testing::Test {
  protected:
    [[nodiscard]] std::string make(const std::string& name, Seconds step = Seconds{60}) const {
        std::string path = (directory_.path() / name).string();
        tests::RrdBuilder(step, Time{Seconds{kBegin_s}})
            .add(tests::RrdBuilder::Source{.name = "a"})
            .add(tests::RrdBuilder::Rra{})
            .write(path);
        return path;
    }
    // `seconds` after the file's begin.
    [[nodiscard]] Result<void> update(Updater&& updater, std::int64_t seconds, int value) const {
        return update(updater, seconds, value);
    }
    [[nodiscard]] Result<void> update(Updater& updater, std::int64_t seconds, int value) const {
        return updater.update(fmt::format("{}:{}", kBegin_s + seconds, value),
                              updater.usual_order(), {SampleTime{}, zone_});
    }
    [[nodiscard]] static std::int64_t last_update(const Archive& archive) {
        return archive.header().live.last_update_seconds - kBegin_s;
    }

    tests::TemporaryDirectory directory_;
    const TimeZone zone_ = TimeZone::utc();
};

TEST_F(RrdOpenArchives, AreLockedOnlyInUse) {
    const std::string path = make("a.rrd");
    OpenArchives archives(10);
    {
        const auto updating = archives.update(path);
        ASSERT_TRUE(updating);
        EXPECT_EQ(Archive::open(path, File::Access::kRead, kWithoutWait).error().code,
                  ErrorCode::kInUse);
    }
    const auto other = Archive::open(path, File::Access::kWrite, kWithoutWait);
    ASSERT_TRUE(other);
    EXPECT_EQ(archives.update(path, kWithoutWait).error().code, ErrorCode::kInUse);
    EXPECT_EQ(archives.read(path, kWithoutWait).error().code, ErrorCode::kInUse);
}

TEST_F(RrdOpenArchives, ShowWhatOthersChanged) {
    const std::string path = make("a.rrd");
    OpenArchives archives(10);
    EXPECT_EQ(last_update(**archives.read(path)), 0);
    ASSERT_TRUE(update(Updater::open(path).value(), 60, 1));
    EXPECT_EQ(last_update(**archives.read(path)), 60);
    ASSERT_TRUE(update(**archives.update(path), 120, 1));
    EXPECT_EQ(last_update(**archives.read(path)), 120);
    ASSERT_TRUE(update(Updater::open(path).value(), 180, 1));
    EXPECT_EQ(last_update(**archives.read(path)), 180);
    ASSERT_TRUE(update(**archives.update(path), 240, 1));
    EXPECT_EQ(last_update(*Archive::open(path, File::Access::kRead)), 240);
}

TEST_F(RrdOpenArchives, OpenAReplacedFileAnew) {
    const std::string path = make("a.rrd");
    for (const bool to_update : {false, true}) {
        OpenArchives archives(10);
        const auto step = [&] {
            return to_update ? (*archives.update(path))->header().step
                             : (*archives.read(path))->header().step;
        };
        EXPECT_EQ(step(), Seconds{60});
        fs::rename(make("b.rrd", Seconds{300}), path);
        EXPECT_EQ(step(), Seconds{300});
        fs::remove(path);
        EXPECT_EQ(archives.read(path).error().code, ErrorCode::kNotFound);
        EXPECT_EQ(archives.update(path).error().code, ErrorCode::kNotFound);
        (void)make("a.rrd");
        EXPECT_EQ(step(), Seconds{60});
        fs::resize_file(path, 100);
        EXPECT_EQ(archives.read(path).error().code, ErrorCode::kDamaged);
        (void)make("a.rrd");
        EXPECT_EQ(step(), Seconds{60});
    }
}

TEST_F(RrdOpenArchives, ARelativeNameFollowsTheDirectory) {
    const fs::path before = fs::current_path();
    for (const char* name : {"one", "two"}) fs::create_directory(directory_.path() / name);
    (void)make("one/a.rrd");
    (void)make("two/a.rrd", Seconds{300});
    OpenArchives archives(10);
    for (int round = 0; round < 2; ++round) {
        fs::current_path(directory_.path() / "one");
        EXPECT_EQ((*archives.read("a.rrd"))->header().step, Seconds{60});
        fs::current_path(directory_.path() / "two");
        EXPECT_EQ((*archives.read("a.rrd"))->header().step, Seconds{300});
    }
    fs::current_path(before);
}

TEST_F(RrdOpenArchives, TheLeastRecentlyUsedAreClosed) {
    const std::vector<std::string> paths = {make("a.rrd"), make("b.rrd"), make("c.rrd")};
    OpenArchives archives(2);
    const auto before = open_files();
    for (int round = 0; round < 3; ++round) {
        for (const std::string& path : paths) {
            ASSERT_TRUE(archives.read(path));
            ASSERT_TRUE(archives.update(path));
        }
        EXPECT_EQ(open_files(), before + 2);
    }
}

TEST_F(RrdOpenArchives, ThatKeepNoneCloseAtOnce) {
    const std::string path = make("a.rrd");
    OpenArchives archives(0);
    const auto before = open_files();
    ASSERT_TRUE(archives.read(path));
    ASSERT_TRUE(update(**archives.update(path), 60, 1));
    EXPECT_EQ(open_files(), before);
}

TEST_F(RrdOpenArchives, AFileCanBeReadTwiceAtOnce) {
    const std::string path = make("a.rrd");
    OpenArchives archives(10);
    for (int round = 0; round < 3; ++round) {
        const auto one = archives.read(path);
        const auto two = archives.read(path);
        ASSERT_TRUE(one && two);
        EXPECT_NE(&**one, &**two);
    }
    ASSERT_TRUE(archives.update(path, kWithoutWait));
}

// Seasons are smoothed at the end of a command, and not of the next when one failed.
TEST_F(RrdOpenArchives, AGroupOfUpdatesEndsWithItsUse) {
    const std::string path = (directory_.path() / "hw.rrd").string();
    tests::RrdBuilder(Seconds{60}, Time{Seconds{kBegin_s}})
        .add(tests::RrdBuilder::Source{.name = "a"})
        .add_family(100, 0.1, 0.1, 60)
        .write(path);
    OpenArchives archives(10);
    const auto until_smoothing_is_due = [&](Updater& updater, int first) {
        for (int row = first; row < first + 70; ++row) {
            ASSERT_TRUE(update(updater, row * 60, row * row % 7));
        }
    };
    {
        const auto unfinished = archives.update(path);
        until_smoothing_is_due(**unfinished, 1);
    }
    const std::string before = tests::read_file(path);
    ASSERT_TRUE((*archives.update(path))->finish());
    EXPECT_TRUE(tests::read_file(path) == before);

    const auto finished = archives.update(path);
    until_smoothing_is_due(**finished, 71);
    const std::string unsmoothed = tests::read_file(path);
    ASSERT_TRUE((*finished)->finish());
    EXPECT_TRUE(tests::read_file(path) != unsmoothed);
}

}  // namespace
}  // namespace kurabe::store::rrd
