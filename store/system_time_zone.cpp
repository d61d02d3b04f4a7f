// The process's own zone by the C library, which reads TZ and zone files as tzset(3) says and
// knows the rules for years that no file lists.
#include <cstdlib>
#include <ctime>

#include "store/time_zone.hpp"
#include "store/zone_rules.hpp"

namespace kurabe::store {

namespace {

std::tm local(Time time) noexcept {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm fields{};
    (void)::localtime_r(&seconds, &fields);  // fails beyond 32-bit years only
    return fields;
}

class SystemRules : public ZoneRules {
  public:
    SystemRules() {
        const char* const set = std::getenv("TZ");
        name_ = set != nullptr && *set != '\0' ? set : "local time";
    }
    std::string_view name() const noexcept override { return name_; }
    Seconds utc_offset(Time time) const override { return Seconds{local(time).tm_gmtoff}; }
    std::string abbreviation(Time time) const override { return local(time).tm_zone; }

  private:
    std::string name_;
};

}  // namespace

TimeZone TimeZone::system() {
    return TimeZone(std::make_shared<const SystemRules>());
}

}  // namespace kurabe::store
