// Fields by name and by pattern.
#include "collectors/fetch/answer.hpp"

#include "collectors/wildcards.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors::fetch {
void Fields::add(std::string_view name, std::string_view value) {
    if (name.empty() || name.size() > kFieldNameBytesMax || fields_.size() >= kFieldsMax) return;
    fields_.try_emplace(std::string(name), store::utf8_prefix(value, kFieldValueBytesMax));
}

const std::string* Fields::find(std::string_view name) const {
    const std::string_view prefix = name.substr(0, name.find('*'));
    auto field = fields_.lower_bound(prefix);
    if (prefix.size() == name.size()) {
        return field != fields_.end() && field->first == name ? &field->second : nullptr;
    }
    for (; field != fields_.end() && field->first.starts_with(prefix); ++field) {
        if (fits_wildcards(field->first, name, '/')) return &field->second;
    }
    return nullptr;
}

}  // namespace kurabe::collectors::fetch
