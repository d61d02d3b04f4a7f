// Rule: rrdgraph_data(1), "DESCRIPTION".
#include "render/variable_names.hpp"

#include <algorithm>

namespace kurabe::render {

bool is_variable_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kVariableNameBytesMax &&
           std::ranges::all_of(text, [](char character) {
               return (character >= 'a' && character <= 'z') ||
                      (character >= 'A' && character <= 'Z') ||
                      (character >= '0' && character <= '9') || character == '-' ||
                      character == '_';
           });
}

std::optional<VariableKind> find_variable(const VariableNames& names, std::string_view name) {
    const auto found = names.find(name);
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

bool is_series(const VariableNames& names, std::string_view name) {
    const auto kind = find_variable(names, name);
    return kind && *kind != VariableKind::kStatistic;
}

}  // namespace kurabe::render
