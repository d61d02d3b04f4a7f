// The entrance of a fuzz target, as libFuzzer calls it. In other builds replay_main.cpp calls it
// with every file of the target's corpus, so what a fuzzer once found is tried by every test run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Returns 0. Must not crash, hang or keep memory, whatever the bytes are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace kurabe::tests {

[[nodiscard]] inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// What holds for any input; ends the process otherwise, also in builds without assert.
inline void require(bool holds) {
    if (!holds) __builtin_trap();
}

}  // namespace kurabe::tests
