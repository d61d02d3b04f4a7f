// The names that net-snmp has for protocols of SNMPv3. For the sources that wrap it.
#pragma once

#include <cstddef>

#include "collectors/snmp/access.hpp"
#include "collectors/snmp/oid.hpp"

namespace kurabe::collectors::snmp {

// Owned by the library.
struct ProtocolName {
    OidNumber* oid;
    std::size_t numbers;
};

[[nodiscard]] ProtocolName name_of(AuthProtocol protocol) noexcept;
[[nodiscard]] ProtocolName name_of(PrivProtocol protocol) noexcept;

}  // namespace kurabe::collectors::snmp
