// What a TimeZone asks its back end: the offset from UTC and its name at a time.
// Back ends: named_time_zone.cpp (the tz database by name), system_time_zone.cpp (the C library).
#pragma once

#include <string>
#include <string_view>

#include "store/types.hpp"

namespace kurabe::store {

// Immutable and thread-safe.
class ZoneRules {
  public:
    ZoneRules() = default;
    virtual ~ZoneRules() = default;
    ZoneRules(const ZoneRules&) = delete;
    ZoneRules& operator=(const ZoneRules&) = delete;

    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    // Local time minus UTC. `time` lies in the years -9999 to 9999.
    [[nodiscard]] virtual Seconds utc_offset(Time time) const = 0;
    // "JST"
    [[nodiscard]] virtual std::string abbreviation(Time time) const = 0;
};

}  // namespace kurabe::store
