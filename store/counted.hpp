// Counts in messages: "1 line", "2 lines".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kurabe::store {

[[nodiscard]] inline std::string counted(std::uint64_t count, std::string_view one,
                                         std::string_view many) {
    std::string text = std::to_string(count);
    text += ' ';
    text += count == 1 ? one : many;
    return text;
}

}  // namespace kurabe::store
