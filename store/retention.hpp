// Which rings an archive has: how long rows of which resolution are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// One resolution. A ring of one PDP per row holds one plane of values for all CFs, because they
// are equal there; any other ring holds one plane for each of `cfs`, in this order.
struct RingShape {
    std::uint32_t pdp_per_row;
    std::uint32_t rows;
    std::vector<Cf> cfs;
    bool operator==(const RingShape&) const = default;
};

inline constexpr Seconds kStepMax{86'400};
inline constexpr Seconds kHeartbeatMax{366 * 86'400};
inline constexpr std::size_t kRingsMax = 16;
inline constexpr std::uint32_t kPdpPerRowMax = 1'000'000;
inline constexpr std::uint32_t kRowsMax = 10'000'000;

struct Retention {
    Seconds step{60};
    Seconds heartbeat{120};
    double xff = 0.5;              // share of a row's PDPs that may be unknown; 0 <= xff < 1
    std::vector<RingShape> rings;  // finest first

    // Kurado's: 1 min x 2880, 5 min x 2880, 1 h x 960, 1 day x 1100, each AVERAGE, MIN and MAX.
    [[nodiscard]] static Retention kurado();

    // "60:2d,5m:10d,1h:40d": the resolution and the duration of each ring; the first one's
    // resolution is the step, the others are multiples of it. AVERAGE, MIN and MAX. kInvalid.
    [[nodiscard]] static Result<Retention> parse(std::string_view text);
    // The same back, in seconds.
    [[nodiscard]] std::string text() const;

    // kInvalid, with what is wrong, for a retention that no archive can have.
    [[nodiscard]] Result<void> check() const;
    bool operator==(const Retention&) const = default;
};

}  // namespace kurabe::store
