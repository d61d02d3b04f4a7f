// std::from_chars, with the leading '+' that it refuses.
#include "render/numbers.hpp"

#include <charconv>
#include <cmath>

namespace kurabe::render {

namespace {

template <typename Number>
std::optional<Number> parse_whole(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) {
        text.remove_prefix(1);
    }
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return stop == end && error == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<double> parse_real(std::string_view text) {
    const auto number = parse_whole<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    return parse_whole<std::int64_t>(text);
}

}  // namespace kurabe::render
