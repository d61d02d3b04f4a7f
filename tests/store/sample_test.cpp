// Names of series and texts of values.
#include "store/sample.hpp"

#include <gtest/gtest.h>

#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

TEST(SeriesName, TakesTheHostBeforeTheFirstAndTheKeyAfterTheLastSlash) {
    const auto name = SeriesName::parse("web1/http:80:/server-status/busy.gauge");
    ASSERT_TRUE(name);
    EXPECT_EQ(name->host, "web1");
    EXPECT_EQ(name->plugin, "http:80:/server-status");
    EXPECT_EQ(name->key, "busy.gauge");
    EXPECT_EQ(name->text(), "web1/http:80:/server-status/busy.gauge");
}

TEST(SeriesName, RefusesMissingPartsControlBytesAndPartsOverTheirLimits) {
    for (const char* text : {"", "a", "a/b", "/b/c", "a//c", "a/b/", "a/b\n/c", "a\x7f/b/c"}) {
        const auto name = SeriesName::parse(text);
        ASSERT_FALSE(name) << text;
        EXPECT_EQ(name.error().code, ErrorCode::kInvalid);
    }
    const std::string host(kHostBytesMax, 'h');
    EXPECT_TRUE(SeriesName::parse(host + "/p/k"));
    EXPECT_FALSE(SeriesName::parse(host + "h/p/k"));
    EXPECT_FALSE(SeriesName::parse("h/p/" + std::string(kKeyBytesMax + 1, 'k')));
    EXPECT_FALSE(SeriesName::parse("h/" + std::string(kPluginBytesMax + 1, 'p') + "/k"));
}

TEST(DsTypeOfKey, IsTheSuffixInLowerCase) {
    EXPECT_EQ(ds_type_of_key("a.b.gauge"), DsType::kGauge);
    EXPECT_EQ(ds_type_of_key("a.counter"), DsType::kCounter);
    EXPECT_EQ(ds_type_of_key("a.derive"), DsType::kDerive);
    EXPECT_EQ(ds_type_of_key("a.absolute"), DsType::kAbsolute);
    for (const char* key : {"gauge", "a.GAUGE", "a.", "a.gauges", ""}) {
        EXPECT_FALSE(ds_type_of_key(key)) << key;
    }
}

TEST(ParseRawValue, TakesTheGrammarOfTheType) {
    EXPECT_EQ(parse_raw_value("Uxx", DsType::kCounter)->kind, RawValue::Kind::kMissing);
    EXPECT_EQ(parse_raw_value("1.5", DsType::kGauge)->number, 1.5);
    EXPECT_TRUE(parse_raw_value("00012", DsType::kCounter)->integer == 12);
    EXPECT_TRUE(parse_raw_value("-5", DsType::kDerive)->integer == -5);
    EXPECT_EQ(parse_raw_value("-5", DsType::kCounter).error().message,
              "not a simple unsigned integer: '-5'");
    EXPECT_EQ(parse_raw_value("1.5", DsType::kDerive).error().message,
              "not a simple signed integer: '1.5'");
    EXPECT_FALSE(parse_raw_value("", DsType::kCounter));
    EXPECT_FALSE(parse_raw_value("-", DsType::kDerive));
    EXPECT_TRUE(parse_raw_value(std::string(29, '9'), DsType::kCounter));
    EXPECT_FALSE(parse_raw_value(std::string(30, '9'), DsType::kCounter));
}

TEST(CheckReading, RefusesWhatTheTypeCannotHaveAndImpossibleTimes) {
    const SampleTime now{Seconds{1'700'000'000}};
    EXPECT_TRUE(check_reading(DsType::kGauge, RawValue::of_integer(-5), now));
    EXPECT_TRUE(check_reading(DsType::kDerive, RawValue::of_integer(-5), now));
    EXPECT_TRUE(check_reading(DsType::kCounter, RawValue::unknown(), now));
    EXPECT_FALSE(check_reading(DsType::kCounter, RawValue::of_integer(-5), now));
    EXPECT_FALSE(check_reading(DsType::kCounter, RawValue::of(5), now));
    EXPECT_FALSE(check_reading(DsType::kGauge, RawValue::of_integer(WideInteger{1} << 100), now));
    EXPECT_TRUE(check_reading(DsType::kGauge, RawValue::of(1), kSampleTimeMin));
    EXPECT_FALSE(check_reading(DsType::kGauge, RawValue::of(1), kSampleTimeMin - Seconds{1}));
    EXPECT_FALSE(check_reading(DsType::kGauge, RawValue::of(1), kSampleTimeEnd));
}

}  // namespace
}  // namespace kurabe::store
