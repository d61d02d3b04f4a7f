// A host line of the configuration: "ADDRESS HOSTNAME COMMENTS".
#pragma once

#include <string_view>

namespace kurabe::server {

// Views of the line; parts that it does not have are empty.
struct HostLine {
    std::string_view address;
    std::string_view hostname;
    std::string_view comments;  // all the rest, blanks included
};

// Splits at runs of blanks: ASCII ones, no-break and ideographic spaces. Blanks around the line do
// not count.
[[nodiscard]] HostLine split_host_line(std::string_view line) noexcept;

}  // namespace kurabe::server
