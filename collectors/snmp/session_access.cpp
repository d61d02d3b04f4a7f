// What a session shows its device.
#include "collectors/snmp/session_access.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <variant>

#include "collectors/snmp/protocols.hpp"

namespace kurabe::collectors::snmp {
namespace {

void set_access(netsnmp_session& session, const Community& community) {
    session.version = SNMP_VERSION_2c;
    session.community = reinterpret_cast<u_char*>(const_cast<char*>(community.text.data()));
    session.community_len = community.text.size();
}

void set_access(netsnmp_session& session, const User& user, const MasterKeys& keys) {
    session.version = SNMP_VERSION_3;
    session.securityModel = SNMP_SEC_MODEL_USM;
    session.securityLevel = user.level == Level::kAuthPriv ? SNMP_SEC_LEVEL_AUTHPRIV
                            : user.level == Level::kAuth   ? SNMP_SEC_LEVEL_AUTHNOPRIV
                                                           : SNMP_SEC_LEVEL_NOAUTH;
    session.securityName = const_cast<char*>(user.name.c_str());
    session.securityNameLen = user.name.size();
    session.contextName = const_cast<char*>(user.context.c_str());
    session.contextNameLen = user.context.size();
    if (user.level == Level::kNoAuth) return;
    const ProtocolName auth = name_of(user.auth);
    session.securityAuthProto = auth.oid;
    session.securityAuthProtoLen = auth.numbers;
    session.securityAuthKeyLen = keys.auth.size();
    std::ranges::copy(keys.auth, session.securityAuthKey);
    if (user.level == Level::kAuth) return;
    const ProtocolName priv = name_of(user.priv);
    session.securityPrivProto = priv.oid;
    session.securityPrivProtoLen = priv.numbers;
    session.securityPrivKeyLen = keys.priv.size();
    std::ranges::copy(keys.priv, session.securityPrivKey);
}

}  // namespace

void set_access(netsnmp_session& session, const Access& access, const MasterKeys& keys) {
    if (const auto* const community = std::get_if<Community>(&access)) {
        set_access(session, *community);
    } else {
        set_access(session, std::get<User>(access), keys);
    }
}

bool has_same_keys(const usmUser& user, const netsnmp_session& session) {
    std::array<u_char, USM_LENGTH_KU_HASHBLOCK> key{};
    std::size_t bytes = key.size();
    if (session.securityAuthKeyLen == 0) return user.authKeyLen == 0;
    const int done =
        ::generate_kul(session.securityAuthProto, static_cast<u_int>(session.securityAuthProtoLen),
                       session.securityEngineID, static_cast<u_int>(session.securityEngineIDLen),
                       session.securityAuthKey, session.securityAuthKeyLen, key.data(), &bytes);
    return done == SNMPERR_SUCCESS && std::ranges::equal(std::span(key.data(), bytes),
                                                         std::span(user.authKey, user.authKeyLen));
}

}  // namespace kurabe::collectors::snmp
