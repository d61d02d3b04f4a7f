// What a request says of who sends it: a user's name and password, or a token.
// Rule: RFC 7617 (Basic), RFC 6750, 2.1 (Bearer); X-Api-Key as Mackerel's agents send it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/http_types.hpp"
#include "store/result.hpp"

namespace kurabe::server {

struct PasswordCredentials {
    std::string user;
    std::string password;
};

struct Credentials {
    std::optional<PasswordCredentials> password = {};
    std::optional<std::string> token = {};

    [[nodiscard]] bool empty() const noexcept { return !password && !token; }
};

// Other schemes are passed over. kInvalid, without any of it, when they are malformed or there are
// several.
[[nodiscard]] Result<Credentials> read_credentials(const Request& head);

// None for what is no base64 (RFC 4648, 4), with its padding.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace kurabe::server
