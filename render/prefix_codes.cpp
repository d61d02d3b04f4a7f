// Joins the two rarest until one is left; the depths are the lengths.
#include "render/prefix_codes.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

namespace kurabe::render {

namespace {

constexpr std::size_t kSymbolsMax = 300;
constexpr std::size_t kLengthMax = 15;

struct Leaf {
    std::uint32_t count;
    std::uint16_t symbol;
};

// Symbols with a count, the rarest first.
class Leaves {
  public:
    explicit Leaves(std::span<const std::uint32_t> counts) {
        for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
            if (counts[symbol] == 0) continue;
            leaves_[size_++] = {counts[symbol], static_cast<std::uint16_t>(symbol)};
        }
        std::ranges::sort(std::span(leaves_).first(size_), {}, [](const Leaf& leaf) {
            return std::uint64_t{leaf.count} << 16 | leaf.symbol;
        });
    }
    [[nodiscard]] std::span<const Leaf> all() const { return std::span(leaves_).first(size_); }

  private:
    std::array<Leaf, kSymbolsMax> leaves_{};
    std::size_t size_ = 0;
};

using LengthCounts = std::array<std::uint32_t, kLengthMax + 1>;  // codes of each length

// How deep each leaf lies; at least two leaves. Nodes come about with rising counts, so that both
// leaves and nodes are queues.
LengthCounts depths_of(std::span<const Leaf> leaves, unsigned longest) {
    const std::size_t nodes = leaves.size() - 1;
    std::array<std::uint32_t, kSymbolsMax> counts{};
    std::array<std::uint16_t, 2 * kSymbolsMax> parents{};  // of leaves, then of nodes
    std::size_t leaf = 0;
    std::size_t node = 0;
    for (std::size_t made = 0; made < nodes; ++made) {
        for (int child = 0; child < 2; ++child) {
            const bool is_leaf =
                leaf < leaves.size() && (node == made || leaves[leaf].count <= counts[node]);
            counts[made] += is_leaf ? leaves[leaf].count : counts[node];
            parents[is_leaf ? leaf++ : leaves.size() + node++] = static_cast<std::uint16_t>(made);
        }
    }
    std::array<std::uint16_t, kSymbolsMax> depths{};  // of nodes; the last is the root
    for (std::size_t i = nodes - 1; i-- > 0;) {
        depths[i] = static_cast<std::uint16_t>(depths[parents[leaves.size() + i]] + 1);
    }
    LengthCounts lengths{};
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        ++lengths[std::min<std::size_t>(depths[parents[i]] + std::size_t{1}, longest)];
    }
    return lengths;
}

// Codes that were cut to `longest` take more room than there is: a shorter one gives its place to
// itself and to one of them, both a bit longer.
void even_out(LengthCounts& lengths, unsigned longest) {
    std::uint32_t taken = 0;  // in places of the longest
    for (unsigned length = 1; length <= longest; ++length) {
        taken += lengths[length] << (longest - length);
    }
    for (; taken > std::uint32_t{1} << longest; --taken) {
        unsigned shorter = longest - 1;
        while (lengths[shorter] == 0) --shorter;
        --lengths[shorter];
        lengths[shorter + 1] += 2;
        --lengths[longest];
    }
}

std::uint16_t reversed(std::uint32_t bits, unsigned length) {
    std::uint32_t result = 0;
    for (unsigned i = 0; i < length; ++i) result |= (bits >> i & 1U) << (length - 1 - i);
    return static_cast<std::uint16_t>(result);
}

// Those of one length follow each other in the order of their symbols.
void number(const LengthCounts& lengths, std::span<PrefixCode> codes) {
    std::array<std::uint32_t, kLengthMax + 1> next{};
    for (std::size_t length = 1; length < kLengthMax; ++length) {
        next[length + 1] = (next[length] + lengths[length]) << 1;
    }
    for (PrefixCode& code : codes) {
        if (code.length > 0) code.bits = reversed(next[code.length]++, code.length);
    }
}

}  // namespace

void make_prefix_codes(std::span<const std::uint32_t> counts, unsigned longest,
                       std::span<PrefixCode> codes) {
    assert(counts.size() <= kSymbolsMax && counts.size() == codes.size());
    assert(longest <= kLengthMax);
    std::ranges::fill(codes, PrefixCode{});
    const Leaves sorted(counts);
    const std::span<const Leaf> leaves = sorted.all();
    if (leaves.empty()) return;
    LengthCounts lengths{};
    if (leaves.size() == 1) {
        lengths[1] = 1;
    } else {
        lengths = depths_of(leaves, longest);
        even_out(lengths, longest);
    }
    std::size_t leaf = 0;
    for (unsigned length = longest; length > 0; --length) {
        for (std::uint32_t i = 0; i < lengths[length]; ++i) {
            codes[leaves[leaf++].symbol].length = static_cast<std::uint8_t>(length);
        }
    }
    number(lengths, codes);
}

}  // namespace kurabe::render
