// How the program was called: under which name, and with which words.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace kurabe::cli::rrdtool {

// As rrdtool it is rrdtool, message by message; as kurabe it has more commands and names series of
// the store where a file is expected.
enum class CalledAs { kKurabe, kRrdtool };

struct Invocation {
    CalledAs called_as = CalledAs::kKurabe;
    std::vector<std::string> words;  // the command and its arguments
    // Called by a command's own name (rrdupdate, rrdcreate, rrdinfo): a link that is one command,
    // and without arguments in error.
    bool is_one_command = false;
};

// argv[0] decides, whatever directory it names.
[[nodiscard]] Invocation read_invocation(std::span<const char* const> argv);

}  // namespace kurabe::cli::rrdtool
