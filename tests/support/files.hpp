// What a file holds, for tests that compare bytes.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace kurabe::tests {

// Empty when there is no such file, and what came until it could not be read any further: /proc has
// files that go with their process.
[[nodiscard]] inline std::string read_file(const std::filesystem::path& path) {
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace kurabe::tests
