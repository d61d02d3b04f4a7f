// What a command or a configuration says of logging in over SSH, as the collectors take it.
#pragma once

#include "cli/environment.hpp"
#include "collectors/ssh/settings.hpp"

namespace kurabe::cli {

// `Given` has the members `identity`, `known_hosts` and `config`. The deadline is left to the
// caller.
template <typename Given>
[[nodiscard]] collectors::ssh::Settings ssh_settings(const Given& given,
                                                     const Environment& environment) {
    return {.identity = given.identity,
            .credentials = environment.credentials,
            .known_hosts = given.known_hosts,
            .config = given.config};
}

}  // namespace kurabe::cli
