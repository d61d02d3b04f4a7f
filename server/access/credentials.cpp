// Headers as strict as their rules are: what one reader takes for a name another must not.
#include "server/access/credentials.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "server/request_text.hpp"
#include "store/ascii.hpp"
#include "store/trimmed.hpp"

namespace kurabe::server {
namespace {

using store::is_control;
using store::lower;

constexpr std::size_t kSecretBytesMax = 512;
constexpr std::string_view kBlanks = " \t";  // what headers may have around values
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool same_ignoring_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

std::vector<std::string_view> values_of(const Request& head, std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& [given, value] : head.headers) {
        if (same_ignoring_case(given, name)) values.emplace_back(value);
    }
    return values;
}

Result<PasswordCredentials> read_password(std::string_view encoded) {
    const auto malformed = [] {
        return fail(ErrorCode::kInvalid, "the Authorization header is malformed");
    };
    if (encoded.size() > 4 * kSecretBytesMax) return malformed();
    const auto decoded = base64_decode(encoded);
    if (!decoded || std::ranges::any_of(*decoded, is_control)) return malformed();
    const std::size_t colon = decoded->find(':');
    if (colon == std::string::npos || decoded->size() - colon > kSecretBytesMax) return malformed();
    return PasswordCredentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

Result<std::string> read_token(std::string_view token) {
    const auto is_odd = [](char c) { return c <= 0x20 || c > 0x7e; };
    if (token.empty() || token.size() > kSecretBytesMax || std::ranges::any_of(token, is_odd)) {
        return fail(ErrorCode::kInvalid, "the token is malformed");
    }
    return std::string(token);
}

Result<void> take_authorization(std::string_view value, Credentials& credentials) {
    value = store::trimmed(value, kBlanks);
    const std::size_t blank = std::min(value.find(' '), value.size());
    const std::string_view scheme = value.substr(0, blank);
    const std::string_view rest = store::trimmed(value.substr(blank), kBlanks);
    if (same_ignoring_case(scheme, "Basic")) {
        auto password = read_password(rest);
        if (!password) return std::unexpected(password.error());
        credentials.password = *std::move(password);
    } else if (same_ignoring_case(scheme, "Bearer")) {
        auto token = read_token(rest);
        if (!token) return std::unexpected(token.error());
        credentials.token = *std::move(token);
    }
    return {};
}

}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    std::string decoded;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        decoded += static_cast<char>((bits >> count) & 0xFFU);
    }
    // The bits that are left over say nothing, so two texts would mean the same.
    if ((bits & ((1U << count) - 1U)) != 0) return std::nullopt;
    return decoded;
}

Result<Credentials> read_credentials(const Request& head) {
    const auto several = [] { return fail(ErrorCode::kInvalid, "the request has several logins"); };
    const auto authorizations = values_of(head, "Authorization");
    const auto keys = values_of(head, "X-Api-Key");
    if (authorizations.size() > 1 || keys.size() > 1) return several();
    Credentials credentials;
    if (!authorizations.empty()) {
        if (auto taken = take_authorization(authorizations.front(), credentials); !taken) {
            return std::unexpected(taken.error());
        }
    }
    if (keys.empty()) return credentials;
    auto token = read_token(store::trimmed(keys.front(), kBlanks));
    if (!token) return std::unexpected(token.error());
    if (credentials.token && *credentials.token != *token) return several();
    credentials.token = *std::move(token);
    return credentials;
}

}  // namespace kurabe::server
