// A place in a text file, as messages name it.
#pragma once

#include <string>

namespace kurabe::server {

struct TextPlace {
    int line = 0;    // 1-based
    int column = 0;  // 1-based, in characters

    // "12:3"
    [[nodiscard]] std::string text() const {
        return std::to_string(line) + ':' + std::to_string(column);
    }
};

}  // namespace kurabe::server
