// How many files this process may have open.
#pragma once

#include <cstddef>

namespace kurabe::cli {

// Archives that a store may keep open, each with a file and a mapping. Raises the process's limit
// of open files as far as it may, and leaves some of them for other uses.
[[nodiscard]] std::size_t open_archives_max();

}  // namespace kurabe::cli
