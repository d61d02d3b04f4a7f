// Loads plugins for commands.
#include "cli/loaded_plugins.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "server/collected_line.hpp"

namespace kurabe::cli {
namespace {

// Lines that say how hosts are watched are tried in other ways: how, or none for others.
std::string_view way_to_try(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kWays{
        {{"ssh", "kurabe collect ssh --once HOST"},
         {"snmp", "kurabe collect snmp --once --credentials FILE HOST"},
         {"munin", "kurabe collect munin --once HOST"},
         {server::kExecLine, "kurabe plugin test exec:NAME HOST --config FILE"}}};
    const auto* const found =
        std::ranges::find(kWays, name, [](const auto& way) { return way.first; });
    return found == kWays.end() ? std::string_view() : found->second;
}

}  // namespace

Result<LoadedPlugins> LoadedPlugins::load(const std::optional<std::filesystem::path>& config) {
    LoadedPlugins loaded;
    if (config) {
        auto read = server::load_config(*config);
        if (!read) return std::unexpected(read.error());
        loaded.config = *std::move(read);
    }
    auto catalogue = server::PluginCatalogue::load(
        loaded.config ? loaded.config->plugin_dirs : std::vector<std::filesystem::path>{});
    if (!catalogue) return std::unexpected(catalogue.error());
    loaded.catalogue = *std::move(catalogue);
    return loaded;
}

collectors::fetch::MetricsConfig LoadedPlugins::metrics_config(std::string_view host) const {
    if (!config) return {};
    const auto place = config->hosts.find(host);
    if (place == config->hosts.end()) return config->metrics_config;
    return place->second.host->roll->metrics_config;
}

Result<const server::PluginDefinition*> LoadedPlugins::find_fetched(
    const server::PluginLine& line) const {
    const server::PluginDefinition* const definition = catalogue.find(line.name);
    if (const std::string_view way = way_to_try(line.name); !way.empty()) {
        return fail(
            ErrorCode::kInvalid,
            fmt::format("'{}' is no plugin that is fetched; try it by '{}'", line.name, way));
    }
    if (definition == nullptr) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("no plugin '{}'; 'kurabe plugin list' names all", line.name));
    }
    if (definition->recipe() == nullptr) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("plugin '{}' is not fetched: hosts push it", line.name));
    }
    return definition;
}

collectors::fetch::Target LoadedPlugins::target(const server::PluginDefinition& definition,
                                                const server::PluginLine& line,
                                                std::string host) const {
    const auto settings = metrics_config(host);
    return collectors::fetch::Target::of(std::move(host), line.identifier(), definition.recipe(),
                                         line.arguments, settings);
}

}  // namespace kurabe::cli
