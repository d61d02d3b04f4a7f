// Percent signs, encodings and times of lines.
#include "collectors/line_text.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "store/utf8.hpp"

namespace kurabe::collectors {
namespace {

constexpr std::int64_t kYear2200 = 7'258'118'400;

// The next character when it is one of Latin-1, whose two bytes in UTF-8 begin with C2 or C3.
std::optional<char> take_latin1(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = store::utf8_length(text);
    if (length == 1) {
        text.remove_prefix(1);
        return static_cast<char>(first);
    }
    if (length != 2 || first > 0xC3) return std::nullopt;
    const auto second = static_cast<unsigned char>(text[1]);
    text.remove_prefix(2);
    return static_cast<char>((first & 0x03U) << 6U | (second & 0x3FU));
}

}  // namespace

std::optional<char> hexadecimal_byte(std::string_view digits) noexcept {
    unsigned value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 2 || error != std::errc{} || stop != end) return std::nullopt;
    return static_cast<char>(value);
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = text[at] == '%' ? hexadecimal_byte(text.substr(at + 1, 2)) : std::nullopt;
        decoded += byte.value_or(text[at]);
        if (byte) at += 2;
    }
    return decoded;
}

// Eight bytes at a time: every line is asked.
bool is_ascii(std::string_view text) noexcept {
    std::uint64_t bits = 0;
    while (text.size() >= sizeof bits) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        bits |= word;
        text.remove_prefix(sizeof word);
    }
    for (const char byte : text) bits |= static_cast<unsigned char>(byte);
    return (bits & 0x8080808080808080U) == 0;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::optional<std::string> before_second_utf8(std::string_view text) {
    if (is_ascii(text)) return std::nullopt;
    std::string once;
    once.reserve(text.size());
    while (!text.empty()) {
        const auto byte = take_latin1(text);
        if (!byte) return std::nullopt;
        once += *byte;
    }
    if (!is_utf8(once)) return std::nullopt;
    return once;
}

Result<store::SampleTime> parse_epoch(std::string_view text) {
    std::int64_t seconds = 0;
    const char* const end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, seconds);
    std::chrono::microseconds fraction{0};
    if (error == std::errc{} && stop != end && *stop == '.') {
        std::chrono::microseconds unit{100'000};
        for (++stop; stop != end && *stop >= '0' && *stop <= '9'; ++stop, unit /= 10) {
            fraction += unit * (*stop - '0');
        }
    }
    if (error != std::errc{} || stop != end || seconds <= 0 || seconds > kYear2200) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is no time; seconds since 1970 are needed",
                                store::utf8_prefix(text, 40)));
    }
    return store::SampleTime(std::chrono::seconds(seconds) + fraction);
}

}  // namespace kurabe::collectors
