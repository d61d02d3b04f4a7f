// Compression of a picture's rows: matches (row_matches.hpp) in codes that are made for them.
// Rule: RFC 1950 and RFC 1951; read back by libpng in tests/render/deflate_test.cpp.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "render/deflate_ranges.hpp"
#include "render/prefix_codes.hpp"
#include "render/row_matches.hpp"

namespace kurabe::render {

// Writes bits from the lowest of each byte on. There must be room for the 8 bytes that flush()
// writes.
class BitWriter {
  public:
    BitWriter() = default;
    explicit BitWriter(std::uint8_t* out) noexcept : out_(out) {}

    // At most 56 bits between two flushes.
    void put(std::uint64_t bits, unsigned count) noexcept {
        pending_ |= bits << count_;
        count_ += count;
    }
    // Of what was put; the rest of a byte waits for what follows.
    void flush() noexcept {
        std::uint64_t bytes = pending_;
        if constexpr (std::endian::native == std::endian::big) bytes = std::byteswap(bytes);
        std::memcpy(out_, &bytes, sizeof bytes);
        out_ += count_ / 8;
        pending_ >>= count_ / 8 * 8;
        count_ %= 8;
    }
    void end_byte() noexcept {
        put(0, -count_ % 8);
        flush();
    }
    [[nodiscard]] std::uint8_t* end() const noexcept { return out_; }
    // The same, in a copy of what was written.
    void move_to(std::uint8_t* out) noexcept { out_ = out; }

  private:
    std::uint8_t* out_ = nullptr;
    std::uint64_t pending_ = 0;
    unsigned count_ = 0;  // of pending bits
};

// Not thread-safe. Keeps its memory from one picture to the next: getting it anew costs more than
// compressing.
class Deflater {
  public:
    // A zlib stream of rows of pixels with `row_bytes` each, valid until the next call.
    [[nodiscard]] std::span<const std::uint8_t> zlib_stream(std::span<const std::uint8_t> rows,
                                                            std::size_t row_bytes);

  private:
    static constexpr std::size_t kLiteralsAndLengths = 286;
    static constexpr std::size_t kDistances = kDistanceRanges.size();

    [[nodiscard]] std::size_t written() const noexcept {
        return static_cast<std::size_t>(bits_.end() - out_.data());
    }
    void make_room(std::size_t bytes);
    void write_block(std::span<const MatchToken> tokens, bool is_last);
    void count_symbols();
    void write_codes();
    void write_tokens(std::span<const MatchToken> tokens);

    RowMatches matches_;
    std::array<std::uint32_t, kLiteralsAndLengths> symbol_counts_{};
    std::array<std::uint32_t, kDistances> distance_counts_{};
    std::array<PrefixCode, kLiteralsAndLengths> symbol_codes_{};
    std::array<PrefixCode, kDistances> distance_codes_{};
    std::vector<std::uint8_t> out_;
    BitWriter bits_;  // into out_
};

// CRC-32 of a PNG chunk, going on from `crc` (0 at the beginning).
[[nodiscard]] std::uint32_t crc32(std::uint32_t crc, std::span<const std::uint8_t> data);

}  // namespace kurabe::render
