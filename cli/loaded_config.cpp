// Reads the configuration and its plugins.
#include "cli/loaded_config.hpp"

#include <set>
#include <string>
#include <utility>

#include "server/line_check.hpp"

namespace kurabe::cli {
namespace {

// A directory changes when files come and go, a file when it is written.
void add_with_entries(const std::filesystem::path& directory,
                      std::set<std::filesystem::path>& sources) {
    sources.insert(directory);
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        if (sources.size() >= kSourcesMax) return;
        sources.insert(entries->path());
    }
}

}  // namespace

Result<LoadedConfig> load_config(const std::filesystem::path& file) {
    auto config =
        file.empty() ? Result<server::Config>(server::Config()) : server::load_config(file);
    if (!config) return fail(ErrorCode::kInvalid, config.error().message);
    auto plugins = server::PluginCatalogue::load(config->plugin_dirs);
    if (!plugins) return fail(ErrorCode::kInvalid, plugins.error().message);
    for (std::string& wrong : server::wrong_lines(*config, *plugins)) {
        config->warnings.push_back(std::move(wrong));
    }
    return LoadedConfig{*std::move(config), *std::move(plugins)};
}

std::vector<std::filesystem::path> sources_of(const LoadedConfig& loaded) {
    std::set<std::filesystem::path> sources{loaded.config.file};
    add_with_entries(loaded.config.rolls_dir, sources);
    for (const std::filesystem::path& directory : loaded.config.plugin_dirs) {
        for (const char* const part : {".", "fetch", "view"}) {
            add_with_entries((directory / part).lexically_normal(), sources);
        }
    }
    if (const auto& tls = loaded.config.serving.tls) {
        sources.insert({tls->certificate, tls->key});
    }
    return {sources.begin(), sources.end()};
}

}  // namespace kurabe::cli
