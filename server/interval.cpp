// Reads intervals, and what follows from them.
#include "server/interval.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "store/duration.hpp"

namespace kurabe::server {

Result<std::optional<store::Seconds>> read_interval(YamlMapping& mapping, store::Seconds longest) {
    constexpr std::string_view kKey = "interval";
    const auto text = mapping.text(kKey);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return std::nullopt;
    const auto interval = store::parse_duration(**text);
    if (!interval || *interval < kIntervalMin || *interval > longest) {
        return mapping.find(kKey)->error(fmt::format(
            "'interval: {}' is not possible; it is 10 s to {} h, such as 30s, 5m or 300", **text,
            std::chrono::duration_cast<std::chrono::hours>(longest).count()));
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
