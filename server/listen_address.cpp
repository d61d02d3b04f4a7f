// Reads "ADDRESS:PORT".
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "server/http_server.hpp"

namespace kurabe::server {
namespace {

bool is_numeric(int family, const std::string& address) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(family, address.c_str(), bytes.data()) == 1;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const auto bad = [text](std::string_view reason) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("listen address '{}': {}; write 127.0.0.1:5434 "
                                "or [::1]:5434",
                                text, reason));
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return bad("no port");
    std::string address(text.substr(0, colon));
    const std::string_view port_text = text.substr(colon + 1);

    ListenAddress listen;
    const auto [end, error] =
        std::from_chars(port_text.data(), port_text.data() + port_text.size(), listen.port);
    if (error != std::errc{} || end != port_text.data() + port_text.size()) return bad("bad port");

    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) address = address.substr(1, address.size() - 2);
    if (address == "localhost") address = "127.0.0.1";
    if (!is_numeric(bracketed ? AF_INET6 : AF_INET, address)) return bad("bad address");
    listen.address = std::move(address);
    return listen;
}

}  // namespace kurabe::server
