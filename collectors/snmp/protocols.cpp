// The names that net-snmp has for protocols of SNMPv3.
#include "collectors/snmp/protocols.hpp"

#include "collectors/snmp/handles.hpp"

namespace kurabe::collectors::snmp {
namespace {

int number_of(AuthProtocol protocol) noexcept {
    switch (protocol) {
        case AuthProtocol::kSha1:
            return NETSNMP_USMAUTH_HMACSHA1;
        case AuthProtocol::kSha224:
            return NETSNMP_USMAUTH_HMAC128SHA224;
        case AuthProtocol::kSha256:
            return NETSNMP_USMAUTH_HMAC192SHA256;
        case AuthProtocol::kSha384:
            return NETSNMP_USMAUTH_HMAC256SHA384;
        case AuthProtocol::kSha512:
            return NETSNMP_USMAUTH_HMAC384SHA512;
    }
    return NETSNMP_USMAUTH_NOAUTH;
}

int number_of(PrivProtocol protocol) noexcept {
    switch (protocol) {
        case PrivProtocol::kAes128:
            return USM_CREATE_USER_PRIV_AES;
        case PrivProtocol::kAes192:
            return USM_CREATE_USER_PRIV_AES192;
        case PrivProtocol::kAes256:
            return USM_CREATE_USER_PRIV_AES256;
    }
    return USM_CREATE_USER_PRIV_NONE;
}

}  // namespace

ProtocolName name_of(AuthProtocol protocol) noexcept {
    ProtocolName name{};
    name.oid = ::sc_get_auth_oid(number_of(protocol), &name.numbers);
    return name;
}

ProtocolName name_of(PrivProtocol protocol) noexcept {
    ProtocolName name{};
    name.oid = ::sc_get_priv_oid(number_of(protocol), &name.numbers);
    return name;
}

}  // namespace kurabe::collectors::snmp
