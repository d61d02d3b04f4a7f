// A number from a file's name, so that files of one layout do not all do something at the same
// moment: smooth their seasons, or pass the end of a block of the disk.
#pragma once

#include <cstdint>
#include <string_view>

namespace kurabe::store::rrd {

// FNV-1 with its 32-bit parameters, computed in 64 bits: rrdtool's.
[[nodiscard]] constexpr std::uint64_t name_hash(std::string_view name) noexcept {
    constexpr std::uint64_t kBasis = 0x811c9dc5;
    constexpr std::uint64_t kPrime = 0x01000193;
    std::uint64_t hash = kBasis;
    for (const char c : name) hash = (hash * kPrime) ^ static_cast<unsigned char>(c);
    return hash;
}

}  // namespace kurabe::store::rrd
