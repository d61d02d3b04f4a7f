// The records of an .rrd file, byte for byte as RRDtool on 64-bit little-endian machines has them.
//
// Source of the format: rrdcreate(1) for the terms; offsets and padding measured on files of
// rrdtool 1.7.2 (docs/rrd.md has the table). Records are copied from and to a file whole, so bytes
// that this program gives no meaning stay what they were.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "store/types.hpp"

namespace kurabe::store::rrd {

static_assert(std::endian::native == std::endian::little,
              "an .rrd file has the byte order of the machine that made it; records are copied");

// RRDtool's unknown is the negative NaN that x86 makes of 0/0. Files and texts show its sign.
inline constexpr Value kFileUnknown = std::bit_cast<Value>(std::uint64_t{0xFFF8'0000'0000'0000});
[[nodiscard]] inline Value as_stored(Value value) noexcept {
    return is_unknown(value) ? kFileUnknown : value;
}

// Eight bytes that hold a count or a number.
struct Slot {
    std::uint64_t bits = 0;

    [[nodiscard]] static constexpr Slot of_count(std::uint64_t count) noexcept { return {count}; }
    [[nodiscard]] static Slot of_number(Value number) noexcept {
        return {std::bit_cast<std::uint64_t>(as_stored(number))};
    }
    // An unknown number keeps its sign.
    [[nodiscard]] static Slot of_number_as_is(Value number) noexcept {
        return {std::bit_cast<std::uint64_t>(number)};
    }
    [[nodiscard]] constexpr std::uint64_t count() const noexcept { return bits; }
    [[nodiscard]] constexpr Value number() const noexcept { return std::bit_cast<Value>(bits); }
    bool operator==(const Slot&) const = default;
};
inline constexpr Slot kUnknownSlot{std::bit_cast<std::uint64_t>(kFileUnknown)};

// Text in a field of N bytes up to its first NUL byte, or all of it.
template <std::size_t N>
[[nodiscard]] std::string_view text_of(const std::array<char, N>& field) noexcept {
    const std::string_view all(field.data(), N);
    return all.substr(0, all.find('\0'));
}

// `text` cut to N - 1 bytes, the rest of the field zero.
template <std::size_t N>
void set_text(std::array<char, N>& field, std::string_view text) noexcept {
    field.fill('\0');
    text.copy(field.data(), N - 1);
}

inline constexpr std::array<char, 4> kCookie{'R', 'R', 'D', '\0'};
inline constexpr double kFloatCookie = 8.642135E130;

// The beginning of the file.
struct HeadRecord {
    std::array<char, 4> cookie = kCookie;
    std::array<char, 5> version{'0', '0', '0', '3', '\0'};
    std::array<char, 7> padding{};
    double float_cookie = kFloatCookie;
    std::uint64_t source_count = 0;
    std::uint64_t rra_count = 0;
    std::uint64_t step_seconds = 0;
    std::array<Slot, 10> unused{};
};

// A data source (DS) as defined.
struct SourceRecord {
    static constexpr std::size_t kHeartbeat = 0;  // seconds, a count
    static constexpr std::size_t kMinimum = 1;    // of the rate; unknown is unlimited
    static constexpr std::size_t kMaximum = 2;

    std::array<char, 20> name{};
    std::array<char, 20> type{};
    std::array<Slot, 10> parameters{};  // of a COMPUTE: its program, see compute_program.hpp
};

// A round robin archive (RRA) as defined.
struct RraRecord {
    // Which parameter is what depends on the CF.
    static constexpr std::size_t kXff = 0;              // AVERAGE, MIN, MAX, LAST
    static constexpr std::size_t kAlpha = 1;            // HWPREDICT, MHWPREDICT
    static constexpr std::size_t kBeta = 2;             // HWPREDICT, MHWPREDICT
    static constexpr std::size_t kPeriod = 4;           // HWPREDICT, MHWPREDICT: rows, a number
    static constexpr std::size_t kGamma = 1;            // SEASONAL, DEVSEASONAL
    static constexpr std::size_t kSmoothingWindow = 2;  // SEASONAL, DEVSEASONAL from version 4 on
    static constexpr std::size_t kSmoothingRow = 4;     // SEASONAL, DEVSEASONAL: a count
    static constexpr std::size_t kDeltaPositive = 1;    // FAILURES
    static constexpr std::size_t kDeltaNegative = 2;    // FAILURES
    static constexpr std::size_t kWindowLength = 4;     // FAILURES: a count
    static constexpr std::size_t kThreshold = 5;        // FAILURES: a count
    static constexpr std::size_t kPartner = 3;  // all but the first four: index of an RRA, a count

    std::array<char, 20> cf{};
    std::array<char, 4> padding{};
    std::uint64_t rows = 0;
    std::uint64_t pdp_per_row = 0;
    std::array<Slot, 10> parameters{};
};

// When the last sample was; versions 1 and 2 lack the microseconds.
struct LiveRecord {
    std::int64_t last_update_seconds = 0;
    std::int64_t last_update_micros = 0;
};

// The open PDP of a data source.
struct PdpRecord {
    static constexpr std::size_t kUnknownSeconds = 0;  // a count
    static constexpr std::size_t kValue = 1;
    // Longer readings are cut to one byte less.
    static constexpr std::size_t kReadingBytes = 30;

    std::array<char, kReadingBytes> last_reading{};  // the text of the last sample, or "U"
    std::array<char, 2> padding{};
    std::array<Slot, 10> slots{};
};

// The open CDP of one data source in one RRA.
struct CdpRecord {
    static constexpr std::size_t kValue = 0;          // AVERAGE, MIN, MAX, LAST
    static constexpr std::size_t kUnknownPdps = 1;    // AVERAGE, MIN, MAX, LAST: a count
    static constexpr std::size_t kIntercept = 2;      // HWPREDICT, MHWPREDICT
    static constexpr std::size_t kLastIntercept = 3;  // HWPREDICT, MHWPREDICT
    static constexpr std::size_t kSlope = 4;          // HWPREDICT, MHWPREDICT
    static constexpr std::size_t kLastSlope = 5;      // HWPREDICT, MHWPREDICT
    static constexpr std::size_t kNullCount = 6;      // HWPREDICT, MHWPREDICT: a count
    static constexpr std::size_t kLastNullCount = 7;  // HWPREDICT, MHWPREDICT: a count
    static constexpr std::size_t kSeasonal = 2;       // SEASONAL, DEVSEASONAL
    static constexpr std::size_t kLastSeasonal = 3;   // SEASONAL, DEVSEASONAL
    static constexpr std::size_t kBurnIn = 6;         // SEASONAL, DEVSEASONAL: a count, of DS 0
    static constexpr std::size_t kPrimary = 8;        // the first row that an update closed
    static constexpr std::size_t kSecondary = 9;      // all further rows
    // FAILURES: the first bytes are the violations of the last rows, newest first.
    static constexpr std::size_t kHistoryMax = 28;

    std::array<Slot, 10> slots{};
};

static_assert(sizeof(HeadRecord) == 128 && std::is_trivially_copyable_v<HeadRecord>);
static_assert(sizeof(SourceRecord) == 120 && std::is_trivially_copyable_v<SourceRecord>);
static_assert(sizeof(RraRecord) == 120 && std::is_trivially_copyable_v<RraRecord>);
static_assert(sizeof(LiveRecord) == 16 && std::is_trivially_copyable_v<LiveRecord>);
static_assert(sizeof(PdpRecord) == 112 && std::is_trivially_copyable_v<PdpRecord>);
static_assert(sizeof(CdpRecord) == 80 && std::is_trivially_copyable_v<CdpRecord>);

}  // namespace kurabe::store::rrd
