// Runs a program of this machine for what it prints: without a shell, in an environment and a
// process group of its own, which has ended when this returns. Blocks its thread until then.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "collectors/fetch/answer.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

// `command`: an absolute path and arguments. kInvalid when it cannot be trusted (see
// check_trusted_file) or says it failed, kLimit for more than kAnswerBytesMax or when it does not
// end in time, kSystem when it does not start.
[[nodiscard]] Result<Answer> ask_program(const std::vector<std::string>& command,
                                         std::chrono::steady_clock::time_point deadline,
                                         const std::stop_token& stop);

}  // namespace kurabe::collectors::fetch
