// Codes can be told apart, fill their room, are within the limit, and as short as can be.
#include "render/prefix_codes.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace kurabe::render {
namespace {

using Counts = std::vector<std::uint32_t>;

std::vector<PrefixCode> codes_of(const Counts& counts, unsigned longest) {
    std::vector<PrefixCode> codes(counts.size());
    make_prefix_codes(counts, longest, codes);
    return codes;
}

std::uint64_t bits_of(const Counts& counts, const std::vector<PrefixCode>& codes) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        bits += std::uint64_t{counts[i]} * codes[i].length;
    return bits;
}

// Huffman's, without a limit, as the textbooks have it.
std::uint64_t least_bits(const Counts& counts) {
    std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> queue;
    for (const std::uint32_t count : counts) {
        if (count > 0) queue.push(count);
    }
    if (queue.size() == 1) return queue.top();
    std::uint64_t bits = 0;
    while (queue.size() > 1) {
        std::uint64_t sum = queue.top();
        queue.pop();
        sum += queue.top();
        queue.pop();
        bits += sum;
        queue.push(sum);
    }
    return bits;
}

void expect_good(const Counts& counts, unsigned longest) {
    const auto codes = codes_of(counts, longest);
    const auto used = std::ranges::count_if(counts, [](std::uint32_t count) { return count > 0; });
    std::uint64_t taken = 0;  // in places of the longest
    for (std::size_t i = 0; i < counts.size(); ++i) {
        ASSERT_EQ(codes[i].length > 0, counts[i] > 0) << i;
        ASSERT_LE(codes[i].length, longest);
        if (codes[i].length > 0) taken += std::uint64_t{1} << (longest - codes[i].length);
        for (std::size_t j = 0; j < i; ++j) {
            const unsigned common = std::min(codes[i].length, codes[j].length);
            const std::uint32_t differing = codes[i].bits ^ codes[j].bits;
            ASSERT_TRUE(common == 0 || (differing & ((1U << common) - 1)) != 0) << i << ' ' << j;
        }
    }
    if (used > 1) {
        EXPECT_EQ(taken, std::uint64_t{1} << longest);
    }
    EXPECT_GE(bits_of(counts, codes), least_bits(counts));
}

TEST(PrefixCodes, OfFewSymbols) {
    expect_good({}, 15);
    expect_good({0, 0}, 15);
    expect_good({0, 5}, 15);
    EXPECT_EQ(codes_of({0, 5}, 15)[1].length, 1);
    expect_good({1, 1}, 15);
    expect_good({1, 0, 3, 4, 0, 9}, 7);
}

TEST(PrefixCodes, WithoutALimitAreHuffmans) {
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        Counts counts(2 + random() % 284);
        for (std::uint32_t& count : counts) {
            if (random() % 3 > 0) count = static_cast<std::uint32_t>(random() % 1000);
        }
        expect_good(counts, 15);
        const auto codes = codes_of(counts, 15);
        const bool is_cut =
            std::ranges::any_of(codes, [](const PrefixCode& code) { return code.length == 15; });
        if (!is_cut) {
            EXPECT_EQ(bits_of(counts, codes), least_bits(counts));
        }
    }
}

// Counts that grow like Fibonacci's numbers have a tree as deep as it can be.
TEST(PrefixCodes, AreCutToTheLimit) {
    for (const unsigned longest : {7U, 15U}) {
        Counts counts = {1, 1};
        while (counts.size() < 40) {
            counts.push_back(counts[counts.size() - 1] + counts[counts.size() - 2]);
            expect_good(counts, longest);
        }
        counts.resize(longest == 7 ? 100 : 286, 1);
        expect_good(counts, longest);
    }
    expect_good(Counts(128, 3), 7);
}

// RFC 1951, 3.2.2: lengths (3, 3, 3, 3, 3, 2, 4, 4) of the symbols A to H.
TEST(PrefixCodes, AreNumberedAsTheRuleSays) {
    const auto codes = codes_of({4, 4, 4, 4, 4, 8, 2, 2}, 15);
    const std::vector<std::string> expected = {"010", "011", "100",  "101",
                                               "110", "00",  "1110", "1111"};
    for (std::size_t i = 0; i < codes.size(); ++i) {
        std::string bits;
        for (unsigned k = 0; k < codes[i].length; ++k) bits += codes[i].bits >> k & 1 ? '1' : '0';
        EXPECT_EQ(bits, expected[i]);
    }
}

}  // namespace
}  // namespace kurabe::render
