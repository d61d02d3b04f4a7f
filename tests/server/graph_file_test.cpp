// "/g/HOST/PLUGIN/GRAPH.FORMAT": pictures and values for other pages, drawn once for all.
#include <algorithm>
#include <atomic>
#include <latch>
#include <list>
#include <thread>

#include <gmock/gmock.h>

#include "server/http_server.hpp"
#include "server/series_json.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/server/site_fixture.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class GraphFile : public SiteFixture {
  protected:
    void SetUp() override {
        write("plugins/http.yml",
              "plugin: http\ngroups:\n- graphs: [ busy.max ]\n"
              "graphs:\n"
              "  busy.max: { label: x, definition: \"DEF:a=busy.gauge:n:AVERAGE\\n"
              "LINE1:a#000000:busy  \" }\n");
        write("rolls/web.yml", "metrics:\n- base\n- http:80:/server-status?auto\n");
        open(R"(---
service: Web
servers:
- roll: web.yml
  hosts: [ "10.0.0.1 www1", "10.0.0.2 twin", "10.0.0.3 twin" ]
)");
        store_.series_values[{"10.0.0.1", "base", "loadavg-1.gauge"}] = 0.5;
        store_.series_values[{"10.0.0.1", "http:80:/server-status?auto", "busy.gauge"}] = 3;
    }
};

constexpr std::string_view kLoad = "/g/10.0.0.1/base/loadavg-1.";

TEST_F(GraphFile, IsTheSamePictureAsGraph) {
    const Response png = get("/g/10.0.0.1/base/loadavg-1.png?width=300&theme=dark&legend=0");
    EXPECT_EQ(png.status, 200);
    EXPECT_EQ(png.content_type, "image/png");
    const Response same =
        get("/graph?address=10.0.0.1&plugin_identifier=base&graph=loadavg-1&width=300&theme=dark"
            "&legend=off");
    EXPECT_EQ(png.body, same.body);
    EXPECT_EQ(header_of(png, "ETag"), header_of(same, "ETag"));
    EXPECT_EQ(header_of(png, "Cache-Control"), header_of(same, "Cache-Control"));
}

TEST_F(GraphFile, HasTheFormatOfItsName) {
    EXPECT_THAT(get(std::string(kLoad) + "svg").body, StartsWith("<?xml"));
    EXPECT_EQ(get(std::string(kLoad) + "svg").content_type, "image/svg+xml");
    EXPECT_THAT(get(std::string(kLoad) + "pdf").body, StartsWith("%PDF-"));
    const Response layout = get(std::string(kLoad) + "png?layout=json");
    EXPECT_EQ(layout.content_type, "application/json");
    EXPECT_EQ(get(std::string(kLoad) + "csv?layout=xml").status, 400);
    EXPECT_EQ(get(std::string(kLoad) + "gif").status, 404);
    EXPECT_EQ(get("/g/10.0.0.1/base/loadavg-1").status, 404);
    EXPECT_EQ(get(std::string(kLoad) + "png", "POST").status, 405);
}

TEST_F(GraphFile, SegmentsAreDecodedOneByOne) {
    const Response response =
        get("/g/10.0.0.1/http%3A80%3A%2Fserver-status%3Fauto/busy.max.csv?from=2026-01-01&to="
            "2026-01-01T00:03");
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_THAT(response.body, HasSubstr("busy"));
    EXPECT_EQ(get("/g/10.0.0.1/..%2F..%2Fetc/passwd.png").status, 404);
    EXPECT_EQ(get("/g/10.0.0.1//loadavg-1.png").status, 404);
}

TEST_F(GraphFile, AHostMayBeNamedWhenTheNameIsItsAlone) {
    EXPECT_EQ(get("/g/www1/base/loadavg-1.png").body, get(std::string(kLoad) + "png").body);
    const Response twin = get("/g/twin/base/loadavg-1.json");
    EXPECT_EQ(twin.status, 400);
    EXPECT_THAT(twin.body, HasSubstr("10.0.0.2 and 10.0.0.3"));
    EXPECT_EQ(get("/g/www9/base/loadavg-1.json").status, 404);
}

TEST_F(GraphFile, ARangeNeedsNoTerm) {
    const std::string dates = "?from=2026-01-01T03:04:05&to=2026-01-02T03:04:05";
    const std::string named = "?term=custom&from=end-24h&to=2026-01-02T03:04:05";
    EXPECT_EQ(get(std::string(kLoad) + "png" + dates).body,
              get(std::string(kLoad) + "png" + named).body);
    EXPECT_NE(get(std::string(kLoad) + "png?from=-2h").body, get(std::string(kLoad) + "png").body);
    EXPECT_EQ(get(std::string(kLoad) + "png?from=-2h&to=now").body,
              get(std::string(kLoad) + "png?from=-2h").body);
}

TEST_F(GraphFile, WhatIsWrongIsAPictureOfTheAskedSize) {
    const auto expect_picture = [this](const std::string& target, int status) {
        const Response response = get(target);
        EXPECT_EQ(response.status, status) << target;
        EXPECT_EQ(response.content_type, "image/png") << target;
        EXPECT_EQ(header_of(response, "Cache-Control"), "no-store") << target;
        EXPECT_EQ(png_size(response.body).width_px, 320) << target;
        EXPECT_EQ(png_size(response.body).height_px, 140) << target;
    };
    const std::string size = "?size=total&width=320&height=140";
    expect_picture("/g/10.9.9.9/base/cpu.png" + size, 404);
    expect_picture("/g/10.0.0.1/none/cpu.png" + size, 404);
    expect_picture("/g/10.0.0.1/base/none.svg" + size, 404);
    expect_picture("/g/twin/base/cpu.png" + size, 400);
    expect_picture(std::string(kLoad) + "png" + size + "&term=forever", 400);
    expect_picture(std::string(kLoad) + "png" + size + "&theme=pink", 400);
    expect_picture(std::string(kLoad) + "png" + size + "&tz=Nowhere", 400);
    store_.damaged_hosts = {"10.0.0.1"};
    expect_picture(std::string(kLoad) + "png" + size, 500);
}

TEST_F(GraphFile, ErrorsOfValuesAreJson) {
    for (const auto& [target, status] :
         {std::pair{"/g/10.9.9.9/base/cpu.json", 404}, std::pair{"/g/10.0.0.1/base/none.csv", 404},
          std::pair{"/g/10.0.0.1/base/cpu.json?term=x", 400},
          std::pair{"/g/10.0.0.1/base/cpu.csv?compare=-1d", 400}}) {
        const Response response = get(target);
        EXPECT_EQ(response.status, status) << target;
        EXPECT_EQ(response.content_type, "application/json") << target;
        EXPECT_TRUE(own_error_from_json(response.body)) << response.body;
    }
}

TEST_F(GraphFile, ValuesAreTheRowsOfTheRangeInItsZone) {
    const std::string range = "?from=2026-01-01T00:00&to=2026-01-01T00:03&tz=Asia/Tokyo";
    const Response csv =
        get("/g/10.0.0.1/http%3A80%3A%2Fserver-status%3Fauto/busy.max.csv" + range);
    EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
    EXPECT_EQ(csv.body,
              "\"time\",\"busy\"\r\n"
              "2026-01-01T00:01:00+0900,\"3.0000000000e+00\"\r\n"
              "2026-01-01T00:02:00+0900,\"3.0000000000e+00\"\r\n"
              "2026-01-01T00:03:00+0900,\"3.0000000000e+00\"\r\n");
    // A pixel of 460 would be 22 minutes long.
    EXPECT_THAT(get("/g/10.0.0.1/base/loadavg-1.csv?from=-1w").body,
                HasSubstr("\r\n2026-01-02T03:03:00+0000,"));
    const Response json =
        get("/g/10.0.0.1/http%3A80%3A%2Fserver-status%3Fauto/busy.max.json" + range);
    EXPECT_EQ(json.content_type, "application/json");
    EXPECT_THAT(json.body, HasSubstr("\"step\": 60"));
    EXPECT_THAT(json.body, HasSubstr("[ \"2026-01-01T00:01:00+0900\",3.0000000000e+00 ]"));
}

// One that is not there must not cut all rows into seconds.
TEST_F(GraphFile, ValuesOfWhatIsNotThereHaveTheRowsThatWouldBeKept) {
    const std::string graph = "/g/10.0.0.1/base/tcp-established.json";
    EXPECT_THAT(get(graph + "?from=-1d").body, HasSubstr("\"step\": 60,"));
    EXPECT_THAT(get(graph + "?from=-7d").body, HasSubstr("\"step\": 300,"));
    EXPECT_THAT(get(graph + "?from=-2y").body, HasSubstr("\"step\": 86400,"));
}

// As rrdtool writes them.
TEST_F(GraphFile, UnknownValuesAreNanInCsvAndNullInJson) {
    const std::string graph = "/g/10.0.0.1/base/tcp-established";
    EXPECT_THAT(get(graph + ".csv?from=-3min").body, HasSubstr(",\"NaN\""));
    EXPECT_THAT(get(graph + ".json?from=-3min").body, HasSubstr("\",null"));
}

TEST_F(GraphFile, UnchangedPicturesAreNotSentAgainAndNotDrawnAgain) {
    const std::string tag = header_of(get(std::string(kLoad) + "png"), "ETag");
    std::atomic<int> fetches = 0;
    store_.fetching = [&fetches] { ++fetches; };
    Request request{.method = "GET", .path = "/g/10.0.0.1/base/loadavg-1.png"};
    request.segments = {"g", "10.0.0.1", "base", "loadavg-1.png"};
    request.headers.emplace_back("If-None-Match", tag);
    const Response response = site_->answer(request);
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(header_of(response, "ETag"), tag);
    EXPECT_THAT(header_of(response, "Cache-Control"), StartsWith("public, max-age="));
    EXPECT_EQ(fetches, 0);
}

TEST_F(GraphFile, ManyWhoAskForOnePictureGetOneDrawing) {
    constexpr int kAsking = 50;
    std::atomic<int> fetches = 0;
    std::latch all_ask(kAsking);
    store_.fetching = [&] {
        if (fetches++ == 0) all_ask.wait();
    };
    const std::string target = std::string(kLoad) + "png";
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kAsking; ++i) {
            threads.emplace_back([&] {
                all_ask.count_down();
                if (get(target).status == 200) ++good;
            });
        }
    }
    EXPECT_EQ(good, kAsking);
    const int of_one = fetches;
    EXPECT_GT(of_one, 0);
    for (int i = 1; i <= 5; ++i) (void)get(fmt::format("{}?width={}", target, 300 + i));
    EXPECT_EQ(fetches, 6 * of_one);
}

// More of them than there are renderers, and each waited for by another.
TEST_F(GraphFile, ManyPicturesAtATimeDoNotWaitForEachOther) {
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 60; ++i) {
            threads.emplace_back([this, i, &good] {
                const std::string target = fmt::format("{}png?width={}", kLoad, 200 + i / 2);
                if (get(target).status == 200) ++good;
            });
        }
    }
    EXPECT_EQ(good, 60);
}

TEST_F(GraphFile, NothingIsDrawnForAClientThatHasGone) {
    std::atomic<int> fetches = 0;
    store_.fetching = [&fetches] { ++fetches; };
    Request request{.method = "GET", .path = "/g/10.0.0.1/base/loadavg-1.png"};
    request.segments = {"g", "10.0.0.1", "base", "loadavg-1.png"};
    request.is_wanted = [] { return false; };
    EXPECT_EQ(site_->answer(request).status, 503);
    EXPECT_EQ(fetches, 0);
    request.is_wanted = [] { return true; };
    EXPECT_EQ(site_->answer(request).status, 200);
    EXPECT_GT(fetches, 0);
}

// All renderers are busy; of those who wait for one, all but one leave.
TEST_F(GraphFile, WhoLeavesTheQueueIsNotDrawnFor) {
    const unsigned renderers = 2 * std::max(1U, std::thread::hardware_concurrency());
    constexpr int kWaiting = 6;
    std::atomic<unsigned> fetches = 0;
    store_.fetching = [&] { ++fetches; };
    (void)get(std::string(kLoad) + "png");
    const unsigned of_one = fetches.exchange(0);
    std::latch go_on(1);
    store_.fetching = [&] {
        ++fetches;
        go_on.wait();
    };
    std::atomic<int> underway = 0;
    const int all = static_cast<int>(renderers) + kWaiting;
    auto server = HttpServer::start(
        {.listen = {.address = "127.0.0.1", .port = 0}, .threads = all},
        [&](const Request& request) {
            ++underway;
            return site_->answer(request);
        },
        log_);
    ASSERT_TRUE(server) << server.error().message;
    std::list<RawClient> clients;
    const auto ask = [&](unsigned width) {
        clients.emplace_back((*server)->port())
            .send(fmt::format("GET {}png?width={} HTTP/1.1\r\nHost: a\r\n\r\n", kLoad, width));
    };
    for (unsigned i = 0; i < renderers; ++i) ask(200 + i);
    ASSERT_TRUE(tests::wait_for([&] { return fetches == renderers; }));
    ask(500);
    for (unsigned i = 1; i < kWaiting; ++i) ask(500 + i);
    ASSERT_TRUE(tests::wait_for([&] { return underway == all; }));
    while (clients.size() > renderers + 1) clients.pop_back();
    go_on.count_down();
    for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
    (*server)->stop();
    EXPECT_EQ(fetches, (renderers + 1) * of_one);
}

}  // namespace
}  // namespace kurabe::server
