// Taking the kernel's text files apart: lines, fields between blanks, numbers.
#include "collectors/fields.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace kurabe::collectors {
namespace {

template <typename Number>
std::optional<Number> parse_whole(std::string_view text) noexcept {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

}  // namespace

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t length = text.find('\n');
        lines.push_back(text.substr(0, length));
        if (length == std::string_view::npos) break;
        text.remove_prefix(length + 1);
    }
    return lines;
}

std::vector<std::string_view> split_fields(std::string_view line) {
    constexpr std::string_view kBlanks = " \t";
    std::vector<std::string_view> fields;
    std::size_t begin = line.find_first_not_of(kBlanks);
    while (begin != std::string_view::npos) {
        const std::size_t end = line.find_first_of(kBlanks, begin);
        fields.push_back(line.substr(begin, end - begin));
        begin = line.find_first_not_of(kBlanks, end);
    }
    return fields;
}

std::optional<std::uint64_t> parse_count(std::string_view text) noexcept {
    return parse_whole<std::uint64_t>(text);
}

std::optional<double> parse_decimal(std::string_view text) noexcept {
    const std::optional<double> number = parse_whole<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace kurabe::collectors
