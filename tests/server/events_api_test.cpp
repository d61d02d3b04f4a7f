// Events over HTTP: in our words, GrowthForecast's and Mackerel's; on pictures.
#include <memory>
#include <string>

#include <gmock/gmock.h>

#include "server/event_log.hpp"
#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "server/routes.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kCpu =
    "/graph?address=10.0.0.1&plugin_identifier=base&graph=loadavg-1&term=1hour";

class EventsApi : public SiteFixture {
  protected:
    void SetUp() override {
        open(
            "---\nservice: shop\nservers:\n"
            "- { roll: base.yml, label: www, hosts: [ 10.0.0.1 www1 ] }\n"
            "- { roll: base.yml, label: db, hosts: [ 10.0.0.2 db1 ] }\n"
            "---\nservice: wiki\nservers:\n- { roll: base.yml, hosts: [ 10.0.0.3 ] }\n");
        events_ =
            EventLog::open(directory_.path() / "metadata.sqlite", EventLog::Access::kWrite).value();
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            stored_ += batch.samples.size();
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
        ingest_ = std::make_unique<Ingest>(store_, *metadata_, log_, [this] { return now_; });
        ingest_->mark_reboots_in(*events_);
        intake_ = std::make_unique<LineIntake>(
            *ingest_, rules_, log_, [this] { return now_; }, nullptr, nullptr, facts_of(*config_));
        site_ = std::make_unique<Site>(SiteParts{.config = *config_,
                                                 .plugins = *plugins_,
                                                 .store = store_,
                                                 .metadata = *metadata_,
                                                 .log = log_,
                                                 .zone = store::TimeZone::utc(),
                                                 .now = [this] { return now_; },
                                                 .intake = intake_.get(),
                                                 .events = events_.get(),
                                                 .started = now_});
    }
    Response send(std::string_view method, std::string_view target, std::string body = {},
                  std::string_view type = kForm) {
        Request request{.method = std::string(method), .path = ""};
        EXPECT_TRUE(take_target(target, request));
        request.headers.emplace_back("Content-Type", type);
        EXPECT_TRUE(take_body(std::move(body), type, request));
        request.peer = "127.0.0.1";
        return site_->answer(request);
    }
    static std::string uptime_line(std::string_view uptime, store::Time time) {
        return fmt::format("10.0.0.1\tbase.meta.uptime\t{}\t{}\n", uptime,
                           time.time_since_epoch().count());
    }
    std::string post(std::string body, std::string_view type = kForm) {
        const Response response = send("POST", "/api/v1/events", std::move(body), type);
        return std::to_string(response.status) + " " + response.body;
    }

    SenderRules rules_;
    std::unique_ptr<EventLog> events_;
    std::unique_ptr<Ingest> ingest_;
    std::unique_ptr<LineIntake> intake_;
    std::size_t stored_ = 0;
};

TEST_F(EventsApi, ALineOfCurlMarksAllThatItIsAbout) {
    EXPECT_EQ(post("text=deploy+3.2&service=shop"),
              R"(200 {"id":1,"time":1767323045,"text":"deploy 3.2","source":"api",)"
              R"("service":"shop"})");
    EXPECT_THAT(
        post(R"({"text":"移行","time":1767322045,"end":"now-5min","color":"#2060c0"})", kJson),
        HasSubstr(R"("text":"移行","source":"api","end":1767322745,"color":"#2060c0"})"));
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.0.0.1").body,
                AllOf(HasSubstr("deploy 3.2"), HasSubstr("移行")));
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.9.9.9").body, Not(HasSubstr("deploy 3.2")));
    EXPECT_THAT(send("GET", "/api/v1/events?from=-1min").body, Not(HasSubstr("移行")));
    EXPECT_EQ(send("DELETE", "/api/v1/events/1").status, 200);
    EXPECT_EQ(send("GET", "/api/v1/events/1").status, 404);
    EXPECT_EQ(send("DELETE", "/api/v1/events/x").status, 404);
    EXPECT_EQ(send("PUT", "/api/v1/events/2").status, 405);
}

TEST_F(EventsApi, AHostMayBeCalledByItsName) {
    EXPECT_THAT(post("text=x&host=db1&section=db"), HasSubstr(R"("host":"10.0.0.2")"));
    EXPECT_THAT(send("GET", "/api/v1/events?host=db1").body, HasSubstr(R"("text":"x")"));
    EXPECT_THAT(send("GET", "/api/v1/events?host=www1").body, Not(HasSubstr(R"("text":"x")")));
}

TEST_F(EventsApi, SaysWhatIsWrong) {
    EXPECT_THAT(post("txt=x"), AllOf(HasSubstr("400"), HasSubstr("unknown field 'txt'")));
    EXPECT_THAT(post("time=1"), HasSubstr("time: '1' is no time"));
    EXPECT_THAT(post("time=now%2b9years"), HasSubstr("more than a year ahead"));
    EXPECT_THAT(post("time=now&end=-1h"), HasSubstr("end is before time"));
    EXPECT_THAT(post("color=red"), HasSubstr("#rrggbb"));
    EXPECT_THAT(post("text=" + std::string(501, 'x')), HasSubstr("over 500 bytes"));
    EXPECT_THAT(post("text=%ff"), HasSubstr("not UTF-8"));
    EXPECT_THAT(post("[]", kJson), HasSubstr("no JSON object"));
    EXPECT_THAT(post(R"({"text":["x"]})", kJson), HasSubstr("text is neither text nor number"));
    EXPECT_THAT(post("text", "text/plain"), HasSubstr("an event is a form"));
    EXPECT_THAT(post("service=shopp"), HasSubstr("service: there is no 'shopp' in the config"));
    EXPECT_THAT(post("section=w"), HasSubstr("section: there is no 'w' in the configuration"));
    EXPECT_THAT(post("role=bass"), HasSubstr("role: there is no 'bass' in the configuration"));
    EXPECT_THAT(post("host=10.0.0.9"), HasSubstr("host: nothing is known of '10.0.0.9'"));
    for (const char* nobody : {"service=wiki&section=db", "section=db&host=10.0.0.1",
                               "service=wiki&host=www1", "section=www&role=base&service=wiki"}) {
        EXPECT_THAT(post(nobody), HasSubstr("no host is all of these")) << nobody;
    }
    Request of_page{.method = "POST", .path = "/api/v1/events"};
    of_page.headers = {{"Origin", "http://elsewhere"}};
    EXPECT_EQ(site_->answer(of_page).status, 403);
    EXPECT_THAT(events_->all(kNow - store::Seconds{99'999}, kNow, 9), IsEmpty());
}

TEST_F(EventsApi, ListsOfAHostAlsoWhatIsOnOneGraphAlone) {
    (void)post("text=narrow&host=10.0.0.1&plugin=base&graph=cpu");
    (void)post("text=wide&plugin=base");
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.0.0.1").body,
                AllOf(HasSubstr("narrow"), HasSubstr("wide")));
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.0.0.2").body,
                AllOf(Not(HasSubstr("narrow")), HasSubstr("wide")));
    const EventPlace other{.host = "10.0.0.1", .plugin = "base", .graph = "memory"};
    EXPECT_EQ(events_->of(other, kNow - store::Seconds{9}, kNow, 9).size(), 1U);
}

TEST_F(EventsApi, ControlBytesOfATextAreBlanks) {
    EXPECT_THAT(post(R"({"text":"a\nb\tc"})", kJson), HasSubstr(R"("text":"a b c")"));
}

TEST_F(EventsApi, TakesGrowthForecastsRules) {
    EXPECT_EQ(send("POST", "/vrule/api", "description=all&color=%23FF0000").status, 200);
    EXPECT_THAT(send("POST", "/vrule/api/shop/www", "description=section").body,
                AllOf(HasSubstr(R"({"error":0,"data":{)"), HasSubstr(R"("service":"shop")"),
                      HasSubstr(R"("section":"www")")));
    EXPECT_THAT(send("POST", "/vrule/api/blog/items/sold", "description=graph").body,
                AllOf(HasSubstr(R"("host":"service:blog")"), HasSubstr(R"("plugin":"items")"),
                      HasSubstr(R"("graph":"sold")")));
    // Posted graphs of a service that has hosts, too.
    EXPECT_THAT(send("POST", "/vrule/api/shop/items/sold", "description=posted").body,
                AllOf(HasSubstr(R"("host":"service:shop")"), HasSubstr(R"("plugin":"items")"),
                      HasSubstr(R"("graph":"sold")")));
    EXPECT_THAT(send("POST", "/vrule/api", "time=x").body, HasSubstr("\"error\":1"));
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.0.0.1").body,
                AllOf(HasSubstr("section"), HasSubstr("\"all\"")));
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.0.0.2").body,
                Not(HasSubstr("\"text\":\"section\"")));
}

// As `curl -F` sends it; what is no form must not become a mark that says nothing.
TEST_F(EventsApi, TakesGrowthForecastsRulesInFormsOfEitherKind) {
    constexpr std::string_view kParts = "multipart/form-data; boundary=x-y";
    const std::string parts =
        "--x-y\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nmoved\r\n"
        "--x-y\r\nContent-Disposition: form-data; name=\"time\"\r\n\r\n1767322800\r\n--x-y--\r\n";
    EXPECT_THAT(send("POST", "/vrule/api/shop", parts, kParts).body,
                HasSubstr(R"("time":1767322800,"text":"moved")"));
    for (const auto& [body, type] :
         {std::pair{std::string(R"({"description":"x"})"), kJson},
          {std::string("description=x"), std::string_view("text/plain")},
          {parts.substr(0, 40), kParts},
          {parts, std::string_view("multipart/form-data; boundary=z")}}) {
        const Response refused = send("POST", "/vrule/api", body, type);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.body, HasSubstr("the body is no form")) << body;
    }
    EXPECT_EQ(events_->all(kNow - store::Seconds{9999}, kNow, 9).size(), 1U);
}

// Whoever may look, and every page with a picture of such an address, could else write.
TEST_F(EventsApi, WhatIsReadWritesNothing) {
    ASSERT_EQ(send("POST", "/api/v1/events", "text=first").status, 200);
    std::size_t tried = 0;
    for (const Route& route : routes()) {
        // What an agent reads needs the right to write, and writes nothing all the same.
        const bool is_of_agents =
            route.methods == Methods::kAgentPost || route.methods == Methods::kAgentPut;
        const bool only_writes =
            !is_of_agents && writes(route, Request{.method = "GET", .path = ""});
        if (!only_writes && !is_of_agents && !writes(route, Request{.method = "POST", .path = ""}))
            continue;
        std::string target(route.path);
        for (std::size_t at = 0; (at = target.find('*')) != std::string::npos;) target[at] = '1';
        for (const char* method : {"GET", "HEAD"}) {
            const int status = send(method, target + "?description=x&number=1&title=x").status;
            EXPECT_TRUE(only_writes ? status == 405 : status < 500) << method << ' ' << target;
        }
        ++tried;
    }
    EXPECT_GE(tried, 11U);
    for (const char* method : {"GET", "HEAD"}) {
        EXPECT_EQ(send(method, "/vrule/api/shop?description=x").status, 405);
    }
    EXPECT_EQ(events_->all(kNow - store::Seconds{99}, kNow, 9).size(), 1U);
    EXPECT_EQ(stored_, 0U);
}

TEST_F(EventsApi, TakesMackerelsAnnotations) {
    const std::string path = "/api/v0/graph-annotations";
    const Response made = send(
        "POST", path,
        R"({"title":"deploy","from":1767322000,"to":1767323000,"service":"shop","roles":["db"]})",
        kJson);
    EXPECT_EQ(made.status, 200);
    EXPECT_THAT(made.body, HasSubstr(R"("id":"1")"));
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.0.0.2").body, HasSubstr("deploy"));
    EXPECT_THAT(send("GET", "/api/v1/events?host=10.0.0.1").body, Not(HasSubstr("deploy")));
    const Response of_two =
        send("POST", path,
             R"({"title":"move","from":1767322000,"to":1767323000,"service":"shop",)"
             R"("roles":["www","db"]})",
             kJson);
    EXPECT_THAT(of_two.body, HasSubstr(R"("id":"2")"));
    for (const char* host : {"10.0.0.1", "10.0.0.2"}) {
        EXPECT_THAT(send("GET", fmt::format("/api/v1/events?host={}", host)).body,
                    HasSubstr("\"text\":\"move\""));
    }
    EXPECT_EQ(send("POST", path, "{}", kJson).status, 400);
    EXPECT_EQ(send("POST", path, R"({"from":"x","service":"shop"})", kJson).status, 400);
    EXPECT_EQ(send("POST", path, R"({"from":1767322000})", kJson).status, 400);
}

TEST_F(EventsApi, PicturesShowWhatWasToldSince) {
    report_base("10.0.0.1");
    const std::string before = get(kCpu).body;
    EXPECT_TRUE(get(kCpu).body == before);
    post("text=deploy&section=db");
    EXPECT_TRUE(get(kCpu).body == before) << "it is about others";
    post("text=deploy&service=shop&time=-10min");
    const std::string marked = get(kCpu).body;
    EXPECT_FALSE(marked == before);
    EXPECT_EQ(png_size(marked).height_px, png_size(before).height_px);
    EXPECT_THAT(get(std::string(kCpu) + "&layout=json").body, HasSubstr("\"text\":\"deploy\""));
    EXPECT_EQ(send("DELETE", "/api/v1/events/2").status, 200);
    EXPECT_TRUE(get(kCpu).body == before);
}

TEST_F(EventsApi, HostsThatWereStartedAnewAreMarked) {
    const auto say = [this](std::string_view uptime) {
        return intake_->take(uptime_line(uptime, now_), Sender("10.0.0.1"));
    };
    EXPECT_EQ(say("100000").accepted, 1U);
    now_ += store::Seconds{600};
    EXPECT_EQ(say("60").accepted, 1U);
    EXPECT_EQ(say("many").accepted, 1U);
    EXPECT_EQ(say("-5").accepted, 1U);
    const auto events = events_->all(kNow, now_, 9);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].text, "reboot");
    EXPECT_EQ(events[0].time, now_ - store::Seconds{60});
}

// Of an agent that could not send for an hour: old uptimes, one of a reboot meanwhile, in one body.
TEST_F(EventsApi, WhatComesLateIsNoReboot) {
    using store::Seconds;
    const auto take = [this](const std::string& lines) {
        EXPECT_EQ(intake_->take(lines, Sender("10.0.0.1")).refused, 0U);
    };
    take(uptime_line("100000", kNow));
    now_ = kNow + Seconds{3600};
    take(uptime_line("100060", kNow + Seconds{60}));
    EXPECT_THAT(events_->all(kNow - Seconds{99'999}, now_, 9), IsEmpty());
    take(uptime_line("100120", kNow + Seconds{120}) + uptime_line("20", kNow + Seconds{180}) +
         uptime_line("80", kNow + Seconds{240}));
    const auto events = events_->all(kNow - Seconds{99'999}, now_, 9);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].time, kNow + Seconds{160});
    take(uptime_line("4000", now_ + Seconds{600}));  // a clock that is ahead
    EXPECT_EQ(events_->all(kNow - Seconds{99'999}, now_, 9).size(), 1U);
}

}  // namespace
}  // namespace kurabe::server
