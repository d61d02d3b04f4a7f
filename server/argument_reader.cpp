// Reads `arguments:` of a plugin file: what the parts of a plugin line are. Rule: docs/plugins.md.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "server/fetch_reader.hpp"
#include "server/plugin_parts.hpp"

namespace kurabe::server {
namespace {

using collectors::fetch::ArgumentRule;
using collectors::fetch::ArgumentType;

// Given to every template beside the arguments.
constexpr std::array<std::string_view, 1> kReservedNames{"address"};

Result<ArgumentType> read_type(YamlMapping& rule) {
    const auto text = rule.required_text("type", "it is port, path, host or word");
    if (!text) return std::unexpected(text.error());
    if (*text == "port") return ArgumentType::kPort;
    if (*text == "path") return ArgumentType::kPath;
    if (*text == "host") return ArgumentType::kHost;
    if (*text == "word") return ArgumentType::kWord;
    return rule.find("type")->error(
        fmt::format("unknown 'type: {}'; it is port, path, host or word", *text));
}

// "MySQL.port": a key of `metrics_config` and one below it.
Result<std::string> read_setting(YamlMapping& rule) {
    auto text = rule.text("config");
    if (!text) return std::unexpected(text.error());
    const std::string path = text->value_or("");
    const bool is_path =
        path.find('.') != std::string::npos && path.front() != '.' && path.back() != '.';
    if (path.empty() || is_path) return path;
    return rule.find("config")->error(
        fmt::format("'config: {}' must name a key of 'metrics_config' and one below it, as "
                    "'MySQL.port'",
                    path));
}

Result<ArgumentRule> read_argument(const YamlEntry& entry) {
    const auto is_name_byte = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (entry.key.empty() || !std::ranges::all_of(entry.key, is_name_byte) ||
        std::ranges::find(kReservedNames, entry.key) != kReservedNames.end()) {
        return entry.value.error(fmt::format(
            "'{}' cannot name an argument; use small letters, digits and '_', and not 'address'",
            entry.key));
    }
    auto mapping = YamlMapping::of(entry.value, fmt::format("argument '{}'", entry.key));
    if (!mapping) return std::unexpected(mapping.error());
    const auto type = read_type(*mapping);
    if (!type) return std::unexpected(type.error());
    const auto fallback = mapping->text("default");
    if (!fallback) return std::unexpected(fallback.error());
    auto setting = read_setting(*mapping);
    if (!setting) return std::unexpected(setting.error());
    if (fallback->has_value() && !collectors::fetch::fits(*type, **fallback)) {
        return mapping->find("default")->error(
            fmt::format("'default: {}' is not of the argument's type", **fallback));
    }
    auto choices = read_texts(*mapping, "one-of");
    if (!choices) return std::unexpected(choices.error());
    for (const std::string& choice : *choices) {
        if (collectors::fetch::fits(*type, choice)) continue;
        return mapping->find("one-of")->error(
            fmt::format("'{}' in 'one-of' is not of the argument's type", choice));
    }
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return ArgumentRule{entry.key, *type, fallback->value_or(""), *std::move(setting),
                        *std::move(choices)};
}

}  // namespace

Result<std::vector<ArgumentRule>> read_arguments(YamlMapping& plugin) {
    std::vector<ArgumentRule> rules;
    const auto items = plugin.sequence("arguments");
    if (!items) return std::unexpected(items.error());
    for (const YamlNode& item : **items) {
        if (!item.is(YamlNode::Kind::kMapping) || item.entries.size() != 1) {
            return item.error("an argument must be one entry: 'NAME: { type: port, default: 80 }'");
        }
        auto rule = read_argument(item.entries.front());
        if (!rule) return std::unexpected(rule.error());
        if (std::ranges::find(rules, rule->name, &ArgumentRule::name) != rules.end()) {
            return item.error(fmt::format("argument '{}' is defined already", rule->name));
        }
        rules.push_back(*std::move(rule));
    }
    return rules;
}

}  // namespace kurabe::server
