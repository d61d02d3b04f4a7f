// What nginx needs to run as an ordinary process in a directory of its own.
#pragma once

#include <filesystem>
#include <string>

namespace kurabe::tests {

inline constexpr const char* kNginx = "/usr/sbin/nginx";

// The whole of a configuration, with `servers` in its block `http`. Everything that nginx writes
// goes into `directory`.
[[nodiscard]] std::string nginx_configuration(const std::filesystem::path& directory,
                                              const std::string& servers);

}  // namespace kurabe::tests
