// Reads the documents behind the first of Kurado's configuration: services, their sections and
// hosts, and the rolls that these have. Rule: docs/operations.md.
#pragma once

#include <filesystem>
#include <span>

#include "server/config.hpp"
#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// Appends them to `config`, which has document 1 already, in the order of the file; what is
// accepted but odd is appended to its warnings. kInvalid, kNotFound and kLimit as load_config().
[[nodiscard]] Result<void> read_services(std::span<const YamlNode> documents,
                                         const std::filesystem::path& rolls_dir, Config& config);

}  // namespace kurabe::server
