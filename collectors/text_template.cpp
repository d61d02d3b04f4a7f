// Finds placeholders once, substitutes often. A value is never read for placeholders again.
#include "collectors/text_template.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::collectors {
namespace {

constexpr std::string_view kOpening = "{{";
constexpr std::string_view kClosing = "}}";

bool is_name(std::string_view name) noexcept {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

std::string as_it_is(std::string_view value) {
    return std::string(value);
}

}  // namespace

Result<TextTemplate> TextTemplate::parse(std::string_view text) {
    TextTemplate parsed;
    while (true) {
        const std::size_t opening = text.find(kOpening);
        if (opening == std::string_view::npos) break;
        const std::string_view behind = text.substr(opening + kOpening.size());
        const std::size_t closing = behind.find(kClosing);
        const std::string_view name = behind.substr(0, closing);
        if (closing == std::string_view::npos || !is_name(name)) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("malformed placeholder '{{{{{}'; write {{{{name}}}}",
                                    behind.substr(0, 20)));
        }
        parsed.pieces_.push_back({std::string(text.substr(0, opening)), std::string(name)});
        text = behind.substr(closing + kClosing.size());
    }
    parsed.rest_ = text;
    return parsed;
}

std::vector<std::string> TextTemplate::names() const {
    std::vector<std::string> all;
    for (const Piece& piece : pieces_) all.push_back(piece.name);
    return all;
}

std::string TextTemplate::expand(const Values& values) const {
    return expand(values, as_it_is);
}

std::string TextTemplate::expand(const Values& values, Escape escape) const {
    std::string text;
    for (const Piece& piece : pieces_) {
        text += piece.before;
        if (const auto value = values.find(piece.name); value != values.end()) {
            text += escape(value->second);
        }
    }
    return text + rest_;
}

}  // namespace kurabe::collectors
