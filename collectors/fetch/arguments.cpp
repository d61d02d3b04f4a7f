// Fills a plugin's arguments and holds them to their types.
#include "collectors/fetch/arguments.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "collectors/printable.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr std::size_t kHostTextBytesMax = 255;
constexpr std::size_t kShownArgumentBytesMax = 60;

bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_byte(char c) noexcept {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
}

bool is_path_byte(char c) noexcept {
    return c > ' ' && c < 0x7f && c != '#' && c != '\\';
}

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

bool is_port(std::string_view text) noexcept {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

std::string_view expectation(ArgumentType type) noexcept {
    switch (type) {
        case ArgumentType::kPort:
            return "a port from 1 to 65535";
        case ArgumentType::kPath:
            return "a path that begins with '/' and has no blank and no '#'";
        case ArgumentType::kHost:
            return "a name of letters, digits and '._-'";
        case ArgumentType::kWord:
            return "a word of letters, digits and '._-'";
    }
    return "";
}

std::string expectation(const ArgumentRule& rule) {
    if (rule.choices.empty()) return std::string(expectation(rule.type));
    return fmt::format("one of {}", fmt::join(rule.choices, ", "));
}

bool is_right(const ArgumentRule& rule, std::string_view value) {
    if (rule.choices.empty()) return fits(rule.type, value);
    return std::ranges::find(rule.choices, value) != rule.choices.end();
}

}  // namespace

const std::string* find_setting(const MetricsConfig& config, std::string_view path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return nullptr;
    const std::string_view top = path.substr(0, dot);
    auto section = config.find(top);
    if (section == config.end()) {
        section = std::ranges::find_if(
            config, [top](const auto& entry) { return same_ignoring_case(entry.first, top); });
    }
    if (section == config.end()) return nullptr;
    const auto found = section->second.find(path.substr(dot + 1));
    return found == section->second.end() ? nullptr : &found->second;
}

bool fits(ArgumentType type, std::string_view text) noexcept {
    if (text.empty() || text.size() > kArgumentBytesMax) return false;
    switch (type) {
        case ArgumentType::kPort:
            return is_port(text);
        case ArgumentType::kPath:
            return text.front() == '/' && std::ranges::all_of(text, is_path_byte);
        case ArgumentType::kHost:
            return text.size() <= kHostTextBytesMax && is_alphanumeric(text.front()) &&
                   std::ranges::all_of(text, is_name_byte);
        case ArgumentType::kWord:
            return (is_alphanumeric(text.front()) || text.front() == '_') &&
                   std::ranges::all_of(text, is_name_byte);
    }
    return false;
}

ArgumentValues argument_values(std::span<const ArgumentRule> rules,
                               std::span<const std::string> given, const MetricsConfig& config) {
    ArgumentValues values;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const ArgumentRule& rule = rules[i];
        std::string& value = values[rule.name];
        value = rule.fallback;
        if (const std::string* setting = find_setting(config, rule.setting)) value = *setting;
        if (i < given.size() && !given[i].empty()) value = given[i];
    }
    return values;
}

Result<ArgumentValues> checked_argument_values(std::span<const ArgumentRule> rules,
                                               std::span<const std::string> given,
                                               const MetricsConfig& config) {
    if (given.size() > rules.size()) {
        return fail(ErrorCode::kInvalid, fmt::format("{} arguments, where the plugin takes {}",
                                                     given.size(), rules.size()));
    }
    ArgumentValues values = argument_values(rules, given, config);
    for (const ArgumentRule& rule : rules) {
        const std::string& value = values[rule.name];
        if (value.empty() || is_right(rule, value)) continue;
        return fail(ErrorCode::kInvalid,
                    fmt::format("argument '{}' must be {}, not '{}'", rule.name, expectation(rule),
                                printable(value, kShownArgumentBytesMax)));
    }
    return values;
}

}  // namespace kurabe::collectors::fetch
