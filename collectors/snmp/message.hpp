// What is asked of a device and what it answers, as plain data: the questions and answers of SNMP
// without its encoding. Rule: RFC 3416.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "collectors/snmp/oid.hpp"

namespace kurabe::collectors::snmp {

enum class Kind : std::uint8_t {
    kMissing,    // noSuchObject, noSuchInstance, or no value
    kEnd,        // endOfMibView: nothing comes after the name
    kInteger,    // signed
    kGauge,      // Gauge32, Unsigned32
    kCounter32,  // wraps at 2^32
    kCounter64,
    kTicks,  // TimeTicks: hundredths of a second, wraps at 2^32
    kText,   // OCTET STRING, any bytes
    kOid,
    kOther,
};

// One name with its value. Views into the answer.
struct Binding {
    OidView name;
    Kind kind = Kind::kMissing;
    std::uint64_t number = 0;  // of numbers; of kInteger the two's complement
    std::string_view text = {};
    OidView oid = {};
};

struct Request {
    enum class Way : std::uint8_t {
        kGet,   // the values of the names
        kNext,  // of each name the one after it
        kBulk,  // of each name the `rows` after it
    };
    Way way = Way::kGet;
    std::size_t rows = 0;
    std::vector<OidView> names = {};  // valid until the request is sent
};

// What a device says of a request as a whole. Rule: RFC 3416, 3, error-status.
enum class ErrorStatus : std::uint8_t {
    kNone,
    kTooBig,
    kNoSuchName,  // of devices that speak version 1
    kGeneral,     // genErr
    kOther,
};

struct Answer {
    ErrorStatus status = ErrorStatus::kNone;
    long status_number = 0;       // as the device says it
    std::size_t error_index = 0;  // 1-based name that was the reason; 0: none
    std::span<const Binding> bindings;
};

}  // namespace kurabe::collectors::snmp
