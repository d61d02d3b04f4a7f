// What a device gave for one of its objects.
#include "collectors/snmp/value.hpp"

#include "collectors/fields.hpp"

namespace kurabe::collectors::snmp {

Value Value::of(const Binding& binding) {
    return {.kind = binding.kind,
            .number = binding.number,
            .text = std::string(binding.text.substr(0, kTextBytesMax)),
            .oid = Oid(binding.oid.begin(), binding.oid.end())};
}

std::optional<std::uint64_t> Value::count() const noexcept {
    switch (kind) {
        case Kind::kInteger:
            if (static_cast<std::int64_t>(number) < 0) return std::nullopt;
            return number;
        case Kind::kGauge:
        case Kind::kCounter32:
        case Kind::kCounter64:
        case Kind::kTicks:
            return number;
        default:
            return std::nullopt;
    }
}

std::optional<std::uint64_t> Value::size() const noexcept {
    const bool is_negative = kind == Kind::kInteger && static_cast<std::int64_t>(number) < 0;
    return is_negative ? std::optional<std::uint64_t>(static_cast<std::uint32_t>(number)) : count();
}

std::optional<double> Value::measure() const noexcept {
    if (kind == Kind::kText) return parse_decimal(text);
    if (kind == Kind::kInteger) return static_cast<double>(static_cast<std::int64_t>(number));
    const auto whole = count();
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

}  // namespace kurabe::collectors::snmp
