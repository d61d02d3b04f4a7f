// Text from outside for a message of one line.
#include "collectors/printable.hpp"

#include <algorithm>

namespace kurabe::collectors {

std::string printable(std::string_view text, std::size_t bytes_max) {
    std::string shown(text.substr(0, bytes_max));
    std::ranges::replace_if(shown, [](char byte) { return byte < 0x20 || byte > 0x7e; }, '?');
    return text.size() > bytes_max ? shown + "..." : shown;
}

}  // namespace kurabe::collectors
