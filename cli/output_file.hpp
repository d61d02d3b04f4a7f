// Writing a whole result to a file or to standard output, so that no half file is left behind.
#pragma once

#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli {

// Whether a file is to survive a power cut as soon as it is there, which takes the disk's time.
enum class Durability { kSynced, kCache };

// Writes beside `path`, syncs and renames; "-" is standard output, and what is there and no regular
// file (/dev/null, a pipe) is written into and stays. kNoSpace or kSystem with the path and the
// reason, and then the old file stays.
[[nodiscard]] Result<void> write_output(const std::string& path, std::string_view bytes,
                                        Durability durability = Durability::kSynced);

}  // namespace kurabe::cli
