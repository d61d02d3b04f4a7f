// What a program or a peer says about its graphs, as the text of a plugin file: how a host tells
// its pages. Form: docs/plugins.md, "Definitions that hosts tell"; JSON on one line, which is YAML.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::collectors {

// The meta whose value is such a text; "definition.NAME" is one more of the same plugin.
inline constexpr std::string_view kDefinitionMeta = "definition";
inline constexpr std::size_t kDefinitionBytesMax = 256 << 10;  // longer ones are not kept

[[nodiscard]] bool is_definition_meta(std::string_view key) noexcept;

struct PageGraph {
    std::string key;
    std::string label = {};               // of the value axis
    std::vector<std::string> lines = {};  // arguments of the graph language
    std::optional<double> lower = {};     // none: as the data has it
    std::optional<double> upper = {};
    int base = 1000;
    bool rigid = false;
    bool logarithmic = false;
};

// Shows a meta beside a group's label, under a name.
struct PageBadge {
    std::string meta;
    std::string name;
};

struct PageGroup {
    std::string label;
    std::vector<std::string> graphs;  // keys
    std::vector<PageBadge> badges = {};
};

struct PluginPages {
    std::string plugin;
    std::vector<PageGroup> groups;
    std::vector<PageGraph> graphs;
};

// Texts may come from anywhere: none becomes a placeholder, control bytes become blanks and what is
// not UTF-8 '?'. Lines have to be statements of the graph language, whose texts are the caller's to
// escape.
[[nodiscard]] std::string plugin_text(const PluginPages& pages);

// The same of as many of the first groups, and the graphs in them, as fit into kDefinitionBytesMax.
struct CutPluginText {
    std::string text;
    std::size_t groups_left_out = 0;
};
[[nodiscard]] CutPluginText cut_plugin_text(PluginPages pages);

// Whether a line begins as a statement of the graph language does: "LINE1:..." is one of
// rrdgraph_graph(1) or rrdgraph_data(1), "LINES:..." is none.
[[nodiscard]] bool is_graph_statement(std::string_view line) noexcept;

// `text` as a text of the graph language: ':' and what could be an escape are taken care of.
// With `is_format`, as in GPRINT, '%' is, too.
[[nodiscard]] std::string graph_text(std::string_view text, bool is_format = false);

// Of UTF-8, for labels that stand above each other; other bytes count as one each.
[[nodiscard]] std::size_t characters_of(std::string_view text) noexcept;

}  // namespace kurabe::collectors
