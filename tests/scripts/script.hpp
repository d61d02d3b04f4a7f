// Text files of commands and what they print.
//
//     # a comment
//     fetch a.rrd AVERAGE -s 1000000000 -e 1000000120
//     lastupdate a.rrd
//     ---- as rrdtool
//     what both print, one after the other; an error as "ERROR: message"
//
// A blank line ends a block; what is printed with blank lines in it stands between two lines
// "----" and two more. "as rrdtool": rrdtool is asked, too, and says the same. What `create` makes
// is compared in any case; its file is rrdtool's then, with the random rows that it begins with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kurabe::tests {

struct Block {
    std::vector<std::string> before;  // comments and blank lines
    std::vector<std::string> commands;
    bool as_rrdtool = false;
    std::string expected;
};

struct Script {
    std::vector<Block> blocks;
    std::vector<std::string> after;  // comments and blank lines

    // Throws std::runtime_error with the line that cannot be read.
    [[nodiscard]] static Script read(const std::filesystem::path& path);
    void write(const std::filesystem::path& path) const;
};

}  // namespace kurabe::tests
