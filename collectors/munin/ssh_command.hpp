// What a host is asked to run that speaks for a munin-node over SSH.
// Rule: Munin's guide, "Asynchronous proxy node" and "Examples for ssh transport".
#pragma once

#include <cstddef>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::collectors::munin {

// Where Munin's packages have it.
inline constexpr std::string_view kUsualSshCommand = "/usr/share/munin/munin-async --spoolfetch";
inline constexpr std::size_t kSshCommandBytesMax = 1000;

// kInvalid for what is no line of a shell, or too long.
[[nodiscard]] Result<void> check_ssh_command(std::string_view command);

}  // namespace kurabe::collectors::munin
