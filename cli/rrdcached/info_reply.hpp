// The header of a file out of the reply to INFO.
// Rule: rrdcached(1), INFO; the lines are measured on rrdcached 1.7.2.
#pragma once

#include <cstdint>
#include <string>

#include "cli/rrdcached/reply.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

// Reads all `count` lines; returns those that `info` prints. kInvalid for what is no such reply.
[[nodiscard]] Result<std::string> read_info_reply(ReplyLines& lines, std::int64_t count);

}  // namespace kurabe::cli::rrdcached
