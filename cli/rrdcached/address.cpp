// By its first characters, then at brackets or the last colon.
#include "cli/rrdcached/address.hpp"

#include <fmt/format.h>

namespace kurabe::cli::rrdcached {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

NetworkAddress with_port(std::string_view host, std::string_view port) {
    return {std::string(host), std::string(port)};
}

Result<Address> parse_bracketed(std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) {
        return fail(ErrorCode::kInvalid, fmt::format("malformed address: {}", text));
    }
    const std::string_view host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (rest.empty()) return NetworkAddress{std::string(host)};
    if (rest.front() == ':') return with_port(host, rest.substr(1));
    return fail(ErrorCode::kInvalid, fmt::format("garbage after address: {}", rest));
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    if (text.starts_with(kUnixPrefix)) {
        return UnixAddress{std::string(text.substr(kUnixPrefix.size()))};
    }
    if (text.starts_with('/')) return UnixAddress{std::string(text)};
    if (text.starts_with('[')) return parse_bracketed(text);
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return NetworkAddress{std::string(text)};
    return with_port(text.substr(0, colon), text.substr(colon + 1));
}

}  // namespace kurabe::cli::rrdcached
