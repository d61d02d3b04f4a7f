// Choice of the ring and of the rows of a fetch.
#include "store/fetch_window.hpp"

#include <fmt/format.h>

namespace kurabe::store {
namespace {

constexpr Time kRequestTimeMin{};                         // 1970-01-01T00:00:00Z
constexpr Time kRequestTimeEnd{Seconds{32'503'680'000}};  // 3000-01-01T00:00:00Z

Time floor_to(Time time, Seconds grid) noexcept {
    const Seconds since = time.time_since_epoch();
    const Seconds remainder = since % grid;
    return time - (remainder.count() < 0 ? remainder + grid : remainder);
}

}  // namespace

Result<void> check_request(const FetchRequest& request) {
    if (request.resolution < Seconds{1}) {
        return fail(ErrorCode::kInvalid, "the resolution must be at least one second");
    }
    if (request.start < kRequestTimeMin || request.end >= kRequestTimeEnd) {
        return fail(ErrorCode::kInvalid, "start and end must be in the years 1970 to 2999");
    }
    if (request.start > request.end) {
        return fail(ErrorCode::kInvalid, fmt::format("start ({}) should be less than end ({})",
                                                     request.start.time_since_epoch().count(),
                                                     request.end.time_since_epoch().count()));
    }
    return {};
}

Coverage coverage_of(const RingExtent& ring, SampleTime last) noexcept {
    const Time end = floor_to(std::chrono::floor<Seconds>(last), ring.resolution);
    return {end - ring.resolution * ring.rows, end};
}

std::optional<std::size_t> choose_ring(std::span<const RingExtent> rings, SampleTime last,
                                       const FetchRequest& request) noexcept {
    std::optional<std::size_t> full;
    std::optional<std::size_t> partial;
    Seconds full_difference{};
    Seconds partial_difference{};
    Seconds partial_covered{};
    for (std::size_t index = 0; index < rings.size(); ++index) {
        const RingExtent& ring = rings[index];
        if (!ring.has_cf) continue;
        const Time begin = coverage_of(ring, last).begin;
        const Seconds difference = std::chrono::abs(ring.resolution - request.resolution);
        if (begin <= request.start) {
            if (!full || difference < full_difference) {
                full = index;
                full_difference = difference;
            }
            continue;
        }
        const Seconds covered = request.end - begin;
        if (!partial || covered > partial_covered ||
            (covered == partial_covered && difference < partial_difference)) {
            partial = index;
            partial_covered = covered;
            partial_difference = difference;
        }
    }
    return full ? full : partial;
}

Coverage align_to_rows(const FetchRequest& request, Seconds resolution) noexcept {
    return {floor_to(request.start, resolution), floor_to(request.end, resolution) + resolution};
}

}  // namespace kurabe::store
