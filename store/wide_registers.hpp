// What a library that computes in wide registers may leave behind.
#pragma once

namespace kurabe::store {

// ISA-L's checksums leave the upper halves of vector registers filled. Until those are emptied,
// each instruction of SSE, which is what arithmetic of doubles compiles to, waits for the one that
// wrote its register before: loops over values take several times as long. One instruction, and
// none on processors without AVX; the halves that it empties are used by no code of SSE.
// Code that is itself compiled for AVX may keep values there, and empties them on its own.
inline void empty_wide_registers() noexcept {
#if defined(__x86_64__) && !defined(__AVX__)
    if (__builtin_cpu_supports("avx")) asm volatile("vzeroupper");
#endif
}

}  // namespace kurabe::store
