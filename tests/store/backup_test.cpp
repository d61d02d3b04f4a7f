// Copies of a store that is being written: each holds a beginning of what was appended, up to the
// moment at which it was finished.
#include "store/backup.hpp"

#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "store/directory_check.hpp"
#include "tests/store/store_scenario.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using namespace std::chrono_literals;

class BackupTest : public testing::Test {
  protected:
    void SetUp() override { fs::create_directories(root_); }
    void TearDown() override { fs::remove_all(root_); }

    const fs::path root_ = tests::fast_directory() / fmt::format("kurabe-backup-{}", ::getpid());
};

TEST_F(BackupTest, OfAStoreInUseHoldsABeginning) {
    constexpr std::uint64_t kSeed = 11;
    const int copies = tests::is_nightly() ? 1000 : 25;
    const auto store = tests::open_store(root_ / "data", tests::scenario_options(2ms));
    std::atomic<std::int64_t> appended = -1;
    const auto work = [&](const std::stop_token& stop) {
        tests::Scenario scenario(kSeed);
        while (!stop.stop_requested()) {
            EXPECT_TRUE(tests::is_taken(*store->append(scenario.next())));
            ++appended;
            std::this_thread::sleep_for(200us);
        }
    };
    std::jthread writer(work);
    std::jthread checkpoints([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) EXPECT_TRUE(store->checkpoint(20ms, stop));
    });
    const auto twin = tests::open_store(root_ / "twin", tests::scenario_options(0ms));
    tests::Scenario scenario(kSeed);
    std::int64_t next = 0;
    for (int copy = 0; copy < copies; ++copy) {
        SCOPED_TRACE(fmt::format("copy {}", copy));
        while (appended < 2 * copy) std::this_thread::sleep_for(100us);  // something is new
        const std::int64_t before = appended;
        const auto report = back_up(root_ / "data", root_ / "copy");
        ASSERT_TRUE(report) << report.error().message;
        const auto opened = tests::open_store(root_ / "copy", tests::scenario_options(0ms));
        EXPECT_THAT(opened->recovery().complaints, testing::IsEmpty());
        const std::int64_t last = tests::last_batch_of(*opened);
        EXPECT_GE(last, before);
        for (; next <= last; ++next) ASSERT_TRUE(twin->append(scenario.next()));
        EXPECT_EQ(tests::difference(*opened, *twin), "");
        if (HasFailure()) return;
        fs::remove_all(root_ / "copy");
    }
    EXPECT_GT(next, copies);
}

TEST_F(BackupTest, LeavesNothingBehindAndTakesAllThatIsThere) {
    tests::Scenario scenario(3);
    {
        const auto store = tests::open_store(root_ / "data", tests::scenario_options(0ms));
        for (int i = 0; i < 20; ++i) ASSERT_TRUE(store->append(scenario.next()));
    }
    const auto report = back_up(root_ / "data", root_ / "copy");
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->archives, tests::kScenarioHosts);
    for (const auto& entry : fs::directory_iterator(root_ / "data")) {
        EXPECT_THAT(entry.path().filename().string(), testing::Not(HasSubstr("backup")));
    }
    const auto original = tests::open_store(root_ / "data", tests::scenario_options(0ms));
    const auto copy = tests::open_store(root_ / "copy", tests::scenario_options(0ms));
    EXPECT_EQ(tests::difference(*original, *copy), "");
}

TEST_F(BackupTest, GoesFromADataDirectoryToAnEmptyOne) {
    EXPECT_THAT(back_up(root_ / "none", root_ / "copy").error().message,
                HasSubstr("not a data directory"));
    (void)tests::open_store(root_ / "data", tests::scenario_options(0ms));
    EXPECT_THAT(back_up(root_ / "data", root_).error().message, HasSubstr("there is something"));
}

TEST_F(BackupTest, ThatWasNotFinishedIsNotOpened) {
    (void)tests::open_store(root_ / "data", tests::scenario_options(0ms));
    ASSERT_TRUE(back_up(root_ / "data", root_ / "copy"));
    EXPECT_TRUE(Store::open(root_ / "copy", tests::scenario_options(0ms)));
    std::ofstream(root_ / "copy" / kUnfinishedBackupMark).put('x');
    const auto opened = Store::open(root_ / "copy", tests::scenario_options(0ms));
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("a backup that was not finished"));
    EXPECT_THAT(back_up(root_ / "data", root_ / "data" / "in").error().message,
                HasSubstr("is in the directory that is to be copied"));
}

// Of a process that is gone, and not of one that runs.
TEST_F(BackupTest, LinksThatWereLeftAreRemoved) {
    (void)tests::open_store(root_ / "data", tests::scenario_options(0ms));
    const fs::path stale = root_ / "data" / "journal-backup-999999999";
    const fs::path alive = root_ / "data" / fmt::format("journal-backup-{}", ::getppid());
    for (const fs::path& links : {stale, alive}) fs::create_directories(links);
    (void)tests::open_store(root_ / "data", tests::scenario_options(0ms));
    EXPECT_FALSE(fs::exists(stale));
    EXPECT_TRUE(fs::exists(alive));
}

// ---- Looking it over ----

class DirectoryCheckTest : public BackupTest {
  protected:
    void SetUp() override {
        BackupTest::SetUp();
        tests::Scenario scenario(5);
        const auto store = tests::open_store(root_ / "data", tests::scenario_options(0ms));
        for (int i = 0; i < 120; ++i) ASSERT_TRUE(store->append(scenario.next()));
        ASSERT_TRUE(store->close());
    }
    [[nodiscard]] DirectoryCheck check(Repair repair = Repair::kNo) const {
        auto checked = check_directory(root_ / "data", repair);
        EXPECT_TRUE(checked) << checked.error().message;
        return checked.value_or(DirectoryCheck{});
    }
    [[nodiscard]] fs::path archive(const std::string& host) const {
        return root_ / "data" / "hosts" / (host + ".kurabe");
    }
    // Flips a bit in each byte of the second half of the file.
    void damage_rows(const std::string& host) const {
        std::string bytes(fs::file_size(archive(host)), '\0');
        std::ifstream(archive(host), std::ios::binary).read(bytes.data(), std::ssize(bytes));
        for (std::size_t i = bytes.size() / 2; i < bytes.size(); ++i) bytes[i] ^= 1;
        std::ofstream(archive(host), std::ios::binary) << bytes;
    }
};

TEST_F(DirectoryCheckTest, FindsNothingWrongWithWhatIsGood) {
    const DirectoryCheck good = check();
    EXPECT_EQ(good.archives, tests::kScenarioHosts);
    EXPECT_GT(good.series, tests::kScenarioHosts);
    EXPECT_GT(good.checksums, 0);
    EXPECT_THAT(good.problems, testing::IsEmpty());
    EXPECT_THAT(good.notes, testing::IsEmpty());
}

TEST_F(DirectoryCheckTest, NamesWhatIsLostAndMovesItAwayWhenAsked) {
    std::ofstream(archive("h1")) << "rubbish";
    fs::resize_file(archive("h2"), 5000);
    EXPECT_THAT(check().problems, testing::ElementsAre(HasSubstr("h1.kurabe: too short"),
                                                       HasSubstr("h2.kurabe: cut to 5000")));
    EXPECT_TRUE(fs::exists(archive("h1"))) << "nothing was asked for";
    const DirectoryCheck repaired = check(Repair::kYes);
    EXPECT_EQ(repaired.repairs.size(), 2);
    EXPECT_FALSE(fs::exists(archive("h1")));
    EXPECT_EQ(fs::file_size(root_ / "data" / "isolated" / "h2.kurabe"), 5000);
    const DirectoryCheck after = check();
    EXPECT_THAT(after.problems, testing::IsEmpty());
    EXPECT_EQ(after.archives, tests::kScenarioHosts - 2);
}

TEST_F(DirectoryCheckTest, DamagedRowsAreNamedAndBecomeUnknownWhenAsked) {
    damage_rows("h0");
    EXPECT_THAT(check().problems, testing::Contains(HasSubstr("wrong checksum")));
    const DirectoryCheck repaired = check(Repair::kYes);
    EXPECT_THAT(repaired.repairs, testing::ElementsAre(HasSubstr("isolated/h0.kurabe")));
    EXPECT_THAT(check().problems, testing::Not(testing::Contains(HasSubstr("wrong checksum"))));
}

// A state that was not made by these rows, with a right checksum.
TEST_F(DirectoryCheckTest, AStateThatDoesNotFitItsRowsIsNamed) {
    const StoreOptions options = tests::scenario_options(0ms);
    const auto store = tests::open_store(root_ / "other", options);
    Batch batch{.host = "h", .samples = {}};
    for (int minute = 0; minute < 12; ++minute) {
        batch.samples.push_back({"plugin", "a.gauge", RawValue::of(minute),
                                 Time{Seconds{1'700'000'100 + 60 * minute}}});
    }
    ASSERT_TRUE(store->append(batch));
    SeriesCopy copy = store->copy({"h", "plugin", "a.gauge"}).value();
    for (CdpState& cdp : copy.column.cdps) cdp.value += 1;
    copy.column.key = "b.gauge";
    ASSERT_TRUE(store->insert("h", copy));
    ASSERT_TRUE(store->close());
    const auto checked = check_directory(root_ / "other", Repair::kNo);
    ASSERT_TRUE(checked);
    EXPECT_THAT(checked->problems, testing::Each(HasSubstr("b.gauge: the open ")));
    EXPECT_EQ(checked->problems.size(), 3);
}

TEST_F(DirectoryCheckTest, WhatTheJournalHasIsPartOfIt) {
    tests::Scenario scenario(9);
    {
        const auto store = tests::open_store(root_ / "fresh", tests::scenario_options(0ms));
        for (int i = 0; i < 60; ++i) ASSERT_TRUE(store->append(scenario.next()));
    }
    const auto checked = check_directory(root_ / "fresh", Repair::kNo);
    ASSERT_TRUE(checked);
    EXPECT_THAT(checked->problems, testing::IsEmpty());
    EXPECT_GT(checked->series, 0);
    EXPECT_THAT(checked->notes, testing::ElementsAre(HasSubstr("are not in the archives yet")));
}

TEST_F(DirectoryCheckTest, StrangeFilesAreNoted) {
    std::ofstream(root_ / "data" / "hosts" / "notes.txt") << "x";
    std::ofstream(root_ / "data" / "hosts" / "h9.kurabe.new") << "x";
    EXPECT_THAT(check().notes,
                testing::ElementsAre(HasSubstr("h9.kurabe.new: half made"),
                                     HasSubstr("notes.txt: not the name of an archive")));
}

TEST_F(DirectoryCheckTest, ADirectoryInUseIsLeftAlone) {
    const auto store = tests::open_store(root_ / "data", tests::scenario_options(0ms));
    EXPECT_EQ(check_directory(root_ / "data", Repair::kNo).error().code, ErrorCode::kInUse);
    EXPECT_EQ(check_directory(root_ / "none", Repair::kNo).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace kurabe::store
