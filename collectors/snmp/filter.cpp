// Which interfaces and disks of a device are kept.
#include "collectors/snmp/filter.hpp"

#include <algorithm>

#include <fnmatch.h>

namespace kurabe::collectors::snmp {

bool fits_pattern(const std::string& pattern, std::string_view name) {
    return ::fnmatch(pattern.c_str(), std::string(name).c_str(), 0) == 0;
}

bool Filter::keeps(std::string_view name) const {
    const auto fits = [name](const std::string& pattern) { return fits_pattern(pattern, name); };
    return (only.empty() || std::ranges::any_of(only, fits)) && std::ranges::none_of(except, fits);
}

}  // namespace kurabe::collectors::snmp
