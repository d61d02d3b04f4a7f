// Updates of files that the tests make themselves.
#include "store/rrd/updater.hpp"

#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/rrd/rrd_builder.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store::rrd {
namespace {

using testing::ElementsAre;
using testing::Pointwise;

constexpr std::int64_t kBegin_s = 1'000'000'020;  // a multiple of 60

class RrdUpdater : public testing::Test {
  protected:
    RrdUpdater() : builder_(Seconds{60}, Time{Seconds{kBegin_s}}) {}

    Updater open() {
        auto updater = Updater::open(path_);
        EXPECT_TRUE(updater) << updater.error().message;
        return std::move(*updater);
    }
    // `seconds` after the file's begin.
    Result<void> update(Updater& updater, double seconds, std::string_view readings) {
        const std::string argument =
            fmt::format("{:.6f}:{}", static_cast<double>(kBegin_s) + seconds, readings);
        return updater.update(argument, updater.usual_order(), {SampleTime{}, zone_});
    }
    // Of one data source, oldest first.
    std::vector<Value> rows(std::size_t rra, std::size_t source = 0) {
        const auto archive = Archive::open(path_, File::Access::kRead);
        const Header& header = archive->header();
        std::vector<Value> all(header.rras[rra].rows * header.sources.size());
        EXPECT_TRUE(
            archive->read_rows(rra, (header.current_rows[rra] + 1) % header.rras[rra].rows, all));
        std::vector<Value> column;
        for (std::size_t i = source; i < all.size(); i += header.sources.size()) {
            column.push_back(all[i]);
        }
        return column;
    }

    tests::TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_.path() / "a.rrd";
    const TimeZone zone_ = TimeZone::utc();
    tests::RrdBuilder builder_;
};

TEST_F(RrdUpdater, ReadingsBecomeRowsOfAllRras) {
    builder_.add({.name = "a"})
        .add({.name = "n", .type = DsType::kCounter})
        .add_compute("sum", "a,n,+")
        .add({.cf = RraCf::kAverage, .rows = 4})
        .add({.cf = RraCf::kMax, .rows = 2, .pdp_per_row = 2})
        .write(path_);
    {
        Updater updater = open();
        ASSERT_TRUE(update(updater, 60, "1:0"));
        ASSERT_TRUE(update(updater, 120, "2:600"));
        ASSERT_TRUE(update(updater, 180, "4:1200"));
        ASSERT_TRUE(update(updater, 240, "8:1200"));
        ASSERT_TRUE(updater.finish());
    }
    EXPECT_THAT(rows(0), ElementsAre(1, 2, 4, 8));
    EXPECT_THAT(rows(0, 1), ElementsAre(testing::IsNan(), 10, 10, 0));
    EXPECT_THAT(rows(0, 2), ElementsAre(testing::IsNan(), 12, 14, 8));
    EXPECT_THAT(rows(1), ElementsAre(1, 4)) << "the last row is open";
}

TEST_F(RrdUpdater, ALongGapWritesNoMoreRowsThanThereAre) {
    builder_.add({.name = "a", .heartbeat_s = 1'000'000})
        .add({.cf = RraCf::kAverage, .rows = 3})
        .write(path_);
    Updater updater = open();
    ASSERT_TRUE(update(updater, 30, "1"));
    ASSERT_TRUE(update(updater, 6000, "5"));
    EXPECT_EQ(updater.header().live.last_update_seconds, kBegin_s + 6000);
    std::uint64_t written = 0;
    for (const auto& place : updater.written().places()) written += place.count;
    EXPECT_EQ(written, 4) << "the partly open step and a whole ring";
    updater.unlock();
    EXPECT_THAT(rows(0), ElementsAre(5, 5, 5));
}

TEST_F(RrdUpdater, AFailingUpdateHasNoEffect) {
    builder_.add({.name = "a"})
        .add({.name = "n", .type = DsType::kCounter})
        .add_compute("fails", "n,a,1,PERCENT")
        .add(tests::RrdBuilder::Rra{})
        .write(path_);
    Updater updater = open();
    ASSERT_TRUE(update(updater, 30, "1:5"));
    const std::string before = tests::read_file(path_);
    EXPECT_EQ(update(updater, 40, "2:x").error().message, "not a simple unsigned integer: 'x'");
    EXPECT_EQ(update(updater, 70, "300:6").error().message,
              "percentile argument must be between 0 and 100");
    EXPECT_EQ(update(updater, 30, "2:6").error().code, ErrorCode::kOutdated);
    EXPECT_EQ(update(updater, 29.5, "2:6").error().code, ErrorCode::kOutdated);
    EXPECT_EQ(update(updater, 1e12, "2:6").error().code, ErrorCode::kInvalid);
    EXPECT_EQ(tests::read_file(path_), before);
    ASSERT_TRUE(update(updater, 30.5, "2:6"));
    EXPECT_EQ(text_of(updater.header().pdps[0].last_reading), "2");
}

TEST_F(RrdUpdater, LongReadingsAreCut) {
    builder_.add({.name = "a"}).add(tests::RrdBuilder::Rra{}).write(path_);
    Updater updater = open();
    ASSERT_TRUE(update(updater, 1, "0.100000000000000000000000000000000001"));
    EXPECT_EQ(text_of(updater.header().pdps[0].last_reading), "0.100000000000000000000000000");
}

TEST_F(RrdUpdater, OldFilesKnowWholeSecondsOnly) {
    builder_.add({.name = "a"}).add(tests::RrdBuilder::Rra{}).write(path_);
    Header header = builder_.header();
    header.version = 1;
    std::vector<std::byte> bytes(header.file_bytes());
    encode_header(header, std::span(bytes).first(header.bytes()));
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    Updater updater = open();
    ASSERT_TRUE(update(updater, 30.75, "2"));
    EXPECT_EQ(updater.header().pdps[0].slots[PdpRecord::kValue].number(), 60);
    EXPECT_EQ(update(updater, 30.9, "2").error().code, ErrorCode::kOutdated);
}

// Predictions and deviations as rrdtool 1.7.2 makes them of the same readings.
TEST_F(RrdUpdater, PredictsAndFindsFailures) {
    builder_.add({.name = "a"}).add_family(12, 0.5, 0.1, 4).write(path_);
    {
        Updater updater = open();
        int minute = 0;
        for (const int value : {10, 12, 11, 15, 13, 9, 10, 12, 14, 15, 13, 8, 9}) {
            ASSERT_TRUE(update(updater, 60 * ++minute, std::to_string(value)));
            ASSERT_TRUE(updater.finish());
        }
        const auto history = std::as_bytes(std::span(updater.header().cdp(4, 0).slots));
        EXPECT_EQ(history[1], std::byte{1});
        EXPECT_EQ(history[2], std::byte{1});
        EXPECT_EQ(history[3], std::byte{0});
    }
    const std::vector<Value> predicted{10,     13.65,   10.2425, 14.0266, 8.5674,
                                       11.447, 13.5786, 17.0677, 9.91968};
    const auto predictions = rows(0);
    EXPECT_THAT(std::vector(predictions.begin() + 3, predictions.end()),
                Pointwise(testing::DoubleNear(1e-3), predicted));
    EXPECT_THAT(rows(1),
                ElementsAre(testing::DoubleNear(1.7258, 1e-3), testing::DoubleNear(0.79472, 1e-3),
                            testing::DoubleNear(2.2264, 1e-3), testing::DoubleNear(1.8782, 1e-3)));
    EXPECT_NEAR(rows(3).back(), 4.2163, 1e-3);
    EXPECT_THAT(rows(4), ElementsAre(0, 0, 0, 0));
}

TEST_F(RrdUpdater, SeesWhatOthersDidWhileItWasUnlocked) {
    builder_.add({.name = "a", .maximum = 10}).add(tests::RrdBuilder::Rra{}).write(path_);
    Updater updater = open();
    ASSERT_TRUE(update(updater, 60, "5"));
    updater.unlock();
    Updater other = open();
    ASSERT_TRUE(update(other, 120, "6"));
    other.unlock();
    ASSERT_EQ(updater.lock_again().value(), Updater::Definitions::kSame);
    EXPECT_EQ(update(updater, 120, "7").error().code, ErrorCode::kOutdated);
    updater.unlock();

    // As `tune --maximum` would.
    const std::size_t maximum = sizeof(HeadRecord) + offsetof(SourceRecord, parameters) +
                                SourceRecord::kMaximum * sizeof(Slot);
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    const Slot larger = Slot::of_number(1000);
    file.seekp(static_cast<std::streamoff>(maximum));
    file.write(reinterpret_cast<const char*>(&larger), sizeof larger);
    file.close();
    ASSERT_EQ(updater.lock_again().value(), Updater::Definitions::kChanged);
    ASSERT_TRUE(update(updater, 180, "500"));
    updater.unlock();
    EXPECT_EQ(rows(0).back(), 500);
}

// A file that names partners of another kind, or itself, is updated somehow but safely.
TEST_F(RrdUpdater, OddPartnersDoNoHarm) {
    for (const std::uint64_t partner : {0, 1, 2}) {
        tests::RrdBuilder builder(Seconds{60}, Time{Seconds{kBegin_s}});
        builder.add({.name = "a"}).add(tests::RrdBuilder::Rra{});
        for (const RraCf cf : {RraCf::kMhwPredict, RraCf::kFailures, RraCf::kSeasonal,
                               RraCf::kDevSeasonal, RraCf::kDevPredict}) {
            const Slot half = Slot::of_number(0.5);
            builder.add({.cf = cf,
                         .rows = 3,
                         .parameters = {half, half, half, Slot::of_count(partner),
                                        Slot::of_count(28), Slot::of_count(1)}});
        }
        builder.write(path_);
        Updater updater = open();
        for (int minute = 1; minute < 40; ++minute) {
            ASSERT_TRUE(update(updater, 90 * minute, std::to_string(minute)));
            ASSERT_TRUE(updater.finish());
        }
    }
}

// Four threads send the same readings; whoever comes first is right.
TEST_F(RrdUpdater, ThreadsOfOneProcessExcludeEachOther) {
    builder_.add({.name = "a"})
        .add({.name = "b", .type = DsType::kDerive})
        .add({.cf = RraCf::kAverage, .rows = 3000})
        .add({.cf = RraCf::kMax, .rows = 200, .pdp_per_row = 5})
        .write(path_);
    const auto expected_path = directory_.path() / "expected.rrd";
    std::filesystem::copy_file(path_, expected_path);
    constexpr int kMinutes = 500;
    const auto send = [&](const std::filesystem::path& path, int* stored) {
        for (int minute = 1; minute <= kMinutes; ++minute) {
            auto updater = Updater::open(path);
            ASSERT_TRUE(updater) << updater.error().message;
            const auto updated =
                update(*updater, 60 * minute, fmt::format("{}:{}", minute, minute * minute));
            if (updated) ++*stored;
            ASSERT_TRUE(updated || updated.error().code == ErrorCode::kOutdated);
        }
    };
    int alone = 0;
    send(expected_path, &alone);
    EXPECT_EQ(alone, kMinutes);

    std::array<int, 4> stored{};
    {
        std::vector<std::jthread> threads;
        for (int& count : stored) threads.emplace_back([&] { send(path_, &count); });
    }
    EXPECT_EQ(stored[0] + stored[1] + stored[2] + stored[3], kMinutes);
    EXPECT_TRUE(tests::read_file(path_) == tests::read_file(expected_path));
}

}  // namespace
}  // namespace kurabe::store::rrd
