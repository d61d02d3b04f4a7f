// The one command that is run on a host watched over SSH. It only reads, starts five small programs
// and needs what every Linux has: sh, head, grep and df (also busybox's).
// What it prints is our own, and read by capture.hpp:
//
//     kurabe-base 1              the begin mark; whatever a login shell printed before does not
//     count
//     ==> /proc/loadavg <==      each part begins as head(1) begins one of several files
//     0.42 1.05 12.10 2/345 6789
//     ==> /proc/mounts <==       only mounts of devices, the first of each
//     ==> df <==                 df -P -k of these mounts: network file systems are never asked
//     kurabe-end
#pragma once

#include <string>
#include <string_view>

namespace kurabe::collectors::ssh {

inline constexpr std::string_view kBeginMark = "kurabe-base ";  // then the version
inline constexpr std::string_view kCommandVersion = "1";
inline constexpr std::string_view kEndMark = "kurabe-end";
inline constexpr std::string_view kUsePart = "df";

// For any login shell: one line, `sh -c '...'`, without what csh or fish treat specially.
[[nodiscard]] std::string_view remote_command();

// What stands before a public key in authorized_keys(5) so that the key can do nothing else. In one
// line without its end.
[[nodiscard]] std::string forced_command_options();

}  // namespace kurabe::collectors::ssh
