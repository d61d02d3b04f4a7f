// Passwords as bcrypt hashes. The one wrapper of libcrypt. Rule: crypt(5), "bcrypt"; Apache's
// "Password Formats".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::server {

// 2 to the power of it are the rounds: of 10, some 50 ms. A file may ask for more, up to a second.
inline constexpr int kPasswordCostMin = 10;
inline constexpr int kPasswordCostMax = 14;
inline constexpr std::size_t kPasswordCharactersMin = 8;
inline constexpr std::size_t kPasswordBytesMax = 72;  // what bcrypt looks at

// Whether it is a hash that password_matches() takes: "$2y$10$..." or "$2b$10$...". kInvalid says
// what is wrong, without the hash.
[[nodiscard]] Result<void> check_password_hash(std::string_view hash);

// Takes as long as the hash's cost wants. Thread-safe.
[[nodiscard]] bool password_matches(const std::string& password, const std::string& hash);

// With a new salt. kInvalid for a password that is too short or too long or holds control bytes.
[[nodiscard]] Result<std::string> hash_password(const std::string& password,
                                                int cost = kPasswordCostMin);

}  // namespace kurabe::server
