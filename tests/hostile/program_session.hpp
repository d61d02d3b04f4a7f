// rrdtool's commands of this program, run in this process with their output thrown away.
#pragma once

#include <string>
#include <vector>

namespace kurabe::tests {

// words[0] is the command's name. Unknown commands do nothing.
void run_quietly(const std::vector<std::string>& words);

}  // namespace kurabe::tests
