// rrdtool's commands of this program, run in this process with their output thrown away.
#pragma once

#include <string>
#include <vector>

namespace kurabe::tests {

// words[0] is the command's name. Whether it succeeded; throws when there is no such command,
// because a test with a wrong name would test nothing.
bool run_quietly(const std::vector<std::string>& words);

}  // namespace kurabe::tests
