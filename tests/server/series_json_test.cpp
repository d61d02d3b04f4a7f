// What the API writes is JSON and comes back the same, bit for bit.
#include "server/series_json.hpp"

#include <bit>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

using store::Seconds;
using store::Time;

TEST(SeriesJson, TextIsAsDocumented) {
    const store::FetchedSeries series{
        Time{Seconds{1700000000}}, Time{Seconds{1700000120}}, Seconds{60}, {0.5, store::kUnknown}};
    EXPECT_EQ(series_to_json(series),
              R"({"start":1700000000,"end":1700000120,"step":60,"values":[0.5,null]})");
}

TEST(SeriesJson, EveryValueComesBackBitForBit) {
    constexpr std::uint64_t kSeed = 20260102;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random(kSeed);
    store::FetchedSeries series{Time{Seconds{0}}, Time{}, Seconds{1}, {}};
    series.values = {0.0,
                     -0.0,
                     1e308,
                     5e-324,
                     std::numeric_limits<double>::infinity(),
                     -std::numeric_limits<double>::infinity(),
                     store::kUnknown};
    while (series.values.size() < 20000) {
        const auto value = std::bit_cast<double>(random());
        if (!std::isnan(value)) series.values.push_back(value);
    }
    series.end = Time{Seconds{static_cast<std::int64_t>(series.values.size())}};
    const auto back = series_from_json(series_to_json(series));
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(back->values.size(), series.values.size());
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (store::is_unknown(series.values[i])) {
            EXPECT_TRUE(store::is_unknown(back->values[i]));
        } else {
            EXPECT_EQ(std::bit_cast<std::uint64_t>(series.values[i]),
                      std::bit_cast<std::uint64_t>(back->values[i]))
                << series.values[i];
        }
    }
}

TEST(SeriesJson, WhatIsNotOursIsAnError) {
    for (const char* bad :
         {"", "<html>", "null", "[]", "{}", R"({"start":0,"end":60,"step":60,"values":[1)",
          R"({"start":0,"end":60,"step":60,"values":[1,2]})",
          R"({"start":0,"end":60,"step":0,"values":[]})",
          R"({"start":0,"end":60,"step":60,"values":[true]})",
          R"({"start":"0","end":60,"step":60,"values":[1]})"}) {
        EXPECT_FALSE(series_from_json(bad)) << bad;
    }
}

TEST(SeriesJson, ListsComeBack) {
    const std::vector<store::SeriesInfo> list{
        {{"h", "http:80:/a", "x.gauge"},
         store::DsType::kGauge,
         store::SampleTime{std::chrono::microseconds{1'700'000'000'123'457}}},
        {{"h", "base", "y.derive"}, store::DsType::kDerive, {}},
    };
    const auto back = series_list_from_json(series_list_to_json("h", list));
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(back->size(), 2U);
    EXPECT_EQ((*back)[0].name, list[0].name);
    EXPECT_EQ((*back)[0].last_update, list[0].last_update);
    EXPECT_EQ((*back)[1].type, store::DsType::kDerive);
    EXPECT_FALSE(series_list_from_json(R"({"series":[{"name":"h"}]})"));
}

TEST(SeriesJson, ErrorsComeBackWithTheirCode) {
    const Error error = error_from_json(error_to_json(ErrorCode::kNotFound, "no \"series\"\n\xff"));
    EXPECT_EQ(error.code, ErrorCode::kNotFound);
    EXPECT_EQ(error.message, "no \"series\"\n\xef\xbf\xbd");
    EXPECT_EQ(error_from_json("<html>502").code, ErrorCode::kSystem);
    EXPECT_EQ(error_from_json("<html>502").message, "<html>502");
    EXPECT_EQ(own_error_from_json(R"({"error":"full","code":"no-space"})")->message, "full");
    EXPECT_EQ(own_error_from_json(error_to_json("forbidden", "no"))->message, "no");
    EXPECT_EQ(error_to_json(ErrorCode::kInvalid, "no"), R"({"error":"no","code":"invalid"})");
    for (const char* foreign : {"<html>502", "{}", "[]", R"({"error":"Bad Request","code":400})",
                                R"({"code":"invalid"})", R"({"error":"no","code":"BadRequest"})"}) {
        EXPECT_FALSE(own_error_from_json(foreign)) << foreign;
    }
}

TEST(SeriesJson, StatesKeepTheirOrder) {
    const std::pair<std::string, int> states[] = {{"b", 2}, {"a\"", 0}};
    EXPECT_EQ(states_to_json(states), R"({"b":2,"a\"":0})");
}

TEST(TakenLinesJson, ComesBack) {
    const TakenLines taken{.accepted = 3,
                           .refused = 2,
                           .forbidden = 0,
                           .errors = {{7, "odd \"line\""}, {std::nullopt, "h/p/k: old"}},
                           .failure = {}};
    const std::string written = taken_lines_to_json(taken);
    EXPECT_EQ(written, R"({"accepted":3,"refused":2,"errors":[{"line":7,"reason":"odd \"line\""},)"
                       R"({"reason":"h/p/k: old"}]})");
    const auto back = taken_lines_from_json(written);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->accepted, 3U);
    EXPECT_EQ(back->refused, 2U);
    ASSERT_EQ(back->errors.size(), 2U);
    EXPECT_EQ(back->errors[0].line, 7U);
    EXPECT_EQ(back->errors[1].line, std::nullopt);
    for (const char* text : {"", "{}", "[]", R"({"accepted":-1,"refused":0})",
                             R"({"accepted":1,"refused":0,"errors":[{}]})"}) {
        EXPECT_FALSE(taken_lines_from_json(text)) << text;
    }
}

}  // namespace
}  // namespace kurabe::server
