// Messages about places in files, for tests of what they say and not of where exactly.
#pragma once

#include <regex>
#include <string>

namespace kurabe::tests {

// "f.yml:3:7: why" -> "f.yml:3: why". Which column it is, yaml_test.cpp tests.
[[nodiscard]] inline std::string without_columns(const std::string& message) {
    static const std::regex kPlace(R"((\.yml:[0-9]+):[0-9]+: )");
    return std::regex_replace(message, kPlace, "$1: ");
}

}  // namespace kurabe::tests
