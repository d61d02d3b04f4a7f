// Percent-encoding of host names.
#include "store/archive_name.hpp"

#include <charconv>

#include <fmt/format.h>

#include "store/sample.hpp"

namespace kurabe::store {
namespace {

constexpr std::string_view kSuffix = ".kurabe";
// File systems take 255 bytes; the rest is room for the suffix of a temporary file.
constexpr std::size_t kArchiveNameBytesMax = 240;

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

// The byte that "%XX" at the beginning of the text stands for.
std::optional<char> decoded_byte(std::string_view text) noexcept {
    if (text.size() < 3) return std::nullopt;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, value, 16);
    if (error != std::errc{} || end != text.data() + 3) return std::nullopt;
    return static_cast<char>(static_cast<unsigned char>(value));
}

}  // namespace

Result<std::string> archive_name_of(std::string_view host) {
    if (auto checked = check_host(host); !checked) return std::unexpected(checked.error());
    std::string name;
    for (const char c : host) {
        if (is_plain(c) && !(c == '.' && name.empty())) {
            name += c;
        } else {
            name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    name += kSuffix;
    if (name.size() > kArchiveNameBytesMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the host's file name would be {} bytes long, at most {} are "
                                "possible: use fewer characters outside A-Z a-z 0-9 _ . -",
                                name.size(), kArchiveNameBytesMax));
    }
    return name;
}

std::optional<std::string> host_of_archive_name(std::string_view name) {
    if (!name.ends_with(kSuffix)) return std::nullopt;
    std::string_view rest = name.substr(0, name.size() - kSuffix.size());
    std::string host;
    while (!rest.empty()) {
        const bool encoded = rest.front() == '%';
        const std::optional<char> byte = encoded ? decoded_byte(rest) : rest.front();
        if (!byte) return std::nullopt;
        host += *byte;
        rest.remove_prefix(encoded ? 3 : 1);
    }
    const auto canonical = archive_name_of(host);
    if (!canonical || *canonical != name) return std::nullopt;
    return host;
}

}  // namespace kurabe::store
