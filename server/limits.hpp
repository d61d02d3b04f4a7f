// How much the server may keep: `limits` of the configuration.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "server/picture_cache.hpp"
#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

struct Limits {
    std::size_t picture_cache_bytes = kPictureCacheBytes;
};

// "64M", "512k", "1G" (each 1024 of the one before), or bytes; kInvalid for anything else.
[[nodiscard]] Result<std::size_t> parse_byte_count(std::string_view text);

// Of the mapping that has `limits`; without it the usual ones. Unknown keys become warnings.
[[nodiscard]] Result<Limits> read_limits(YamlMapping& config, std::vector<std::string>& warnings);

}  // namespace kurabe::server
