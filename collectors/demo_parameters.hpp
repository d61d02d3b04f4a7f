// Which invented fleet: the same parameters give the same hosts and histories.
#pragma once

#include <cstdint>

#include "store/types.hpp"

namespace kurabe::collectors {

inline constexpr int kDemoHostsMax = 5000;

struct DemoParameters {
    std::uint64_t seed = 1;
    int hosts = 120;  // 1...kDemoHostsMax
    store::Time end;  // of the written history; odd hosts have their oddities before it
};

}  // namespace kurabe::collectors
