// Questions and answers as the library's messages. For the sources that wrap it.
#pragma once

#include <functional>

#include "collectors/snmp/handles.hpp"
#include "collectors/snmp/message.hpp"

namespace kurabe::collectors::snmp {

[[nodiscard]] PduHandle pdu_of(const Request& request);

// The answer is valid during the call of `take` only.
void give_answer(const netsnmp_pdu& pdu, const std::function<void(const Answer& answer)>& take);

}  // namespace kurabe::collectors::snmp
