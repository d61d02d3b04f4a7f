// A server's configuration with all that it names, read as a whole: everything that can be wrong is
// found before anything follows it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "server/config.hpp"
#include "server/plugin_definition.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// Immutable once it is loaded.
struct LoadedConfig {
    server::Config config;  // its warnings with those of lines that cannot work
    server::PluginCatalogue plugins;
};

// kInvalid for everything that is wrong in the files, "FILE:LINE:COLUMN: what is wrong". Without a
// file it has no hosts and the built-in plugins.
[[nodiscard]] Result<LoadedConfig> load_config(const std::filesystem::path& file);

inline constexpr std::size_t kSourcesMax = 10'000;

// Whether it can be one of a directory's rolls, plugins or scripts, by its name.
[[nodiscard]] bool is_source(const std::filesystem::path& path);

// What was read, or looked for, and what more of that kind lies there: files and directories,
// sorted.
[[nodiscard]] std::vector<std::filesystem::path> sources_of(const LoadedConfig& loaded);
// The same, what the configuration's file names, which cannot be followed, and the secrets that are
// in the data directory.
[[nodiscard]] std::vector<std::filesystem::path> sources_after_failure(
    const LoadedConfig& followed, const std::filesystem::path& file,
    const std::filesystem::path& data);

}  // namespace kurabe::cli
