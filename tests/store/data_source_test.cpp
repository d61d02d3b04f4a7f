// Amounts by DS type, with the wraps as rrdtool has them.
#include "store/data_source.hpp"

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

constexpr Seconds kHeartbeat{120};

Value amount(DsType type, RawValue last, RawValue now, double interval = 60) {
    return amount_of({.type = type, .heartbeat = kHeartbeat}, last, now, interval);
}

RawValue integer(WideInteger value) {
    return RawValue::of_integer(value);
}

TEST(AmountOf, GaugeIsTheValueOverTheInterval) {
    EXPECT_EQ(amount(DsType::kGauge, {}, RawValue::of(2.5)), 150);
    EXPECT_EQ(amount(DsType::kGauge, {}, integer(3)), 180);
    EXPECT_TRUE(is_unknown(amount(DsType::kGauge, RawValue::of(1), {})));
}

TEST(AmountOf, AbsoluteIsTheValueItself) {
    EXPECT_EQ(amount(DsType::kAbsolute, {}, RawValue::of(90)), 90);
}

TEST(AmountOf, CounterIsTheDifferenceAndNeedsAReadingBefore) {
    EXPECT_EQ(amount(DsType::kCounter, integer(100), integer(160)), 60);
    EXPECT_TRUE(is_unknown(amount(DsType::kCounter, {}, integer(160))));
    EXPECT_TRUE(is_unknown(amount(DsType::kCounter, integer(160), {})));
}

TEST(AmountOf, CounterWrapsAsInRrdtoolOneShortOf32BitsAndRoundedAt64Bits) {
    EXPECT_EQ(amount(DsType::kCounter, integer(4294967290), integer(5)), 10);
    const WideInteger near_64 = (WideInteger{1} << 64) - 6;
    EXPECT_EQ(amount(DsType::kCounter, integer(near_64), integer(5)), 0);
    EXPECT_EQ(amount(DsType::kCounter, integer(WideInteger{1} << 33), integer(5)),
              1.8446744065119617e+19);
}

TEST(AmountOf, DeriveMayFallAndIsUnknownWhenTheSignChanges) {
    EXPECT_EQ(amount(DsType::kDerive, integer(100), integer(40)), -60);
    EXPECT_EQ(amount(DsType::kDerive, integer(-5), integer(-3)), 2);
    EXPECT_TRUE(is_unknown(amount(DsType::kDerive, integer(-5), integer(3))));
    EXPECT_TRUE(is_unknown(amount(DsType::kDerive, integer(0), integer(-5))));
}

TEST(AmountOf, ExactlyTheHeartbeatIsStillKnown) {
    EXPECT_EQ(amount(DsType::kGauge, {}, RawValue::of(1), 120), 120);
    EXPECT_TRUE(is_unknown(amount(DsType::kGauge, {}, RawValue::of(1), 120.000001)));
    EXPECT_TRUE(is_unknown(amount(DsType::kDerive, integer(1), integer(2), 121)));
}

TEST(AmountOf, LimitsAreOfTheRateAndInclusive) {
    const DataSource limited{DsType::kDerive, kHeartbeat, 0, 10};
    EXPECT_EQ(amount_of(limited, integer(0), integer(600), 60), 600);
    EXPECT_TRUE(is_unknown(amount_of(limited, integer(0), integer(601), 60)));
    EXPECT_TRUE(is_unknown(amount_of(limited, integer(10), integer(9), 60)));
}

TEST(SecondsBetween, CountsMicroseconds) {
    const SampleTime begin{Seconds{1'700'000'000}};
    EXPECT_EQ(seconds_between(begin, begin + std::chrono::milliseconds{1500}), 1.5);
    EXPECT_EQ(seconds_between(begin + std::chrono::milliseconds{750}, begin + Seconds{2}), 1.25);
}

}  // namespace
}  // namespace kurabe::store
