// Names in which '*' stands for any bytes.
#pragma once

#include <optional>
#include <string_view>

namespace kurabe::collectors {

// Whether the whole of `name` fits; no '*' stands for `barrier`. O(name x pattern).
[[nodiscard]] bool fits_wildcards(std::string_view name, std::string_view pattern,
                                  std::optional<char> barrier = {}) noexcept;

}  // namespace kurabe::collectors
