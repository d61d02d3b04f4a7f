// Tokens of agents and programs, one a line: what they may, of which hosts, until when. Their
// secrets are not in the file, only digests of them. Rule: our own, docs/operations.md, "Access".
// Pure: files are read and written by secret_text.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/digest.hpp"
#include "server/access/host_scope.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

inline constexpr std::size_t kTokensFileBytesMax = 16 << 20;
inline constexpr std::size_t kTokensMax = 20'000;
// What our secrets begin with, so that they are told from others' and found by scanners.
inline constexpr std::string_view kTokenPrefix = "kurabe_";

struct Token {
    std::string name;
    Digest digest{};  // SHA-256 of the secret, which has 256 random bits itself
    bool reads = false;
    bool writes = false;
    std::optional<store::Time> expires = {};  // none: never
    HostScope hosts = {};

    [[nodiscard]] bool is_expired(store::Time now) const { return expires && now >= *expires; }
};

using Tokens = std::vector<Token>;  // in the file's order, names and digests differ

// Errors (kInvalid, kLimit) read "FILE:LINE: what is wrong".
[[nodiscard]] Result<Tokens> parse_tokens(std::string_view text, std::string_view file);
[[nodiscard]] std::string tokens_text(const Tokens& tokens);

// "kurabe_" and 64 hex digits.
[[nodiscard]] Result<std::string> new_token_secret();

// Finds tokens by their secrets. Immutable.
class TokenIndex {
  public:
    explicit TokenIndex(Tokens tokens = {});
    // Also an expired one; null for none.
    [[nodiscard]] const Token* find(std::string_view secret) const;
    [[nodiscard]] const Tokens& tokens() const noexcept { return tokens_; }

  private:
    Tokens tokens_;  // by digest
};

}  // namespace kurabe::server
