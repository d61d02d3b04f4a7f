// Queries to a MySQL or MariaDB server. The one wrapper of libmariadb. Blocks its thread, but never
// beyond the deadline and not long after a stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "collectors/fetch/answer.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

struct MysqlLogin {
    std::string address;  // numeric
    std::uint16_t port = 0;
    std::string user;
    std::string password;
};

// One answer for each item of `queries`, which are alternatives: the first that the server
// understands. An answer's text has the cells of a row between tabs, one row per line; NULL is
// "NULL". Without a connection all are the same error; no message has the password.
[[nodiscard]] std::vector<Result<Answer>> query_mysql(
    const MysqlLogin& login, std::span<const std::vector<std::string>> queries,
    std::chrono::steady_clock::time_point deadline, const std::stop_token& stop);

}  // namespace kurabe::collectors::fetch
