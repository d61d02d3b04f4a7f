// What is printed about the program instead of doing something, in the manner it was called.
#pragma once

#include <string>

#include "cli/rrdtool/dispatch.hpp"
#include "cli/rrdtool/session.hpp"

namespace kurabe::cli::rrdtool {

// "kurabe 0.1.0", or, because scripts look for it, "RRDtool 1.7.2" and then what it is; one line.
[[nodiscard]] std::string version_line(CalledAs called_as);

// All commands.
[[nodiscard]] std::string overview(const Session& session);

// The arguments of one command.
[[nodiscard]] std::string usage_of(const Command& command, CalledAs called_as);

}  // namespace kurabe::cli::rrdtool
