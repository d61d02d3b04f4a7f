// Bytes as what says who may come in: a header, a file of users, of tokens, of keys, an address.
// The first byte chooses.
#include "server/access/credentials.hpp"
#include "server/access/signature.hpp"
#include "server/access/tokens_file.hpp"
#include "server/access/users_file.hpp"
#include "server/request_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

namespace {

void read_header(std::string_view text) {
    server::Request request;
    request.headers.emplace_back("Authorization", text);
    const auto credentials = server::read_credentials(request);
    if (!credentials) return;
    if (credentials->password) {
        tests::require(credentials->password->user.find(':') == std::string::npos);
        tests::require(credentials->password->user.find('\n') == std::string::npos);
    }
    if (credentials->token) tests::require(credentials->token->find(' ') == std::string::npos);
}

// What is added to a file is what is read from it, and nothing else is.
void read_users(std::string_view text) {
    const auto users = server::parse_users(text, "f");
    if (!users) return;
    for (const auto& [name, hash] : *users) {
        tests::require(server::has_user(text, name));
        const auto left = server::parse_users(server::without_user(text, name), "f");
        tests::require(left && left->size() + 1 == users->size() && !left->contains(name));
        const auto again = server::parse_users(server::with_user(text, name, hash), "f");
        tests::require(again && *again == *users);
    }
}

void read_tokens(std::string_view text) {
    const auto tokens = server::parse_tokens(text, "f");
    if (!tokens) return;
    const std::string written = server::tokens_text(*tokens);
    const auto again = server::parse_tokens(written, "f");
    tests::require(again && server::tokens_text(*again) == written);
    for (const server::Token& token : *tokens) tests::require(token.reads || token.writes);
}

// Nothing is let through that was not signed, and all that was is.
void read_address(std::string_view text) {
    const server::Digest key = server::sha256("key");
    const store::Time now{store::Seconds{1'767'323'045}};
    server::Request request;
    if (!server::take_target(text, request)) return;
    tests::require(!server::check_signature(request, {key}, now));
    const auto url = server::sign_url(text, now + store::Seconds{1}, key);
    if (!url) return;
    server::Request whole;
    tests::require(server::take_target(*url, whole).has_value());
    tests::require(server::check_signature(whole, {key}, now).has_value());
    tests::require(!server::check_signature(whole, {key}, now + store::Seconds{1}));
    whole.parameters.emplace_back("x", "");
    tests::require(!server::check_signature(whole, {key}, now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text = tests::text_of(data + 1, size - 1);
    switch (data[0] % 5) {
        case 0:
            read_header(text);
            break;
        case 1:
            read_users(text);
            break;
        case 2:
            read_tokens(text);
            break;
        case 3:
            (void)server::parse_signing_keys(text, "f");
            break;
        default:
            read_address(text);
    }
    return 0;
}
