// Arguments of an update and templates, as text.
#include "store/rrd/update_argument.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/rrd/rrd_builder.hpp"

namespace kurabe::store::rrd {
namespace {

using testing::ElementsAre;

const Header kUpdatedHeader = tests::RrdBuilder(Seconds{60}, Time{Seconds{1'000'000'020}})
                                  .add({.name = "a"})
                                  .add({.name = "b", .type = DsType::kCounter})
                                  .add_compute("c", "a,b,+")
                                  .add({.name = "d"})
                                  .add(tests::RrdBuilder::Rra{})
                                  .header();

class UpdateArguments : public testing::Test {
  protected:
    Result<void> parse(std::string_view text, const ReadingOrder& order) {
        return parse_update(text, order, kUpdatedHeader.sources.size(), {kNow, zone_}, argument_);
    }
    std::string error(std::string_view text) {
        const auto parsed = parse(text, ReadingOrder::of(kUpdatedHeader));
        return parsed ? "" : parsed.error().message;
    }
    UpdateTime time(std::string_view text) {
        EXPECT_EQ(error(std::string(text) + "1:2:3"), "");
        return argument_.time;
    }

    static constexpr SampleTime kNow{std::chrono::microseconds{1'700'000'000'250'000}};
    const TimeZone zone_ = TimeZone::utc();
    UpdateArgument argument_;
};

TEST_F(UpdateArguments, ReadingsComeInTheOrderOfTheDataSources) {
    ASSERT_TRUE(parse("1000000080:1::U", ReadingOrder::of(kUpdatedHeader)));
    EXPECT_THAT(argument_.readings, ElementsAre("1", "", "U", "U"));
}

TEST_F(UpdateArguments, TemplatesNameThem) {
    const auto order = ReadingOrder::parse("d:a:d", kUpdatedHeader);
    ASSERT_TRUE(order);
    ASSERT_TRUE(parse("1000000080:1:2:3", *order));
    EXPECT_THAT(argument_.readings, ElementsAre("2", "U", "U", "3"));
    const auto message = [](std::string_view text) {
        return ReadingOrder::parse(text, kUpdatedHeader).error().message;
    };
    EXPECT_EQ(message("a:x"), "unknown DS name 'x'");
    EXPECT_EQ(message(""), "unknown DS name ''");
    EXPECT_EQ(message("a:a:a:a:a"), "tmplt contains more DS definitions than RRD");
}

TEST_F(UpdateArguments, Times) {
    EXPECT_EQ(time("1000000080:"), (UpdateTime{1'000'000'080, 0}));
    EXPECT_EQ(time("1000000080.5:"), (UpdateTime{1'000'000'080, 500'000}));
    EXPECT_EQ(time("1e9:"), (UpdateTime{1'000'000'000, 0}));
    EXPECT_EQ(time("N:"), (UpdateTime{1'700'000'000, 250'000}));
    EXPECT_EQ(time("-10:"), (UpdateTime{1'699'999'990, 250'000}));
    EXPECT_EQ(time("now-1h@"), (UpdateTime{1'699'996'400, 0}));
    EXPECT_EQ(time("12:30 20260101@"), (UpdateTime{1'767'270'600, 0}));
    EXPECT_EQ(time("inf:").seconds, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(time("1e300:").seconds, std::numeric_limits<std::int64_t>::min());
}

TEST_F(UpdateArguments, WhatIsWrongIsNamed) {
    EXPECT_EQ(error("5"), "expected timestamp not found in data source from 5");
    EXPECT_EQ(error(""), "expected timestamp not found in data source from ");
    EXPECT_EQ(error("5:1:2"), "expected 3 data source readings (got 2) from 5");
    EXPECT_EQ(error("now@"), "expected 3 data source readings (got 1) from now");
    EXPECT_EQ(error("5:1:2:3:4:5"), "found extra data on update argument: 4:5");
    EXPECT_EQ(error("5:1:2:3:"), "found extra data on update argument: ");
    EXPECT_EQ(error("x:1:2:3"),
              "error while parsing time in get_time_from_reading - Cannot convert 'x' to float");
    EXPECT_EQ(error("foo@1:2:3"), "ds time: foo: unparsable time: foo");
    EXPECT_EQ(error("end-1h@1:2:3"),
              "specifying time relative to the 'start' or 'end' makes no sense here: end-1h");
}

}  // namespace
}  // namespace kurabe::store::rrd
