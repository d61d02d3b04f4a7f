// Prefix codes as compressed streams have them: short ones for frequent symbols.
// Rule: RFC 1951, 3.2.2; lengths by Huffman's method, those over the limit evened out.
#pragma once

#include <cstdint>
#include <span>

namespace kurabe::render {

struct PrefixCode {
    std::uint16_t bits = 0;  // the one to be written first is the lowest
    std::uint8_t length = 0;
};

// Codes of at most `longest` bits for the symbols with a count, none for others. Of one symbol
// alone the code has one bit. There is room for all symbols: at most 2^longest have a count, and
// at most 300.
void make_prefix_codes(std::span<const std::uint32_t> counts, unsigned longest,
                       std::span<PrefixCode> codes);

}  // namespace kurabe::render
