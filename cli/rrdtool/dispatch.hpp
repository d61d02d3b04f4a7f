// The table of commands.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cli/rrdtool/commands.hpp"

namespace kurabe::cli::rrdtool {

// Those of kServer are kurabe's own, not rrdtool's.
enum class Group : std::uint8_t { kFiles, kGraphs, kServer };
// What FILE can be; as rrdtool always a file.
enum class FileArgument : std::uint8_t { kFile, kFileOrSeries };

struct Command {
    std::string_view name;
    std::string_view summary;
    // None: only the whole program has it (whole_program.hpp).
    Result<void> (*run)(Words arguments, Session& session);
    std::string_view usage;  // its arguments; further lines begin with a tab
    Group group = Group::kFiles;
    FileArgument file = FileArgument::kFile;
};

[[nodiscard]] std::span<const Command> commands() noexcept;

// Nothing for an unknown name.
[[nodiscard]] const Command* find_command(std::string_view name) noexcept;

}  // namespace kurabe::cli::rrdtool
