// The options of commands that log in over SSH, as the collectors take them.
#pragma once

#include "cli/environment.hpp"
#include "collectors/ssh/settings.hpp"

namespace kurabe::cli {

// `Command` has the members `identity`, `known_hosts` and `config`. The deadline is left to the
// caller.
template <typename Command>
[[nodiscard]] collectors::ssh::Settings ssh_settings(const Command& command,
                                                     const Environment& environment) {
    return {.identity = command.identity,
            .credentials = environment.credentials,
            .known_hosts = command.known_hosts,
            .config = command.config};
}

}  // namespace kurabe::cli
