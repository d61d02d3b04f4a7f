// Times as numbers: since 1970, as files, protocols and databases have them.
#pragma once

#include <cstdint>

#include "store/types.hpp"

namespace kurabe::store {

[[nodiscard]] constexpr std::int64_t epoch_seconds(Time time) noexcept {
    return time.time_since_epoch().count();
}

[[nodiscard]] constexpr std::int64_t epoch_microseconds(SampleTime time) noexcept {
    return time.time_since_epoch().count();
}

}  // namespace kurabe::store
