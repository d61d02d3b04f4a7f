// Choices of generators of test data.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace kurabe::tests {

using Random = std::mt19937_64;

// Uniform in [low, high].
[[nodiscard]] inline std::int64_t pick(Random& random, std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution(low, high)(random);
}
// True once in `n` times.
[[nodiscard]] inline bool one_in(Random& random, std::int64_t n) {
    return pick(random, 1, n) == 1;
}
template <typename T>
[[nodiscard]] const T& choose(Random& random, const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(
        pick(random, 0, static_cast<std::int64_t>(choices.size()) - 1))];
}

}  // namespace kurabe::tests
