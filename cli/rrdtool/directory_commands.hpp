// The commands that only a pipe has: its place in the file system.
// Rule: rrdtool(1), "REMOTE CONTROL"; texts measured on rrdtool 1.7.2.
#pragma once

#include <string_view>

#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// cd DIR, ls, mkdir DIR, pwd.
[[nodiscard]] bool is_directory_command(std::string_view name) noexcept;

// `words` begin with such a command.
[[nodiscard]] Result<void> run_directory_command(Words words, Session& session);

// The directory that relative names start from, from now on.
[[nodiscard]] Result<void> change_directory(const std::string& directory);

}  // namespace kurabe::cli::rrdtool
