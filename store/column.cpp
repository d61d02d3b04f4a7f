// Lookup of columns by plugin and key.
#include "store/column.hpp"

#include <functional>

namespace kurabe::store {

void ColumnNames::add(const ColumnName& name) {
    text_ += name.plugin;
    const auto plugin = static_cast<std::uint32_t>(text_.size());
    text_ += name.key;
    ends_.push_back({plugin, static_cast<std::uint32_t>(text_.size())});
}

bool ColumnNames::is(std::uint32_t column, const ColumnName& name) const noexcept {
    if (column >= ends_.size()) return false;
    const std::uint32_t begin = column == 0 ? 0 : ends_[column - 1].key;
    const Ends ends = ends_[column];
    const std::string_view text(text_);
    return text.substr(begin, ends.plugin - begin) == name.plugin &&
           text.substr(ends.plugin, ends.key - ends.plugin) == name.key;
}

std::size_t ColumnIndex::Hash::operator()(const ColumnName& name) const noexcept {
    constexpr std::size_t kMultiplier = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio, spreads bits
    const std::hash<std::string_view> hash;
    return hash(name.plugin) * kMultiplier ^ hash(name.key);
}

bool ColumnIndex::add(const ColumnName& name, std::uint32_t column) {
    return columns_.emplace(Owned{std::string(name.plugin), std::string(name.key)}, column).second;
}

std::uint32_t ColumnIndex::find(const ColumnName& name) const {
    const auto found = columns_.find(name);
    return found == columns_.end() ? kNone : found->second;
}

}  // namespace kurabe::store
