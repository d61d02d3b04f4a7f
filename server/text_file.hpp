// A small file as text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "store/result.hpp"

namespace kurabe::server {

// The bytes of a regular file. Errors (kNotFound, kSystem, kLimit) read "FILE: what is wrong".
[[nodiscard]] Result<std::string> read_text_file(const std::filesystem::path& file,
                                                 std::size_t bytes_max);

}  // namespace kurabe::server
