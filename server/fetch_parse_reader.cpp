// Reads how a plugin's answers are read into fields: `parse:`.
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "server/fetch_reader.hpp"

namespace kurabe::server {
namespace {

using collectors::fetch::ColumnsRule;
using collectors::fetch::MatchRule;
using collectors::fetch::PairsRule;
using collectors::fetch::ParseRule;
using collectors::fetch::Pattern;

constexpr std::size_t kMatchesMax = 100;
constexpr std::size_t kColumnMax = 1000;

// "SEPARATOR" or { separator: TEXT, prefix: TEXT }.
Result<std::optional<PairsRule>> read_pairs(YamlMapping& parse) {
    const YamlNode* const node = parse.find("pairs");
    if (node == nullptr) return std::nullopt;
    if (node->is(YamlNode::Kind::kScalar) && !node->text.empty()) return PairsRule{node->text, ""};
    auto mapping = YamlMapping::of(*node, "'pairs'");
    if (!mapping) return std::unexpected(mapping.error());
    auto separator = mapping->required_text("separator", "give what stands behind a name");
    if (!separator) return std::unexpected(separator.error());
    auto prefix = mapping->text("prefix");
    if (!prefix) return std::unexpected(prefix.error());
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return PairsRule{*std::move(separator), prefix->value_or("")};
}

// EXPRESSION, or { sum: EXPRESSION } for the sum of all matches.
Result<MatchRule> read_match(const YamlNode& node) {
    const YamlNode* text = &node;
    if (!node.is(YamlNode::Kind::kScalar)) {
        auto mapping = YamlMapping::of(node, "an expression");
        if (!mapping) return std::unexpected(mapping.error());
        text = mapping->find("sum");
        if (text == nullptr) return node.error("an expression must be text, or '{ sum: TEXT }'");
        if (auto known = mapping->refuse_unknown_keys(); !known) {
            return std::unexpected(known.error());
        }
    }
    const auto expression = yaml_text(*text, "'sum'");
    if (!expression) return std::unexpected(expression.error());
    auto pattern = Pattern::compile(*expression);
    if (!pattern) return text->error(pattern.error().message);
    return MatchRule{*std::move(pattern), text != &node};
}

Result<std::size_t> read_column(YamlMapping& columns, std::string_view key) {
    const auto number = columns.positive_integer(key);
    if (!number) return std::unexpected(number.error());
    if (!number->has_value()) {
        return columns.node().error(fmt::format("missing '{}'; columns count from 1", key));
    }
    const auto column = static_cast<std::size_t>(**number);
    if (column > kColumnMax) {
        return columns.find(key)->error(fmt::format("'{}' must be at most {}", key, kColumnMax));
    }
    return column - 1;
}

// { name: 1, value: 2, separator: TEXT }.
Result<std::optional<ColumnsRule>> read_columns(YamlMapping& parse) {
    const auto node = parse.mapping("columns");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return std::nullopt;
    auto mapping = YamlMapping::of(**node, "'columns'");
    const auto name = read_column(*mapping, "name");
    if (!name) return std::unexpected(name.error());
    const auto value = read_column(*mapping, "value");
    if (!value) return std::unexpected(value.error());
    auto separator = mapping->text("separator");
    if (!separator) return std::unexpected(separator.error());
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return ColumnsRule{*name, *value, separator->value_or("")};
}

Result<bool> read_flag(YamlMapping& parse, std::string_view key) {
    const auto text = parse.text(key);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value() || **text == "false") return false;
    if (**text == "true") return true;
    return parse.find(key)->error(fmt::format("'{}' must be true or false", key));
}

Result<void> read_matches(YamlMapping& parse, ParseRule& rule) {
    const auto nodes = parse.sequence("match");
    if (!nodes) return std::unexpected(nodes.error());
    if ((*nodes)->size() > kMatchesMax) {
        return parse.find("match")->error(
            fmt::format("more than {} expressions, the limit", kMatchesMax));
    }
    for (const YamlNode& node : **nodes) {
        auto match = read_match(node);
        if (!match) return std::unexpected(match.error());
        rule.matches.push_back(*std::move(match));
    }
    return {};
}

}  // namespace

Result<ParseRule> read_parse(const YamlNode& node) {
    auto mapping = YamlMapping::of(node, "'parse'");
    if (!mapping) return std::unexpected(mapping.error());
    ParseRule rule;
    auto prefix = mapping->text("as");
    if (!prefix) return std::unexpected(prefix.error());
    auto pairs = read_pairs(*mapping);
    if (!pairs) return std::unexpected(pairs.error());
    if (auto read = read_matches(*mapping, rule); !read) return std::unexpected(read.error());
    auto columns = read_columns(*mapping);
    if (!columns) return std::unexpected(columns.error());
    const auto row = read_flag(*mapping, "row");
    if (!row) return std::unexpected(row.error());
    const auto json = read_flag(*mapping, "json");
    if (!json) return std::unexpected(json.error());
    const auto prometheus = read_flag(*mapping, "prometheus");
    if (!prometheus) return std::unexpected(prometheus.error());
    auto text = mapping->text("text");
    if (!text) return std::unexpected(text.error());
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    rule.prefix = prefix->value_or("");
    rule.pairs = *std::move(pairs);
    rule.columns = *std::move(columns);
    rule.row = *row;
    rule.json = *json;
    rule.prometheus = *prometheus;
    rule.text = text->value_or("");
    if (!rule.pairs && rule.matches.empty() && !rule.columns && !rule.row && !rule.json &&
        !rule.prometheus && rule.text.empty()) {
        return node.error(
            "'parse' needs 'pairs', 'match', 'columns', 'row', 'json', 'prometheus' or 'text'");
    }
    return rule;
}

}  // namespace kurabe::server
