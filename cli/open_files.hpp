// How many files this process may have open.
#pragma once

#include <cstddef>

namespace kurabe::cli {

// As far as this process may.
void raise_open_files_limit();

// How many that is, raised as far as it may be.
[[nodiscard]] std::size_t open_files_max();

// Archives that a store may keep open, each with a file and a mapping. Raises the limit first, and
// leaves some of it for `connections` and other uses, at most half.
[[nodiscard]] std::size_t open_archives_max(std::size_t connections = 0);

}  // namespace kurabe::cli
