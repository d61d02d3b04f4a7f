// Which device is shown which credential.
#include "collectors/snmp/credentials.hpp"

#include <algorithm>

#include "collectors/snmp/filter.hpp"

namespace kurabe::collectors::snmp {

const Credential* find_credential(const std::vector<Credential>& credentials,
                                  std::string_view address, std::string_view name) {
    const auto fits = [address, name](const std::string& pattern) {
        return fits_pattern(pattern, address) || fits_pattern(pattern, name);
    };
    const auto found = std::ranges::find_if(credentials, [&](const Credential& credential) {
        return std::ranges::any_of(credential.hosts, fits);
    });
    return found == credentials.end() ? nullptr : &*found;
}

}  // namespace kurabe::collectors::snmp
