// Fingerprints of what differs a little.
#include "server/etag.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

TEST(Fingerprint, DiffersForEveryBitAndLength) {
    std::set<std::string> seen;
    std::size_t count = 0;
    for (std::size_t size = 0; size < 40; ++size) {
        std::string bytes(size, '\0');
        seen.insert(fingerprint(bytes));
        ++count;
        for (std::size_t bit = 0; bit < 8 * size; ++bit) {
            bytes[bit / 8] = static_cast<char>(1U << (bit % 8));
            seen.insert(fingerprint(bytes));
            ++count;
            bytes[bit / 8] = 0;
        }
    }
    EXPECT_EQ(seen.size(), count);
}

// The highest bits of neighbours, where sums and products lose least.
TEST(Fingerprint, DiffersForBitsOfSeveralWords) {
    std::set<std::string> seen;
    std::size_t count = 0;
    for (unsigned flips = 0; flips < 1U << 16; ++flips) {
        std::string bytes(32, 'x');
        for (std::size_t i = 0; i < 16; ++i) {
            if ((flips >> i & 1U) != 0) bytes[2 * i + 1] = static_cast<char>('x' ^ 0x80);
        }
        seen.insert(fingerprint(bytes));
        ++count;
    }
    EXPECT_EQ(seen.size(), count);
    EXPECT_EQ(fingerprint("kurabe").size(), 16U);
    EXPECT_NE(fingerprint("abcdefghijklmnop"), fingerprint("ijklmnopabcdefgh"));
}

}  // namespace
}  // namespace kurabe::server
