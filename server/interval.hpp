// How often a host is heard: the key `interval` of the configuration. Rule: docs/operations.md.
#pragma once

#include <optional>

#include "server/yaml.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

inline constexpr store::Seconds kUsualInterval{60};
inline constexpr store::Seconds kIntervalMin{10};
inline constexpr store::Seconds kIntervalMax{3600};

// "5m", "30s" or "300"; none when the mapping has no such key. kInvalid outside of kIntervalMin to
// `longest`, whole hours.
[[nodiscard]] Result<std::optional<store::Seconds>> read_interval(
    YamlMapping& mapping, store::Seconds longest = kIntervalMax);

// The longest silence of such a host that its series count as known: of a host that is heard seldom
// one time may be left out. Zero: what its series have themselves.
[[nodiscard]] store::Seconds heartbeat_at(store::Seconds interval) noexcept;

// A host that was silent for longer is stale: Kurado's five minutes, or three intervals.
[[nodiscard]] store::Seconds stale_after(store::Seconds interval) noexcept;

}  // namespace kurabe::server
