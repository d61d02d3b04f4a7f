// How many values of a column lie together in a host archive, beside their checksum: 63 and it are
// eight cache lines. See docs/format.md, "Values per run".
#pragma once

#include <cstdint>

namespace kurabe::store {

inline constexpr std::uint32_t kValuesPerRun = 63;

}  // namespace kurabe::store
