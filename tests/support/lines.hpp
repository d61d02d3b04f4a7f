// Texts whose lines have no order of their own, such as names in a directory.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace kurabe::tests {

[[nodiscard]] inline std::string sorted_lines(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    std::ranges::sort(lines);
    std::string sorted;
    for (const std::string& line : lines) sorted += line + "\n";
    return sorted;
}

}  // namespace kurabe::tests
