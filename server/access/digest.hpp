// Digests, random secrets, and the one way in which secrets are compared. The one wrapper of
// OpenSSL's libcrypto. Rule: FIPS 180-4 (SHA-256), RFC 2104 (HMAC).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::server {

using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest sha256(std::string_view text);
[[nodiscard]] Digest hmac_sha256(const Digest& key, std::string_view text);

// Takes as long for any two texts of the same length.
[[nodiscard]] bool are_equal(std::string_view left, std::string_view right) noexcept;
[[nodiscard]] bool are_equal(const Digest& left, const Digest& right) noexcept;

// 256 bits that nobody can guess.
[[nodiscard]] Result<Digest> random_secret();

// 64 hex digits, of lower case.
[[nodiscard]] std::string to_hex(const Digest& digest);
// None for anything but 64 hex digits of lower case.
[[nodiscard]] std::optional<Digest> digest_from_hex(std::string_view digits) noexcept;

// Overwrites it, so that no dump or later use of the memory shows it.
void wipe(std::string& secret) noexcept;

}  // namespace kurabe::server
