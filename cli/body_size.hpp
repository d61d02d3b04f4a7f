// How much an agent sends at a time: as much as the way to its server has proved to take. Rule: our
// own, docs/collectors.md, "An agent on each host". Pure.
#pragma once

#include <algorithm>
#include <chrono>
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

    // No answer came for `sent` bytes: perhaps the way is slow.
    void has_failed(std::size_t sent) noexcept {
        bytes_ = std::max<std::size_t>(std::min(sent, bytes_) / 2, 1);
    }
    void has_succeeded() noexcept { bytes_ = std::min(std::max(bytes_, kMin) * 2, max_); }

    // For `sent` bytes over a way of 8 KiB/s, and what a server needs at its worst.
    [[nodiscard]] static std::chrono::seconds deadline(std::size_t sent) noexcept {
        constexpr std::chrono::seconds kForTheServer{15};
        constexpr std::size_t kBytesPerSecond = 8 << 10;
        return kForTheServer + std::chrono::seconds(sent / kBytesPerSecond);
    }

  private:
    static constexpr std::size_t kMin = 4 << 10;  // from where it grows again

    std::size_t max_ = kMax;
    std::size_t bytes_ = kMax;
};

}  // namespace kurabe::cli
