// Zones by name: the wrapper of Howard Hinnant's date library, which reads the system's tz database
// once per process and keeps every zone for the process's life.
// The library reads the listed changes of a zone, which reach to 2037, but not the rule for later
// years: from then on a zone keeps its last offset.
#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

#include "store/time_zone.hpp"
#include "store/zone_rules.hpp"

namespace kurabe::store {

namespace {

constexpr std::size_t kZoneNameBytesMax = 200;

class NamedRules : public ZoneRules {
  public:
    NamedRules(std::string_view name, const date::time_zone& zone) : name_(name), zone_(zone) {}
    std::string_view name() const noexcept override { return name_; }
    Seconds utc_offset(Time time) const override { return zone_.get_info(time).offset; }
    std::string abbreviation(Time time) const override { return zone_.get_info(time).abbrev; }

  private:
    std::string name_;             // as asked for; the library's may be what that is a link to
    const date::time_zone& zone_;  // owned by the library
};

}  // namespace

Result<TimeZone> TimeZone::locate(std::string_view name) {
    if (name == "UTC") return utc();  // needs no database
    if (name.size() > kZoneNameBytesMax) {
        return fail(ErrorCode::kNotFound, "no time zone has so long a name");
    }
    try {
        const date::time_zone* zone = date::locate_zone(std::string(name));
        return TimeZone(std::make_shared<const NamedRules>(name, *zone));
    } catch (const std::exception&) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("no time zone '{}' in this system's tz database; names look like "
                                "Asia/Tokyo",
                                name));
    }
}

}  // namespace kurabe::store
