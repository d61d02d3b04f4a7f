// Reads the configuration and its plugins.
#include "cli/loaded_config.hpp"

#include <set>
#include <string>
#include <utility>

#include "server/config_places.hpp"
#include "server/line_check.hpp"

namespace kurabe::cli {
namespace {

void add_with_entries(const std::filesystem::path& directory,
                      std::set<std::filesystem::path>& sources) {
    sources.insert(directory);
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        if (sources.size() >= kSourcesMax) return;
        if (is_source(entries->path())) sources.insert(entries->path());
    }
}

// Ours, and Kurado's scripts, which have folders of their own.
void add_plugins(const std::filesystem::path& directory, std::set<std::filesystem::path>& sources) {
    for (const char* const part : {".", "fetch", "view"}) {
        add_with_entries((directory / part).lexically_normal(), sources);
    }
}

void add_rolls(const server::Config& config, std::set<std::filesystem::path>& sources) {
    for (const auto& [address, place] : config.hosts) sources.insert(place.host->roll->path);
}

}  // namespace

// What editors put beside a file, and whatever else lies there, is not read.
bool is_source(const std::filesystem::path& path) {
    const std::filesystem::path extension = path.extension();
    return (extension == ".yml" || extension == ".yaml" || extension == ".pl") &&
           !path.filename().native().starts_with('.');
}

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
    add_rolls(loaded.config, sources);
    for (const std::filesystem::path& directory : loaded.config.plugin_dirs) {
        add_plugins(directory, sources);
    }
    if (const auto& tls = loaded.config.serving.tls) {
        sources.insert({tls->certificate, tls->key});
    }
    return {sources.begin(), sources.end()};
}

std::vector<std::filesystem::path> sources_after_failure(const LoadedConfig& followed,
                                                         const std::filesystem::path& file,
                                                         const std::filesystem::path& data) {
    const std::vector<std::filesystem::path> known = sources_of(followed);
    std::set<std::filesystem::path> sources(known.begin(), known.end());
    sources.insert({server::AccessConfig().tokens_file(data), server::signing_keys_file(data)});
    for (const std::filesystem::path& place : server::places_named_by(file)) {
        sources.insert(place);
        add_plugins(place, sources);
    }
    return {sources.begin(), sources.end()};
}

}  // namespace kurabe::cli
