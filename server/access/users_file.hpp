// Users and their passwords in Apache's form, one "NAME:HASH" a line, of which only bcrypt is
// taken. Rule: htpasswd(1). Pure: files are read and written by secret_text.hpp.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kUsersFileBytesMax = 1 << 20;
inline constexpr std::size_t kUsersMax = 5000;

using Users = std::map<std::string, std::string, std::less<>>;  // hashes by name

// Empty lines and those that begin with '#' are passed over. Errors (kInvalid, kLimit) read
// "FILE:LINE: what is wrong".
[[nodiscard]] Result<Users> parse_users(std::string_view text, std::string_view file);

// The file's text with that user's line new, or at the end; all other lines as they are.
[[nodiscard]] std::string with_user(std::string_view text, std::string_view name,
                                    std::string_view hash);
[[nodiscard]] bool has_user(std::string_view text, std::string_view name);
[[nodiscard]] std::string without_user(std::string_view text, std::string_view name);

}  // namespace kurabe::server
