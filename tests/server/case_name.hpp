// Names of the cases of a parameterized test: ctest takes what GoogleTest prints of a parameter,
// and its default, the bytes of a struct, has addresses that differ from run to run.
#pragma once

#include <ostream>
#include <string_view>

namespace kurabe::server {

// Letters and digits of what goes in and what must come out, all between them as one '_'.
inline void print_case_name(std::ostream& output, std::string_view input, std::string_view result) {
    bool gap = false;
    bool begun = false;
    for (const std::string_view text : {input, result}) {
        for (const char byte : text) {
            const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                               (byte >= '0' && byte <= '9');
            if (plain && gap && begun) output << '_';
            if (plain) output << byte;
            gap = !plain;
            begun = begun || plain;
        }
        gap = true;
    }
}

}  // namespace kurabe::server
