// Each '*' takes as little as it can; only the last one is ever taken back, once for each byte.
#include "collectors/wildcards.hpp"

#include <cstddef>

namespace kurabe::collectors {

bool fits_wildcards(std::string_view name, std::string_view pattern,
                    std::optional<char> barrier) noexcept {
    std::size_t at = 0;
    std::size_t next = 0;
    std::size_t star = std::string_view::npos;
    std::size_t taken = 0;  // where the last '*' ends
    while (at < name.size()) {
        if (next < pattern.size() && pattern[next] == '*') {
            star = next++;
            taken = at;
        } else if (next < pattern.size() && pattern[next] == name[at]) {
            ++next;
            ++at;
        } else if (star != std::string_view::npos && name[taken] != barrier) {
            next = star + 1;
            at = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', next) == std::string_view::npos;
}

}  // namespace kurabe::collectors
