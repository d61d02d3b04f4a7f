// Which files and directories a configuration names, also one that cannot be followed: what is
// wrong may be one of them, and then nothing else says where to look for its repair.
#pragma once

#include <filesystem>
#include <vector>

namespace kurabe::server {

// The file itself, and the directories and files of document 1 as far as that can be read.
[[nodiscard]] std::vector<std::filesystem::path> places_named_by(const std::filesystem::path& file);

}  // namespace kurabe::server
