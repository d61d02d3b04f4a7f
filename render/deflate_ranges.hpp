// Numbers as compressed streams have them: a code for a range, and which of it.
// Rule: RFC 1951, 3.2.5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kurabe::render {

inline constexpr std::size_t kMatchMin = 3;
inline constexpr std::size_t kMatchMax = 258;
inline constexpr std::size_t kDistanceMax = 32'768;

// A range of numbers that a code stands for, told apart by so many bits behind it.
struct Range {
    std::uint16_t first = 0;
    std::uint8_t extra_bits = 0;
};

// Lengths: eight of one number, then four of each size; the longest has a range for itself.
inline constexpr std::array<Range, 29> kLengthRanges = [] {
    std::array<Range, 29> ranges{};
    unsigned first = kMatchMin;
    for (unsigned i = 0; i < 28; ++i) {
        const unsigned extra = i < 8 ? 0 : i / 4 - 1;
        ranges[i] = {static_cast<std::uint16_t>(first), static_cast<std::uint8_t>(extra)};
        first += 1U << extra;
    }
    ranges[28] = {kMatchMax, 0};
    return ranges;
}();

// Distances: four of one number, then two of each size.
inline constexpr std::array<Range, 30> kDistanceRanges = [] {
    std::array<Range, 30> ranges{};
    unsigned first = 1;
    for (unsigned i = 0; i < 30; ++i) {
        const unsigned extra = i < 4 ? 0 : i / 2 - 1;
        ranges[i] = {static_cast<std::uint16_t>(first), static_cast<std::uint8_t>(extra)};
        first += 1U << extra;
    }
    return ranges;
}();

// The range that each number up to `kMost` is in.
template <std::size_t kMost, std::size_t kRanges>
constexpr std::array<std::uint8_t, kMost + 1> range_of(const std::array<Range, kRanges>& ranges) {
    std::array<std::uint8_t, kMost + 1> result{};
    for (std::size_t i = 0; i < kRanges; ++i) {
        const std::size_t end = ranges[i].first + (std::size_t{1} << ranges[i].extra_bits);
        for (std::size_t n = ranges[i].first; n < end && n <= kMost; ++n) {
            result[n] = static_cast<std::uint8_t>(i);
        }
    }
    return result;
}
inline constexpr auto kRangeOfLength = range_of<kMatchMax>(kLengthRanges);
// A byte's distance, 0, has a range for itself.
inline constexpr auto kRangeOfDistance = [] {
    auto ranges = range_of<kDistanceMax>(kDistanceRanges);
    ranges[0] = kDistanceRanges.size();
    return ranges;
}();

}  // namespace kurabe::render
