// The plugins that commands know: the built-in ones or, with a server's configuration, that
// server's, and what the configuration tells them.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collectors/fetch/fetch.hpp"
#include "server/config.hpp"
#include "server/plugin_definition.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

struct LoadedPlugins {
    std::optional<server::Config> config;
    server::PluginCatalogue catalogue;

    [[nodiscard]] static Result<LoadedPlugins> load(
        const std::optional<std::filesystem::path>& config);

    // What metrics_config tells plugins of a host: that of its roll, or the main one.
    [[nodiscard]] collectors::fetch::MetricsConfig metrics_config(std::string_view host) const;

    // kNotFound without a plugin of the line's name, kInvalid when it is not fetched.
    [[nodiscard]] Result<const server::PluginDefinition*> find_fetched(
        const server::PluginLine& line) const;

    // What is fetched for a line of a host. `definition` as found for it.
    [[nodiscard]] collectors::fetch::Target target(const server::PluginDefinition& definition,
                                                   const server::PluginLine& line,
                                                   std::string host) const;
};

}  // namespace kurabe::cli
