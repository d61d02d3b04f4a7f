// Reads a plugin file and checks all that can be wrong with it, so that nothing is found wrong when
// a page is shown. Rule: docs/plugins.md.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "collectors/plugin_text.hpp"
#include "server/fetch_reader.hpp"
#include "server/plugin_parts.hpp"
#include "server/snmp_plugin_reader.hpp"
#include "server/yaml.hpp"

namespace kurabe::server {
namespace {

// Placeholders that a template may use at its place.
using Scope = std::set<std::string, std::less<>>;

// `place` says more than the node's line when the text has many of its own.
Result<TextTemplate> read_template(std::string_view text, const Scope& scope, const YamlNode& node,
                                   std::string_view place = "") {
    auto parsed = TextTemplate::parse(text);
    if (!parsed) return node.error(fmt::format("{}{}", place, parsed.error().message));
    for (const std::string& name : parsed->names()) {
        if (scope.contains(name)) continue;
        return node.error(fmt::format(
            "{}unknown placeholder '{{{{{}}}}}'; define it with 'each' or 'let'", place, name));
    }
    return parsed;
}

// The template of an optional text; empty when absent.
Result<TextTemplate> optional_template(YamlMapping& mapping, std::string_view key,
                                       const Scope& scope) {
    const auto text = mapping.text(key);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return TextTemplate{};
    return read_template(**text, scope, *mapping.find(key));
}

// { meta: KEY, else: TEXT } or { listed-in: KEY, then: TEXT, else: TEXT }.
Result<void> read_long_let(const YamlNode& node, const Scope& scope, std::string_view item,
                           LetRule& rule) {
    auto mapping = YamlMapping::of(node, fmt::format("'let: {}'", rule.name));
    if (!mapping) return std::unexpected(mapping.error());
    const bool listed = mapping->find("listed-in") != nullptr;
    rule.kind = listed ? LetRule::Kind::kListed : LetRule::Kind::kMeta;
    if (listed && item.empty())
        return node.error("'listed-in' needs an item; it stands with 'each'");
    if (!listed && mapping->find("meta") == nullptr) {
        return node.error(
            fmt::format("'let: {}' needs 'meta: KEY' or 'listed-in: KEY'", rule.name));
    }
    rule.item = item;
    auto key = optional_template(*mapping, listed ? "listed-in" : "meta", scope);
    auto otherwise = optional_template(*mapping, "else", scope);
    auto then = listed ? optional_template(*mapping, "then", scope) : TextTemplate{};
    for (auto* part : {&key, &otherwise, &then}) {
        if (!*part) return std::unexpected(part->error());
    }
    rule.key = *std::move(key);
    rule.otherwise = *std::move(otherwise);
    rule.then = *std::move(then);
    return mapping->refuse_unknown_keys();
}

// Adds each name to the scope, for what stands below it. `item` is the placeholder of `each`, empty
// when there is none.
Result<std::vector<LetRule>> read_lets(YamlMapping& holder, std::string_view item, Scope& scope) {
    std::vector<LetRule> rules;
    const auto lets = holder.mapping("let");
    if (!lets) return std::unexpected(lets.error());
    if (*lets == nullptr) return rules;
    for (const YamlEntry& entry : (*lets)->entries) {
        LetRule rule;
        rule.name = entry.key;
        if (entry.value.is(YamlNode::Kind::kScalar)) {
            auto key = read_template(entry.value.text, scope, entry.value);
            if (!key) return std::unexpected(key.error());
            rule.key = *std::move(key);
        } else if (auto read = read_long_let(entry.value, scope, item, rule); !read) {
            return std::unexpected(read.error());
        }
        if (!scope.insert(entry.key).second) {
            return entry.value.error(fmt::format("placeholder '{}' is defined already", entry.key));
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

Result<std::optional<EachRule>> read_each(YamlMapping& group,
                                          const PluginDefinition::Parts& parts) {
    const auto each = group.mapping("each");
    if (!each) return std::unexpected(each.error());
    if (*each == nullptr) return std::nullopt;
    if ((*each)->entries.size() != 1) {
        return (*each)->error(
            "'each' must have one entry: the placeholder and the key of its list");
    }
    const YamlEntry& entry = (*each)->entries.front();
    auto key = yaml_text(entry.value, "the list's key");
    if (!key) return std::unexpected(key.error());
    using collectors::fetch::ArgumentRule;
    if (std::ranges::find(parts.arguments, entry.key, &ArgumentRule::name) !=
        parts.arguments.end()) {
        return entry.value.error(fmt::format("placeholder '{}' is an argument already", entry.key));
    }
    return EachRule{entry.key, *std::move(key)};
}

Result<BadgeRule::Shown> read_shown(YamlMapping& badge) {
    const auto as = badge.text("as");
    if (!as) return std::unexpected(as.error());
    if (!as->has_value()) return BadgeRule::Shown::kText;
    if (**as == "uptime") return BadgeRule::Shown::kUptime;
    if (**as == "bytes") return BadgeRule::Shown::kBytes;
    return badge.find("as")->error(
        fmt::format("unknown 'as: {}'; it is 'uptime', 'bytes' or absent", **as));
}

// KEY or { meta: KEY, as: uptime }.
Result<BadgeRule> read_badge(const YamlNode& node) {
    if (node.is(YamlNode::Kind::kScalar)) return BadgeRule{.key = node.text, .name = node.text};
    auto mapping = YamlMapping::of(node, "a badge");
    if (!mapping) return std::unexpected(mapping.error());
    auto key = mapping->required_text("meta", "name the meta it shows");
    if (!key) return std::unexpected(key.error());
    const auto shown = read_shown(*mapping);
    if (!shown) return std::unexpected(shown.error());
    const auto name = mapping->text("label");
    if (!name) return std::unexpected(name.error());
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return BadgeRule{.key = *key, .name = name->value_or(*key), .shown = *shown};
}

Result<std::optional<EmptyRule>> read_empty(YamlMapping& group) {
    const auto node = group.mapping("empty");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return std::nullopt;
    auto mapping = YamlMapping::of(**node, "'empty'");
    if (!mapping) return std::unexpected(mapping.error());
    auto label = mapping->text("label");
    if (!label) return std::unexpected(label.error());
    auto warning = mapping->required_text("warn", "say what is missing");
    if (!warning) return std::unexpected(warning.error());
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return EmptyRule{label->value_or(""), *std::move(warning)};
}

// The key of a meta, or nothing.
Result<std::string> read_when(YamlMapping& holder) {
    auto when = holder.text("when");
    if (!when) return std::unexpected(when.error());
    return when->value_or("");
}

// KEY or { graph: KEY, when: META }.
Result<GroupGraphRule> read_group_graph(const YamlNode& node, const Scope& scope,
                                        const PluginDefinition::Parts& parts) {
    std::string text = node.text;
    std::string when;
    if (!node.is(YamlNode::Kind::kScalar)) {
        auto mapping = YamlMapping::of(node, "a group's graph");
        if (!mapping) return std::unexpected(mapping.error());
        auto key = mapping->required_text("graph", "name the graph");
        if (!key) return std::unexpected(key.error());
        text = *std::move(key);
        auto meta = read_when(*mapping);
        if (!meta) return std::unexpected(meta.error());
        when = *std::move(meta);
        if (auto known = mapping->refuse_unknown_keys(); !known) {
            return std::unexpected(known.error());
        }
    }
    auto key = read_template(text, scope, node);
    if (!key) return std::unexpected(key.error());
    TextTemplate::Values sample;
    for (const std::string& name : scope) sample[name] = "x";
    if (!parts.match(key->expand(sample))) {
        return node.error(fmt::format("unknown graph '{}'; define it below 'graphs'", text));
    }
    return GroupGraphRule{*std::move(key), std::move(when)};
}

// Only the item of `each` may stand in a graph's key, which must lead back to it when the meta is
// gone.
Result<void> read_group_graphs(YamlMapping& group, const PluginDefinition::Parts& parts,
                               GroupRule& rule) {
    Scope scope;
    if (rule.each) scope.insert(rule.each->name);
    const auto nodes = group.sequence("graphs");
    if (!nodes) return std::unexpected(nodes.error());
    for (const YamlNode& node : **nodes) {
        auto graph = read_group_graph(node, scope, parts);
        if (!graph) return std::unexpected(graph.error());
        rule.graphs.push_back(*std::move(graph));
    }
    return {};
}

Result<void> read_badges(YamlMapping& group, GroupRule& rule) {
    const auto nodes = group.sequence("badges");
    if (!nodes) return std::unexpected(nodes.error());
    for (const YamlNode& node : **nodes) {
        auto badge = read_badge(node);
        if (!badge) return std::unexpected(badge.error());
        rule.badges.push_back(*std::move(badge));
    }
    return {};
}

Result<GroupRule> read_group(const YamlNode& node, const PluginDefinition::Parts& parts) {
    auto mapping = YamlMapping::of(node, "a group");
    if (!mapping) return std::unexpected(mapping.error());
    GroupRule rule;
    auto when = read_when(*mapping);
    if (!when) return std::unexpected(when.error());
    rule.when = *std::move(when);
    auto each = read_each(*mapping, parts);
    if (!each) return std::unexpected(each.error());
    rule.each = *std::move(each);
    if (auto read = read_group_graphs(*mapping, parts, rule); !read) {
        return std::unexpected(read.error());
    }
    Scope scope;
    if (rule.each) scope.insert(rule.each->name);
    for (const auto& argument : parts.arguments) scope.insert(argument.name);
    auto lets = read_lets(*mapping, rule.each ? rule.each->name : "", scope);
    if (!lets) return std::unexpected(lets.error());
    rule.lets = *std::move(lets);
    auto label = optional_template(*mapping, "label", scope);
    if (!label) return std::unexpected(label.error());
    rule.label = *std::move(label);
    auto empty = read_empty(*mapping);
    if (!empty) return std::unexpected(empty.error());
    rule.empty = *std::move(empty);
    if (auto read = read_badges(*mapping, rule); !read) return std::unexpected(read.error());
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return rule;
}

// One argument per line; blanks before it, empty lines and lines of comment do not count.
Result<std::vector<TextTemplate>> read_lines(const YamlNode& node, const Scope& scope) {
    std::vector<TextTemplate> lines;
    std::string_view rest = node.text;
    for (int number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.empty() || line.starts_with('#') || line.starts_with("//")) continue;
        const std::string place = fmt::format("line {} of the definition: ", number);
        if (!collectors::is_graph_statement(line)) {
            return node.error(fmt::format("{}'{}' is no statement of rrdtool's graph language",
                                          place, line.substr(0, 40)));
        }
        auto parsed = read_template(line, scope, node, place);
        if (!parsed) return std::unexpected(parsed.error());
        lines.push_back(*std::move(parsed));
    }
    return lines;
}

Result<TextTemplate> read_graph_key(const YamlEntry& entry, Scope& scope) {
    auto key = TextTemplate::parse(entry.key);
    if (!key) return entry.value.error(key.error().message);
    if (key->names().size() > 1) {
        return entry.value.error(
            fmt::format("graph '{}' has more than one placeholder in its key", entry.key));
    }
    for (const std::string& name : key->names()) scope.insert(name);
    return key;
}

Result<GraphRule> read_graph(const YamlEntry& entry) {
    Scope scope;
    GraphRule rule;
    auto key = read_graph_key(entry, scope);
    if (!key) return std::unexpected(key.error());
    rule.key = *std::move(key);
    auto mapping = YamlMapping::of(entry.value, fmt::format("graph '{}'", entry.key));
    if (!mapping) return std::unexpected(mapping.error());
    auto lets = read_lets(*mapping, rule.key.is_literal() ? "" : rule.key.names().front(), scope);
    if (!lets) return std::unexpected(lets.error());
    rule.lets = *std::move(lets);
    auto label = optional_template(*mapping, "label", scope);
    if (!label) return std::unexpected(label.error());
    rule.label = *std::move(label);
    const auto text =
        mapping->required_text("definition", "give rrdtool's arguments, one per line");
    if (!text) return std::unexpected(text.error());
    auto lines = read_lines(*mapping->find("definition"), scope);
    if (!lines) return std::unexpected(lines.error());
    rule.lines = *std::move(lines);
    const auto scale = read_scale(*mapping);
    if (!scale) return std::unexpected(scale.error());
    rule.scale = *scale;
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return rule;
}

// An exporter's graphs are made of what it tells.
bool draws_itself(const PluginDefinition::Parts& parts) {
    return parts.recipe && std::ranges::any_of(parts.recipe->steps, [](const auto& step) {
               return step.parse.prometheus;
           });
}

Result<void> read_graphs(YamlMapping& mapping, PluginDefinition::Parts& parts) {
    const auto graphs = mapping.mapping("graphs");
    if (!graphs) return std::unexpected(graphs.error());
    if (*graphs == nullptr && draws_itself(parts)) return {};
    if (*graphs == nullptr) return mapping.node().error("missing 'graphs'; define at least one");
    std::set<std::pair<std::string_view, std::string_view>> patterns;
    for (const YamlEntry& entry : (*graphs)->entries) {
        auto rule = read_graph(entry);
        if (!rule) return std::unexpected(rule.error());
        parts.graphs.push_back(*std::move(rule));
    }
    for (std::size_t index = 0; index < parts.graphs.size(); ++index) {
        const TextTemplate& key = parts.graphs[index].key;
        if (key.is_literal() || patterns.emplace(key.prefix(), key.suffix()).second) continue;
        const YamlEntry& entry = (*graphs)->entries[index];
        return entry.value.error(
            fmt::format("graph '{}' differs from another one in its placeholder only", entry.key));
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<PluginDefinition::Parts>> read_plugin(std::string_view yaml,
                                                             std::string_view name,
                                                             PluginAuthor author) {
    const bool is_told = author == PluginAuthor::kHost;
    const auto documents = parse_yaml(yaml, name, is_told ? kToldNodesMax : kYamlNodesMax);
    if (!documents) return std::unexpected(documents.error());
    if (documents->size() != 1) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}:1:1: a plugin file must be one document, not {}", name,
                                documents->size()));
    }
    auto mapping = YamlMapping::of(documents->front(), "a plugin file");
    if (!mapping) return std::unexpected(mapping.error());
    auto parts = std::make_unique<PluginDefinition::Parts>();
    auto plugin = mapping->required_text("plugin", "name it as its file");
    if (!plugin) return std::unexpected(plugin.error());
    parts->plugin = *std::move(plugin);
    if (is_told) parts->value_bytes_max = kToldValueBytesMax;
    // What reads the configuration or fetches is the operator's alone: elsewhere it is an unknown
    // key.
    if (!is_told) {
        auto arguments = read_arguments(*mapping);
        if (!arguments) return std::unexpected(arguments.error());
        parts->arguments = *std::move(arguments);
        auto recipe = read_recipe(*mapping, parts->arguments);
        if (!recipe) return std::unexpected(recipe.error());
        parts->recipe = *std::move(recipe);
        auto oids = read_oid_plugin(*mapping, parts->plugin);
        if (!oids) return std::unexpected(oids.error());
        parts->oids = *std::move(oids);
    }
    if (auto read = read_graphs(*mapping, *parts); !read) return std::unexpected(read.error());
    const auto groups = mapping->sequence("groups");
    if (!groups) return std::unexpected(groups.error());
    for (const YamlNode& node : **groups) {
        auto group = read_group(node, *parts);
        if (!group) return std::unexpected(group.error());
        parts->groups.push_back(*std::move(group));
    }
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return parts;
}

}  // namespace kurabe::server
