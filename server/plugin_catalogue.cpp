// Finds plugin definitions: those of the user's directories first, then the built-in ones.
#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "embedded_plugins.hpp"
#include "server/plugin_definition.hpp"
#include "server/text_file.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".yml";

std::string_view stem_of(std::string_view file_name) noexcept {
    return file_name.substr(0, file_name.size() - kSuffix.size());
}

Result<PluginDefinition> parse_named(std::string_view yaml, std::string_view file,
                                     std::string_view plugin) {
    auto definition = PluginDefinition::parse(yaml, file);
    if (definition && definition->plugin() != plugin) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}:1:1: defines plugin '{}', but its file is named for '{}'", file,
                                definition->plugin(), plugin));
    }
    return definition;
}

// Not what editors and other systems put beside a file: ".#own.yml", "._own.yml".
bool is_plugin_file(const fs::path& path) {
    return path.native().ends_with(kSuffix) && !path.filename().native().starts_with('.');
}

// The *.yml of a directory in order of name; none when there is no such directory.
Result<std::vector<fs::path>> plugin_files(const fs::path& directory) {
    std::vector<fs::path> files;
    std::error_code error;
    fs::directory_iterator entry(directory, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (is_plugin_file(entry->path())) files.push_back(entry->path());
    }
    const bool missing =
        error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
    if (error && !missing) {
        return fail(ErrorCode::kSystem,
                    fmt::format("{}: cannot be read: {}", directory.native(), error.message()));
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

Result<PluginCatalogue> PluginCatalogue::load(const std::vector<fs::path>& directories) {
    PluginCatalogue catalogue;
    for (const fs::path& directory : directories) {
        const auto files = plugin_files(directory);
        if (!files) return std::unexpected(files.error());
        for (const fs::path& file : *files) {
            const std::string plugin(stem_of(file.filename().native()));
            if (catalogue.definitions_.contains(plugin)) continue;
            const auto yaml = read_text_file(file, kPluginFileBytesMax);
            if (!yaml) return std::unexpected(yaml.error());
            auto definition = parse_named(*yaml, file.native(), plugin);
            if (!definition) return std::unexpected(std::move(definition).error());
            catalogue.definitions_.emplace(plugin, *std::move(definition));
        }
    }
    for (const EmbeddedFile& file : embedded_plugins()) {
        const std::string plugin(stem_of(file.name));
        if (catalogue.definitions_.contains(plugin)) continue;
        auto definition = parse_named(file.bytes, file.name, plugin);
        if (!definition) return std::unexpected(std::move(definition).error());
        catalogue.definitions_.emplace(plugin, *std::move(definition));
    }
    return catalogue;
}

bool PluginCatalogue::exists(const std::vector<fs::path>& directories, std::string_view name) {
    const std::string file_name = fmt::format("{}{}", name, kSuffix);
    const auto holds = [&file_name](const fs::path& directory) {
        std::error_code ignored;
        return fs::is_regular_file(directory / file_name, ignored);
    };
    const auto is_named = [&file_name](const EmbeddedFile& file) { return file.name == file_name; };
    return std::any_of(directories.begin(), directories.end(), holds) ||
           std::any_of(embedded_plugins().begin(), embedded_plugins().end(), is_named);
}

const PluginDefinition* PluginCatalogue::find(std::string_view name) const {
    const auto found = definitions_.find(name);
    return found == definitions_.end() ? nullptr : &found->second;
}

}  // namespace kurabe::server
