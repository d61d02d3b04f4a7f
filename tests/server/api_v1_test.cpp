// "/api/v1/": hosts, series, rows and statistics.
#include <gmock/gmock.h>

#include "server/api_values.hpp"
#include "server/series_json.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ApiV1 : public SiteFixture {
  protected:
    void SetUp() override {
        write("rolls/two.yml", "metrics:\n- base\n- http:80:/a\n");
        open(R"(---
service: Web
servers:
- roll: base.yml
  hosts: [ "10.0.0.1 www1 first \"one\"" ]
- roll: two.yml
  label: two
  hosts: [ 10.0.0.2 ]
---
service: Other
servers:
- roll: base.yml
  hosts: [ 10.0.0.3 ]
)");
        store_.series_values[{"10.0.0.1", "base", "a.gauge"}] = 1.5;
        store_.series_values[{"10.0.0.1", "http:80:/a", "b,c.derive"}] = 2;
    }
};

constexpr std::string_view kA = "series=10.0.0.1/base/a.gauge";
constexpr std::string_view kB = "series=10.0.0.1/http:80:/a/b,c.derive";
constexpr std::string_view kRange = "from=2026-01-01T00:00&to=2026-01-01T00:02";

TEST_F(ApiV1, HostsSayWhereTheyStandAndHowTheyAre) {
    report_base("10.0.0.1");
    store_.series_values[{"10.7.7.7", "base", "a.gauge"}] = 1;
    report_base("10.7.7.7");
    const std::string all = get("/api/v1/hosts").body;
    EXPECT_THAT(all,
                HasSubstr(R"({"address":"10.0.0.1","hostname":"www1","comments":"first \"one\"",)"
                          R"("service":"Web","section":"","roll":"base.yml","plugins":["base"],)"
                          R"("status":"good"})"));
    EXPECT_THAT(all, HasSubstr(R"("section":"two","roll":"two.yml","plugins":["base",)"
                               R"("http:80:/a"],"status":"critical"})"));
    EXPECT_THAT(all, HasSubstr(R"({"address":"10.7.7.7","hostname":"10.7.7.7","comments":"",)"
                               R"("service":null,"section":null,"roll":null,)"
                               R"("plugins":["base"],"status":"good"})"));
    const std::string other = get("/api/v1/hosts?service=Other").body;
    EXPECT_THAT(other, HasSubstr("10.0.0.3"));
    EXPECT_THAT(other, Not(HasSubstr("10.0.0.1")));
    EXPECT_THAT(other, Not(HasSubstr("10.7.7.7")));
    EXPECT_EQ(get("/api/v1/hosts?service=none").status, 404);
}

TEST_F(ApiV1, MetricsAreListedWithTypeAndTimes) {
    EXPECT_THAT(get("/api/v1/metrics?host=10.0.0.1").body,
                StartsWith(R"({"host":"10.0.0.1","metrics":[{"series":"10.0.0.1/base/a.gauge",)"
                           R"("plugin":"base","key":"a.gauge","type":"GAUGE",)"
                           R"("last_update":1700000000.25,"first":)"));
    EXPECT_EQ(get("/api/v1/metrics?host=10.0.0.3").body, R"({"host":"10.0.0.3","metrics":[]})");
    EXPECT_EQ(get("/api/v1/metrics?host=nobody").status, 404);
    EXPECT_EQ(get("/api/v1/metrics").status, 400);
}

TEST_F(ApiV1, RowsComeInThreeForms) {
    const std::string query = fmt::format("/api/v1/data?{}&{}&{}", kA, kB, kRange);
    const Response rows = get(query);
    EXPECT_EQ(rows.content_type, "application/json");
    EXPECT_EQ(rows.body,
              R"({"data":[{"series":"10.0.0.1/base/a.gauge","start":1767225600,"end":1767225780,)"
              R"("step":60,"values":[1.5,1.5,1.5]},{"series":"10.0.0.1/http:80:/a/b,c.derive",)"
              R"("start":1767225600,"end":1767225780,"step":60,"values":[2,2,2]}]})");
    EXPECT_EQ(get(query + "&format=json", "POST").body, rows.body);
    const Response points = get(query + "&format=grafana");
    EXPECT_EQ(points.content_type, "application/json");
    EXPECT_THAT(points.body, StartsWith(R"([{"target":"10.0.0.1/base/a.gauge","datapoints":)"
                                        R"([[1.5,1767225660000],[1.5,1767225720000],)"));
    const Response csv = get(query + "&format=csv&tz=Asia/Tokyo");
    EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
    EXPECT_THAT(csv.body,
                StartsWith("time,10.0.0.1/base/a.gauge,\"10.0.0.1/http:80:/a/b,c.derive\"\r\n"
                           "2026-01-01T00:01:00+0900,1.5,2\r\n"));
}

TEST_F(ApiV1, UnknownValuesAreNullOrEmpty) {
    store_.series_values[{"10.0.0.1", "base", "a.gauge"}] = store::kUnknown;
    const std::string query = fmt::format("/api/v1/data?{}&{}", kA, kRange);
    EXPECT_THAT(get(query).body, HasSubstr("[null,null,null]"));
    EXPECT_THAT(get(query + "&format=grafana").body, HasSubstr("[null,1767225660000]"));
    EXPECT_THAT(get(query + "&format=csv").body, HasSubstr("2026-01-01T00:01:00+0000,\r\n"));
}

TEST(ApiValues, RowsOfDifferentLengthsShareATable) {
    using store::Seconds;
    const auto at = [](int seconds) { return store::Time{Seconds{seconds}}; };
    std::vector<NamedRows> series;
    series.push_back({{"a", "p", "x.gauge"}, {at(0), at(120), Seconds{60}, {1, 2}}});
    series.push_back({{"a", "p", "y.gauge"}, {at(0), at(300), Seconds{150}, {3, 4}}});
    EXPECT_EQ(values_to_csv(series, store::TimeZone::utc()),
              "time,a/p/x.gauge,a/p/y.gauge\r\n"
              "1970-01-01T00:01:00+0000,1,\r\n"
              "1970-01-01T00:02:00+0000,2,\r\n"
              "1970-01-01T00:02:30+0000,,3\r\n"
              "1970-01-01T00:05:00+0000,,4\r\n");
    for (int i = 0; i < 100; ++i) {
        series.push_back({{"a", "p", "z.gauge"},
                          {at(i), at(i + 1'000'000), Seconds{100}, std::vector(10'000, 0.0)}});
    }
    const auto many = values_to_csv(series, store::TimeZone::utc());
    ASSERT_FALSE(many);
    EXPECT_THAT(many.error().message, HasSubstr("2000000 fields"));
}

TEST_F(ApiV1, StatisticsAreOfTheRange) {
    const std::string query = fmt::format("/api/v1/statistics?{}&{}&{}", kA, kB, kRange);
    const std::string usual = get(query).body;
    EXPECT_THAT(usual, StartsWith(R"({"from":1767225600,"to":1767225720,"statistics":[{"series":)"
                                  R"("10.0.0.1/base/a.gauge","resolution":60,"rows":2,"known":2,)"
                                  R"("minimum":1.5,"maximum":1.5,"average":1.5,"last":1.5},)"));
    EXPECT_THAT(usual, Not(HasSubstr("percentile")));
    EXPECT_THAT(get(query + "&percentile=95").body, HasSubstr(R"("last":2,"percentile":2}])"));
}

TEST_F(ApiV1, WhatIsWrongIsNamed) {
    std::string many;
    for (int i = 0; i < 101; ++i) many += fmt::format("&{}", kA);
    struct Wrong {
        std::string query;
        int status;
        const char* named;
    };
    for (const Wrong& wrong :
         {Wrong{"data", 400, "series"},
          Wrong{"data?series=x", 400, "parameter series 'x' is not a series"},
          Wrong{"data?series=10.0.0.1/base/none.gauge", 404, ""},
          Wrong{fmt::format("data?{}", many.substr(1)), 400, "100 times"},
          Wrong{fmt::format("data?{}&format=xml", kA), 400, "format"},
          Wrong{fmt::format("data?{}&cf=SUM", kA), 400, "cf"},
          Wrong{fmt::format("data?{}&resolution=0", kA), 400, "resolution"},
          Wrong{fmt::format("data?{}&from=2026-01-02&to=2026-01-01", kA), 400, "from"},
          Wrong{fmt::format("data?{}&tz=Nowhere", kA), 400, "tz"},
          Wrong{fmt::format("data?{}&from=2020-01-01", kA), 400, "1000000 values"},
          Wrong{"statistics", 400, "series"},
          Wrong{"statistics?series=10.0.0.1/base/none.gauge", 404, ""},
          Wrong{fmt::format("statistics?{}&percentile=101", kA), 400, "percentile"}}) {
        const Response response = get("/api/v1/" + wrong.query);
        EXPECT_EQ(response.status, wrong.status) << wrong.query;
        EXPECT_EQ(response.content_type, "application/json") << wrong.query;
        const auto error = own_error_from_json(response.body);
        ASSERT_TRUE(error) << response.body;
        EXPECT_THAT(error->message, HasSubstr(wrong.named)) << wrong.query;
    }
}

}  // namespace
}  // namespace kurabe::server
