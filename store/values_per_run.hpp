// How many values of a column lie together in a host archive, beside their checksum: 15 and it are
// two cache lines. See docs/format.md, "Values per run".
#pragma once

#include <cstdint>

namespace kurabe::store {

inline constexpr std::uint32_t kValuesPerRun = 15;

}  // namespace kurabe::store
