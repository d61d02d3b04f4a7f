// Holds values to ranges.
#include "collectors/munin/thresholds.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "collectors/printable.hpp"

namespace kurabe::collectors::munin {
namespace {

// False when it is neither a number nor empty.
bool parse_end(std::string_view text, std::optional<double>& number) {
    if (text.empty()) return true;
    double parsed = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, parsed);
    if (error != std::errc{} || stop != end || !std::isfinite(parsed)) return false;
    number = parsed;
    return true;
}

}  // namespace

std::optional<Range> parse_range(std::string_view text) {
    Range range;
    const std::size_t colon = text.find(':');
    const bool has_both = colon != std::string_view::npos;
    const std::string_view max = has_both ? text.substr(colon + 1) : text;
    if (has_both && !parse_end(text.substr(0, colon), range.min)) return std::nullopt;
    if (!parse_end(max, range.max)) return std::nullopt;
    return range;
}

std::optional<std::string> judge(const Field& field, double value) {
    constexpr std::size_t kShownBytes = 60;
    const auto outside = [value](std::string_view name,
                                 std::string_view text) -> std::optional<std::string> {
        const auto range = parse_range(text);
        if (!range || range->holds(value)) return std::nullopt;
        return fmt::format("{}: {:.6g} is outside of {}", name, value,
                           printable(text, kShownBytes));
    };
    auto critical = outside("critical", field.critical);
    return critical ? critical : outside("warning", field.warning);
}

}  // namespace kurabe::collectors::munin
