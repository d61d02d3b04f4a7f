// Ranges that touch become one, so that there are as few as there are gaps.
#include "store/rrd/coverage.hpp"

#include <algorithm>

namespace kurabe::store::rrd {
namespace {

std::int64_t length(const SecondRange& range) noexcept {
    return (range.last - range.first).count() + 1;
}

}  // namespace

std::int64_t Coverage::add(SecondRange range) {
    constexpr Seconds kNext{1};
    const auto begin = std::ranges::lower_bound(
        ranges_, range.first, {}, [&](const SecondRange& other) { return other.last + kNext; });
    auto end = begin;
    std::int64_t covered = 0;
    SecondRange merged = range;
    for (; end != ranges_.end() && end->first <= range.last + kNext; ++end) {
        const SecondRange common{std::max(end->first, range.first),
                                 std::min(end->last, range.last)};
        if (common.first <= common.last) covered += length(common);
        merged = {std::min(merged.first, end->first), std::max(merged.last, end->last)};
    }
    const std::int64_t added = length(range) - covered;
    seconds_ += added;
    if (begin == end) {
        ranges_.insert(begin, merged);
    } else {
        *begin = merged;
        ranges_.erase(begin + 1, end);
    }
    return added;
}

}  // namespace kurabe::store::rrd
