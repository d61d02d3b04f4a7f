// What commands take from outside besides their arguments: the clock and the time zone.
// Read once by main and passed down, so that nothing below asks the system.
#pragma once

#include <functional>

#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::cli {

struct Environment {
    std::function<store::Time()> now;
    store::TimeZone zone;
};

}  // namespace kurabe::cli
