// The command as one literal. Within it: no single quote (it is quoted by them), no line end and no
// '!' (csh) and no backslash (fish, authorized_keys, and echo where somebody passes it on).
#include "collectors/ssh/remote_command.hpp"

namespace kurabe::collectors::ssh {
namespace {

// Bounds what one part can become: 1000 mounts, 2000 lines of a file.
constexpr std::string_view kCommand =
    "sh -c '"
    "LC_ALL=C; export LC_ALL; echo \"kurabe-base 1\"; "
    // Of these the first line is all that is read; /proc/stat goes on for kilobytes.
    "head -n 1 /proc/stat /proc/loadavg /proc/uptime /proc/version"
    " /sys/block/*/stat /sys/block/*/dm/name 2>/dev/null; echo; "
    "head -n 1 /sys/class/net/*/flags /sys/class/net/*/ifindex /sys/class/net/*/iflink"
    " 2>/dev/null; echo; "
    "head -n 2000 /proc/meminfo /proc/net/snmp /proc/net/dev /proc/swaps 2>/dev/null; echo; "
    // Only the lines that are counted: the whole is a kilobyte and more per processor.
    "echo \"==> /proc/cpuinfo <==\"; grep \"^processor\" /proc/cpuinfo 2>/dev/null; "
    "echo \"==> /proc/mounts <==\"; s=\" \"; set --; "
    "while read -r d p r && [ $# -lt 1000 ]; do "
    "case $d in /dev/fuse) continue;; /dev/*) ;; *) continue;; esac; "
    "case $s in *\" $d \"*) continue;; esac; "
    "s=\"$s$d \"; printf \"%s %s\" \"$d\" \"$p\"; echo; "
    // Blanks, tabs, line ends and backslashes are written as \040 and so on.
    "case $p in *011*|*012*|*040*|*134*) p=$(printf %b \"$p\");; esac; "
    "set -- \"$@\" \"$p\"; "
    "done </proc/mounts; "
    "echo \"==> df <==\"; [ $# -gt 0 ] && df -P -k -- \"$@\" 2>/dev/null; "
    "echo \"kurabe-end\"'";

}  // namespace

std::string_view remote_command() {
    return kCommand;
}

std::string forced_command_options() {
    std::string options = "restrict,command=\"";
    for (const char byte : kCommand) {
        if (byte == '"') options += '\\';
        options += byte;
    }
    return options + '"';
}

}  // namespace kurabe::collectors::ssh
