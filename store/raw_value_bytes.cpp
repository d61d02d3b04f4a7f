// A byte for the form, then the reading.
#include "store/raw_value_bytes.hpp"

#include <limits>
#include <utility>

namespace kurabe::store {
namespace {

enum class RawForm : std::uint8_t { kMissing, kNumber, kInteger, kWideInteger };

RawForm form_of(const RawValue& raw) noexcept {
    using Limits = std::numeric_limits<std::int64_t>;
    if (raw.kind == RawValue::Kind::kMissing) return RawForm::kMissing;
    if (raw.kind == RawValue::Kind::kNumber) return RawForm::kNumber;
    const bool is_short = raw.integer >= Limits::min() && raw.integer <= Limits::max();
    return is_short ? RawForm::kInteger : RawForm::kWideInteger;
}

}  // namespace

void put_raw_value(ByteWriter& writer, const RawValue& raw) noexcept {
    const RawForm form = form_of(raw);
    writer.put_u8(std::to_underlying(form));
    switch (form) {
        case RawForm::kMissing:
            return;
        case RawForm::kNumber:
            return writer.put_f64(raw.number);
        case RawForm::kInteger:
            return writer.put_signed_varint(static_cast<std::int64_t>(raw.integer));
        case RawForm::kWideInteger:
            writer.put_u64(static_cast<std::uint64_t>(raw.integer));
            return writer.put_i64(static_cast<std::int64_t>(raw.integer >> 64));
    }
}

std::optional<RawValue> get_raw_value(ByteReader& reader) noexcept {
    switch (static_cast<RawForm>(reader.u8())) {
        case RawForm::kMissing:
            return RawValue::unknown();
        case RawForm::kNumber:
            return RawValue::of(reader.f64());
        case RawForm::kInteger:
            return RawValue::of_integer(reader.signed_varint());
        case RawForm::kWideInteger: {
            const auto low = static_cast<WideInteger>(reader.u64());
            const auto high = static_cast<WideInteger>(reader.i64());
            return RawValue::of_integer(high * (WideInteger{1} << 64) + low);
        }
    }
    return std::nullopt;
}

}  // namespace kurabe::store
