// Reads intervals, and what follows from them.
#include "server/interval.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/duration.hpp"

namespace kurabe::server {

Result<std::optional<store::Seconds>> read_interval(YamlMapping& mapping) {
    constexpr std::string_view kKey = "interval";
    const auto text = mapping.text(kKey);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return std::nullopt;
    const auto interval = store::parse_duration(**text);
    if (!interval || *interval < kIntervalMin || *interval > kIntervalMax) {
        return mapping.find(kKey)->error(fmt::format(
            "'interval: {}' is not possible; it is 10 s to 1 h, such as 30s, 5m or 300", **text));
    }
    return *interval;
}

store::Seconds heartbeat_at(store::Seconds interval) noexcept {
    return interval > kUsualInterval ? 2 * interval + kUsualInterval : store::Seconds{0};
}

store::Seconds stale_after(store::Seconds interval) noexcept {
    constexpr store::Seconds kStaleAfter{300};
    return std::max(kStaleAfter, 3 * interval);
}

}  // namespace kurabe::server
