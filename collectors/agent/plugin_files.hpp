// Which commands an agent runs: the *.toml files of its conf-d, as Kurado's agent has them. The one
// wrapper of toml++.
// Rule: docs/collectors.md, "Plugins of the agent"; Kurado's agent.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace kurabe::collectors::agent {

inline constexpr std::size_t kPluginFilesMax = 1'000;
inline constexpr std::size_t kPluginFileBytesMax = 64 << 10;
inline constexpr std::size_t kPluginsMax = 1'000;
inline constexpr std::size_t kCommandBytesMax = 16 << 10;

// [plugin.metrics.NAME] command = "..."
struct Plugin {
    std::string name;
    std::string command;
};

struct PluginFiles {
    std::vector<Plugin> plugins;          // by file, then as they stand in it
    std::vector<std::string> complaints;  // "FILE: what is wrong", one line each
};

// Whatever is wrong is left out and harms nothing else. So is a file that is none to be trusted
// (check_trusted_file), because its commands would run as this user.
[[nodiscard]] PluginFiles read_plugin_files(const std::filesystem::path& directory);

}  // namespace kurabe::collectors::agent
