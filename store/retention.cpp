// The default retention, and what any retention must be like.
#include "store/retention.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::store {
namespace {

Result<void> check_ring(const RingShape& ring) {
    if (ring.pdp_per_row < 1 || ring.pdp_per_row > kPdpPerRowMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("a ring of {} steps per row: 1 to {} are possible",
                                ring.pdp_per_row, kPdpPerRowMax));
    }
    if (ring.rows < 1 || ring.rows > kRowsMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("a ring of {} rows: 1 to {} are possible", ring.rows, kRowsMax));
    }
    std::vector<Cf> cfs = ring.cfs;
    std::ranges::sort(cfs);
    if (cfs.empty() || std::ranges::adjacent_find(cfs) != cfs.end()) {
        return fail(ErrorCode::kInvalid, "a ring needs at least one CF, and each only once");
    }
    return {};
}

}  // namespace

Retention Retention::kurado() {
    const std::vector<Cf> cfs{Cf::kAverage, Cf::kMin, Cf::kMax};
    return {.rings = {{1, 2880, cfs}, {5, 2880, cfs}, {60, 960, cfs}, {1440, 1100, cfs}}};
}

Result<void> Retention::check() const {
    if (step < Seconds{1} || step > kStepMax) {
        return fail(ErrorCode::kInvalid, fmt::format("a step of {} s: 1 to {} are possible",
                                                     step.count(), kStepMax.count()));
    }
    if (heartbeat < Seconds{1} || heartbeat > kHeartbeatMax) {
        return fail(ErrorCode::kInvalid, fmt::format("a heartbeat of {} s: 1 to {} are possible",
                                                     heartbeat.count(), kHeartbeatMax.count()));
    }
    if (!(xff >= 0 && xff < 1)) {
        return fail(ErrorCode::kInvalid, "xff must be at least 0 and less than 1");
    }
    if (rings.empty() || rings.size() > kRingsMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{} rings: 1 to {} are possible", rings.size(), kRingsMax));
    }
    for (const RingShape& ring : rings) {
        if (auto checked = check_ring(ring); !checked) return checked;
    }
    return {};
}

}  // namespace kurabe::store
