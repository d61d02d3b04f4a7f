// Rule: rrdgraph_graph(1), "Escaping the colon".
#include "render/element_fields.hpp"

namespace kurabe::render {

ElementFields::ElementFields(std::string_view text) : text_(text), fields_(1) {
    while (true) {
        const std::size_t colon = text.find(':');
        const bool is_escaped = colon != text.npos && colon > 0 && text[colon - 1] == '\\';
        fields_.back() += text.substr(0, is_escaped ? colon - 1 : colon);
        if (colon == text.npos) return;
        if (is_escaped) {
            fields_.back() += ':';
        } else {
            fields_.emplace_back();
        }
        text.remove_prefix(colon + 1);
    }
}

std::optional<std::string> ElementFields::take() {
    return empty() ? std::nullopt : std::optional(std::move(fields_[next_++]));
}

std::string ElementFields::take_rest() {
    std::string rest;
    for (std::size_t first = next_; next_ < fields_.size(); ++next_) {
        rest += next_ == first ? "" : ":";
        rest += fields_[next_];
    }
    return rest;
}

}  // namespace kurabe::render
