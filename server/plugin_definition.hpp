// A plugin's pages: which groups of graphs a host has, and how each graph is drawn.
// One YAML file per plugin; format: docs/plugins.md. Built-in ones are compiled into the binary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/fetch/recipe.hpp"
#include "collectors/snmp/oid_plugin.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kPluginFileBytesMax = 1 << 20;
inline constexpr std::size_t kGroupItemsMax = 1000;  // of one list of the meta; more are not shown
// Of a host's words only: nodes of its YAML, and what a placeholder becomes, which is cut there.
inline constexpr std::size_t kToldNodesMax = 50'000;
inline constexpr std::size_t kToldValueBytesMax = 256;

// Meta of one (host, plugin): key -> text.
using MetaMap = std::map<std::string, std::string, std::less<>>;

// A badge beside a group's label.
struct Badge {
    std::string key;
    std::string value;
};

// A group of graphs as one host shows it: placeholders filled, lists expanded.
struct GraphGroup {
    std::string label;  // may be empty
    std::vector<Badge> badges;
    std::vector<std::string> graphs;  // graph keys, such as "traffic-eth0"
};

// The value axis of a graph; as it is here, Kurado's.
struct GraphScale {
    int base = 1000;                  // of the units' steps; or 1024
    std::optional<double> lower = 0;  // ends that it has at least; none: those of the data
    std::optional<double> upper = 2;
    bool rigid = false;  // it has no others
    bool logarithmic = false;
};

// What is left of what a page may show. Filling groups takes from it and ends where nothing is
// left.
struct PageBudget {
    std::size_t groups;
    std::size_t graphs;
    std::size_t bytes;  // of labels, badges and keys of graphs
    bool is_exceeded = false;

    // Whether there is one more; else nothing else fits either.
    [[nodiscard]] bool take(std::size_t PageBudget::* what, std::size_t amount = 1) noexcept {
        is_exceeded = is_exceeded || this->*what < amount;
        if (!is_exceeded) this->*what -= amount;
        return !is_exceeded;
    }
};

// One graph ready for render::parse_graph, but for times, size and theme.
struct GraphTemplate {
    std::string vertical_label;
    std::vector<std::string> arguments;  // "DEF:in=traffic-eth0-rxbytes.derive:n:AVERAGE", ...
    GraphScale scale = {};
};

// Whose words a definition is. A host's has groups and graphs and nothing that reads the
// configuration, connects or runs something.
enum class PluginAuthor : std::uint8_t { kOperator, kHost };

class PluginDefinition {
  public:
    // `name` for messages. Errors read "NAME:LINE: ...".
    [[nodiscard]] static Result<PluginDefinition> parse(
        std::string_view yaml, std::string_view name,
        PluginAuthor author = PluginAuthor::kOperator);

    // The plugin that the file says it defines.
    [[nodiscard]] const std::string& plugin() const noexcept;

    // Whether it says what pages show; otherwise that is left to what hosts tell.
    [[nodiscard]] bool has_graphs() const noexcept;

    // What a plugin line may give, in its order.
    [[nodiscard]] const std::vector<collectors::fetch::ArgumentRule>& arguments() const noexcept;

    // How it is fetched; null when hosts push it.
    [[nodiscard]] const std::shared_ptr<const collectors::fetch::Recipe>& recipe() const noexcept;

    // What of it devices are asked for by SNMP; null when nothing.
    [[nodiscard]] const std::shared_ptr<const collectors::snmp::OidPlugin>& oids() const noexcept;

    // The groups of a host with this meta, in page order; `arguments` by name, for labels. A group
    // over a missing list becomes one group without graphs and with the badge warn="no ..." of the
    // definition. What is over `budget`, if there is one, is not made.
    [[nodiscard]] std::vector<GraphGroup> groups(
        const MetaMap& meta, const collectors::fetch::ArgumentValues& arguments = {},
        PageBudget* budget = nullptr) const;

    // The graph of a key, also of a device that the meta no longer lists. kNotFound otherwise.
    [[nodiscard]] Result<GraphTemplate> graph(std::string_view key, const MetaMap& meta) const;

    PluginDefinition(PluginDefinition&&) noexcept;
    PluginDefinition& operator=(PluginDefinition&&) noexcept;
    ~PluginDefinition();

    struct Parts;  // server/plugin_parts.hpp

  private:
    explicit PluginDefinition(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

// All definitions by plugin name: NAME.yml of the first directory that has it, else the built-in.
class PluginCatalogue {
  public:
    // Reads every *.yml of the directories; missing directories are passed over.
    [[nodiscard]] static Result<PluginCatalogue> load(
        const std::vector<std::filesystem::path>& directories);

    // Whether load() of these directories would find a definition of this name.
    [[nodiscard]] static bool exists(const std::vector<std::filesystem::path>& directories,
                                     std::string_view name);

    // In order of their names.
    [[nodiscard]] const std::map<std::string, PluginDefinition, std::less<>>& all() const noexcept {
        return definitions_;
    }
    // Null when no such plugin is known. Valid as long as the catalogue.
    [[nodiscard]] const PluginDefinition* find(std::string_view name) const;

  private:
    std::map<std::string, PluginDefinition, std::less<>> definitions_;
};

}  // namespace kurabe::server
