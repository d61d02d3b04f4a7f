// Which device is shown which credential.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/snmp/access.hpp"

namespace kurabe::collectors::snmp {

inline constexpr std::size_t kCredentialsMax = 1000;

struct Credential {
    std::string name;                // for messages; no secret
    std::vector<std::string> hosts;  // names, addresses or patterns as of glob(7)
    Access access;
    std::optional<std::uint16_t> port = {};
};

// The first that fits a host's address or name. Null when none does.
[[nodiscard]] const Credential* find_credential(const std::vector<Credential>& credentials,
                                                std::string_view address, std::string_view name);

}  // namespace kurabe::collectors::snmp
