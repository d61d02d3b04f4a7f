// Names of users and tokens, fit for files of lines, for headers and for the log.
#pragma once

#include <cstddef>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kAccountNameBytesMax = 128;

// kInvalid says what is wrong: empty, too long, ':' or ',', a control byte, a blank at an end, or
// '#' or '-' at the beginning.
[[nodiscard]] Result<void> check_account_name(std::string_view name);

}  // namespace kurabe::server
