// The default retention, and what any retention must be like.
#include "store/retention.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/duration.hpp"

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

const std::vector<Cf> kKuradoCfs{Cf::kAverage, Cf::kMin, Cf::kMax};

struct RingText {
    Seconds resolution{0};
    Seconds duration{0};
};

Result<RingText> parse_ring(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return fail(
            ErrorCode::kInvalid,
            fmt::format("ring '{}': RESOLUTION:DURATION is expected, such as 5m:10d", text));
    }
    const auto resolution = parse_duration(text.substr(0, colon));
    const auto duration = parse_duration(text.substr(colon + 1));
    if (resolution && duration) return RingText{*resolution, *duration};
    return fail(
        ErrorCode::kInvalid,
        fmt::format("ring '{}': {}", text, (resolution ? duration : resolution).error().message));
}

}  // namespace

Retention Retention::kurado() {
    return {.rings = {{1, 2880, kKuradoCfs},
                      {5, 2880, kKuradoCfs},
                      {60, 960, kKuradoCfs},
                      {1440, 1100, kKuradoCfs}}};
}

Result<Retention> Retention::parse(std::string_view text) {
    Retention retention;
    while (true) {
        const auto comma = text.find(',');
        const std::string_view part = text.substr(0, comma);
        const auto ring = parse_ring(part);
        if (!ring) return std::unexpected(ring.error());
        if (retention.rings.empty()) retention.step = ring->resolution;
        if (ring->resolution % retention.step != Seconds{0} || ring->duration < ring->resolution) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("ring '{}': a resolution is a multiple of the first one, {} s, "
                                    "and a duration holds one row at least",
                                    part, retention.step.count()));
        }
        const auto rows = ring->duration / ring->resolution;
        if (rows > kRowsMax) {
            return fail(
                ErrorCode::kInvalid,
                fmt::format("ring '{}': {} rows, at most {} are possible", part, rows, kRowsMax));
        }
        const auto pdps =
            std::min<Seconds::rep>(ring->resolution / retention.step, kPdpPerRowMax + 1L);
        retention.rings.push_back(
            {static_cast<std::uint32_t>(pdps), static_cast<std::uint32_t>(rows), kKuradoCfs});
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    retention.heartbeat = 2 * retention.step;
    std::ranges::stable_sort(retention.rings, {}, &RingShape::pdp_per_row);
    const auto twice = std::ranges::adjacent_find(retention.rings, {}, &RingShape::pdp_per_row);
    if (twice != retention.rings.end()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("two rings have the resolution {} s",
                                (retention.step * twice->pdp_per_row).count()));
    }
    if (auto checked = retention.check(); !checked) return std::unexpected(checked.error());
    return retention;
}

std::string Retention::text() const {
    std::string text;
    for (const RingShape& ring : rings) {
        const Seconds resolution = step * ring.pdp_per_row;
        text += fmt::format("{}{}:{}", text.empty() ? "" : ",", resolution.count(),
                            resolution.count() * ring.rows);
    }
    return text;
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
