// One process, no daemon.
#include "tests/support/nginx.hpp"

#include <fmt/format.h>

namespace kurabe::tests {

std::string nginx_configuration(const std::filesystem::path& directory,
                                const std::string& servers) {
    const std::string path = directory.string();
    std::string text = fmt::format(
        "daemon off;\nmaster_process off;\npid {0}/pid;\nerror_log {0}/log;\n"
        "events {{ worker_connections 4096; }}\nhttp {{\naccess_log off;\n",
        path);
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
        text += fmt::format("{}_temp_path {}/{};\n", kind, path, kind);
    }
    return text + servers + "}\n";
}

}  // namespace kurabe::tests
