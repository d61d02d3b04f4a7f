// Looks for scripts.
#include "server/kurado_scripts.hpp"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "collectors/host_port.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

// Names become paths here: nothing but letters, digits and "._-" does.
bool may_be_a_file(std::string_view name) {
    return !name.empty() && !name.starts_with('.') && collectors::consists_of(name, "._-");
}

}  // namespace

std::optional<collectors::kurado::Scripts> find_scripts(const std::vector<fs::path>& directories,
                                                        std::string_view name) {
    if (!may_be_a_file(name)) return std::nullopt;
    const std::string file = fmt::format("{}.pl", name);
    collectors::kurado::Scripts scripts;
    for (const fs::path& directory : directories) {
        if (!scripts.fetch && is_file(directory / "fetch" / file)) {
            scripts.fetch = directory / "fetch" / file;
        }
        if (!scripts.view && is_file(directory / "view" / file)) {
            scripts.view = directory / "view" / file;
        }
        for (const fs::path& library : {directory / "lib", directory.parent_path() / "lib"}) {
            if (is_file(library / "Kurado" / "Plugin.pm")) scripts.libraries.push_back(library);
        }
    }
    if (!scripts.fetch && !scripts.view) return std::nullopt;
    return scripts;
}

}  // namespace kurabe::server
