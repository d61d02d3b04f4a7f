// Addresses of IPv4 and IPv6, and networks of them. Rule: RFC 4291, 2.2 and 2.3; an IPv4 address
// that is mapped into IPv6 (::ffff:10.0.0.9) is that IPv4 address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::server {

struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};  // IPv4 as mapped into IPv6

    // Numeric only, without brackets; a zone ("%eth0") is passed over.
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);
    bool operator==(const IpAddress&) const = default;
};

// Of the other end of a connection: "::ffff:10.0.0.9" -> "10.0.0.9", others as they are.
[[nodiscard]] std::string_view unmapped(std::string_view address) noexcept;

class IpNetwork {
  public:
    // "10.0.0.0/8", "fd00::/8", or one address. kInvalid says what is wrong, also when bits are set
    // behind the prefix.
    [[nodiscard]] static Result<IpNetwork> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& address) const noexcept;

  private:
    IpAddress base_;
    unsigned bits_ = 128;
};

}  // namespace kurabe::server
