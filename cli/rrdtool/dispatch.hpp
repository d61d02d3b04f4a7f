// Finds rrdtool's commands by name.
#pragma once

#include <string_view>

#include "cli/rrdtool/commands.hpp"

namespace kurabe::cli::rrdtool {

struct Command {
    std::string_view name;
    Result<void> (*run)(Words arguments, Session& session);
    std::string_view usage;  // printed instead when there are no arguments
};

// Nothing for an unknown name.
[[nodiscard]] const Command* find_command(std::string_view name) noexcept;

}  // namespace kurabe::cli::rrdtool
