// What of a picture's rows is there already a little before: the first half of compressing them.
// Our own: for pixels of a palette, which are mostly as those before them or in the two rows above
// (a row on, dotted lines), or else those of a letter seen lately.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "render/deflate_ranges.hpp"

namespace kurabe::render {

// A byte, or a match of bytes before.
struct MatchToken {
    std::uint16_t symbol;    // the byte, or 256 + the match's length
    std::uint16_t distance;  // of a match: how far before; 0 of a byte
};

// How often each occurs in some tokens.
struct TokenCounts {
    std::array<std::uint32_t, 256 + kMatchMax + 1> symbols{};
    std::array<std::uint32_t, kDistanceRanges.size() + 1> distances{};  // by kRangeOfDistance
};

class RowMatches {
  public:
    // Starts with other rows, which have `row_bytes` (at least 1) each and outlive their tokens.
    // Less than 4 GiB.
    void begin(std::span<const std::uint8_t> rows, std::size_t row_bytes);
    [[nodiscard]] bool at_end() const noexcept { return position_ == size_; }
    // The next tokens, at most `most`; valid until the next call.
    [[nodiscard]] std::span<const MatchToken> next(std::size_t most);
    // Of the tokens that next() gave last. Counted on the way: a pass over them would wait for
    // itself, as the same ones come often.
    [[nodiscard]] const TokenCounts& counts() const noexcept { return counts_; }

  private:
    static constexpr unsigned kHashBits = 12;

    // Where to look for matches, besides where the same bytes were seen last.
    struct Above {
        std::size_t one;
        std::size_t two;
    };

    void add_byte();
    // Until the position `end`, or the tokens are full.
    void find_until(std::size_t end, Above above);

    const std::uint8_t* rows_ = nullptr;
    std::size_t size_ = 0;
    std::size_t row_bytes_ = 0;
    std::size_t position_ = 0;
    std::array<std::uint32_t, std::size_t{1} << kHashBits> seen_{};  // position by hash of bytes
    TokenCounts counts_;
    std::vector<MatchToken> tokens_;
    std::size_t count_ = 0;  // of tokens_, that are filled
    std::size_t most_ = 0;
};

}  // namespace kurabe::render
