// What a device wants to see before it answers: a community (SNMPv2c) or a user (SNMPv3).
// Rule: RFC 3414 (users), RFC 7860 (SHA-2), RFC 3826 (AES); AES-192 and AES-256 are no standard,
// and keys are lengthened as devices of most makers do (draft-blumenthal-aes-usm-04).
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace kurabe::collectors::snmp {

struct Community {
    std::string text;
};

enum class Level : std::uint8_t { kNoAuth, kAuth, kAuthPriv };
enum class AuthProtocol : std::uint8_t { kSha1, kSha224, kSha256, kSha384, kSha512 };
enum class PrivProtocol : std::uint8_t { kAes128, kAes192, kAes256 };

struct User {
    std::string name;
    Level level = Level::kAuthPriv;
    AuthProtocol auth = AuthProtocol::kSha256;
    PrivProtocol priv = PrivProtocol::kAes128;
    std::string auth_passphrase = {};
    std::string priv_passphrase = {};
    std::string context = {};
};

using Access = std::variant<Community, User>;

}  // namespace kurabe::collectors::snmp
