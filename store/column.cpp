// Lookup of columns by plugin and key.
#include "store/column.hpp"

#include <functional>

namespace kurabe::store {

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
