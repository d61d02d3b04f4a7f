// A file that was compiled into the binary; see cmake/kurabe_embed.cmake.
#pragma once

#include <string_view>

namespace kurabe::server {

// Both views live as long as the program.
struct EmbeddedFile {
    std::string_view name;  // "base.yml", "css/kurabe.css"
    std::string_view bytes;
};

}  // namespace kurabe::server
