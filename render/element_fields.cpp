// Rule: rrdgraph_graph(1), "Escaping the colon".
#include "render/element_fields.hpp"

namespace kurabe::render {

ElementFields::ElementFields(std::string_view text) : text_(text), fields_(1) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("\\:")) {
            fields_.back() += ':';
            ++i;
        } else if (text[i] == ':') {
            fields_.emplace_back();
        } else {
            fields_.back() += text[i];
        }
    }
}

std::optional<std::string> ElementFields::take() {
    return empty() ? std::nullopt : std::optional(fields_[next_++]);
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
