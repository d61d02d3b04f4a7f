// The answers for programs: states of hosts, lists and rows.
#include <gmock/gmock.h>

#include "server/series_json.hpp"
#include "store/rrd/archive.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;

class Api : public SiteFixture {
  protected:
    void SetUp() override {
        write("rolls/two.yml", "metrics:\n- base\n- nginx\n");
        write("rolls/nobase.yml", "metrics:\n- nginx\n");
        write("plugins/nginx.yml",
              "plugin: nginx\ngroups:\n- graphs: [ x ]\n"
              "graphs:\n  x: { label: x, definition: \"LINE1:100#000000\" }\n");
        open(R"(---
service: Web
servers:
- roll: base.yml
  hosts: [ "good www1 first one", silent ]
- roll: two.yml
  label: two
  hosts: [ "half" ]
---
service: Another
servers:
- roll: nobase.yml
  hosts: [ "nobase" ]
)");
    }
    void heard_of(const std::string& host, const std::string& plugin, int seconds_ago) {
        collectors::Report given;
        given.batch.host = host;
        given.meta = {{plugin, "a", "b"}};
        report(given, kNow - store::Seconds{seconds_ago});
    }
    std::string states(std::string_view query) {
        return get(fmt::format("/api/host-status?{}", query)).body;
    }
};

TEST_F(Api, UnknownHostsAreCritical) {
    EXPECT_EQ(states("address=nobody"), R"({"nobody":2})");
}

TEST_F(Api, SilentBaseIsCriticalAfterFiveMinutes) {
    EXPECT_EQ(states("address=silent"), R"({"silent":2})");
    heard_of("silent", "base", 300);
    EXPECT_EQ(states("address=silent"), R"({"silent":0})");
    heard_of("good", "base", 301);
    EXPECT_EQ(states("address=good"), R"({"good":2})");
}

TEST_F(Api, WarningsAreAWarning) {
    heard_of("good", "base", 0);
    EXPECT_EQ(states("address=good"), R"({"good":0})");
    collectors::Report given;
    given.batch.host = "good";
    given.warnings = {{"base", "disk", "full"}};
    report(given);
    EXPECT_EQ(states("address=good"), R"({"good":1})");
}

TEST_F(Api, AnotherSilentPluginIsAWarning) {
    heard_of("half", "base", 0);
    EXPECT_EQ(states("address=half"), R"({"half":1})");
    heard_of("half", "nginx", 10);
    EXPECT_EQ(states("address=half"), R"({"half":0})");
    EXPECT_EQ(states("address=nobase"), R"({"nobase":1})");
}

TEST_F(Api, DamagedHostsAreCritical) {
    heard_of("good", "base", 0);
    store_.damaged_hosts = {"good"};
    EXPECT_EQ(states("address=good"), R"({"good":2})");
}

TEST_F(Api, StatesComeInTheOrderAskedFor) {
    heard_of("good", "base", 0);
    EXPECT_EQ(states("address=silent&address=good&address=x"), R"({"silent":2,"good":0,"x":2})");
    EXPECT_EQ(get("/api/host-status?address=good", "POST").body, R"({"good":0})");
    EXPECT_EQ(get("/api/host-status").status, 400);
    EXPECT_EQ(get("/api/host-status?address=a&address=a").status, 400);
    EXPECT_EQ(get("/api/host-status?address=good").content_type, "application/json");
}

TEST_F(Api, ServersAreListedByService) {
    EXPECT_EQ(get("/api/servers").body,
              "nobase nobase \ngood www1 first one\nsilent silent \nhalf half \n");
    EXPECT_EQ(get("/api/servers?service=Another").body, "nobase nobase \n");
    EXPECT_EQ(get("/api/servers?service=none").status, 404);
}

TEST_F(Api, ErrorsAreJsonWhateverTheyAre) {
    struct Case {
        std::string_view target;
        std::string_view method;
        int status;
        ErrorCode code;
    };
    for (const Case& tried : {Case{"/api/none", "GET", 404, ErrorCode::kNotFound},
                              Case{"/api/", "POST", 404, ErrorCode::kNotFound},
                              Case{"/api/servers?service=none", "GET", 404, ErrorCode::kNotFound},
                              Case{"/api/servers", "POST", 405, ErrorCode::kUnsupported},
                              Case{"/api/fetch", "PUT", 405, ErrorCode::kUnsupported},
                              Case{"/api/v1/lines", "GET", 405, ErrorCode::kUnsupported},
                              Case{"/api/fetch", "GET", 400, ErrorCode::kInvalid}}) {
        const Response response = get(tried.target, tried.method);
        EXPECT_EQ(response.status, tried.status) << tried.target;
        EXPECT_EQ(response.content_type, "application/json") << tried.target;
        const auto error = own_error_from_json(response.body);
        ASSERT_TRUE(error) << response.body;
        EXPECT_EQ(error->code, tried.code) << response.body;
    }
    EXPECT_EQ(header_of(get("/api/fetch", "PUT"), "Allow"), "GET, HEAD");
}

TEST_F(Api, RowsAreFetchedAsRequested) {
    const store::SeriesName name{"good", "http:80:/a", "x.gauge"};
    store_.series_values[name] = 1.5;
    const Response response =
        get("/api/fetch?series=good/http:80:/a/x.gauge&cf=MAX&start=1767322800&end=1767323040"
            "&resolution=60");
    ASSERT_EQ(response.status, 200) << response.body;
    const auto rows = series_from_json(response.body);
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ(rows->start, store::Time{store::Seconds{1767322800}});
    EXPECT_THAT(rows->values, testing::Each(1.5));
    // The last day by default, in rrdtool's words otherwise.
    const auto usual = series_from_json(get("/api/fetch?series=good/http:80:/a/x.gauge").body);
    EXPECT_EQ(usual->start,
              std::chrono::floor<std::chrono::minutes>(kNow) - std::chrono::hours(24));
    EXPECT_EQ(get("/api/fetch?series=good/http:80:/a/x.gauge&start=end-1h&end=now-5min").status,
              200);
}

TEST_F(Api, SeriesAreListedWithTypeAndLastUpdate) {
    store_.series_values[{"good", "base", "x.derive"}] = 1;
    const auto list = series_list_from_json(get("/api/series?host=good").body);
    ASSERT_TRUE(list) << list.error().message;
    ASSERT_EQ(list->size(), 1U);
    EXPECT_EQ(list->front().name.text(), "good/base/x.derive");
    EXPECT_EQ(list->front().type, store::DsType::kDerive);
    EXPECT_EQ(list->front().last_update.time_since_epoch().count(), 1'700'000'000'250'000);
}

TEST_F(Api, ASeriesIsSentAsAFileOfRrdtool) {
    store_.series_values[{"good", "base", "x.derive"}] = 0.25;
    const Response response = get("/api/rrd?series=good/base/x.derive");
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.content_type, "application/octet-stream");
    const auto archive =
        store::rrd::Archive::in_memory("x", std::as_bytes(std::span(response.body)));
    ASSERT_TRUE(archive) << archive.error().message;
    EXPECT_EQ(archive->header().source(0).type, store::DsType::kDerive);
    store::Value row = 0;
    ASSERT_TRUE(archive->read_rows(0, 0, {&row, 1}));
    EXPECT_EQ(row, 0.25);
}

struct Refused {
    const char* target;
    int status;
    const char* named;
};

TEST_F(Api, ErrorsAreJsonWithTheirReason) {
    store_.series_values[{"good", "base", "x.gauge"}] = 1;
    store_.damaged_hosts = {"half"};
    for (const Refused& refused : {
             Refused{"/api/fetch", 400, "series"},
             Refused{"/api/fetch?series=x", 400, "x"},
             Refused{"/api/fetch?series=good/base/none.gauge", 404, "series"},
             Refused{"/api/fetch?series=good/base/x.gauge&cf=average", 400, "cf"},
             Refused{"/api/fetch?series=good/base/x.gauge&start=nonsense", 400, "nonsense"},
             Refused{"/api/fetch?series=good/base/x.gauge&start=now&end=now", 400, "start"},
             Refused{"/api/fetch?series=good/base/x.gauge&end=4000000000", 400, "end"},
             Refused{"/api/fetch?series=good/base/x.gauge&resolution=0", 400, "resolution"},
             Refused{"/api/fetch?series=good/base/x.gauge&start=1600000000", 400, "rows"},
             Refused{"/api/fetch?series=half/base/x.gauge", 500, "bad magic"},
             Refused{"/api/rrd", 400, "series"},
             Refused{"/api/rrd?series=good/base/none.gauge", 404, "series"},
             Refused{"/api/rrd?series=half/base/x.gauge", 500, "bad magic"},
             Refused{"/api/series", 400, "host"},
             Refused{"/api/series?host=none", 404, "host"},
         }) {
        const Response response = get(refused.target);
        EXPECT_EQ(response.status, refused.status) << refused.target << response.body;
        EXPECT_EQ(response.content_type, "application/json");
        EXPECT_THAT(error_from_json(response.body).message, HasSubstr(refused.named));
    }
}

TEST_F(Api, HealthIsOneWord) {
    EXPECT_EQ(get("/health").status, 200);
    EXPECT_EQ(get("/health").body, "ok\n");
}

}  // namespace
}  // namespace kurabe::server
