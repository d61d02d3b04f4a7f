// Text from outside for a message of one line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kurabe::collectors {

// At most `bytes_max` bytes of `text`, what is cut shown as "..."; what is not printable ASCII
// becomes '?'.
[[nodiscard]] std::string printable(std::string_view text, std::size_t bytes_max);

}  // namespace kurabe::collectors
