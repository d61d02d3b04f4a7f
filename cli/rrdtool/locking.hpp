// How a command of rrdtool waits for the lock of a file: the value of --locking.
// Rule: rrdupdate(1) of rrdtool 1.9, which waits for no one unless told to.
#pragma once

#include <string_view>

#include "store/result.hpp"
#include "store/rrd/file_lock.hpp"

namespace kurabe::cli::rrdtool {

// "try" fails at once, "block" waits for ever, "none" takes no lock; "" is the usual wait.
[[nodiscard]] Result<store::rrd::LockWait> parse_locking(std::string_view text);

}  // namespace kurabe::cli::rrdtool
