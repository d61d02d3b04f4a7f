// Lines of a roll whose plugin the server itself collects, other than `base`: what their arguments
// mean. Rule: docs/collectors.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/config.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// "exec:NAME[:ARGUMENT...]": a command of the configuration.
inline constexpr std::string_view kExecLine = "exec";

// Whether a line of this name is collected here, so that its hosts tell its graphs.
[[nodiscard]] bool is_collected(std::string_view name) noexcept;

// "munin[:PORT[:SERVICE]]", or "munin:ssh[:USER@[:PORT[:SERVICE]]]"
struct MuninLine {
    std::uint16_t port = 0;                   // of the node, unless over SSH
    std::optional<std::string> ssh_way = {};  // "[USER@][:PORT]" of the SSH server; none: over TCP
    std::string service = {};                 // empty: all
};
// kInvalid says what is wrong and what would be right.
[[nodiscard]] Result<MuninLine> parse_munin_line(const PluginLine& line);

// Nothing for lines of other names.
[[nodiscard]] Result<void> check_collected(const PluginLine& line);

}  // namespace kurabe::server
