// What a device gave for one of its objects, kept after the answer is gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "collectors/snmp/message.hpp"

namespace kurabe::collectors::snmp {

inline constexpr std::size_t kTextBytesMax = 1024;  // longer texts are cut

struct Value {
    Kind kind = Kind::kMissing;
    std::uint64_t number = 0;  // of kInteger the two's complement
    std::string text = {};
    Oid oid = {};

    [[nodiscard]] static Value of(const Binding& binding);

    [[nodiscard]] bool is_missing() const noexcept {
        return kind == Kind::kMissing || kind == Kind::kEnd;
    }
    // Any kind of number that is not negative.
    [[nodiscard]] std::optional<std::uint64_t> count() const noexcept;
    // The same of a size, which agents let wrap: a negative one is what it is without a sign.
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept;
    // Any kind of number, and a text that is one ("0.42").
    [[nodiscard]] std::optional<double> measure() const noexcept;
};

}  // namespace kurabe::collectors::snmp
