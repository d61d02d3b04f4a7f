// The typed readers of a mapping: each says which key is wrong and what would be right.
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "server/yaml.hpp"

namespace kurabe::server {

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
