// The typed readers of a mapping: each says which key is wrong and what would be right.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "server/yaml.hpp"

namespace kurabe::server {
namespace {

// How many letters have to be changed, added or left out to make `b` of `a`.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> edits(b.size() + 1);  // from the first letters of `a` to those of `b`
    std::iota(edits.begin(), edits.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(edits[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = edits[j + 1];
            edits[j + 1] = std::min({changed, edits[j + 1] + 1, edits[j] + 1});
        }
    }
    return edits.back();
}

// Whether `key` may be `wanted`, misspelt.
bool is_like(std::string_view key, std::string_view wanted) {
    constexpr std::size_t kEditsMax = 2;
    return key.size() <= wanted.size() + kEditsMax && wanted.size() > kEditsMax &&
           edits_between(key, wanted) <= kEditsMax;
}

}  // namespace

Result<YamlMapping> YamlMapping::of(const YamlNode& node, std::string_view what) {
    if (node.is(YamlNode::Kind::kMapping)) return YamlMapping(node, what);
    return node.error(
        fmt::format("{} must be a mapping (key: value), not {}", what, yaml_kind_name(node.kind)));
}

const YamlNode* YamlMapping::find(std::string_view key) {
    asked_.emplace(key);
    const YamlNode* value = node_->find(key);
    return value == nullptr || value->is(YamlNode::Kind::kNull) ? nullptr : value;
}

std::unexpected<Error> YamlMapping::wrong_kind(const YamlNode& value, std::string_view key,
                                               std::string_view expected) const {
    return value.error(
        fmt::format("'{}' must be {}, not {}", key, expected, yaml_kind_name(value.kind)));
}

Result<std::optional<std::string>> YamlMapping::text(std::string_view key) {
    const YamlNode* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is(YamlNode::Kind::kScalar)) return wrong_kind(*value, key, "text");
    return value->text;
}

Result<std::string> YamlMapping::required_text(std::string_view key, std::string_view expected) {
    auto value = text(key);
    if (!value) return std::unexpected(std::move(value).error());
    if (value->has_value() && !(*value)->empty()) return *std::move(*value);
    const YamlNode* empty = node_->find(key);
    for (const YamlEntry& entry : node_->entries) {
        if (empty != nullptr || asked_.contains(entry.key) || !is_like(entry.key, key)) continue;
        return entry.value.error(
            fmt::format("missing '{}' in {}, which has '{}'; {}", key, what_, entry.key, expected));
    }
    return (empty == nullptr ? node_ : empty)
        ->error(fmt::format("missing '{}' in {}; {}", key, what_, expected));
}

Result<std::optional<int>> YamlMapping::positive_integer(std::string_view key) {
    auto value = text(key);
    if (!value) return std::unexpected(std::move(value).error());
    if (!value->has_value()) return std::nullopt;
    const std::string& digits = **value;
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || number <= 0) {
        return find(key)->error(
            fmt::format("'{}' must be a whole number above 0, not '{}'", key, digits));
    }
    return number;
}

Result<double> YamlMapping::factor(std::string_view key) {
    auto value = text(key);
    if (!value) return std::unexpected(std::move(value).error());
    if (!value->has_value()) return 1;
    const std::string& digits = **value;
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
    if (is_number && std::isfinite(number) && number != 0) return number;
    return find(key)->error(
        fmt::format("'{}' must be a number other than 0, not '{}'", key, digits));
}

Result<const YamlNode*> YamlMapping::mapping(std::string_view key) {
    const YamlNode* value = find(key);
    if (value != nullptr && !value->is(YamlNode::Kind::kMapping)) {
        return wrong_kind(*value, key, "a mapping (key: value)");
    }
    return value;
}

Result<const std::vector<YamlNode>*> YamlMapping::sequence(std::string_view key) {
    static const std::vector<YamlNode> kNone;
    const YamlNode* value = find(key);
    if (value == nullptr) return &kNone;
    if (!value->is(YamlNode::Kind::kSequence)) return wrong_kind(*value, key, "a list (- item)");
    return &value->items;
}

std::vector<std::string> YamlMapping::unknown_keys() const {
    std::vector<std::string> unknown;
    for (const YamlEntry& entry : node_->entries) {
        if (asked_.contains(entry.key)) continue;
        unknown.push_back(
            entry.value.message(fmt::format("unknown key '{}' in {}", entry.key, what_)));
    }
    return unknown;
}

Result<void> YamlMapping::refuse_unknown_keys() const {
    const std::vector<std::string> unknown = unknown_keys();
    if (unknown.empty()) return {};
    return fail(ErrorCode::kInvalid, unknown.front());
}

}  // namespace kurabe::server
