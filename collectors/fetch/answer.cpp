// Fields by name and by pattern.
#include "collectors/fetch/answer.hpp"

#include "store/utf8.hpp"

namespace kurabe::collectors::fetch {
namespace {

// '*' takes as little as it can and is taken back at most once for each byte: O(name x pattern).
bool matches(std::string_view name, std::string_view pattern) noexcept {
    std::size_t at = 0;
    std::size_t next = 0;
    std::size_t star = std::string_view::npos;
    std::size_t taken = 0;  // where the last '*' ends
    while (at < name.size()) {
        if (next < pattern.size() && pattern[next] == '*') {
            star = next++;
            taken = at;
        } else if (next < pattern.size() && pattern[next] == name[at]) {
            ++next;
            ++at;
        } else if (star != std::string_view::npos && name[taken] != '/') {
            next = star + 1;
            at = ++taken;
        } else {
            return false;
        }
    }
    while (next < pattern.size() && pattern[next] == '*') ++next;
    return next == pattern.size();
}

}  // namespace

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
        if (matches(field->first, name)) return &field->second;
    }
    return nullptr;
}

}  // namespace kurabe::collectors::fetch
