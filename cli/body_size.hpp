// How much an agent sends at a time: as much as the way to its server has proved to take. Rule: our
// own, docs/collectors.md, "An agent on each host". Pure.
#pragma once

#include <algorithm>
#include <cstddef>

namespace kurabe::cli {

class BodySize {
  public:
    static constexpr std::size_t kMax = 1 << 20;

    // Of several batches together; one batch is sent whatever its size.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

    // Something on the way takes no body of `sent` bytes: never again in this process' life.
    void was_too_much(std::size_t sent) noexcept {
        max_ = std::max<std::size_t>(std::min(sent, max_) / 2, 1);
        bytes_ = std::min(bytes_, max_);
    }

  private:
    std::size_t max_ = kMax;
    std::size_t bytes_ = kMax;
};

}  // namespace kurabe::cli
