// Pages of plugins that have no file: as the host itself told them, in meta `definition` and
// `definition.NAME`. Form and limits: docs/plugins.md, "Definitions that hosts tell".
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/plugin_definition.hpp"
#include "store/guarded.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// Of one plugin of one host.
inline constexpr std::size_t kToldGraphsMax = 2000;
inline constexpr std::size_t kToldGroupsMax = 2000;
inline constexpr std::size_t kToldPageBytesMax = 4 << 20;  // of labels, badges and keys
inline constexpr std::size_t kToldTextsMax = 1000;         // meta `definition.*` that are read

struct ToldPages {
    std::vector<GraphGroup> groups;  // in order of the definitions' keys
    // Key of a definition that cannot be read, or not as a whole, and why.
    std::vector<std::pair<std::string, std::string>> mistakes;
};

// Parses each text once. Thread-safe.
class ToldDefinitions {
  public:
    // Forgets everything when it is full.
    static constexpr std::size_t kTextBytesMax = 8 << 20;
    static constexpr std::size_t kTextsMax = 20000;

    [[nodiscard]] static bool any(const MetaMap& meta);
    [[nodiscard]] ToldPages pages(const MetaMap& meta);
    // The first definition that has the key; kNotFound otherwise.
    [[nodiscard]] Result<GraphTemplate> graph(std::string_view key, const MetaMap& meta);

  private:
    using Parsed = std::shared_ptr<const Result<PluginDefinition>>;
    struct Known {
        std::map<std::string, Parsed, std::less<>> texts;
        std::size_t bytes = 0;
    };

    [[nodiscard]] Parsed parsed(const std::string& text);

    store::Guarded<Known> known_;
};

}  // namespace kurabe::server
