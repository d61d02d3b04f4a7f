// rrdtool's commands of this program, run in this process with their output thrown away.
#pragma once

#include <string>
#include <vector>

#include "store/result.hpp"

namespace kurabe::tests {

// words[0] is the command's name, `input` what comes on standard input. Throws when there is no
// such command, because a test with a wrong name would test nothing.
Result<void> run_quietly(const std::vector<std::string>& words, std::string input = {});

}  // namespace kurabe::tests
