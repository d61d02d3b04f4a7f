// Writing a whole result to a file or to standard output, so that readers see no half file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli {

// Whether a file is to survive a power cut as soon as it is there, which takes the disk's time.
enum class Durability { kSynced, kCache };

// Replaces `path`, or writes into it; "-" is standard output. kNoSpace or kSystem with the path and
// the reason.
//
// A new file, and a file whose only name is `path`, are written beside it and renamed, with the old
// one's mode and owner or as the umask says: an error leaves the old file. What a rename would cut
// off is written into, as rrdtool does with every file: what a symbolic link leads to, a file with
// several names, a pipe, a device, and a file that may be written and not be replaced.
[[nodiscard]] Result<void> write_output(const std::string& path, std::string_view bytes,
                                        Durability durability = Durability::kSynced);

// Makes the directory and those around it that are missing; their names survive a power cut.
[[nodiscard]] Result<void> make_directories(const std::filesystem::path& directory);

}  // namespace kurabe::cli
