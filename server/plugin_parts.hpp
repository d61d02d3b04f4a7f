// A plugin's definition as read: templates still unfilled. Between the reader
// (plugin_reader.cpp) and what answers from it (plugin_definition.cpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/text_template.hpp"
#include "server/plugin_definition.hpp"
#include "server/yaml.hpp"

namespace kurabe::server {

using collectors::TextTemplate;

// `let:`: a placeholder's value by looking at the meta.
struct LetRule {
    enum class Kind { kMeta, kListed };
    std::string name;
    Kind kind = Kind::kMeta;
    TextTemplate key;        // of the meta
    std::string item;        // kListed: the placeholder looked for in the list
    TextTemplate then;       // kListed: the value when the item is in the list
    TextTemplate otherwise;  // the value when it is not, or when there is no such meta
};

// `each:`: one group for every item of a comma-joined list of the meta.
struct EachRule {
    std::string name;
    std::string list_key;
};

struct BadgeRule {
    enum class Shown : std::uint8_t {
        kText,
        kUptime,  // seconds, as "up 3 days,  4:05"
        kBytes,   // as "1.50 MB", of 1024
    };
    std::string key;   // of the meta
    std::string name;  // what it is called on the page
    Shown shown = Shown::kText;
};

struct EmptyRule {
    std::string label;
    std::string warning;
};

// A graph of a group. `when` is the key of a meta without which it is not shown; empty: always.
struct GroupGraphRule {
    TextTemplate key;
    std::string when;
};

struct GroupRule {
    std::string when;  // as of a graph
    TextTemplate label;
    std::optional<EachRule> each;
    std::vector<LetRule> lets;
    std::vector<BadgeRule> badges;
    std::optional<EmptyRule> empty;
    std::vector<GroupGraphRule> graphs;
};

struct GraphRule {
    TextTemplate key;  // at most one placeholder
    TextTemplate label;
    std::vector<LetRule> lets;
    std::vector<TextTemplate> lines;
    GraphScale scale;
};

struct PluginDefinition::Parts {
    std::string plugin;
    std::size_t value_bytes_max = std::string::npos;  // of what a placeholder becomes
    std::vector<collectors::fetch::ArgumentRule> arguments;
    std::shared_ptr<const collectors::fetch::Recipe> recipe;  // null: not fetched
    std::shared_ptr<const collectors::snmp::OidPlugin> oids;  // null: not asked for by SNMP
    std::vector<GroupRule> groups;
    std::vector<GraphRule> graphs;

    struct Match {
        const GraphRule* rule;
        TextTemplate::Values values;  // the item under the placeholder's name, if it has one
    };
    // A key without placeholder wins, else the one with the longest text before it.
    [[nodiscard]] std::optional<Match> match(std::string_view key) const;
};

// `arguments:` of a plugin file.
[[nodiscard]] Result<std::vector<collectors::fetch::ArgumentRule>> read_arguments(
    YamlMapping& plugin);

// `scale:` of a graph.
[[nodiscard]] Result<GraphScale> read_scale(YamlMapping& graph);

// Whether an item of a list may name a device: [A-Za-z0-9_.-]+, which is safe in every place.
[[nodiscard]] bool is_device_name(std::string_view item) noexcept;

// Reads a plugin file; errors read "NAME:LINE: ...".
[[nodiscard]] Result<std::unique_ptr<PluginDefinition::Parts>> read_plugin(std::string_view yaml,
                                                                           std::string_view name,
                                                                           PluginAuthor author);

}  // namespace kurabe::server
