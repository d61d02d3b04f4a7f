// The examples of our documentation, so that tests can hold them to what the program accepts.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace kurabe::server {

// The first YAML block of docs/NAME; empty when there is none.
inline std::string documented_example(std::string_view name) {
    std::ifstream stream(std::filesystem::path(KURABE_SOURCE_DIR) / "docs" / name);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    constexpr std::string_view kOpening = "```yaml\n";
    const std::size_t opening = text.find(kOpening);
    if (opening == std::string::npos) return {};
    const std::size_t begin = opening + kOpening.size();
    return text.substr(begin, text.find("```", begin) - begin);
}

}  // namespace kurabe::server
