// Texts of addresses by inet_pton, prefixes bit by bit.
#include "server/ip_network.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace kurabe::server {
namespace {

constexpr std::size_t kMappedBytes = 12;
constexpr unsigned kMappedBits = 96;
constexpr unsigned kBits = 128;

bool is_ipv4(std::string_view text) {
    return text.find(':') == std::string_view::npos;
}

std::uint8_t mask_of_byte(std::size_t index, unsigned bits) {
    const auto before = static_cast<unsigned>(index) * 8;
    if (bits >= before + 8) return 0xFF;
    if (bits <= before) return 0;
    return static_cast<std::uint8_t>(0xFF00U >> (bits - before));
}

std::optional<unsigned> parse_number(std::string_view digits, unsigned most) {
    unsigned number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || stop != end || number > most) return std::nullopt;
    return number;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string plain(text.substr(0, text.find('%')));
    IpAddress address;
    if (is_ipv4(plain)) {
        address.bytes[10] = address.bytes[11] = 0xFF;
        if (::inet_pton(AF_INET, plain.c_str(), &address.bytes[kMappedBytes]) != 1) {
            return std::nullopt;
        }
        return address;
    }
    if (::inet_pton(AF_INET6, plain.c_str(), address.bytes.data()) != 1) return std::nullopt;
    return address;
}

std::string_view unmapped(std::string_view address) noexcept {
    constexpr std::string_view kMapped = "::ffff:";
    const bool is_mapped = address.starts_with(kMapped) && address.find('.') != address.npos;
    return is_mapped ? address.substr(kMapped.size()) : address;
}

Result<IpNetwork> IpNetwork::parse(std::string_view text) {
    const auto bad = [text](std::string_view reason) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' {}; write 10.0.0.0/8, fd00::/8 or an address", text, reason));
    };
    const std::size_t slash = text.find('/');
    const std::string_view base = text.substr(0, slash);
    const auto address = IpAddress::parse(base);
    if (!address || base.find('%') != std::string_view::npos) return bad("is no network");
    IpNetwork network;
    network.base_ = *address;
    if (slash == std::string_view::npos) return network;
    const unsigned offset = is_ipv4(base) ? kMappedBits : 0;
    const auto bits = parse_number(text.substr(slash + 1), kBits - offset);
    if (!bits) return bad("has no usable prefix length");
    network.bits_ = offset + *bits;
    for (std::size_t i = 0; i < address->bytes.size(); ++i) {
        const auto rest = static_cast<std::uint8_t>(~mask_of_byte(i, network.bits_));
        if ((address->bytes[i] & rest) != 0) return bad("has bits set behind its prefix");
    }
    return network;
}

bool IpNetwork::contains(const IpAddress& address) const noexcept {
    for (std::size_t i = 0; i < address.bytes.size(); ++i) {
        if (((address.bytes[i] ^ base_.bytes[i]) & mask_of_byte(i, bits_)) != 0) return false;
    }
    return true;
}

}  // namespace kurabe::server
