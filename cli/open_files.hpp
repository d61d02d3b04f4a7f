// How many files this process may have open.
#pragma once

#include <cstddef>

namespace kurabe::cli {

// As far as this process may.
void raise_open_files_limit();

// Archives that a store may keep open, each with a file and a mapping. Raises the limit first, and
// leaves some of it for other uses.
[[nodiscard]] std::size_t open_archives_max();

}  // namespace kurabe::cli
