// The journal on a disk: what is read back after clean ends, crashes, cuts and full disks.
#include "store/journal.hpp"

#include <fstream>
#include <map>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/crc32c.hpp"
#include "store/journal_segment.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr JournalOptions kSmall{.segment_bytes = kSegmentBytesMin};

JournalRecord record_of(const std::string& host, std::size_t samples = 60) {
    JournalRecord record{.sequence = 0, .host = host, .new_columns = {}, .samples = {}};
    for (std::uint32_t column = 0; column < samples; ++column) {
        record.samples.push_back(
            {column, SampleTime{std::chrono::seconds{1'700'000'000}}, RawValue::of(column / 3.0)});
    }
    return record;
}

class JournalTest : public ::testing::Test {
  protected:
    [[nodiscard]] std::unique_ptr<Journal> open(const JournalEnd& end = {}) const {
        auto journal = Journal::open(directory_, end, kSmall);
        EXPECT_TRUE(journal) << (journal ? "" : journal.error().message);
        return journal ? *std::move(journal) : nullptr;
    }
    // Their numbers, after checking that none is missing.
    [[nodiscard]] JournalEnd replay() const {
        std::uint64_t last = 0;
        const auto end = replay_journal(directory_, [&](JournalRecord& record) {
            EXPECT_TRUE(last == 0 || record.sequence > last);
            last = record.sequence;
            return Result<void>{};
        });
        EXPECT_TRUE(end) << (end ? "" : end.error().message);
        EXPECT_GE(end->last_sequence, last);
        return end.value_or(JournalEnd{});
    }
    static void append(Journal& journal, int records, std::size_t samples = 60) {
        for (int i = 0; i < records; ++i) {
            JournalRecord record = record_of("host-" + std::to_string(i), samples);
            const auto appended = journal.append(record);
            ASSERT_TRUE(appended) << appended.error().message;
        }
    }
    [[nodiscard]] std::filesystem::path segment(std::uint64_t first) const {
        return directory_ / segment_name(first);
    }
    [[nodiscard]] std::vector<std::uint64_t> segments() const {
        return list_segments(directory_).value();
    }

    tests::TemporaryDirectory temporary_;
    std::filesystem::path directory_ = temporary_.path() / "journal";
};

TEST_F(JournalTest, NothingIsNoTrouble) {
    const JournalEnd end = replay();
    EXPECT_EQ(end.last_sequence, 0U);
    EXPECT_THAT(end.complaints, IsEmpty());
    EXPECT_THAT(segments(), IsEmpty());
}

// As a kill does, which closes nothing: what is appended is there for another reader at once.
TEST_F(JournalTest, HoldsWhatWasAppendedWithoutACommit) {
    const auto journal = open();
    append(*journal, 3000);
    const JournalEnd end = replay();
    EXPECT_EQ(end.last_sequence, 3000U);
    EXPECT_EQ(end.records, 3000U);
    EXPECT_THAT(end.complaints, IsEmpty());
    EXPECT_GE(segments().size(), 2U);
    const auto size_of = [&](std::uint64_t first) {
        return std::filesystem::file_size(segment(first));
    };
    EXPECT_EQ(size_of(segments().back()), kSmall.segment_bytes);
    EXPECT_LT(size_of(1), kSmall.segment_bytes) << "what it did not need is given back";
}

TEST_F(JournalTest, GoesOnBehindWhatIsThere) {
    append(*open(), 10);
    append(*open(replay()), 10);
    const JournalEnd end = replay();
    EXPECT_EQ(end.last_sequence, 20U);
    EXPECT_THAT(end.complaints, IsEmpty());
    EXPECT_THAT(segments(), ElementsAre(1, 11));
}

// Cut anywhere, as a power cut leaves the last segment: a beginning of the records, no complaint,
// and what comes after a new start is read behind them.
TEST_F(JournalTest, AnyCutLeavesABeginning) {
    append(*open(), 40);
    std::mt19937_64 random(7);
    std::uint64_t shortest = 40;
    for (int round = 0; round < 100; ++round) {
        const auto used = static_cast<std::uintmax_t>(40 * 700);
        std::filesystem::resize_file(segment(1), random() % used);
        std::filesystem::resize_file(segment(1), kSmall.segment_bytes);
        const std::uint64_t kept = replay().last_sequence;
        EXPECT_LE(kept, shortest);
        append(*open({.last_sequence = kept}), 5);
        const JournalEnd end = replay();
        EXPECT_EQ(end.last_sequence, kept + 5);
        EXPECT_THAT(end.complaints, IsEmpty());
        if (kept > 0) std::filesystem::remove(segment(kept + 1));
        if (kept == 0) append(*open(), 40);
        shortest = kept == 0 ? 40 : kept;
    }
}

TEST_F(JournalTest, SaysWhichRecordsAreMissing) {
    const auto journal = open();
    append(*journal, 10);
    EXPECT_EQ(journal->begin_segment(), 10U);
    append(*journal, 10);
    EXPECT_EQ(journal->begin_segment(), 20U);
    append(*journal, 10);
    EXPECT_THAT(segments(), ElementsAre(1, 11, 21));
    std::fstream file(segment(11), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(2000);
    file.put('x');
    file.close();
    const JournalEnd end = replay();
    EXPECT_EQ(end.last_sequence, 30U);
    ASSERT_EQ(end.complaints.size(), 1U);
    EXPECT_THAT(end.complaints[0], HasSubstr("to 20 of the journal are missing: in " +
                                             segment_name(11) + " a record of the journal"));
    std::filesystem::remove(segment(11));
    EXPECT_THAT(replay().complaints,
                ElementsAre(HasSubstr("the records 11 to 20 of the journal are missing")));
}

// In the last segment, behind which nothing follows: later records know what was committed.
TEST_F(JournalTest, SaysWhichCommittedRecordsCannotBeRead) {
    const auto journal = open();
    append(*journal, 10);
    EXPECT_TRUE(journal->commit());
    append(*journal, 5);
    const auto damage = [&](std::streamoff place) {
        std::fstream file(segment(1), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(place);
        file.put('x');
    };
    const auto used = static_cast<std::streamoff>(15 * 700);
    damage(used - 2000);
    EXPECT_THAT(replay().complaints, IsEmpty()) << "they need not have been on the disk";
    damage(2000);
    EXPECT_THAT(replay().complaints,
                ElementsAre(HasSubstr("to 10 of the journal were on the disk and cannot be read")));
}

// Bytes changed anywhere in two segments: what is read is what was written under that number.
TEST_F(JournalTest, ChangedBytesNeverMakeAnotherRecord) {
    std::vector<std::vector<std::byte>> originals(1);  // number 0 is none
    {
        const auto journal = open();
        for (int i = 0; i < 40; ++i) {
            JournalRecord record = record_of("host-" + std::to_string(i), 5);
            ASSERT_TRUE(journal->append(record));
            ASSERT_TRUE(append_record(record, originals.emplace_back()));
            ASSERT_TRUE(i != 20 || journal->begin_segment() == 21);
        }
    }
    std::map<std::uint64_t, std::string> segments_before;
    constexpr std::size_t kUsed = 40 * 120;
    for (const std::uint64_t first : segments()) {
        std::string& bytes = segments_before[first];
        bytes.resize(kUsed);
        std::ifstream(segment(first), std::ios::binary).read(bytes.data(), std::ssize(bytes));
    }
    const std::uint64_t seeds = tests::is_nightly() ? 100'000 : 2000;
    std::uint64_t lost = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 random(seed);
        for (auto [first, bytes] : segments_before) {
            for (std::uint64_t flips = random() % 3; flips > 0; --flips) {
                bytes[random() % bytes.size()] ^= static_cast<char>(random() % 255 + 1);
            }
            bytes.resize(random() % 4 == 0 ? random() % bytes.size() : bytes.size());
            std::fstream(segment(first), std::ios::in | std::ios::out | std::ios::binary) << bytes;
            std::filesystem::resize_file(segment(first), bytes.size());
        }
        std::uint64_t read = 0;
        const auto end = replay_journal(directory_, [&](JournalRecord& record) {
            ++read;
            std::vector<std::byte> bytes;
            EXPECT_TRUE(append_record(record, bytes));
            EXPECT_EQ(bytes, originals.at(record.sequence));
            return Result<void>{};
        });
        ASSERT_TRUE(end);
        lost += 40 - read;
        if (HasFailure()) return;
    }
    EXPECT_GT(lost, seeds) << "hardly anything was hit";
}

// What a program wrote that knew only version 1: the header and two records.
constexpr std::string_view kVersion1 =
    "4b555241 42454a0a 01000000 00000000 01000000 00000000 814f1b5a 00000000 "
    "40000000 04e2d80c 01000000 00000000 01010577 65622d31 00010462 6173650a "
    "6c6f6164 2e676175 67658084 a1e18389 85060100 8084a1e1 83898506 01000000 "
    "000000e0 3f000000 28000000 e03e2598 02000000 00000000 01020577 65622d31 "
    "01000100 80a0bd9a 84898506 01000000 000000f8 3f000000 00000000 00000000";

std::string bytes_of_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += hex[i] == ' ' ? 1 : 2) {
        if (hex[i] == ' ') continue;
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return bytes;
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

TEST_F(JournalTest, ReadsSegmentsOfVersion1AndGoesOnInVersion2) {
    write_file(segment(1), bytes_of_hex(kVersion1));
    std::vector<double> values;
    const auto end = replay_journal(directory_, [&](JournalRecord& record) {
        EXPECT_EQ(record.host, "web-1");
        EXPECT_EQ(record.heartbeat, Seconds{0});
        for (const JournaledSample& sample : record.samples) values.push_back(sample.value.number);
        return Result<void>{};
    });
    ASSERT_TRUE(end) << end.error().message;
    EXPECT_THAT(values, ElementsAre(0.5, 1.5));
    EXPECT_THAT(end->complaints, IsEmpty());
    append(*open(*end), 1);
    EXPECT_THAT(segments(), ElementsAre(1, 3));
    EXPECT_EQ(replay().records, 3U);
    std::string header(kSegmentHeaderBytes, 0);
    std::ifstream(segment(3), std::ios::binary).read(header.data(), std::ssize(header));
    EXPECT_EQ(header[8], 2) << "which a program that knows no heartbeats does not read";
}

// Of a program yet to come: what it wrote stays for it.
TEST_F(JournalTest, AnUnknownVersionIsRefusedAndNotTouched) {
    for (const char version : {'\0', '\3'}) {
        std::string bytes = bytes_of_hex(kVersion1);
        bytes[8] = version;
        const std::uint32_t sum = crc32c(std::as_bytes(std::span(bytes)).first(24));
        for (std::size_t i = 0; i < 4; ++i) bytes[24 + i] = static_cast<char>(sum >> (8 * i));
        write_file(segment(1), bytes);
        const auto end = replay_journal(directory_, [](JournalRecord&) { return Result<void>{}; });
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().code, ErrorCode::kUnsupported);
        EXPECT_THAT(end.error().message,
                    HasSubstr("version " + std::to_string(version) + " of the journal"));
    }
}

TEST_F(JournalTest, ForeignAndUnfinishedFilesHarmNothing) {
    append(*open(), 5);
    std::ofstream(directory_ / "notes.txt") << "hello";
    std::ofstream(directory_ / "xyz.journal") << "hello";
    std::ofstream(segment(6)) << "";  // a crash before its header
    EXPECT_EQ(replay().last_sequence, 5U);
    EXPECT_THAT(replay().complaints, IsEmpty());
    std::ofstream(segment(7)) << std::string(100, 'x');
    EXPECT_THAT(replay().complaints, ElementsAre(HasSubstr("missing"), HasSubstr("no journal")));
}

TEST_F(JournalTest, RemovesSegmentsThatAreCovered) {
    const auto journal = open();
    for (int segment = 0; segment < 4; ++segment) {
        append(*journal, 10);
        EXPECT_EQ(journal->begin_segment(), 10U * static_cast<unsigned>(segment + 1));
    }
    EXPECT_TRUE(journal->remove_through(9));
    EXPECT_THAT(segments(), ElementsAre(1, 11, 21, 31, 41));
    EXPECT_TRUE(journal->remove_through(25));
    EXPECT_THAT(segments(), ElementsAre(21, 31, 41));
    append(*journal, 1);
    EXPECT_TRUE(journal->remove_through(40));
    EXPECT_THAT(segments(), ElementsAre(41));
    EXPECT_TRUE(journal->remove_through(41));
    EXPECT_THAT(segments(), ElementsAre(42)) << "an empty one keeps the number";
    EXPECT_EQ(replay().last_sequence, 41U);
    append(*journal, 1);
    EXPECT_EQ(replay().records, 1U);
}

// A full disk refuses whole records and takes others when there is room again.
TEST_F(JournalTest, AFullDiskIsAnErrorAndNothingIsLost) {
    const auto journal = open();
    JournalRecord record = record_of("late");
    {
        const tests::FileSizeLimit limit(kSmall.segment_bytes / 2);
        const auto refused = journal->append(record);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kNoSpace);
        EXPECT_THAT(segments(), IsEmpty());
    }
    append(*journal, 10);
    {
        const tests::FileSizeLimit limit(kSmall.segment_bytes / 2);
        EXPECT_EQ(journal->begin_segment(), 10U);
        append(*journal, 10);  // there is room in the one that is there
        EXPECT_THAT(segments(), ElementsAre(1));
    }
    EXPECT_EQ(replay().last_sequence, 20U);
    EXPECT_TRUE(journal->commit());
}

// No segment can be begun after the last one was removed, twice: the next record finds room again.
TEST_F(JournalTest, AFullDiskThatStaysFullWhileSegmentsGo) {
    const auto journal = open();
    append(*journal, 10);
    {
        const tests::FileSizeLimit limit(kSmall.segment_bytes / 2);
        for (int round = 0; round < 2; ++round) {
            EXPECT_EQ(journal->begin_segment(), 10U);
            (void)journal->remove_through(10);
        }
        EXPECT_THAT(segments(), IsEmpty());
    }
    append(*journal, 10);
    EXPECT_EQ(journal->last_sequence(), 20U);
    EXPECT_THAT(segments(), ElementsAre(11));
    EXPECT_EQ(replay().records, 10U);
}

// A write that fails in the middle of a record, as on a file system that cannot reserve: what was
// before it stays, and the number is given again.
TEST_F(JournalTest, ARecordThatCannotBeWrittenIsTakenBack) {
    const auto journal = open();
    append(*journal, 10);
    {
        const tests::FileSizeLimit limit(kSegmentHeaderBytes + 10 * 700);
        JournalRecord record = record_of("late");
        EXPECT_FALSE(journal->append(record));
    }
    EXPECT_EQ(journal->last_sequence(), 10U);
    append(*journal, 10);
    const JournalEnd end = replay();
    EXPECT_EQ(end.last_sequence, 20U);
    EXPECT_EQ(end.records, 20U);
    EXPECT_THAT(end.complaints, IsEmpty());
    EXPECT_THAT(segments(), ElementsAre(1, 11));
}

TEST_F(JournalTest, KnowsWhatIsCommitted) {
    const auto journal = open();
    append(*journal, 3);
    EXPECT_EQ(journal->committed(), 0U);
    EXPECT_TRUE(journal->commit_through(2));
    EXPECT_EQ(journal->committed(), 3U) << "a sync takes all with it";
    append(*journal, 3);
    EXPECT_TRUE(journal->commit_through(3));
    EXPECT_EQ(journal->committed(), 3U);
    EXPECT_TRUE(journal->commit());
    EXPECT_EQ(journal->committed(), 6U);
}

TEST_F(JournalTest, ARecordThatIsTooLongIsRefusedAlone) {
    const auto journal = open();
    JournalRecord record = record_of("host", kJournalRecordBytesMax);
    EXPECT_EQ(journal->append(record).error().code, ErrorCode::kLimit);
    append(*journal, 1);
    EXPECT_EQ(replay().last_sequence, 1U);
}

TEST_F(JournalTest, ThreadsAppendWholeRecords) {
    const auto journal = open();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back([&] { append(*journal, 500); });
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(journal->commit());
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(replay().records, 2000U);
}

TEST_F(JournalTest, SegmentsHaveASensibleSize) {
    EXPECT_FALSE(Journal::open(directory_, {}, {.segment_bytes = kSegmentBytesMin - 1}));
    EXPECT_FALSE(Journal::open(directory_, {}, {.segment_bytes = kSegmentBytesMax + 1}));
}

}  // namespace
}  // namespace kurabe::store
