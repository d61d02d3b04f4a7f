// Blocks with codes of their own: first how long these are, then the tokens in them. The one
// wrapper of ISA-L here, for checksums.
#include "render/deflate.hpp"

#include <algorithm>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "store/wide_registers.hpp"

namespace kurabe::render {

namespace {

// Pictures of the usual sizes are one block.
constexpr std::size_t kBlockTokens = 65'536;
constexpr std::size_t kEndOfBlock = 256;
constexpr std::size_t kFirstLength = 257;
constexpr unsigned kCodeBitsMax = 15;
constexpr unsigned kLengthCodeBitsMax = 7;
constexpr std::size_t kHeaderBytesMax = 1024;  // of a block: 316 lengths, 14 bits each at most
constexpr std::size_t kTokenBytesMax = 6;      // 15 + 5 + 15 + 13 bits
constexpr std::size_t kFrameBytes = 16;        // header and checksum, and what flush() overwrites

// ---- Lengths of codes, as a block begins with them ----

constexpr std::size_t kLengthSymbols = 19;  // lengths 0 to 15, and three kinds of repetition
constexpr std::array<std::uint8_t, kLengthSymbols> kOrderOfLengths = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

struct LengthSymbol {
    std::uint8_t symbol;
    std::uint8_t extra = 0;
    std::uint8_t extra_bits = 0;
};

void append_repetition(std::vector<LengthSymbol>& symbols, std::uint8_t length, std::size_t count) {
    const auto append = [&](std::uint8_t symbol, std::size_t least, std::size_t most,
                            std::uint8_t bits) {
        const std::size_t repeated = std::min(count, most);
        symbols.push_back({symbol, static_cast<std::uint8_t>(repeated - least), bits});
        count -= repeated;
    };
    if (length != 0) {
        symbols.push_back({length});
        --count;
    }
    while (count >= 3) {
        if (length != 0) {
            append(16, 3, 6, 2);
        } else if (count <= 10) {
            append(17, 3, 10, 3);
        } else {
            append(18, 11, 138, 7);
        }
    }
    while (count-- > 0) symbols.push_back({length});
}

std::vector<LengthSymbol> length_symbols(std::span<const PrefixCode> codes,
                                         std::span<const PrefixCode> more) {
    std::vector<std::uint8_t> lengths;
    for (const PrefixCode& code : codes) lengths.push_back(code.length);
    for (const PrefixCode& code : more) lengths.push_back(code.length);
    std::vector<LengthSymbol> symbols;
    for (std::size_t i = 0; i < lengths.size();) {
        std::size_t end = i;
        while (end < lengths.size() && lengths[end] == lengths[i]) ++end;
        append_repetition(symbols, lengths[i], end - i);
        i = end;
    }
    return symbols;
}

// Without those at the end that no symbol has.
std::span<const PrefixCode> used(std::span<const PrefixCode> codes, std::size_t least) {
    std::size_t count = codes.size();
    while (count > least && codes[count - 1].length == 0) --count;
    return codes.first(count);
}

}  // namespace

std::span<const std::uint8_t> Deflater::zlib_stream(std::span<const std::uint8_t> rows,
                                                    std::size_t row_bytes) {
    bits_ = BitWriter(out_.data());
    make_room(kFrameBytes);
    bits_.put(0x0178, 16);  // a window of 32 KiB, the fastest level
    bits_.flush();
    matches_.begin(rows, row_bytes);
    do {
        const std::span<const MatchToken> tokens = matches_.next(kBlockTokens);
        write_block(tokens, matches_.at_end());
    } while (!matches_.at_end());
    bits_.end_byte();
    const std::uint32_t checksum = isal_adler32(1, rows.data(), rows.size());
    store::empty_wide_registers();
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bits_.put(checksum >> shift & 0xFF, 8);
    bits_.flush();
    return std::span(out_).first(written());
}

void Deflater::make_room(std::size_t bytes) {
    const std::size_t before = written();
    if (out_.size() < before + bytes) out_.resize(before + bytes);
    bits_.move_to(out_.data() + before);
}

void Deflater::write_block(std::span<const MatchToken> tokens, bool is_last) {
    make_room(kHeaderBytesMax + kTokenBytesMax * tokens.size() + kFrameBytes);
    count_symbols();
    make_prefix_codes(symbol_counts_, kCodeBitsMax, symbol_codes_);
    make_prefix_codes(distance_counts_, kCodeBitsMax, distance_codes_);
    bits_.put(is_last ? 1 : 0, 1);
    bits_.put(2, 2);  // codes of its own
    write_codes();
    write_tokens(tokens);
    const PrefixCode& end = symbol_codes_[kEndOfBlock];
    bits_.put(end.bits, end.length);
    bits_.flush();
}

void Deflater::count_symbols() {
    const TokenCounts& counts = matches_.counts();
    std::ranges::copy(std::span(counts.distances).first(kDistances), distance_counts_.begin());
    std::ranges::copy(std::span(counts.symbols).first(256), symbol_counts_.begin());
    std::fill(symbol_counts_.begin() + kEndOfBlock, symbol_counts_.end(), 0);
    for (std::size_t length = kMatchMin; length <= kMatchMax; ++length) {
        symbol_counts_[kFirstLength + kRangeOfLength[length]] += counts.symbols[256 + length];
    }
    symbol_counts_[kEndOfBlock] = 1;
}

void Deflater::write_codes() {
    const auto symbols = used(symbol_codes_, kFirstLength);
    const auto distances = used(distance_codes_, 1);
    const std::vector<LengthSymbol> lengths = length_symbols(symbols, distances);
    std::array<std::uint32_t, kLengthSymbols> counts{};
    for (const LengthSymbol& length : lengths) ++counts[length.symbol];
    std::array<PrefixCode, kLengthSymbols> codes{};
    make_prefix_codes(counts, kLengthCodeBitsMax, codes);
    std::size_t written = kLengthSymbols;
    while (written > 4 && codes[kOrderOfLengths[written - 1]].length == 0) --written;
    bits_.put(symbols.size() - kFirstLength, 5);
    bits_.put(distances.size() - 1, 5);
    bits_.put(written - 4, 4);
    bits_.flush();
    for (const std::uint8_t symbol : std::span(kOrderOfLengths).first(written)) {
        bits_.put(codes[symbol].length, 3);
        bits_.flush();
    }
    for (const LengthSymbol& length : lengths) {
        bits_.put(codes[length.symbol].bits, codes[length.symbol].length);
        bits_.put(length.extra, length.extra_bits);
        bits_.flush();
    }
}

// Bytes are told from matches by no branch: a byte's distance has no bits.
void Deflater::write_tokens(std::span<const MatchToken> tokens) {
    struct Bits {
        std::uint32_t bits = 0;
        std::uint32_t count = 0;
    };
    std::array<Bits, 256 + kMatchMax + 1> symbols{};
    for (std::size_t i = 0; i < 256; ++i) {
        symbols[i] = {symbol_codes_[i].bits, symbol_codes_[i].length};
    }
    for (std::size_t length = kMatchMin; length <= kMatchMax; ++length) {
        const std::size_t range = kRangeOfLength[length];
        const PrefixCode& code = symbol_codes_[kFirstLength + range];
        const auto extra = static_cast<std::uint32_t>(length - kLengthRanges[range].first);
        symbols[256 + length] = {code.bits | extra << code.length,
                                 std::uint32_t{code.length} + kLengthRanges[range].extra_bits};
    }
    struct DistanceBits {
        std::uint16_t bits = 0;
        std::uint8_t count = 0;
        std::uint8_t extra_bits = 0;
        std::uint32_t first = 0;
    };
    std::array<DistanceBits, kDistances + 1> distances{};
    for (std::size_t i = 0; i < kDistances; ++i) {
        distances[i] = {distance_codes_[i].bits, distance_codes_[i].length,
                        kDistanceRanges[i].extra_bits, kDistanceRanges[i].first};
    }
    BitWriter bits = bits_;
    for (const MatchToken& token : tokens) {
        const Bits symbol = symbols.data()[token.symbol];
        const DistanceBits distance = distances.data()[kRangeOfDistance.data()[token.distance]];
        bits.put(symbol.bits, symbol.count);
        bits.put(distance.bits | std::uint64_t{token.distance - distance.first} << distance.count,
                 distance.count + unsigned{distance.extra_bits});
        bits.flush();
    }
    bits_ = bits;
}

std::uint32_t crc32(std::uint32_t crc, std::span<const std::uint8_t> data) {
    const std::uint32_t checksum = crc32_gzip_refl(crc, data.data(), data.size());
    store::empty_wide_registers();
    return checksum;
}

}  // namespace kurabe::render
