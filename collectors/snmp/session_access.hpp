// What a session shows its device, as the library wants it. For the sources that wrap it.
#pragma once

#include "collectors/snmp/access.hpp"
#include "collectors/snmp/handles.hpp"
#include "collectors/snmp/library.hpp"

namespace kurabe::collectors::snmp {

// For a session that is to be opened. It points to what `access` holds; the library copies it then.
void set_access(netsnmp_session& session, const Access& access, const MasterKeys& keys);

// Whether a user of the library's list, which a session's engine ID and name have led to, has the
// session's keys. The list knows users by these alone, and would lend one's keys to the other.
[[nodiscard]] bool has_same_keys(const usmUser& user, const netsnmp_session& session);

}  // namespace kurabe::collectors::snmp
