// Headers as bytes and back, and what is refused in them.
#include "store/rrd/header.hpp"

#include <cstring>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/rrd/compute_program.hpp"

namespace kurabe::store::rrd {
namespace {

using testing::HasSubstr;

Header sample_header() {
    Header header{.step = Seconds{60},
                  .sources = {},
                  .rras = {},
                  .live = {.last_update_seconds = 1'000'000'020, .last_update_micros = 500'000},
                  .pdps = {},
                  .cdps = {},
                  .current_rows = {}};
    for (const char* type : {"GAUGE", "COUNTER", "COMPUTE"}) {
        SourceRecord record;
        set_text(record.name, std::string("ds-") + type);
        set_text(record.type, type);
        record.parameters[SourceRecord::kHeartbeat] = Slot::of_count(600);
        record.parameters[SourceRecord::kMinimum] = Slot::of_number(0);
        record.parameters[SourceRecord::kMaximum] = Slot::of_number(kUnknown);
        header.sources.push_back(record);
    }
    write_compute({.nodes = {{ComputeOperator::kVariable, 0},
                             {ComputeOperator::kNumber, 2},
                             {ComputeOperator::kMul}}},
                  header.sources[2]);
    for (const RraCf cf : {RraCf::kAverage, RraCf::kMax}) {
        RraRecord record{.rows = 10, .pdp_per_row = cf == RraCf::kMax ? 5U : 1U};
        set_text(record.cf, rra_cf_name(cf));
        record.parameters[RraRecord::kXff] = Slot::of_number(0.5);
        header.rras.push_back(record);
    }
    header.pdps.resize(3);
    header.cdps.resize(6);
    header.current_rows = {3, 9};
    return header;
}

std::vector<std::byte> file_of(const Header& header) {
    std::vector<std::byte> bytes(header.file_bytes());
    encode_header(header, std::span(bytes).first(header.bytes()));
    return bytes;
}

Result<Header> decode(const std::vector<std::byte>& bytes) {
    return decode_header("a.rrd", bytes, bytes.size());
}

template <typename T>
void put(std::vector<std::byte>& bytes, std::size_t offset, const T& value) {
    std::memcpy(&bytes.at(offset), &value, sizeof value);
}

TEST(RrdHeader, ReadsBackAsWritten) {
    const Header header = sample_header();
    const auto bytes = file_of(header);
    const auto back = decode(bytes);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(file_of(*back), bytes);
    EXPECT_EQ(back->step, Seconds{60});
    EXPECT_EQ(back->last_update(), SampleTime{std::chrono::microseconds{1'000'000'020'500'000}});
    EXPECT_EQ(back->source(1).type, DsType::kCounter);
    EXPECT_EQ(back->source(1).heartbeat, Seconds{600});
    EXPECT_TRUE(is_unknown(back->source(1).maximum));
    EXPECT_EQ(back->cf(1), RraCf::kMax);
    EXPECT_EQ(back->resolution(1), Seconds{300});
    EXPECT_EQ(newest_row_time(*back, 1), Time{Seconds{999'999'900}});
    EXPECT_EQ(find_source(*back, "ds-COUNTER"), 1);
    EXPECT_EQ(find_source(*back, "ds"), std::nullopt);
}

TEST(RrdHeader, OldVersionsHaveNoMicroseconds) {
    Header header = sample_header();
    header.version = 1;
    header.set_last_update(header.last_update());
    const auto back = decode(file_of(header));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->bytes(), sample_header().bytes() - 8);
    EXPECT_EQ(back->last_update(), SampleTime{Seconds{1'000'000'020}});
}

TEST(RrdHeader, UnknownIsStoredAsTheNanOfRrdtool) {
    EXPECT_EQ(Slot::of_number(kUnknown).bits, 0xFFF8'0000'0000'0000U);
    EXPECT_EQ(Slot::of_number(-kUnknown).bits, 0xFFF8'0000'0000'0000U);
    EXPECT_EQ(Slot::of_number(-0.0).bits, 0x8000'0000'0000'0000U);
}

TEST(RrdHeader, ATextFieldHoldsOneByteLessThanItsSize) {
    std::array<char, 4> field;
    set_text(field, "abcdef");
    EXPECT_EQ(text_of(field), "abc");
    field = {'a', 'b', 'c', 'd'};
    EXPECT_EQ(text_of(field), "abcd");
}

TEST(RrdHeader, EveryCutIsAnError) {
    const auto bytes = file_of(sample_header());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::vector cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const auto decoded = decode(cut);
        ASSERT_FALSE(decoded) << size;
        EXPECT_EQ(decoded.error().code, ErrorCode::kDamaged);
    }
}

TEST(RrdHeader, SaysWhatRrdtoolSays) {
    const auto whole = file_of(sample_header());
    auto bytes = whole;
    bytes[0] = std::byte{'X'};
    EXPECT_EQ(decode(bytes).error().message, "'a.rrd' is not an RRD file");
    bytes = whole;
    put(bytes, 4, std::array{'0', '0', '0', '6'});
    EXPECT_EQ(decode(bytes).error().message, "can't handle RRD file version 0006");
    bytes = whole;
    put(bytes, 16, 1.0);
    EXPECT_EQ(decode(bytes).error().message, "This RRD was created on another architecture");
    bytes = whole;
    bytes.resize(700);
    EXPECT_EQ(decode(bytes).error().message, "reached EOF while loading header rrd->rra_def");
    bytes = whole;
    bytes.pop_back();
    EXPECT_EQ(decode(bytes).error().message,
              "'a.rrd' is too small (should be " + std::to_string(whole.size()) + " bytes)");
}

// Offsets of the sample's records.
constexpr std::size_t kSource0 = 128;
constexpr std::size_t kCompute = kSource0 + 2 * 120;
constexpr std::size_t kRra0 = kSource0 + 3 * 120;
constexpr std::size_t kLive = kRra0 + 2 * 120;
constexpr std::size_t kPointers = kLive + 16 + 3 * 112 + 6 * 80;

struct BadHeader {
    const char* what;
    std::function<void(std::vector<std::byte>&)> damage;
    const char* message;
};

TEST(RrdHeader, RefusesWhatCannotBeTrusted) {
    static constexpr std::uint64_t kHuge = 0xFFFF'FFFF'FFFF'FFF0;
    using Bytes = std::vector<std::byte>;
    const BadHeader cases[] = {
        {"no sources", [](Bytes& b) { put(b, 24, std::uint64_t{0}); }, "no data source"},
        {"huge sources", [](Bytes& b) { put(b, 24, kHuge); }, "reached EOF"},
        {"sources that wrap", [](Bytes& b) { put(b, 24, std::uint64_t{1} << 61); }, "reached EOF"},
        {"no RRAs", [](Bytes& b) { put(b, 32, std::uint64_t{0}); }, "no RRA"},
        {"huge RRAs", [](Bytes& b) { put(b, 32, kHuge); }, "reached EOF"},
        {"no step", [](Bytes& b) { put(b, 40, std::uint64_t{0}); }, "step"},
        {"negative step", [](Bytes& b) { put(b, 40, kHuge); }, "step"},
        {"version of letters", [](Bytes& b) { put(b, 4, 'x'); }, "version"},
        {"no name", [](Bytes& b) { put(b, kSource0, '\0'); }, "no name"},
        {"endless name", [](Bytes& b) { std::memset(&b[kSource0], 'x', 20); }, "no name"},
        {"unknown type", [](Bytes& b) { put(b, kSource0 + 20, 'x'); }, "no known type"},
        {"COMPUTE of itself", [](Bytes& b) { put(b, kCompute + 42, std::int16_t{2}); },
         "does not come before"},
        {"COMPUTE of a negative index", [](Bytes& b) { put(b, kCompute + 42, std::int16_t{-1}); },
         "does not come before"},
        {"COMPUTE with TIME", [](Bytes& b) { put(b, kCompute + 48, std::uint8_t{7}); },
         "operator of graphs"},
        {"COMPUTE with an unknown operator",
         [](Bytes& b) { put(b, kCompute + 48, std::uint8_t{71}); }, "no known operator"},
        {"COMPUTE without end", [](Bytes& b) { std::memset(&b[kCompute + 40], 0, 80); }, "no end"},
        {"COMPUTE of nothing", [](Bytes& b) { put(b, kCompute + 40, std::uint8_t{32}); },
         "is empty"},
        {"unknown CF", [](Bytes& b) { put(b, kRra0, 'x'); }, "consolidation function"},
        {"no rows", [](Bytes& b) { put(b, kRra0 + 24, std::uint64_t{0}); }, "no rows"},
        {"huge rows", [](Bytes& b) { put(b, kRra0 + 24, kHuge); }, "more time than there is"},
        {"no PDPs", [](Bytes& b) { put(b, kRra0 + 32, std::uint64_t{0}); }, "no rows"},
        {"huge PDPs", [](Bytes& b) { put(b, kRra0 + 32, kHuge); }, "more time than there is"},
        {"many rows", [](Bytes& b) { put(b, kRra0 + 24, std::uint64_t{1'000'000'000}); },
         "too small"},
        {"a partner that is not there",
         [](Bytes& b) {
             std::memcpy(&b[kRra0], "HWPREDICT", 10);
             put(b, kRra0 + 40 + 3 * 8, std::uint64_t{2});
         },
         "depends on"},
        {"a wide window",
         [](Bytes& b) {
             std::memcpy(&b[kRra0], "FAILURES", 9);
             put(b, kRra0 + 40 + 3 * 8, std::uint64_t{0});
             put(b, kRra0 + 40 + 4 * 8, std::uint64_t{29});
         },
         "window"},
        {"a negative time", [](Bytes& b) { put(b, kLive, std::int64_t{-1}); }, "last update"},
        {"a far time", [](Bytes& b) { put(b, kLive, INT64_MAX); }, "last update"},
        {"microseconds", [](Bytes& b) { put(b, kLive + 8, std::int64_t{1'000'000}); },
         "last update"},
        {"a row that is not there", [](Bytes& b) { put(b, kPointers, std::uint64_t{10}); },
         "current row"},
    };
    for (const BadHeader& bad : cases) {
        auto bytes = file_of(sample_header());
        bad.damage(bytes);
        const auto decoded = decode(bytes);
        ASSERT_FALSE(decoded) << bad.what;
        EXPECT_THAT(decoded.error().message, HasSubstr(bad.message)) << bad.what;
    }
}

TEST(RrdHeader, NamesTheVersionThatItNeeds) {
    Header header = sample_header();
    EXPECT_EQ(needed_version(header), 3);
    set_text(header.rras[0].cf, "SEASONAL");
    header.rras[0].parameters[RraRecord::kSmoothingWindow] = Slot::of_number(0.5);
    EXPECT_EQ(needed_version(header), 3) << "version 3 ignores the window";
    header.version = 4;
    EXPECT_EQ(needed_version(header), 4);
    header.version = 3;
    set_text(header.rras[0].cf, "MHWPREDICT");
    EXPECT_EQ(needed_version(header), 4);
    set_text(header.sources[0].type, "DDERIVE");
    EXPECT_EQ(needed_version(header), 5);
}

}  // namespace
}  // namespace kurabe::store::rrd
