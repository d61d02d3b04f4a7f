// Rounds begin at multiples of the interval since the epoch.
#include "collectors/spread_rounds.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace kurabe::collectors {
namespace {

constexpr std::int64_t kParts = 5;
constexpr std::int64_t kPartsWithStarts = 4;

}  // namespace

SpreadRounds::Part SpreadRounds::due(store::Time now, std::size_t count) noexcept {
    const store::Seconds into = now.time_since_epoch() % interval_;
    if (std::exchange(round_, now - into) != now - into) begun_ = 0;
    if (std::exchange(is_first_, false)) {
        begun_ = count;
        return {0, count};
    }
    const auto spread = std::max<std::int64_t>(interval_.count() * kPartsWithStarts / kParts, 1);
    const auto share = static_cast<std::size_t>(std::min<std::int64_t>(into.count() + 1, spread));
    const std::size_t end = count * share / static_cast<std::size_t>(spread);
    if (end <= begun_) return {end, end};
    return {std::exchange(begun_, end), end};
}

}  // namespace kurabe::collectors
