// Fields between tabs: NAME, digest, "read", "write" or "read,write", seconds of the epoch or
// "never", and any number of patterns of hosts, none for all.
#include "server/access/tokens_file.hpp"

#include <algorithm>
#include <ranges>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "server/access/account_name.hpp"
#include "server/access/unix_moment.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kHead =
    "# Tokens of Kurabe, written by 'kurabe token': name, SHA-256 of the secret, scopes, expiry, "
    "hosts.\n";
constexpr std::string_view kDigestName = "sha256:";
constexpr std::string_view kNever = "never";
constexpr std::size_t kFieldsMin = 4;

std::vector<std::string> fields_of(std::string_view line, char separator) {
    std::vector<std::string> fields;
    for (const auto part : line | std::views::split(separator)) {
        fields.emplace_back(std::string_view(part));
    }
    return fields;
}

bool take_scopes(std::string_view text, Token& token) {
    token.reads = text == "read" || text == "read,write";
    token.writes = text == "write" || text == "read,write";
    return token.reads || token.writes;
}

bool take_expiry(std::string_view text, Token& token) {
    if (text == kNever) return true;
    token.expires = parse_unix_moment(text);
    return token.expires.has_value();
}

Result<Token> parse_token(std::string_view line) {
    const auto bad = [](std::string_view reason) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}; tokens are written by 'kurabe token'", reason));
    };
    const std::vector<std::string> fields = fields_of(line, '\t');
    if (fields.size() < kFieldsMin) return bad("a token has a field too few");
    Token token;
    token.name = fields[0];
    if (auto checked = check_account_name(token.name); !checked) {
        return bad(checked.error().message);
    }
    const std::string_view digest = fields[1];
    const auto read = digest.starts_with(kDigestName)
                          ? digest_from_hex(digest.substr(kDigestName.size()))
                          : std::nullopt;
    if (!read) return bad(fmt::format("the digest of '{}' is none", token.name));
    token.digest = *read;
    if (!take_scopes(fields[2], token)) {
        return bad(fmt::format("the scopes of '{}' are not read, write or read,write", token.name));
    }
    if (!take_expiry(fields[3], token)) {
        return bad(fmt::format("the expiry of '{}' is no time", token.name));
    }
    auto hosts = HostScope::parse(std::span(fields).subspan(kFieldsMin));
    if (!hosts) return bad(hosts.error().message);
    token.hosts = *std::move(hosts);
    return token;
}

}  // namespace

Result<Tokens> parse_tokens(std::string_view text, std::string_view file) {
    Tokens tokens;
    std::set<std::string, std::less<>> names;
    std::set<Digest> digests;
    int number = 0;
    const auto bad = [&number, file](const Error& error) {
        return fail(error.code, fmt::format("{}:{}: {}", file, number, error.message));
    };
    for (const auto part : text | std::views::split('\n')) {
        ++number;
        const std::string_view line(part);
        if (line.empty() || line.front() == '#') continue;
        auto token = parse_token(line);
        if (!token) return bad(token.error());
        if (!names.insert(token->name).second || !digests.insert(token->digest).second) {
            return bad(
                {ErrorCode::kInvalid, fmt::format("the token '{}' is there twice", token->name)});
        }
        if (tokens.size() >= kTokensMax) {
            return bad({ErrorCode::kLimit, fmt::format("more than {} tokens", kTokensMax)});
        }
        tokens.push_back(*std::move(token));
    }
    return tokens;
}

std::string tokens_text(const Tokens& tokens) {
    std::string text(kHead);
    for (const Token& token : tokens) {
        const std::string expiry = token.expires
                                       ? std::to_string(token.expires->time_since_epoch().count())
                                       : std::string(kNever);
        const std::string_view scopes = !token.writes  ? "read"
                                        : !token.reads ? "write"
                                                       : "read,write";
        text += fmt::format("{}\t{}{}\t{}\t{}", token.name, kDigestName, to_hex(token.digest),
                            scopes, expiry);
        for (const std::string& host : token.hosts.texts()) text += fmt::format("\t{}", host);
        text += '\n';
    }
    return text;
}

Result<std::string> new_token_secret() {
    const auto secret = random_secret();
    if (!secret) return std::unexpected(secret.error());
    return fmt::format("{}{}", kTokenPrefix, to_hex(*secret));
}

TokenIndex::TokenIndex(Tokens tokens) : tokens_(std::move(tokens)) {
    std::ranges::sort(tokens_, {}, &Token::digest);
}

// Whoever does not know the secret cannot choose its digest, so how long the search takes tells
// nothing.
const Token* TokenIndex::find(std::string_view secret) const {
    const Digest digest = sha256(secret);
    const auto found = std::ranges::lower_bound(tokens_, digest, {}, &Token::digest);
    if (found == tokens_.end() || !are_equal(found->digest, digest)) return nullptr;
    return &*found;
}

}  // namespace kurabe::server
