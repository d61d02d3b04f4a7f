// net-snmp's handles with owners, for the sources that wrap it; no other file includes its headers.
#pragma once

#include <memory>
#include <type_traits>

// The order is the library's wish: its configuration first.
// clang-format off
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/snmp_transport.h>
// clang-format on

#include "collectors/snmp/oid.hpp"

namespace kurabe::collectors::snmp {

static_assert(std::is_same_v<oid, OidNumber>);

struct CloseSession {
    void operator()(void* session) const noexcept { ::snmp_sess_close(session); }
};
struct FreePdu {
    void operator()(netsnmp_pdu* pdu) const noexcept { ::snmp_free_pdu(pdu); }
};

using SessionHandle = std::unique_ptr<void, CloseSession>;
using PduHandle = std::unique_ptr<netsnmp_pdu, FreePdu>;

}  // namespace kurabe::collectors::snmp
