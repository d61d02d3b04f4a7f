// Signed addresses: whoever has one sees that picture until it expires, without a login, and
// nothing else. Rule: our own, docs/operations.md, "Access".
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/digest.hpp"
#include "server/http_types.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

inline constexpr std::size_t kSigningKeysMax = 4;
inline constexpr std::size_t kSigningFileBytesMax = 4096;

// The first one signs, all are good for addresses that they signed: so keys are changed.
using SigningKeys = std::vector<Digest>;

// One key of 64 hex digits a line, '#' begins a comment. Errors read "FILE:LINE: what is wrong".
[[nodiscard]] Result<SigningKeys> parse_signing_keys(std::string_view text, std::string_view file);
// The text of a file with one new key.
[[nodiscard]] Result<std::string> new_signing_key();

// `url`, a path with parameters, also behind "https://HOST", with "expires" and "signature" at its
// end. kInvalid when it has one of them, a '#', or is none.
[[nodiscard]] Result<std::string> sign_url(std::string_view url, store::Time expires,
                                           const Digest& key);

// Whether the request has "expires" or "signature".
[[nodiscard]] bool wants_signature(const Request& request);

// That exactly this path with exactly these parameters was signed, whatever their order; those of
// one name keep theirs. kInvalid says in a line why it does not count, kForbidden that it did until
// it expired.
[[nodiscard]] Result<void> check_signature(const Request& request, const SigningKeys& keys,
                                           store::Time now);

}  // namespace kurabe::server
