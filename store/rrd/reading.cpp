// Texts -> raw values of the types; amount_of does the rest.
#include "store/rrd/reading.hpp"

#include <optional>

#include <fmt/format.h>

#include "store/number.hpp"
#include "store/sample.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr std::size_t kDigitsMax = 30;
constexpr std::string_view kDigits = "0123456789";

bool is_unknown_text(std::string_view text) noexcept {
    return text.starts_with('U');
}

struct Integer {
    bool negative;
    WideInteger value;
};

// The first digits of the text, negative when a '-' stands before them. Nothing if there are none
// or too many.
std::optional<Integer> integer_in(std::string_view text) noexcept {
    const auto begin = text.find_first_of(kDigits);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto end = std::min(text.find_first_not_of(kDigits, begin), text.size());
    if (end - begin > kDigitsMax) return std::nullopt;
    const bool negative = text.substr(0, begin).find('-') != std::string_view::npos;
    WideInteger value = 0;
    for (const char digit : text.substr(begin, end - begin)) value = value * 10 + (digit - '0');
    return Integer{negative, negative ? -value : value};
}

// A text without digits counts as an integer; it amounts to nothing that is known.
Result<void> check_integer(std::string_view text, DsType type) {
    const bool is_signed = type == DsType::kDerive;
    const std::string_view digits = text.substr(is_signed && text.starts_with('-') ? 1 : 0);
    if (digits.find_first_not_of(kDigits) == std::string_view::npos) return {};
    return fail(ErrorCode::kInvalid, fmt::format("not a simple {} integer: '{}'",
                                                 is_signed ? "signed" : "unsigned", text));
}

// The names in the message are rrdtool's.
Result<RawValue> number_in(std::string_view text, DsType type) {
    const auto number = parse_number(text);
    if (!number) {
        return fail(ErrorCode::kInvalid, fmt::format("Function update_pdp_prep, case DST_{} - {}",
                                                     ds_type_name(type), number.error().message));
    }
    return RawValue::of(*number);
}

Result<Value> amount_of_number(const DataSource& source, std::string_view reading,
                               double interval) {
    const auto now = number_in(reading, source.type);
    if (!now) return std::unexpected(now.error());
    return amount_of(source, RawValue::unknown(), *now, interval);
}

Result<Value> amount_of_difference(const DataSource& source, std::string_view last,
                                   std::string_view reading, double interval) {
    if (is_unknown_text(last)) return kUnknown;
    const auto now = number_in(reading, source.type);
    if (!now) return std::unexpected(now.error());
    const auto before = number_in(last, source.type);
    if (!before) return std::unexpected(before.error());
    return amount_of(source, *before, *now, interval);
}

// Signs are those of the texts: "-0" has one.
Result<Value> amount_of_integer(const DataSource& source, std::string_view last,
                                std::string_view reading, double interval) {
    if (auto checked = check_integer(reading, source.type); !checked) {
        return std::unexpected(checked.error());
    }
    if (is_unknown_text(last)) return kUnknown;
    const auto now = integer_in(reading);
    const auto before = integer_in(last);
    if (!now || !before || now->negative != before->negative) return kUnknown;
    if (source.type == DsType::kDerive) {
        return amount_in_range(source, number_of(now->value - before->value), interval);
    }
    return amount_of(source, RawValue::of_integer(before->value), RawValue::of_integer(now->value),
                     interval);
}

}  // namespace

Result<Value> amount_of_reading(const DataSource& source, std::string_view last,
                                std::string_view reading, double interval) {
    const bool late = static_cast<double>(source.heartbeat.count()) < interval;
    if (late || is_unknown_text(reading)) return kUnknown;
    switch (source.type) {
        case DsType::kGauge:
        case DsType::kAbsolute:
            return amount_of_number(source, reading, interval);
        case DsType::kDCounter:
        case DsType::kDDerive:
            return amount_of_difference(source, last, reading, interval);
        case DsType::kCounter:
        case DsType::kDerive:
            return amount_of_integer(source, last, reading, interval);
        case DsType::kCompute:
            break;
    }
    return kUnknown;
}

}  // namespace kurabe::store::rrd
