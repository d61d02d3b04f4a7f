// Damages to a file's bytes, as a bad disk, a cut, or somebody with an editor makes them.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace kurabe::tests {

// One to four changes in the first `header_bytes` bytes, or to the length. Words of eight bytes are
// preferred, because that is what counts and indexes are; the values are those that break
// arithmetic: zero, one, powers of two and their neighbours, negative ones, NaN, infinities.
[[nodiscard]] std::string mutated(const std::string& file, std::size_t header_bytes,
                                  std::mt19937_64& random);

// One to four changes to the elements of an XML text: cut, repeated, nested, without an end, with
// other names, or holding numbers and references that break what believes them.
[[nodiscard]] std::string mutated_xml(const std::string& text, std::mt19937_64& random);

}  // namespace kurabe::tests
