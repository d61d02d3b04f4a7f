// Bytes of memory taken as one number, in the machine's own order.
#pragma once

#include <cstdint>
#include <cstring>

namespace kurabe::render {

// Of so many bytes from `bytes` on as a Word has; anywhere in memory.
template <typename Word>
[[nodiscard]] Word word_at(const std::uint8_t* bytes) noexcept {
    Word word{};
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

}  // namespace kurabe::render
