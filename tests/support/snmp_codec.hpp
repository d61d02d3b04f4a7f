// Messages of SNMPv2c as bytes, for tests: written apart from the library that the program uses.
// Rule: RFC 3416 and X.690 (BER).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::tests {

using SnmpOid = std::vector<unsigned long>;

enum class SnmpTag : std::uint8_t {
    kInteger = 0x02,
    kText = 0x04,
    kNull = 0x05,
    kOid = 0x06,
    kCounter32 = 0x41,
    kGauge = 0x42,
    kTicks = 0x43,
    kCounter64 = 0x46,
    kNoSuchObject = 0x80,
    kNoSuchInstance = 0x81,
    kEndOfView = 0x82,
};

struct SnmpValue {
    SnmpTag tag = SnmpTag::kNull;
    std::uint64_t number = 0;
    std::string text = {};
    SnmpOid oid = {};
};

struct SnmpMessage {
    static constexpr std::uint8_t kGet = 0xa0;
    static constexpr std::uint8_t kNext = 0xa1;
    static constexpr std::uint8_t kResponse = 0xa2;
    static constexpr std::uint8_t kBulk = 0xa5;

    std::string community;
    std::uint8_t kind = 0;
    std::int64_t id = 0;
    std::int64_t error_status = 0;  // of kBulk: non-repeaters
    std::int64_t error_index = 0;   // of kBulk: max-repetitions
    std::vector<std::pair<SnmpOid, SnmpValue>> bindings;
};

[[nodiscard]] std::optional<SnmpMessage> decode_snmp(std::string_view bytes);
[[nodiscard]] std::string encode_snmp(const SnmpMessage& message);

}  // namespace kurabe::tests
