// --daemon and RRDCACHED_ADDRESS: rrdtool's way to a daemon that holds updates back. There is none
// here, and reading past a running one would show old values: an address is refused.
#pragma once

#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

inline constexpr OptionSpec kDaemonOption{'d', "daemon", true};

// kUnsupported when the option, or without it the environment, names an address; an empty one means
// none.
[[nodiscard]] Result<void> refuse_daemon(const ParsedArguments& parsed, const Session& session);

}  // namespace kurabe::cli::rrdtool
