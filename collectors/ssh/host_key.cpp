// The check is libssh's; what its answers mean to a person is said here.
#include "collectors/ssh/host_key.hpp"

#include <algorithm>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "collectors/printable.hpp"
#include "collectors/ssh/handles.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr std::size_t kShownKeyBytesMax = 300;

struct FreeHash {
    void operator()(unsigned char* hash) const noexcept { ::ssh_clean_pubkey_hash(&hash); }
};

// "ssh-ed25519 SHA256:..."
std::string fingerprint(ssh_session session) {
    ssh_key raw = nullptr;
    if (::ssh_get_server_publickey(session, &raw) != SSH_OK) return "(without key)";
    const KeyHandle key(raw);
    unsigned char* bytes = nullptr;
    std::size_t size = 0;
    if (::ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &bytes, &size) != SSH_OK) {
        return "(without fingerprint)";
    }
    const std::unique_ptr<unsigned char, FreeHash> hash(bytes);
    const TextHandle text(::ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash.get(), size));
    return fmt::format("{} {}", ::ssh_key_type_to_char(::ssh_key_type(key.get())), text.get());
}

std::string file_option(ssh_session session, ssh_options_e option) {
    char* file = nullptr;
    if (::ssh_options_get(session, option, &file) != SSH_OK || file == nullptr) return {};
    return TextHandle(file).get();
}

std::string known_hosts_file(ssh_session session) {
    const std::string file = file_option(session, SSH_OPTIONS_KNOWNHOSTS);
    return file.empty() ? "~/.ssh/known_hosts" : file;
}

// As in a line of known_hosts: "AAAAC3Nza...".
std::string key_text(ssh_session session) {
    ssh_key raw = nullptr;
    if (::ssh_get_server_publickey(session, &raw) != SSH_OK) return {};
    const KeyHandle key(raw);
    char* text = nullptr;
    if (::ssh_pki_export_pubkey_base64(key.get(), &text) != SSH_OK) return {};
    return TextHandle(text).get();
}

// Whether a line "@revoked HOSTS TYPE KEY" has this key, for whichever hosts. Rule: sshd(8),
// SSH_KNOWN_HOSTS FILE FORMAT; libssh 0.10 passes such lines over.
bool is_revoked_in(const std::string& file, const std::string& key) {
    std::ifstream stream(file);
    std::string line;
    while (std::getline(stream, line)) {
        if (line.starts_with("@revoked") && line.find(key) != line.npos) return true;
    }
    return false;
}

bool is_revoked(ssh_session session, const std::string& file) {
    const std::string key = key_text(session);
    if (key.empty()) return true;
    const std::string global = file_option(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS);
    return is_revoked_in(file, key) || is_revoked_in(global, key);
}

// A path as one word of a shell.
std::string quoted(const std::string& path) {
    const bool is_plain = std::ranges::all_of(path, [](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= '0' && byte <= '9') || std::string_view("/._-~").contains(byte);
    });
    if (is_plain) return path;
    std::string word = "'";
    for (const char byte : path) word += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
    return word + '\'';
}

// Ready to be run; a proxy is passed by ssh itself, which asks.
std::string accepting_command(const HostPlace& place, const std::string& file) {
    if (place.is_behind_proxy) {
        return fmt::format("ssh -o UserKnownHostsFile={} -p {} {}", quoted(file), place.port,
                           place.host);
    }
    return fmt::format("ssh-keyscan -p {} {} >>{}", place.port, place.host, quoted(file));
}

// As known_hosts names it.
std::string known_name(const HostPlace& place) {
    constexpr unsigned kUsualPort = 22;
    return place.port == kUsualPort ? place.host : fmt::format("[{}]:{}", place.host, place.port);
}

}  // namespace

Result<void> verify_host_key(ssh_session_struct* session, const HostPlace& place) {
    const std::string file = known_hosts_file(session);
    switch (::ssh_session_is_known_server(session)) {
        case SSH_KNOWN_HOSTS_OK:
            if (!is_revoked(session, file)) return {};
            return fail(ErrorCode::kInvalid,
                        fmt::format("host key {} is REVOKED in known_hosts", fingerprint(session)));
        case SSH_KNOWN_HOSTS_NOT_FOUND:
        case SSH_KNOWN_HOSTS_UNKNOWN:
            return fail(ErrorCode::kNotFound,
                        fmt::format("host key {} is not in {}; if it is right, accept it by: {}",
                                    fingerprint(session), file, accepting_command(place, file)));
        case SSH_KNOWN_HOSTS_CHANGED:
        case SSH_KNOWN_HOSTS_OTHER:
            return fail(ErrorCode::kInvalid,
                        fmt::format("HOST KEY CHANGED: it is now {}, another than in {}; somebody "
                                    "may stand between. If the host was set up anew: ssh-keygen "
                                    "-R '{}' -f {}",
                                    fingerprint(session), file, known_name(place), quoted(file)));
        case SSH_KNOWN_HOSTS_ERROR:
            break;
    }
    return fail(ErrorCode::kSystem,
                fmt::format("cannot check the host key: {}",
                            printable(::ssh_get_error(session), kShownKeyBytesMax)));
}

}  // namespace kurabe::collectors::ssh
