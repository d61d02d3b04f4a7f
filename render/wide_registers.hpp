// What a library that computes in wide registers may leave behind.
#pragma once

namespace kurabe::render {

// ISA-L's checksums leave the upper halves of vector registers filled. Until those are emptied,
// each instruction of SSE, which is what arithmetic of doubles compiles to, waits for the one that
// wrote its register before: loops over values take several times as long. Cheap, and nothing on
// processors without AVX.
void empty_wide_registers() noexcept;

}  // namespace kurabe::render
