// Rounds begin at multiples of the interval since the epoch.
#include "collectors/spread_rounds.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace kurabe::collectors {
namespace {

constexpr std::int64_t kPartsOfInterval = 5;
constexpr std::int64_t kPartsWithStarts = 4;

// When the share of the hosts that is due comes to hold this one.
store::Seconds moment_of(std::size_t index, std::size_t count, std::int64_t spread) {
    const std::size_t shares = (index + 1) * static_cast<std::size_t>(spread);
    return store::Seconds{static_cast<std::int64_t>((shares + count - 1) / count) - 1};
}

}  // namespace

SpreadRounds::Part SpreadRounds::due(store::Time now, std::size_t count) noexcept {
    const store::Seconds into = now.time_since_epoch() % interval_;
    if (std::exchange(round_, now - into) != now - into) begun_ = 0;
    if (std::exchange(is_first_, false)) {
        begun_ = count;
        return {.begin = 0, .end = count};
    }
    const auto spread =
        std::max<std::int64_t>(interval_.count() * kPartsWithStarts / kPartsOfInterval, 1);
    const auto share = static_cast<std::size_t>(std::min<std::int64_t>(into.count() + 1, spread));
    const std::size_t end = count * share / static_cast<std::size_t>(spread);
    if (end <= begun_) return {.begin = end, .end = end};
    const std::size_t begin = std::exchange(begun_, end);
    return {begin, end, into - moment_of(begin, count, spread)};
}

}  // namespace kurabe::collectors
