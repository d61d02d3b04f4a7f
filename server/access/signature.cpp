// HMAC-SHA256 of a text that two different requests never have in common.
#include "server/access/signature.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "server/access/unix_moment.hpp"
#include "server/request_text.hpp"
#include "server/url.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kExpires = "expires";
constexpr std::string_view kSignature = "signature";

// Everything is percent-encoded but what separates it, so nothing moves from one part to another.
std::string signed_text(const Request& request) {
    std::string text = "kurabe 1\nGET\n";
    for (const std::string& segment : request.segments) {
        text += '/';
        text += percent_encode(segment);
    }
    std::vector<std::pair<std::string_view, std::string_view>> parameters;
    for (const auto& [name, value] : request.parameters) {
        if (name != kSignature) parameters.emplace_back(name, value);
    }
    std::ranges::stable_sort(parameters, {}, [](const auto& pair) { return pair.first; });
    for (const auto& [name, value] : parameters) {
        text += fmt::format("\n{}={}", percent_encode(name), percent_encode(value));
    }
    return text;
}

// None when it is not there exactly once.
std::optional<std::string_view> only_value(const Request& request, std::string_view name) {
    std::optional<std::string_view> found;
    for (const auto& [given, value] : request.parameters) {
        if (given != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

// What stands between an address and one more parameter.
std::string_view separator_behind(std::string_view url) {
    const std::size_t query = url.find('?');
    if (query == std::string_view::npos) return "?";
    return query + 1 == url.size() || url.back() == '&' ? "" : "&";
}

}  // namespace

Result<SigningKeys> parse_signing_keys(std::string_view text, std::string_view file) {
    SigningKeys keys;
    int number = 0;
    for (const auto part : text | std::views::split('\n')) {
        ++number;
        const std::string_view line(part);
        if (line.empty() || line.front() == '#') continue;
        const auto key = digest_from_hex(line);
        if (!key) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("{}:{}: a key has 64 hex digits of lower case", file, number));
        }
        if (keys.size() >= kSigningKeysMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("{}:{}: more than {} keys", file, number, kSigningKeysMax));
        }
        keys.push_back(*key);
    }
    return keys;
}

Result<std::string> new_signing_key() {
    const auto key = random_secret();
    if (!key) return std::unexpected(key.error());
    return fmt::format(
        "# Signs addresses of pictures: 'kurabe sign'. The first key signs; without its line, what "
        "a\n# key has signed is worth nothing.\n{}\n",
        to_hex(*key));
}

Result<std::string> sign_url(std::string_view url, store::Time expires, const Digest& key) {
    if (url.find('#') != std::string_view::npos) {
        return fail(ErrorCode::kInvalid, "the address holds a '#'; give it without its fragment");
    }
    Request plain;
    if (auto taken = take_target(url, plain); !taken) return std::unexpected(taken.error());
    if (wants_signature(plain)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the address has '{}' or '{}' already", kExpires, kSignature));
    }
    std::string text(url);
    const std::size_t host = text.starts_with('/') ? 0 : text.find("//") + 2;
    const std::size_t path = text.find_first_of("/?", host);
    if (path == std::string::npos || text[path] == '?') {
        return fail(ErrorCode::kInvalid, "the address has no path; one of a picture has");
    }
    text += fmt::format("{}{}={}", separator_behind(text), kExpires,
                        expires.time_since_epoch().count());
    Request whole;
    if (auto taken = take_target(text, whole); !taken) return std::unexpected(taken.error());
    const std::string signature = to_hex(hmac_sha256(key, signed_text(whole)));
    return fmt::format("{}&{}={}", text, kSignature, signature);
}

bool wants_signature(const Request& request) {
    return std::ranges::any_of(request.parameters, [](const auto& parameter) {
        return parameter.first == kExpires || parameter.first == kSignature;
    });
}

Result<void> check_signature(const Request& request, const SigningKeys& keys, store::Time now) {
    const auto bad = [](std::string_view reason) {
        return fail(ErrorCode::kInvalid, std::string(reason));
    };
    const auto signature = only_value(request, kSignature);
    const auto expiry = only_value(request, kExpires);
    if (!signature || !expiry) {
        return bad("this address must have one 'expires' and one 'signature'");
    }
    const auto given = digest_from_hex(*signature);
    const auto expires = parse_unix_moment(*expiry);
    if (!given || !expires) return bad("the signature of this address is malformed");
    const std::string text = signed_text(request);
    bool is_good = false;
    for (const Digest& key : keys) is_good |= are_equal(hmac_sha256(key, text), *given);
    if (!is_good) return bad("this address is not as it was signed, or its key is gone");
    if (now >= *expires) return fail(ErrorCode::kForbidden, "this address has expired");
    return {};
}

}  // namespace kurabe::server
