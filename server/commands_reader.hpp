// `commands:` of the configuration: the programs that a roll's lines `exec:NAME` run.
// Rule: docs/collectors.md, "Programs". Only the configuration names programs.
#pragma once

#include <map>
#include <string>

#include "collectors/exec/command.hpp"
#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kCommandsMax = 1000;

using Commands = std::map<std::string, collectors::exec::Command, std::less<>>;

// `node` may be null: none.
[[nodiscard]] Result<Commands> read_commands(const YamlNode* node);

}  // namespace kurabe::server
