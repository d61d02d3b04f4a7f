// Amounts by DS type, with rrdtool's treatment of counters that wrap.
#include "store/data_source.hpp"

#include "store/number.hpp"

namespace kurabe::store {
namespace {

// What rrdtool adds to a negative difference: one less than 2^32 and then 2^64 - 2^32, each in
// floating point. A 32-bit wrap therefore comes out one short; files must agree, so it stays.
constexpr Value kWrap32 = 4294967295.0;
constexpr Value kWrap64 = 18446744069414584320.0;

Value number_in(const RawValue& raw) noexcept {
    switch (raw.kind) {
        case RawValue::Kind::kNumber:
            return raw.number;
        case RawValue::Kind::kInteger:
            return number_of(raw.integer);
        case RawValue::Kind::kMissing:
            break;
    }
    return kUnknown;
}

Value counted(WideInteger last, WideInteger now) noexcept {
    Value difference = number_of(now - last);
    if (difference < 0) difference += kWrap32;
    if (difference < 0) difference += kWrap64;
    return difference;
}

// A change of sign is a reset, not a difference.
Value derived(WideInteger last, WideInteger now) noexcept {
    return (last < 0) == (now < 0) ? number_of(now - last) : kUnknown;
}

// A counter of numbers runs away from zero; a step towards it is a reset.
Value counted_number(Value last, Value now) noexcept {
    const bool reset = (now > 0 && last > now) || (now < 0 && now > last);
    return reset ? kUnknown : now - last;
}

Value raw_amount(DsType type, const RawValue& last, const RawValue& now, double interval) noexcept {
    switch (type) {
        case DsType::kGauge:
            return number_in(now) * interval;
        case DsType::kAbsolute:
            return number_in(now);
        case DsType::kDCounter:
            return counted_number(number_in(last), number_in(now));
        case DsType::kDDerive:
            return number_in(now) - number_in(last);
        case DsType::kCompute:
            return kUnknown;
        case DsType::kCounter:
        case DsType::kDerive:
            break;
    }
    if (last.kind != RawValue::Kind::kInteger || now.kind != RawValue::Kind::kInteger) {
        return kUnknown;
    }
    return type == DsType::kCounter ? counted(last.integer, now.integer)
                                    : derived(last.integer, now.integer);
}

}  // namespace

double seconds_between(SampleTime last, SampleTime now) noexcept {
    const Time last_second = std::chrono::floor<Seconds>(last);
    const Time now_second = std::chrono::floor<Seconds>(now);
    const auto micros = (now - now_second) - (last - last_second);
    return static_cast<double>((now_second - last_second).count()) +
           static_cast<double>(micros.count()) / 1e6;
}

Value amount_of(const DataSource& source, const RawValue& last, const RawValue& now,
                double interval) noexcept {
    if (static_cast<double>(source.heartbeat.count()) < interval) return kUnknown;
    return amount_in_range(source, raw_amount(source.type, last, now, interval), interval);
}

Value amount_in_range(const DataSource& source, Value amount, double interval) noexcept {
    const Value rate = amount / interval;
    const bool in_range = !(rate < source.minimum) && !(rate > source.maximum);
    return in_range ? amount : kUnknown;
}

}  // namespace kurabe::store
