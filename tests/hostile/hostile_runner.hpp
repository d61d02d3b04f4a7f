// Runs many cases that may crash, hang or eat memory, each watched, and says which did.
// Cases run one after the other in a child process; after a death the next child goes on behind it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kurabe::tests {

struct HostileLimits {
    // None takes a second on a machine that has nothing else to do.
    std::chrono::seconds per_case{20};
    std::uint64_t memory_bytes = 1ULL << 30;  // address space; not watched under a sanitizer
};

struct HostileFailure {
    std::size_t index;
    std::string what;  // "killed by signal 11", "still running after 20 s", an exception's text
};

// Calls run(0) ... run(cases - 1). An exception that leaves it is a failure too. Stops after
// kFailuresMax failures.
inline constexpr std::size_t kFailuresMax = 20;
[[nodiscard]] std::vector<HostileFailure> run_hostile(std::size_t cases,
                                                      const std::function<void(std::size_t)>& run,
                                                      const HostileLimits& limits = {});

}  // namespace kurabe::tests
