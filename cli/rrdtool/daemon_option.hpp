// --daemon, RRDCACHED_ADDRESS and RRDCACHED_STRIPPATH: whether a command asks rrdcached, and which.
// Rule: the manual page of each command; what each asks is measured on rrdtool 1.7.2. A daemon that
// does not answer is an error: what it holds back would be missing.
#pragma once

#include <string_view>

#include "cli/rrdcached/daemon.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

inline constexpr OptionSpec kDaemonOption{'d', "daemon", true};

// What the option or, without it, the environment names; empty: none.
[[nodiscard]] std::string_view daemon_address(const ParsedArguments& parsed,
                                              const Session& session);
[[nodiscard]] rrdcached::Place daemon_place(std::string_view address, const Session& session);

// Null without an address. Valid until the next call in this session. The first thing with an
// effect that a command does: the small image may become the whole program here.
[[nodiscard]] Result<rrdcached::Daemon*> find_daemon(std::string_view address, Session& session);
// The one that the arguments name for a file; null also for a series of the store: that is no
// daemon's.
[[nodiscard]] Result<rrdcached::Daemon*> find_daemon_of(std::string_view file,
                                                        const ParsedArguments& parsed,
                                                        Session& session);

// For commands that read the file itself: has the daemon, if there is one, write what it holds
// back.
[[nodiscard]] Result<void> flush_by_daemon(std::string_view file, const ParsedArguments& parsed,
                                           Session& session);

}  // namespace kurabe::cli::rrdtool
