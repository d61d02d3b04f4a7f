// A disk without room: an error when an archive is made or grown, nothing left behind, and room
// that was given is never missing later.
#include <fstream>

#include <gtest/gtest.h>

#include "store/journal_segment.hpp"
#include "store/store.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

StoreOptions small_segments() {
    StoreOptions options;
    options.journal_segment_bytes = kSegmentBytesMin;
    return options;
}

constexpr Time kDiskBegin{Seconds{1'700'000'100}};

Batch batch(int series, std::int64_t minute) {
    Batch batch{.host = "host", .samples = {}};
    for (int i = 0; i < series; ++i) {
        batch.samples.push_back({"plugin", "m" + std::to_string(i) + ".gauge", RawValue::of(i),
                                 kDiskBegin + Seconds{60 * minute}});
    }
    return batch;
}

std::size_t files_in(const std::filesystem::path& directory) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory), {}));
}

void expect_no_room(const std::filesystem::path& directory) {
    auto store = Store::open(directory, small_segments());
    ASSERT_TRUE(store) << store.error().message;
    const auto refused = (*store)->append(batch(100, 0));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kNoSpace) << refused.error().message;
    EXPECT_EQ(files_in(directory / "hosts"), 0);
    EXPECT_TRUE((*store)->hosts().empty());

    ASSERT_TRUE((*store)->append(batch(10, 0)));
    const auto not_grown = (*store)->append(batch(100, 1));
    ASSERT_FALSE(not_grown);
    EXPECT_EQ(not_grown.error().code, ErrorCode::kNoSpace);
    EXPECT_EQ(files_in(directory / "hosts"), 1);
    EXPECT_EQ((*store)->series("host")->size(), 10);
    EXPECT_EQ((*store)->append(batch(10, 1))->stored, 10);
    EXPECT_TRUE((*store)->damaged().empty());
    EXPECT_TRUE((*store)->close());
}

// Kurado's retention takes 2.4 MB for 16 columns and 19 MB for 128, a segment of the journal 1.1.
TEST(FullDisk, AFileSizeLimitIsAnErrorAndLeavesNothing) {
    const tests::TemporaryDirectory directory;
    const tests::FileSizeLimit limit(4'000'000);
    expect_no_room(directory.path() / "data");
}

TEST(FullDisk, AFullFileSystemIsAnErrorAndLeavesNothing) {
    const tests::SmallDisk disk("5m");
    if (!disk.is_mounted()) GTEST_SKIP() << tests::SmallDisk::kNeedsRoot;
    expect_no_room(disk.path() / "data");
}

TEST(FullDisk, ManyMinutesFitIntoWhatWasReserved) {
    const tests::SmallDisk disk("5m");
    if (!disk.is_mounted()) GTEST_SKIP() << tests::SmallDisk::kNeedsRoot;
    auto store = Store::open(disk.path() / "data", small_segments());
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->append(batch(16, 0)));
    for (std::int64_t minute = 1; minute < 6000; ++minute) {
        ASSERT_EQ((*store)->append(batch(16, minute))->stored, 16);
    }
    EXPECT_TRUE((*store)->close());
}

// The first read replaces the page that is missing; the next one must not take it for values.
TEST(FullDisk, AHoleInAnArchiveIsNeverReadAsZeroes) {
    const tests::SmallDisk disk("5m");
    if (!disk.is_mounted()) GTEST_SKIP() << tests::SmallDisk::kNeedsRoot;
    auto store = Store::open(disk.path() / "data", small_segments());
    ASSERT_TRUE(store);
    for (std::int64_t minute = 0; minute < 4; ++minute) {
        ASSERT_TRUE((*store)->append(batch(16, minute)));
    }
    const auto archive = disk.path() / "data" / "hosts" / "host.kurabe";
    const auto size = std::filesystem::file_size(archive);
    std::filesystem::resize_file(archive, 8192);
    std::filesystem::resize_file(archive, size);
    std::ofstream(disk.path() / "filler") << std::string(5'000'000, 'x');
    for (int attempt = 0; attempt < 3; ++attempt) {
        const auto fetched =
            (*store)->fetch({"host", "plugin", "m7.gauge"},
                            {.start = kDiskBegin, .end = kDiskBegin + Seconds{120}});
        ASSERT_FALSE(fetched) << attempt;
        EXPECT_EQ(fetched.error().code, ErrorCode::kDamaged);
    }
    EXPECT_EQ((*store)->damaged().size(), 1);
}

// What a sparse copy leaves: the size is right, the room is not there, and a store into it is a
// SIGBUS.
TEST(FullDisk, AHoleInAnArchiveIsDamageAndNotASignal) {
    const tests::SmallDisk disk("5m");
    if (!disk.is_mounted()) GTEST_SKIP() << tests::SmallDisk::kNeedsRoot;
    auto store = Store::open(disk.path() / "data", small_segments());
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->append(batch(16, 0)));
    const auto archive = disk.path() / "data" / "hosts" / "host.kurabe";
    const auto size = std::filesystem::file_size(archive);
    std::filesystem::resize_file(archive, 8192);
    std::filesystem::resize_file(archive, size);
    std::ofstream(disk.path() / "filler") << std::string(5'000'000, 'x');
    const auto report = (*store)->append(batch(16, 1));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kDamaged);
    EXPECT_EQ((*store)->damaged().size(), 1);
}

}  // namespace
}  // namespace kurabe::store
