// What a server of HTTP has answered, as numbers.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kurabe::server {

// Thread-safe; each number by itself, because nobody needs them to be of one moment.
class HttpTraffic {
  public:
    static constexpr std::size_t kClasses = 5;  // of statuses: 1xx to 5xx
    using Duration = std::chrono::microseconds;

    struct Numbers {
        std::array<std::uint64_t, kClasses> by_class = {};
        std::uint64_t answered = 0;
        Duration duration{0};  // of all answers
        std::uint64_t cut = 0;
        std::int64_t connections = 0;  // now
    };

    // A request was answered or refused, so long after its first byte.
    void answered(int status, Duration duration) noexcept {
        const auto index = static_cast<std::size_t>(status / 100 - 1);
        if (index < kClasses) ++by_class_[index];
        ++answered_;
        duration_us_ += duration.count();
    }
    // A connection ended in the middle of a request or an answer.
    void cut() noexcept { ++cut_; }
    void connected() noexcept { ++connections_; }
    void disconnected() noexcept { --connections_; }

    [[nodiscard]] Numbers numbers() const noexcept {
        Numbers all;
        for (std::size_t i = 0; i < kClasses; ++i) all.by_class[i] = by_class_[i];
        all.answered = answered_;
        all.duration = Duration{duration_us_};
        all.cut = cut_;
        all.connections = connections_;
        return all;
    }

  private:
    std::array<std::atomic<std::uint64_t>, kClasses> by_class_ = {};
    std::atomic<std::uint64_t> answered_ = 0;
    std::atomic<std::int64_t> duration_us_ = 0;
    std::atomic<std::uint64_t> cut_ = 0;
    std::atomic<std::int64_t> connections_ = 0;
};

}  // namespace kurabe::server
