// Rows of a file out of the reply to FETCH.
// Rule: rrdcached(1), FETCH; the lines are measured on rrdcached 1.7.2. Numbers are read as rrdtool
// reads them, which is not always the nearest double (store/number.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/rrdcached/reply.hpp"
#include "store/result.hpp"
#include "store/rrd/fetch.hpp"

namespace kurabe::cli::rrdcached {

// Rows of all data sources of a file.
struct NamedRows {
    std::vector<std::string> names;
    store::rrd::FetchedRows rows;
};

// Reads all `count` lines. kInvalid for what is no such reply, kLimit for too many values.
[[nodiscard]] Result<NamedRows> read_fetch_reply(ReplyLines& lines, std::int64_t count);

}  // namespace kurabe::cli::rrdcached
