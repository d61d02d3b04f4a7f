// Prepares net-snmp without its init_snmp(), which reads configurations, MIBs and the environment,
// and sets the locale.
#include "collectors/snmp/library.hpp"

#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "collectors/snmp/handles.hpp"
#include "collectors/snmp/protocols.hpp"

namespace kurabe::collectors::snmp {
namespace {

// Once per process: registering the security model again would fail.
bool prepare() {
    for (const int option :
         {NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
          NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE,
          NETSNMP_DS_LIB_DISABLE_CONFIG_LOAD, NETSNMP_DS_LIB_DONT_LOAD_HOST_FILES}) {
        ::netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, option, 1);
    }
    ::netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_APPTYPE, "kurabe");
    // Without a handler it would write to standard error.
    ::netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
    netsnmp_session nothing;
    ::snmp_sess_init(&nothing);
    ::init_usm();
    // An engine ID of our own, which nobody asks for but the library.
    ::setup_engineID(nullptr, "kurabe");
    // Makes the user without a name, by which a device is asked for its engine ID.
    ::snmp_call_callbacks(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_PREMIB_READ_CONFIG, nullptr);
    return true;
}

Result<void> check_length(const std::string& passphrase, std::string_view what) {
    if (passphrase.size() >= USM_LENGTH_P_MIN) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} has less than {} bytes", what, USM_LENGTH_P_MIN));
}

Result<std::vector<unsigned char>> master_key(const ProtocolName& hash,
                                              const std::string& passphrase,
                                              std::string_view what) {
    std::vector<unsigned char> key(USM_AUTH_KU_LEN);
    std::size_t bytes = key.size();
    const int done = ::generate_Ku(hash.oid, static_cast<u_int>(hash.numbers),
                                   reinterpret_cast<const u_char*>(passphrase.data()),
                                   passphrase.size(), key.data(), &bytes);
    if (done != SNMPERR_SUCCESS) {
        return fail(ErrorCode::kSystem, fmt::format("cannot make a key from the {}", what));
    }
    key.resize(bytes);
    return key;
}

}  // namespace

Library::Library() {
    static const bool prepared = prepare();
    (void)prepared;
}

Result<void> Library::check(const User& user) {
    if (user.level == Level::kNoAuth) return {};
    auto checked = check_length(user.auth_passphrase, "auth passphrase");
    if (!checked || user.level == Level::kAuth) return checked;
    return check_length(user.priv_passphrase, "priv passphrase");
}

Result<MasterKeys> Library::derive(const User& user) const {
    MasterKeys keys;
    if (user.level == Level::kNoAuth) return keys;
    const ProtocolName hash = name_of(user.auth);
    auto auth = master_key(hash, user.auth_passphrase, "auth passphrase");
    if (!auth) return std::unexpected(auth.error());
    keys.auth = *std::move(auth);
    if (user.level == Level::kAuth) return keys;
    auto priv = master_key(hash, user.priv_passphrase, "priv passphrase");
    if (!priv) return std::unexpected(priv.error());
    keys.priv = *std::move(priv);
    return keys;
}

}  // namespace kurabe::collectors::snmp
