// Whether tests run with their bigger numbers.
#pragma once

#include <cstdlib>

namespace kurabe::tests {

[[nodiscard]] inline bool is_nightly() {
    return std::getenv("KURABE_NIGHTLY") != nullptr;
}

}  // namespace kurabe::tests
