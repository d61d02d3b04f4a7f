// Writing a whole result to a file or to standard output, so that no half file is left behind.
#pragma once

#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli {

// Writes beside `path`, syncs and renames; "-" is standard output, and what is there and no regular
// file (/dev/null, a pipe) is written into and stays. kNoSpace or kSystem with the path and the
// reason, and then the old file stays.
[[nodiscard]] Result<void> write_output(const std::string& path, std::string_view bytes);

}  // namespace kurabe::cli
