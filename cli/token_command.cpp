// `kurabe token`: makes, lists and revokes what programs are known by.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/access_place.hpp"
#include "cli/commands.hpp"
#include "server/access/account_name.hpp"
#include "server/access/secret_text.hpp"
#include "server/access/tokens_file.hpp"
#include "server/config.hpp"
#include "server/term.hpp"
#include "store/duration.hpp"

namespace kurabe::cli {

namespace {

using server::Token;
using server::Tokens;

server::SecretFile tokens_file_of(const std::filesystem::path& tokens,
                                  const Environment& environment) {
    return {.path = tokens,
            .bytes_max = server::kTokensFileBytesMax,
            .credentials = environment.credentials};
}

// Tokens are for addresses, because a name may become another host's.
Result<std::vector<std::string>> by_address(const std::vector<std::string>& patterns,
                                            const server::Config& config) {
    std::vector<std::string> addresses;
    for (const std::string& pattern : patterns) {
        auto address = config.address_of(pattern);
        if (!address) return fail(ErrorCode::kInvalid, "--hosts: " + address.error().message);
        addresses.push_back(*std::move(address));
    }
    return addresses;
}

// All but the secret.
Result<Token> described(const TokenCreateCommand& command, const server::Config& config,
                        store::Time now) {
    if (auto checked = server::check_account_name(command.name); !checked) {
        return std::unexpected(checked.error());
    }
    if (!command.reads && !command.writes) {
        return fail(ErrorCode::kInvalid, "a token is for something: give --read, --write or both");
    }
    Token token{.name = command.name, .reads = command.reads, .writes = command.writes};
    const auto addresses = by_address(command.hosts, config);
    if (!addresses) return std::unexpected(addresses.error());
    auto hosts = server::HostScope::parse(*addresses);
    if (!hosts) return std::unexpected(hosts.error());
    token.hosts = *std::move(hosts);
    if (!command.expires) return token;
    const auto duration = store::parse_duration(*command.expires);
    if (!duration) return fail(ErrorCode::kInvalid, "--expires: " + duration.error().message);
    token.expires = now + *duration;
    return token;
}

Result<std::string> with_token(std::string_view text, const std::string& file, Token token) {
    auto tokens = server::parse_tokens(text, file);
    if (!tokens) return std::unexpected(tokens.error());
    if (tokens->size() >= server::kTokensMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("{} has {} tokens, no more are taken", file, server::kTokensMax));
    }
    if (std::ranges::find(*tokens, token.name, &Token::name) != tokens->end()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("there is a token '{}' already; revoke it, or take another name",
                                token.name));
    }
    tokens->push_back(std::move(token));
    return server::tokens_text(*tokens);
}

Result<std::string> without_token(std::string_view text, const std::string& file,
                                  std::string_view name) {
    auto tokens = server::parse_tokens(text, file);
    if (!tokens) return std::unexpected(tokens.error());
    if (std::erase_if(*tokens, [name](const Token& token) { return token.name == name; }) == 0) {
        return fail(ErrorCode::kNotFound, fmt::format("{} has no token '{}'", file, name));
    }
    return server::tokens_text(*tokens);
}

std::string line_of(const Token& token, const Environment& environment) {
    std::string expiry = "never expires";
    if (token.expires) {
        expiry = fmt::format("{} {}", token.is_expired(environment.now()) ? "EXPIRED" : "expires",
                             server::format_date(*token.expires, environment.zone));
    }
    return fmt::format("{}  {}{}{}  {}  {}\n", token.name, token.reads ? "read" : "",
                       token.reads && token.writes ? "," : "", token.writes ? "write" : "", expiry,
                       token.hosts.is_all()
                           ? "all hosts"
                           : fmt::format("{}", fmt::join(token.hosts.texts(), " ")));
}

}  // namespace

Result<void> run_token_create(const TokenCreateCommand& command, const Environment& environment,
                              rrdtool::Output& out) {
    const auto config = server::load_config(command.place.config);
    if (!config) return std::unexpected(config.error());
    const auto files = access_files(command.place, *config);
    if (!files) return std::unexpected(files.error());
    auto token = described(command, *config, environment.now());
    if (!token) return std::unexpected(token.error());
    const auto secret = server::new_token_secret();
    if (!secret) return std::unexpected(secret.error());
    token->digest = server::sha256(*secret);
    auto changed = server::change_secret(
        tokens_file_of(files->tokens, environment), [&](std::string_view text) {
            return with_token(text, files->tokens.native(), *std::move(token));
        });
    if (!changed) return changed;
    out.write(*secret + "\n");
    return {};
}

Result<void> run_token_list(const TokenListCommand& command, const Environment& environment,
                            rrdtool::Output& out) {
    const auto files = access_files(command.place);
    if (!files) return std::unexpected(files.error());
    const auto text = server::read_secret(tokens_file_of(files->tokens, environment));
    if (!text && text.error().code == ErrorCode::kNotFound) return {};
    if (!text) return std::unexpected(text.error());
    const auto tokens = server::parse_tokens(*text, files->tokens.native());
    if (!tokens) return std::unexpected(tokens.error());
    for (const Token& token : *tokens) out.write(line_of(token, environment));
    return {};
}

Result<void> run_token_revoke(const TokenRevokeCommand& command, const Environment& environment,
                              rrdtool::Output& out) {
    const auto files = access_files(command.place);
    if (!files) return std::unexpected(files.error());
    auto changed = server::change_secret(
        tokens_file_of(files->tokens, environment), [&](std::string_view text) {
            return without_token(text, files->tokens.native(), command.name);
        });
    if (!changed) return changed;
    out.write(fmt::format("the token '{}' is revoked\n", command.name));
    return {};
}

}  // namespace kurabe::cli
