// Compares sixteen bytes at a time: few matches are longer, and to ask which is the longest of so
// few needs no branch, which could not be foretold.
#include "render/row_matches.hpp"

#include <algorithm>
#include <bit>

#include "render/words.hpp"

namespace kurabe::render {

namespace {

using Word = std::uint64_t;
constexpr std::size_t kWord = sizeof(Word);
constexpr std::size_t kStride = 2 * kWord;

// Of two words that differ by `difference`; 8 when they do not.
std::size_t equal_bytes(Word difference) noexcept {
    const int bits = std::endian::native == std::endian::little ? std::countr_zero(difference)
                                                                : std::countl_zero(difference);
    return static_cast<std::size_t>(bits) / 8;
}

// How many of the next 16 bytes are the same.
std::size_t equal_of_16(const std::uint8_t* one, const std::uint8_t* other) noexcept {
    const Word first = word_at<Word>(one) ^ word_at<Word>(other);
    const std::size_t in_first = equal_bytes(first);
    const Word second = word_at<Word>(one + kWord) ^ word_at<Word>(other + kWord);
    const std::size_t in_both = kWord + equal_bytes(second);
    return first != 0 ? in_first : in_both;
}

// Of six bytes: shorter matches far away need more bits than they save.
std::size_t hash_of(const std::uint8_t* bytes, unsigned bits) noexcept {
    const Word word = word_at<Word>(bytes);
    const Word six = std::endian::native == std::endian::little ? word << 16 : word >> 16;
    return six * 0x9E3779B97F4A7C15ULL >> (64 - bits);
}

// A match as a number, the larger the better: its length, of equally long ones a preference from 0
// to 3, and its distance.
constexpr unsigned kDistanceBits = 16;
constexpr unsigned kPreferenceBits = 2;
constexpr unsigned kLengthAt = kPreferenceBits + kDistanceBits;

std::size_t as_number(std::size_t length, std::size_t distance, std::size_t preference) noexcept {
    return length << kLengthAt | preference << kDistanceBits | distance;
}
std::size_t length_of(std::size_t match) noexcept {
    return match >> kLengthAt;
}
std::size_t distance_of(std::size_t match) noexcept {
    return match & ((std::size_t{1} << kDistanceBits) - 1);
}

struct Match {
    std::size_t length = 0;
    std::size_t distance = 0;
};

// Looks for the bytes at `here`, of which at least 16 are there.
struct MatchSearch {
    const std::uint8_t* here;
    const std::uint8_t* end;

    [[nodiscard]] std::size_t length_at(std::size_t distance) const noexcept {
        return equal_of_16(here, here - distance);
    }

    // Of which 16 bytes are known.
    [[nodiscard]] std::size_t length_of_long(std::size_t distance) const noexcept {
        const std::uint8_t* const before = here - distance;
        const std::size_t most = std::min(kMatchMax, static_cast<std::size_t>(end - here));
        std::size_t length = kStride;
        for (; length + kStride <= most; length += kStride) {
            const std::size_t more = equal_of_16(here + length, before + length);
            if (more < kStride) return length + more;
        }
        while (length < most && here[length] == before[length]) ++length;
        return length;
    }

    // Of equally long ones the one that is looked at first, `since` at last: that is where the
    // bytes were seen before, if they were. Matches are compared as numbers, without a branch.
    [[nodiscard]] Match longest(std::size_t one_above, std::size_t two_above,
                                std::size_t since) const noexcept {
        const std::size_t in_row = length_at(1);
        const std::size_t in_one = length_at(one_above);
        const std::size_t in_two = length_at(two_above);
        std::size_t best = as_number(in_row, 1, 3);
        best = std::max(best, as_number(in_one, one_above, 2));
        best = std::max(best, as_number(in_two, two_above, 1));
        if (length_of(best) == kStride) {
            Match match;
            const auto follow = [&](std::size_t length, std::size_t distance) {
                if (length < kStride) return;
                length = length_of_long(distance);
                if (length > match.length) match = {length, distance};
            };
            follow(in_row, 1);
            follow(in_one, one_above);
            follow(in_two, two_above);
            return match;
        }
        const std::size_t distance = since - 1 < kDistanceMax ? since : 1;
        const std::size_t length = length_at(distance);
        if (length == kStride) return {length_of_long(distance), distance};
        best = std::max(best, as_number(length, distance, 0));
        return {length_of(best), distance_of(best)};
    }
};

}  // namespace

void RowMatches::begin(std::span<const std::uint8_t> rows, std::size_t row_bytes) {
    rows_ = rows.data();
    size_ = rows.size();
    row_bytes_ = row_bytes;
    position_ = 0;
    seen_.fill(0);
}

std::span<const MatchToken> RowMatches::next(std::size_t most) {
    most_ = std::min(most, size_ - position_);
    if (tokens_.size() < most_) tokens_.resize(most_);
    count_ = 0;
    counts_ = {};
    if (position_ == 0 && most_ > 0) add_byte();
    const std::size_t one = row_bytes_ <= kDistanceMax ? row_bytes_ : 1;
    const std::size_t two = 2 * row_bytes_ <= kDistanceMax ? 2 * row_bytes_ : one;
    const std::size_t end = size_ - std::min(size_, kStride);
    find_until(std::min(one, end), {1, 1});
    find_until(std::min(two, end), {one, one});
    find_until(end, {one, two});
    while (position_ >= end && position_ < size_ && count_ < most_) add_byte();
    return std::span(tokens_).first(count_);
}

void RowMatches::add_byte() {
    const std::uint8_t byte = rows_[position_++];
    ++counts_.symbols[byte];
    tokens_[count_++] = {byte, 0};
}

void RowMatches::find_until(std::size_t end, Above above) {
    MatchToken* token = tokens_.data() + count_;
    const MatchToken* const full = tokens_.data() + most_;
    std::size_t position = position_;
    for (; position < end && token < full; ++token) {
        const std::uint8_t* const here = rows_ + position;
        std::uint32_t& seen = seen_.data()[hash_of(here, kHashBits)];
        const std::size_t since = position - seen;
        seen = static_cast<std::uint32_t>(position);
        const Match match = MatchSearch{here, rows_ + size_}.longest(above.one, above.two, since);
        const bool is_match = match.length >= kMatchMin;
        const std::size_t symbol = is_match ? 256 + match.length : *here;
        const std::size_t distance = is_match ? match.distance : 0;
        ++counts_.symbols.data()[symbol];
        ++counts_.distances.data()[kRangeOfDistance.data()[distance]];
        *token = {static_cast<std::uint16_t>(symbol), static_cast<std::uint16_t>(distance)};
        position += is_match ? match.length : 1;
    }
    position_ = position;
    count_ = static_cast<std::size_t>(token - tokens_.data());
}

}  // namespace kurabe::render
