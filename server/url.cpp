// Percent-encoding and form fields.
#include "server/url.hpp"

#include <fmt/format.h>

#include "server/http_types.hpp"

namespace kurabe::server {
namespace {

bool is_unreserved(unsigned char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

int hex_digit(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    return -1;
}

bool has_control_byte(std::string_view text) {
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (code < 0x20 || code == 0x7f) return true;
    }
    return false;
}

Result<std::string> decode_field(std::string_view encoded) {
    std::string text(encoded);
    for (char& byte : text) {
        if (byte == '+') byte = ' ';
    }
    return percent_decode(text);
}

}  // namespace

std::string percent_encode(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string result;
    result.reserve(text.size());
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (is_unreserved(code)) {
            result += byte;
        } else {
            result += '%';
            result += kDigits[code >> 4];
            result += kDigits[code & 15];
        }
    }
    return result;
}

Result<std::string> percent_decode(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return fail(ErrorCode::kInvalid,
                        "a '%' in the address is not followed by two hex digits");
        }
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

Result<FormFields> parse_form(std::string_view encoded) {
    FormFields fields;
    while (!encoded.empty()) {
        const std::string_view field = encoded.substr(0, encoded.find('&'));
        encoded.remove_prefix(std::min(field.size() + 1, encoded.size()));
        if (field.empty()) continue;
        if (fields.size() == kRequestParametersMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("more than {} parameters", kRequestParametersMax));
        }
        const std::size_t equals = field.find('=');
        auto name = decode_field(field.substr(0, equals));
        if (!name) return std::unexpected(name.error());
        auto value = decode_field(equals == std::string_view::npos ? "" : field.substr(equals + 1));
        if (!value) return std::unexpected(value.error());
        if (has_control_byte(*name) || has_control_byte(*value)) {
            return fail(ErrorCode::kInvalid, "a parameter holds a control byte");
        }
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

Url Url::with(std::string_view name, std::string_view value) const& {
    Url copy = *this;
    copy.add(name, value);
    return copy;
}

Url Url::with(std::string_view name, std::string_view value) && {
    add(name, value);
    return std::move(*this);
}

void Url::add(std::string_view name, std::string_view value) {
    query_ += query_.empty() ? '?' : '&';
    query_ += percent_encode(name);
    query_ += '=';
    query_ += percent_encode(value);
}

std::string Url::text() const {
    return std::string(path_) + query_;
}

}  // namespace kurabe::server
