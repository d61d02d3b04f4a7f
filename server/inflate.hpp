// Bodies that were packed with gzip. Rule: RFC 1952. The one wrapper of zlib's decompression.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::server {

// All members of a gzip file, one behind the other. kLimit when they unpack to more than
// `bytes_max`; kInvalid when they are cut short, damaged or no gzip at all.
[[nodiscard]] Result<std::string> gunzip(std::string_view packed, std::size_t bytes_max);

}  // namespace kurabe::server
