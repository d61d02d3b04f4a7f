// One instruction, for processors that have it.
#include "render/wide_registers.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kurabe::render {

#if defined(__x86_64__)

namespace {

[[gnu::target("avx"), gnu::noinline]] void empty_with_avx() noexcept {
    _mm256_zeroupper();
}

}  // namespace

void empty_wide_registers() noexcept {
    if (__builtin_cpu_supports("avx")) empty_with_avx();
}

#else

void empty_wide_registers() noexcept {}

#endif

}  // namespace kurabe::render
