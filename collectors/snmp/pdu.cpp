// Questions and answers as the library's messages.
#include "collectors/snmp/pdu.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace kurabe::collectors::snmp {
namespace {

Binding binding_of(const netsnmp_variable_list& variable) {
    constexpr std::uint64_t kLow32 = 0xffffffff;
    constexpr unsigned kHighShift = 32;
    Binding binding{.name = {variable.name, variable.name_length}};
    const auto number = [&](Kind kind) {
        binding.kind = kind;
        binding.number = static_cast<std::uint64_t>(*variable.val.integer) & kLow32;
    };
    switch (variable.type) {
        case ASN_INTEGER:
            binding.kind = Kind::kInteger;
            binding.number = static_cast<std::uint64_t>(*variable.val.integer);
            break;
        case ASN_COUNTER:
            number(Kind::kCounter32);
            break;
        case ASN_GAUGE:
            number(Kind::kGauge);
            break;
        case ASN_TIMETICKS:
            number(Kind::kTicks);
            break;
        case ASN_COUNTER64:
            binding.kind = Kind::kCounter64;
            binding.number = (std::uint64_t{variable.val.counter64->high} << kHighShift) |
                             (std::uint64_t{variable.val.counter64->low} & kLow32);
            break;
        case ASN_OCTET_STR:
            binding.kind = Kind::kText;
            binding.text = {reinterpret_cast<const char*>(variable.val.string), variable.val_len};
            break;
        case ASN_OBJECT_ID:
            binding.kind = Kind::kOid;
            binding.oid = {variable.val.objid, variable.val_len / sizeof(oid)};
            break;
        case SNMP_ENDOFMIBVIEW:
            binding.kind = Kind::kEnd;
            break;
        case SNMP_NOSUCHOBJECT:
        case SNMP_NOSUCHINSTANCE:
        case ASN_NULL:
            binding.kind = Kind::kMissing;
            break;
        default:
            binding.kind = Kind::kOther;
            break;
    }
    return binding;
}

ErrorStatus status_of(long number) {
    switch (number) {
        case SNMP_ERR_NOERROR:
            return ErrorStatus::kNone;
        case SNMP_ERR_TOOBIG:
            return ErrorStatus::kTooBig;
        case SNMP_ERR_NOSUCHNAME:
            return ErrorStatus::kNoSuchName;
        case SNMP_ERR_GENERR:
            return ErrorStatus::kGeneral;
        default:
            return ErrorStatus::kOther;
    }
}

}  // namespace

PduHandle pdu_of(const Request& request) {
    const int command = request.way == Request::Way::kGet    ? SNMP_MSG_GET
                        : request.way == Request::Way::kNext ? SNMP_MSG_GETNEXT
                                                             : SNMP_MSG_GETBULK;
    PduHandle pdu(::snmp_pdu_create(command));
    if (!pdu) throw std::bad_alloc();
    if (request.way == Request::Way::kBulk) {
        pdu->non_repeaters = 0;
        pdu->max_repetitions = static_cast<long>(request.rows);
    }
    // The library goes through the list from its head for each name that is added to its end.
    netsnmp_variable_list** end = &pdu->variables;
    for (const OidView name : request.names) {
        ::snmp_varlist_add_variable(end, name.data(), name.size(), ASN_NULL, nullptr, 0);
        if (*end == nullptr) throw std::bad_alloc();
        end = &(*end)->next_variable;
    }
    return pdu;
}

void give_answer(const netsnmp_pdu& pdu, const std::function<void(const Answer&)>& take) {
    std::vector<Binding> bindings;
    std::size_t count = 0;
    for (auto* at = pdu.variables; at != nullptr; at = at->next_variable) ++count;
    bindings.reserve(count);
    for (auto* at = pdu.variables; at != nullptr; at = at->next_variable) {
        bindings.push_back(binding_of(*at));
    }
    take({.status = status_of(pdu.errstat),
          .status_number = pdu.errstat,
          .error_index = pdu.errindex > 0 ? static_cast<std::size_t>(pdu.errindex) : 0,
          .bindings = bindings});
}

}  // namespace kurabe::collectors::snmp
