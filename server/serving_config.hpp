// How the pages are served: `tls` and `access_log` of the configuration.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::string_view kStandardOutput = "-";  // as an access log

struct TlsFiles {
    std::filesystem::path certificate;  // PEM: the server's, then those between it and the root
    std::filesystem::path key;          // PEM, and nobody else's to read
};

struct ServingConfig {
    std::optional<TlsFiles> tls = {};
    std::optional<std::filesystem::path> access_log = {};  // a file, or kStandardOutput
};

using ResolvePath = std::function<std::filesystem::path(std::string_view)>;

// Of the mapping that has the keys. Unknown keys become warnings.
[[nodiscard]] Result<ServingConfig> read_serving_config(YamlMapping& config,
                                                        const ResolvePath& resolve,
                                                        std::vector<std::string>& warnings);

}  // namespace kurabe::server
