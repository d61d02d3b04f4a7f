// Which of Kurado's Perl scripts belong to a plugin: fetch/NAME.pl and view/NAME.pl of a directory
// of `metrics_plugin_dir`. Rule: docs/plugins.md, "Kurado's scripts".
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/kurado/script_runner.hpp"

namespace kurabe::server {

// Those of the first directory that has each, with the `lib` directories that have
// Kurado/Plugin.pm, in or beside a directory. None when there is neither, and for a name that is
// none of a file.
[[nodiscard]] std::optional<collectors::kurado::Scripts> find_scripts(
    const std::vector<std::filesystem::path>& directories, std::string_view name);

}  // namespace kurabe::server
