// Loads plugins for commands.
#include "cli/loaded_plugins.hpp"

#include <utility>

#include <fmt/format.h>

namespace kurabe::cli {

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
