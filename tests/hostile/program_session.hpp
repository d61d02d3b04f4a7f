// rrdtool's commands of this program, run in this process with their output thrown away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kurabe::tests {

// Whether the program has the command. Throws when neither it nor rrdtool has: tests with a wrong
// name would test nothing.
[[nodiscard]] bool has_command(std::string_view name);

// words[0] is the command's name, which has_command() must know of. Whether the command succeeded.
bool run_quietly(const std::vector<std::string>& words);

}  // namespace kurabe::tests
