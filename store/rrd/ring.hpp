// The rows of one RRA in memory, with their times: what other rows are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// The end of the interval of that length that holds `time`.
[[nodiscard]] constexpr Time row_time(Time time, Seconds resolution) noexcept {
    const std::int64_t seconds = time.time_since_epoch().count();
    const std::int64_t length = resolution.count();
    const std::int64_t past = ((seconds % length) + length) % length;
    return past == 0 ? time : time + (resolution - Seconds{past});
}

// What is held in memory at most: two gigabytes per RRA.
inline constexpr std::uint64_t kRingValuesMax = 1ULL << 28;

class Ring {
  public:
    // `header` is the archive's, but its steps may be divided. kLimit; kDamaged when bytes are
    // missing.
    [[nodiscard]] static Result<Ring> read(const Archive& archive, const Header& header,
                                           std::size_t rra);

    [[nodiscard]] RraCf cf() const noexcept { return cf_; }
    [[nodiscard]] Seconds resolution() const noexcept { return resolution_; }
    [[nodiscard]] std::uint64_t pdp_per_row() const noexcept { return pdp_per_row_; }
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    // The row that was written last, and the end of its interval.
    [[nodiscard]] std::uint64_t current_row() const noexcept { return current_row_; }
    [[nodiscard]] Time newest() const noexcept { return newest_; }

    // The row whose interval holds `time`; nothing when it is not there yet or not any more.
    [[nodiscard]] std::optional<std::uint64_t> row_at(Time time) const noexcept;
    [[nodiscard]] Value value(std::uint64_t row, std::size_t source) const noexcept {
        return values_[row * sources_ + source];
    }
    // Of one row, by source.
    [[nodiscard]] std::span<const Value> row(std::uint64_t row) const noexcept {
        return std::span(values_).subspan(row * sources_, sources_);
    }

    // Moves the oldest row to place 0, as in a file that has been rewritten.
    void turn();
    // Makes all values of a source unknown.
    void forget(std::size_t source) noexcept;

  private:
    Ring() = default;

    RraCf cf_{};
    Seconds resolution_{1};
    std::uint64_t pdp_per_row_ = 1;
    std::uint64_t rows_ = 0;
    std::uint64_t current_row_ = 0;
    Time newest_{};
    std::size_t sources_ = 0;
    std::vector<Value> values_;  // row by row as in the file
};

}  // namespace kurabe::store::rrd
