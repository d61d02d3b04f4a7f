// Waits for conditions, not for times.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace kurabe::tests {

// Looks again and again until the condition holds, for a minute at most; whether it holds.
inline bool wait_for(const std::function<bool()>& condition,
                     std::chrono::seconds patience = std::chrono::seconds{60}) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return condition();
}

}  // namespace kurabe::tests
