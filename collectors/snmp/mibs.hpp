// The objects of standard MIBs, and of UCD-SNMP-MIB, that are asked for.
// Rule: RFC 3418 (system), RFC 2863 (IF-MIB), RFC 2790 (HOST-RESOURCES-MIB), RFC 4022 (TCP-MIB),
// UCD-SNMP-MIB and UCD-DISKIO-MIB as net-snmp 5.9 answers them.
#pragma once

#include <array>
#include <cstdint>

#include "collectors/snmp/oid.hpp"

namespace kurabe::collectors::snmp::mibs {

inline constexpr std::array<OidNumber, 9> kSysDescr{1, 3, 6, 1, 2, 1, 1, 1, 0};
inline constexpr std::array<OidNumber, 9> kSysUpTime{1, 3, 6, 1, 2, 1, 1, 3, 0};
inline constexpr std::array<OidNumber, 9> kTcpCurrEstab{1, 3, 6, 1, 2, 1, 6, 9, 0};

// Interfaces: ifEntry has 32-bit counters, ifXEntry 64-bit ones.
inline constexpr std::array<OidNumber, 9> kIfNumber{1, 3, 6, 1, 2, 1, 2, 1, 0};
inline constexpr std::array<OidNumber, 10> kIfTableLastChange{1, 3, 6, 1, 2, 1, 31, 1, 5, 0};
inline constexpr std::array<OidNumber, 9> kIfEntry{1, 3, 6, 1, 2, 1, 2, 2, 1};
inline constexpr OidNumber kIfDescr = 2;
inline constexpr OidNumber kIfType = 3;
inline constexpr OidNumber kIfSpeed = 5;
inline constexpr OidNumber kIfAdminStatus = 7;
inline constexpr OidNumber kIfInOctets = 10;
inline constexpr OidNumber kIfOutOctets = 16;
inline constexpr std::array<OidNumber, 10> kIfXEntry{1, 3, 6, 1, 2, 1, 31, 1, 1, 1};
inline constexpr OidNumber kIfName = 1;
inline constexpr OidNumber kIfHcInOctets = 6;
inline constexpr OidNumber kIfHcOutOctets = 10;
inline constexpr OidNumber kIfCounterDiscontinuityTime = 19;
inline constexpr std::uint64_t kTypeLoopback = 24;
inline constexpr std::uint64_t kStatusUp = 1;

// What a machine has.
inline constexpr std::array<OidNumber, 10> kHrSystemUptime{1, 3, 6, 1, 2, 1, 25, 1, 1, 0};
inline constexpr std::array<OidNumber, 10> kHrStorageEntry{1, 3, 6, 1, 2, 1, 25, 2, 3, 1};
inline constexpr OidNumber kHrStorageType = 2;
inline constexpr OidNumber kHrStorageDescr = 3;
inline constexpr OidNumber kHrStorageUnits = 4;
inline constexpr OidNumber kHrStorageSize = 5;
inline constexpr OidNumber kHrStorageUsed = 6;
inline constexpr std::array<OidNumber, 10> kHrStorageRam{1, 3, 6, 1, 2, 1, 25, 2, 1, 2};
inline constexpr std::array<OidNumber, 10> kHrStorageFixedDisk{1, 3, 6, 1, 2, 1, 25, 2, 1, 4};
inline constexpr std::array<OidNumber, 11> kHrProcessorFrwId{1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 1};
inline constexpr std::array<OidNumber, 11> kHrProcessorLoad{1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 2};

// What net-snmp tells of the machine that it runs on.
inline constexpr std::array<OidNumber, 8> kUcdMemory{1, 3, 6, 1, 4, 1, 2021, 4};
inline constexpr std::array<OidNumber, 10> kUcdLoad{1, 3, 6, 1, 4, 1, 2021, 10, 1, 3};
inline constexpr std::array<OidNumber, 8> kUcdSystemStats{1, 3, 6, 1, 4, 1, 2021, 11};
inline constexpr std::array<OidNumber, 9> kUcdDiskEntry{1, 3, 6, 1, 4, 1, 2021, 9, 1};
inline constexpr OidNumber kDiskPath = 2;
inline constexpr OidNumber kDiskDevice = 3;
inline constexpr std::array<OidNumber, 11> kDiskIoEntry{1, 3, 6, 1, 4, 1, 2021, 13, 15, 1, 1};
inline constexpr OidNumber kDiskIoDevice = 2;
inline constexpr OidNumber kDiskIoReads = 5;
inline constexpr OidNumber kDiskIoWrites = 6;
inline constexpr OidNumber kDiskIoReadBytes = 12;
inline constexpr OidNumber kDiskIoWrittenBytes = 13;

}  // namespace kurabe::collectors::snmp::mibs
