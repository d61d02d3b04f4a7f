// Records of the journal there and back, and what becomes of bytes that are none.
#include "store/journal_record.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "store/archive_layout.hpp"
#include "store/bytes.hpp"
#include "store/crc32c.hpp"

namespace kurabe::store {
namespace {

using Bytes = std::vector<std::byte>;

SampleTime at(std::int64_t microseconds) {
    return SampleTime{std::chrono::microseconds{microseconds}};
}

RawValue random_reading(std::mt19937_64& random) {
    switch (random() % 5) {
        case 0:
            return RawValue::unknown();
        case 1:
            return RawValue::of(std::ldexp(static_cast<double>(random()), -40));
        case 2:
            return RawValue::of_integer(static_cast<std::int64_t>(random()));
        case 3:
            return RawValue::of_integer(-static_cast<WideInteger>(random()) * 1'000'000'007);
        default:
            return RawValue::of_integer(static_cast<std::int64_t>(random() % 1000));
    }
}

JournalRecord random_record(std::mt19937_64& random) {
    JournalRecord record{
        .sequence = random(), .host = "10.0.0.1", .new_columns = {}, .samples = {}};
    record.columns_before = static_cast<std::uint32_t>(random() % kColumnsMax);
    for (std::uint64_t i = random() % 4; i > 0; --i) {
        record.new_columns.push_back({"http:80:/server-status",
                                      "key-" + std::to_string(i) + ".gauge",
                                      at(static_cast<std::int64_t>(random() >> 12))});
    }
    for (std::uint64_t i = random() % 70; i > 0; --i) {
        record.samples.push_back({static_cast<std::uint32_t>(random() % 5000),
                                  at(static_cast<std::int64_t>(random() >> 12)),
                                  random_reading(random)});
    }
    for (std::uint64_t i = random() % 4; i > 0; --i) {
        record.rows.push_back({static_cast<std::uint32_t>(random() % kColumnsMax),
                               static_cast<std::uint32_t>(random() % kRingsMax), random() >> 8,
                               std::vector<Value>(random() % (kPlanesMax + 1), 0.25)});
        record.runs.push_back({static_cast<std::uint32_t>(random() % kColumnsMax),
                               static_cast<std::uint32_t>(random() % kRingsMax), random() >> 8,
                               std::vector<Value>(random() % (kValuesPerRunMax + 1), 0.75)});
        record.cdps.push_back({static_cast<std::uint32_t>(random() % kColumnsMax),
                               std::vector<CdpState>(random() % 20, {1.5, random() % 1000})});
    }
    record.heartbeat = Seconds{static_cast<Seconds::rep>(random() % 3) * 660};
    return record;
}

Bytes bytes_of(const JournalRecord& record) {
    Bytes bytes;
    EXPECT_TRUE(append_record(record, bytes));
    return bytes;
}

// Numbers by their bits: NaNs, too, come back as they were.
bool same(const RawValue& a, const RawValue& b) {
    if (a.kind != b.kind) return false;
    return a.kind == RawValue::Kind::kNumber
               ? std::bit_cast<std::uint64_t>(a.number) == std::bit_cast<std::uint64_t>(b.number)
               : a.integer == b.integer;
}

void expect_equal(const JournalRecord& a, const JournalRecord& b) {
    EXPECT_EQ(a.sequence, b.sequence);
    EXPECT_EQ(a.host, b.host);
    EXPECT_EQ(a.columns_before, b.columns_before);
    EXPECT_EQ(a.heartbeat, b.heartbeat);
    EXPECT_EQ(a.new_columns, b.new_columns);
    EXPECT_TRUE(std::ranges::equal(
        a.samples, b.samples, [](const JournaledSample& one, const JournaledSample& other) {
            return one.column == other.column && one.time == other.time &&
                   same(one.value, other.value);
        }));
    EXPECT_TRUE(
        std::ranges::equal(a.rows, b.rows, [](const JournaledRow& one, const JournaledRow& other) {
            return one.column == other.column && one.ring == other.ring && one.row == other.row &&
                   one.values == other.values;
        }));
    EXPECT_TRUE(
        std::ranges::equal(a.runs, b.runs, [](const JournaledRun& one, const JournaledRun& other) {
            return one.column == other.column && one.ring == other.ring &&
                   one.block == other.block && one.values == other.values;
        }));
    EXPECT_TRUE(std::ranges::equal(
        a.cdps, b.cdps, [](const JournaledCdps& one, const JournaledCdps& other) {
            return one.column == other.column &&
                   std::ranges::equal(
                       one.states, other.states, [](const CdpState& x, const CdpState& y) {
                           return x.value == y.value && x.unknown_pdps == y.unknown_pdps;
                       });
        }));
}

ErrorCode code_of(std::span<const std::byte> bytes) {
    const auto found = read_record(bytes);
    return found ? ErrorCode::kSystem : found.error().code;
}

// RFC 3720, B.4, and the check value of the catalogues of CRCs.
TEST(Crc32c, IsThatOfTheRfc) {
    const std::string digits = "123456789";
    EXPECT_EQ(crc32c(std::as_bytes(std::span(digits))), 0xE3069283U);
    Bytes bytes(32, std::byte{0});
    EXPECT_EQ(crc32c(bytes), 0x8A9136AAU);
    std::ranges::fill(bytes, std::byte{0xFF});
    EXPECT_EQ(crc32c(bytes), 0x62A8AB43U);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
    EXPECT_EQ(crc32c(bytes), 0x46DD794EU);
}

TEST(JournalRecord, ComesBackAsItWas) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 2000; ++round) {
        const JournalRecord first = random_record(random);
        const JournalRecord second = random_record(random);
        Bytes bytes = bytes_of(first);
        const std::size_t size = bytes.size();
        ASSERT_TRUE(append_record(second, bytes));
        bytes.resize(bytes.size() + random() % 20);
        const auto found = read_record(bytes);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(found->bytes, size);
        expect_equal(found->record, first);
        const auto next = read_record(std::span(bytes).subspan(size));
        ASSERT_TRUE(next) << next.error().message;
        expect_equal(next->record, second);
        EXPECT_EQ(code_of(std::span(bytes).subspan(size + next->bytes)), ErrorCode::kNotFound);
    }
}

// A minute of sixty series, which is what the journal is full of.
TEST(JournalRecord, OfAUsualBatchIsShort) {
    JournalRecord record{
        .sequence = 1'000'000, .host = "10.0.0.1", .new_columns = {}, .samples = {}};
    for (std::uint32_t column = 0; column < 60; ++column) {
        record.samples.push_back({column, at(1'700'000'000'000'000), RawValue::of(0.1 * column)});
    }
    EXPECT_LT(bytes_of(record).size(), 12 * 60U);
    EXPECT_GT(bytes_of(record).size(), 10 * 60U);
}

TEST(JournalRecord, CutOffIsDamagedAndNeverAnotherOne) {
    std::mt19937_64 random(4);
    for (int round = 0; round < 50; ++round) {
        const Bytes bytes = bytes_of(random_record(random));
        EXPECT_EQ(code_of({}), ErrorCode::kNotFound);
        for (std::size_t size = 1; size < bytes.size(); ++size) {
            Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
            const bool is_empty = is_all_zero(cut);  // a length of 256 begins with a zero
            EXPECT_EQ(code_of(cut), is_empty ? ErrorCode::kNotFound : ErrorCode::kDamaged) << size;
            cut.resize(bytes.size());  // the rest never reached the disk
            if (cut == bytes) continue;
            EXPECT_EQ(code_of(cut), is_empty ? ErrorCode::kNotFound : ErrorCode::kDamaged) << size;
        }
    }
}

TEST(JournalRecord, AChangedBitIsDamaged) {
    std::mt19937_64 random(5);
    const Bytes bytes = bytes_of(random_record(random));
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        Bytes changed = bytes;
        changed[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
        EXPECT_EQ(code_of(changed), ErrorCode::kDamaged) << bit;
    }
}

// With a right checksum: what another program or a bug would write.
TEST(JournalRecord, AnyBytesAreRefusedOrReadable) {
    std::mt19937_64 random(6);
    for (int round = 0; round < 20'000; ++round) {
        Bytes bytes = bytes_of(random_record(random));
        for (std::uint64_t i = 1 + random() % 3; i > 0; --i) {
            bytes[kJournalFrameBytes + random() % (bytes.size() - kJournalFrameBytes)] =
                static_cast<std::byte>(random());
        }
        const std::uint32_t sum = crc32c(std::span(bytes).subspan(kJournalFrameBytes));
        for (std::size_t i = 0; i < 4; ++i) bytes[4 + i] = static_cast<std::byte>(sum >> (8 * i));
        const auto found = read_record(bytes);
        if (!found) {
            EXPECT_EQ(found.error().code, ErrorCode::kDamaged);
            continue;
        }
        EXPECT_EQ(found->bytes, bytes.size());
        EXPECT_TRUE(check_host(found->record.host));
    }
}

TEST(JournalRecord, HasALimit) {
    JournalRecord record{.sequence = 1, .host = "h", .new_columns = {}, .samples = {}};
    record.samples.resize(kJournalRecordBytesMax);
    Bytes bytes(3);
    const auto appended = append_record(record, bytes);
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().code, ErrorCode::kLimit);
    EXPECT_EQ(bytes.size(), 3U);
}

}  // namespace
}  // namespace kurabe::store
