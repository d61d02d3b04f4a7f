// Addresses of rrdcached as text: "unix:/path", "/path", "HOST", "HOST:PORT", "[HOST]:PORT".
// Rule: rrdcached(1), -l; where a text is cut is measured on rrdtool 1.7.2.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

struct UnixAddress {
    std::string path;
};

struct NetworkAddress {
    std::string host;  // a name or a number, as it was given
    std::string port = "42217";
};

using Address = std::variant<UnixAddress, NetworkAddress>;

// kInvalid with rrdtool's message for brackets that are not closed or followed by anything else.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

}  // namespace kurabe::cli::rrdcached
