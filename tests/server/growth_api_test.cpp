// GrowthForecast's way of posting: forms, rows, graphs that appear by themselves, and numbers that
// stand until others come.
#include <algorithm>

#include <gmock/gmock.h>

#include "server/standing_numbers.hpp"
#include "server/standing_text.hpp"
#include "tests/server/push_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kPath = "/api/shop/items/sold";

class GrowthApi : public PushFixture {
  protected:
    void SetUp() override {
        PushFixture::SetUp();
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            for (const store::Sample& sample : batch.samples) {
                store_.series_values[{batch.host, sample.plugin, sample.key}] =
                    sample.value.kind == store::RawValue::Kind::kNumber
                        ? sample.value.number
                        : static_cast<double>(sample.value.integer);
                stored_values_.push_back(
                    fmt::format("{}/{}/{}={}@{}", batch.host, sample.plugin, sample.key,
                                store_.series_values[{batch.host, sample.plugin, sample.key}],
                                sample.time.time_since_epoch().count() / 1'000'000));
            }
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
        start();
    }
    // As a server does that was stopped.
    void start() {
        numbers_ = std::make_unique<StandingNumbers>(store_, *metadata_, *ingest_, log_,
                                                     [this] { return now_; });
        make_site(intake_.get());
    }
    // A form with these fields, as the HTTP server hands it on.
    Response post(std::string_view form, std::string_view path = kPath, Headers headers = {}) {
        Request request = request_to(path, "", std::move(headers));
        request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        EXPECT_TRUE(take_body(std::string(form), "application/x-www-form-urlencoded", request));
        return site_->answer(request);
    }
    std::vector<std::string> stored() { return std::exchange(stored_values_, {}); }

    std::vector<std::string> stored_values_;
};

TEST_F(GrowthApi, StoresANumberAndAnswersTheRow) {
    const Response response = post("number=7&description=of+today");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    const std::string row =
        R"({"service_name":"shop","section_name":"items","graph_name":"sold","number":7,)"
        R"("mode":"gauge","color":"#)";
    EXPECT_THAT(response.body, HasSubstr(R"({"error":0,"data":)" + row));
    EXPECT_THAT(response.body,
                HasSubstr(R"("description":"of today","created_at":"2026/01/02 03:04:05",)"
                          R"("updated_at":"2026/01/02 03:04:05"}})"));
    EXPECT_THAT(stored(), ElementsAre("service:shop/items/sold.gauge=7@1767323045"));
    const Response got = get(kPath);
    EXPECT_EQ(got.status, 200);
    EXPECT_THAT(got.body, testing::StartsWith(row));
    EXPECT_EQ(get("/api/shop/items/other").status, 404);
    EXPECT_THAT(get("/api/shop/items/other").body, HasSubstr(R"({"error":1,"messages":{"path":)"));
}

TEST_F(GrowthApi, KnowsTheModes) {
    EXPECT_THAT(post("number=5&mode=count").body, HasSubstr(R"("number":5,"mode":"count")"));
    EXPECT_THAT(post("number=2.5&mode=count").body, HasSubstr(R"("number":7.5,)"));
    EXPECT_THAT(post("number=3&mode=gauge").body, HasSubstr(R"("number":3,)"));
    EXPECT_EQ(stored().size(), 3U);
    (void)post("number=1e308&mode=count", "/api/shop/items/much");
    EXPECT_THAT(post("number=1.5e308&mode=count", "/api/shop/items/much").body,
                HasSubstr(R"("number":1.5e+308,)"));
    EXPECT_THAT(post("number=0.35", "/api/shop/items/little").body, HasSubstr(R"("number":0.35,)"));
    (void)stored();
    EXPECT_THAT(post("number=4&mode=modified").body, HasSubstr(R"("number":4,)"));
    EXPECT_EQ(stored().size(), 1U);
    now_ += store::Seconds{100};
    EXPECT_THAT(post("number=4&mode=modified").body,
                HasSubstr(R"("updated_at":"2026/01/02 03:04:05")"));
    EXPECT_TRUE(stored().empty());
    EXPECT_EQ(post("number=-9007199254740991&mode=derive", "/api/shop/items/d").status, 200);
    EXPECT_THAT(stored(), ElementsAre(HasSubstr("service:shop/items/d.derive=-9007199254740991@")));
}

TEST_F(GrowthApi, SaysWhichFieldIsWrong) {
    for (const auto& [form, field] : std::vector<std::pair<std::string, std::string>>{
             {"", "number"},
             {"number=", "number"},
             {"number=seven", "number"},
             {"number=nan", "number"},
             {"number=U", "number"},
             {"number=1e999", "number"},
             {"number=1&mode=rate", "mode"},
             {"number=1.5&mode=derive", "number"},
             {"number=1&color=red", "color"},
             {"number=1&color=%2312345", "color"},
             {"number=1&timestamp=315360010", "timestamp"},
             {"number=1&timestamp=x", "timestamp"},
             {"number=1&datetime=tomorrow", "datetime"},
             {"number=1&description=" + std::string(1025, 'x'), "description"}}) {
        const Response response = post(form);
        EXPECT_EQ(response.status, 400) << form;
        EXPECT_THAT(response.body, HasSubstr(R"({"error":1,"messages":{")" + field + "\":\""))
            << form;
    }
    EXPECT_TRUE(stored().empty());
}

TEST_F(GrowthApi, TakesTimesOfEveryForm) {
    (void)post("number=1&timestamp=1767322800");
    (void)post("number=1&datetime=2026-01-02+03:00:01");
    (void)post("number=1&datetime=Fri,+02+Jan+2026+03:00:02+GMT");
    (void)post("number=1&datetime=2026-01-02T12:00:03%2B09:00");
    const std::string series = "service:shop/items/sold.gauge=1@";
    EXPECT_THAT(stored(), ElementsAre(series + "1767322800", series + "1767322801",
                                      series + "1767322802", series + "1767322803"));
}

TEST_F(GrowthApi, StoresEveryNumberOfOneSecondAndNoOlderOneStands) {
    (void)post("number=1");
    (void)post("number=2");
    EXPECT_EQ(stored().size(), 2U);
    EXPECT_THAT(post("number=9&timestamp=1767322800").body, HasSubstr(R"("number":2,)"));
    EXPECT_THAT(stored(), ElementsAre("service:shop/items/sold.gauge=9@1767322800"));
    EXPECT_THAT(get(kPath).body, HasSubstr(R"("number":2,)"));
}

// As the store refuses samples of the future.
TEST_F(GrowthApi, ANumberOfTheFutureChangesNothing) {
    (void)post("number=1");
    const std::string row = get(kPath).body;
    (void)stored();
    const auto working = store_.appending;
    store_.appending = [&working](const store::Batch& batch) -> Result<store::AppendReport> {
        if (batch.samples.empty() || batch.samples.front().time <= kNow + store::Seconds{600}) {
            return working(batch);
        }
        return store::AppendReport{.refused = {{ErrorCode::kInvalid, "its time is in the future"}},
                                   .refused_count = 1};
    };
    for (const std::string_view form :
         {"number=9&timestamp=1799000000", "number=9&datetime=2030-01-01"}) {
        const Response response = post(form);
        EXPECT_EQ(response.status, 400) << response.body;
        EXPECT_THAT(response.body, HasSubstr(R"("messages":{"timestamp":"its time is in)"));
        EXPECT_EQ(get(kPath).body, row);
        start();
        EXPECT_EQ(get(kPath).body, row);
    }
    EXPECT_EQ(post("number=9&timestamp=1799000000", "/api/shop/items/new").status, 400);
    EXPECT_EQ(get("/api/shop/items/new").status, 404);
    now_ += store::Seconds{60};
    EXPECT_THAT(post("number=2").body, HasSubstr(R"("number":2,)"));
    EXPECT_THAT(stored(), ElementsAre("service:shop/items/sold.gauge=2@1767323105"));
}

// What is kept of a section has a limit: what would be gone after a restart is no success.
TEST_F(GrowthApi, OneGraphTooManyOfASectionIsRefused) {
    const auto path = [](int graph) { return fmt::format("/api/shop/items/g{}", graph); };
    for (int graph = 1; graph <= 1000; ++graph) {
        ASSERT_EQ(post("number=7", path(graph)).status, 200) << graph;
    }
    (void)stored();
    const Response response = post("number=7", path(1001));
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body,
                HasSubstr(R"({"error":1,"messages":{"number":"it cannot be kept )"
                          "as the graph's number: the plugin has 2000 meta already"));
    EXPECT_EQ(get(path(1001)).status, 404);
    EXPECT_THAT(stored(), testing::IsEmpty());
    EXPECT_THAT(post("number=8", path(1000)).body, HasSubstr(R"("number":8,)"));
    start();
    EXPECT_EQ(get(path(1001)).status, 404);
    EXPECT_EQ(get(path(1000)).status, 200);
    EXPECT_EQ(post("number=7", "/api/shop/others/g1001").status, 200);
}

TEST_F(GrowthApi, ANumberThatAWrongClockLeftGivesWayToTheNext) {
    now_ += store::Seconds{9'999'999};
    (void)post("number=9");
    now_ = kNow;
    start();
    EXPECT_THAT(get(kPath).body, HasSubstr(R"("number":9,)"));
    EXPECT_THAT(post("number=2").body, HasSubstr(R"("number":2,)"));
    EXPECT_THAT(get(kPath).body, HasSubstr(R"("number":2,)"));
}

// Of a minute that is stored: posted again, or before the number was stored anew.
TEST_F(GrowthApi, ANumberOfAStoredMinuteIsNoError) {
    (void)post("number=1");
    store_.appending = [](const store::Batch& batch) -> Result<store::AppendReport> {
        if (batch.samples.empty()) return store::AppendReport{};
        return store::AppendReport{.refused = {{ErrorCode::kOutdated, "is older"}},
                                   .refused_count = 1};
    };
    EXPECT_THAT(post("number=9&timestamp=1767322800").body,
                testing::AllOf(HasSubstr(R"("error":0)"), HasSubstr(R"("number":1,)")));
    EXPECT_THAT(post("number=2&timestamp=1767323045").body, HasSubstr(R"("number":2,)"));
    EXPECT_THAT(get(kPath).body, HasSubstr(R"("number":2,)"));
}

// What `curl -F` sends.
TEST_F(GrowthApi, TakesFormsOfSeveralParts) {
    const auto post_parts = [this](std::string_view body) {
        return post_to(kPath, body, {{"Content-Type", "multipart/form-data; boundary=x-y"}});
    };
    EXPECT_THAT(post_parts("--x-y\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n7\r\n"
                           "--x-y\r\nContent-Disposition: form-data; name=\"description\"\r\n"
                           "Content-Type: text/plain\r\n\r\na\r\nb\r\n--x-y--\r\n")
                    .body,
                HasSubstr(R"("number":7,"mode":"gauge")"));
    for (const char* body :
         {"", "--x-y", "--x-y--", "--x-y\r\n", "--x-y\r\n\r\n", "--x-y\r\n\r\n\r\n--x-y--",
          "--z\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n7\r\n--z--",
          "--x-y\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n7"}) {
        EXPECT_EQ(post_parts(body).status, 400) << body;
    }
}

TEST_F(GrowthApi, DrawsAGraphByItself) {
    (void)post("number=7&description=of+today");
    const std::string page = get("/server?address=service:shop", "GET", "en").body;
    EXPECT_THAT(page, HasSubstr("sold – of today"));
    EXPECT_THAT(page, HasSubstr("graph=sold"));
    const std::string graph =
        "/graph?address=service%3Ashop&plugin_identifier=items&graph=sold&format=svg";
    EXPECT_EQ(get(graph).status, 200);
    const std::string before =
        metadata_->meta("service:shop", "items").value().at("definition.sold");
    (void)post("number=8&color=%23C00000");
    const std::string after =
        metadata_->meta("service:shop", "items").value().at("definition.sold");
    EXPECT_NE(before, after);
    EXPECT_THAT(after, HasSubstr("AREA:n#c00000:sold"));
    EXPECT_THAT(get(kPath).body, HasSubstr(R"("color":"#c00000","description":"of today")"));
}

// Of names that are odd in addresses, in the graph language or in JSON.
TEST_F(GrowthApi, DrawsGraphsOfAnyName) {
    for (const std::string name : {"売上", "a:b c", "50%", "\"q\"", "a,b{c}", "x'<y>&z", "#1"}) {
        const std::string encoded = percent_encode(name);
        ASSERT_EQ(post("number=7", "/api/" + encoded + "/" + encoded + "/" + encoded).status, 200)
            << name;
        const Response graph =
            get("/graph?address=" + percent_encode("service:" + name) +
                "&plugin_identifier=" + encoded + "&graph=" + encoded + "&format=svg");
        EXPECT_EQ(graph.status, 200) << name << graph.body.substr(0, 300);
        EXPECT_EQ(get("/server?address=" + percent_encode("service:" + name)).status, 200);
    }
}

// The built-in plugins describe hosts, not services.
TEST_F(GrowthApi, MayCallASectionAsAPluginIsCalled) {
    (void)post("number=7", "/api/shop/nginx/sold");
    EXPECT_THAT(get("/server?address=service:shop").body, HasSubstr("graph=sold"));
    EXPECT_EQ(
        get("/graph?address=service:shop&plugin_identifier=nginx&graph=sold&format=svg").status,
        200);
}

TEST_F(GrowthApi, RefusesNamesThatNothingCouldHave) {
    for (const char* path : {"/api/a%2Fb/c/d", "/api/a/b%2Fc/d", "/api/a/b/c%2Fd", "/api/a/b/c%5Cd",
                             "/api/a/b/%7B%7Bc%7D%7D", "/api/a/b/%FF"}) {
        EXPECT_EQ(post("number=1", path).status, 400) << path;
    }
    EXPECT_EQ(post("number=1", "/api/v1/b/c").status, 404);
    EXPECT_EQ(post("number=1", "/api/v0/graph-defs/c").status, 404);
    EXPECT_EQ(post("number=1", "/api/a/b/c/d").status, 404);
    EXPECT_EQ(post("number=1", "/api/a//c").status, 404);
    EXPECT_EQ(post("number=1", "/api%2F*%2F*%2F*").status, 404) << "the route's own pattern";
    EXPECT_EQ(get("/g%2F*%2F*%2F*").status, 404);
    EXPECT_EQ(post("number=1", "/api/a/b/" + std::string(520, 'x')).status, 400);
    EXPECT_TRUE(stored().empty());
}

TEST_F(GrowthApi, KeepsToTheRulesOfWhatIsPushed) {
    for (const char* header : {"Origin", "Sec-Fetch-Site"}) {
        const Response page = post("number=1", kPath, {{header, "x"}});
        EXPECT_EQ(page.status, 403);
        EXPECT_EQ(page.body, R"({"error":1,"messages":{"request":"web pages may not post here"}})");
    }
    EXPECT_EQ(post("number=1", kPath, {{"Content-Encoding", "gzip"}}).status, 415);
    rules_ = SenderRules({{.hosts = {HostPattern::parse("service:*").value()},
                           .networks = {IpNetwork::parse("10.0.0.2").value()}}});
    EXPECT_EQ(post("number=1").status, 403);
    EXPECT_TRUE(stored().empty());
    EXPECT_EQ(get(kPath).status, 404);
    make_site(nullptr);
    EXPECT_EQ(post("number=1").status, 403);
}

TEST_F(GrowthApi, ChangesNothingThatIsNotStored) {
    (void)post("number=1&mode=count");
    const auto working = store_.appending;
    store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
        return fail(ErrorCode::kNoSpace, "full");
    };
    for (int i = 0; i < 3; ++i) {
        const Response response = post("number=10&mode=count");
        EXPECT_EQ(response.status, 503);
        EXPECT_EQ(header_of(response, "Retry-After"), "10");
    }
    store_.appending = working;
    EXPECT_THAT(post("number=10&mode=count").body, HasSubstr(R"("number":11,)"));
}

TEST_F(GrowthApi, AsksToTryAgainWhenTooMuchIsUnderWay) {
    std::vector<BodyDecision> decisions;
    Request head = request_to(kPath, "");
    while (decisions.empty() || !decisions.back().refusal) {
        ASSERT_LT(decisions.size(), 1000U);
        decisions.push_back(site_->decide_body(head, 100));
    }
    EXPECT_EQ(decisions.back().refusal->status, 429);
    EXPECT_EQ(header_of(*decisions.back().refusal, "Retry-After"), "1");
    EXPECT_THAT(decisions.back().refusal->body, HasSubstr(R"({"error":1,"messages":{"request":)"));
    head.method = "GET";
    EXPECT_FALSE(site_->decide_body(head, 100).refusal);
}

TEST_F(GrowthApi, WritesTheStandingNumbersEveryMinute) {
    (void)post("number=7");
    (void)post("number=3&mode=derive", "/api/shop/items/d");
    (void)post("number=1", "/api/other/items/x");
    (void)stored();
    numbers_->write(kNow - store::Seconds{1});  // before they were posted
    EXPECT_TRUE(stored().empty());
    now_ += store::Seconds{60};
    numbers_->write(now_);
    EXPECT_THAT(stored(), ElementsAre("service:other/items/x.gauge=1@1767323105",
                                      "service:shop/items/d.derive=3@1767323105",
                                      "service:shop/items/sold.gauge=7@1767323105"));
    EXPECT_THAT(get(kPath).body, HasSubstr(R"("updated_at":"2026/01/02 03:04:05")"));
    numbers_->write(kNow + kStandingTime + store::Seconds{1});
    EXPECT_TRUE(stored().empty());
}

TEST_F(GrowthApi, GoesOnAfterARestart) {
    (void)post("number=7.25&mode=count&color=%23c00000cc&description=%22%5C%E5%A3%B2");
    const std::string row = get(kPath).body;
    start();
    EXPECT_EQ(get(kPath).body, row);
    (void)stored();
    numbers_->write(kNow + store::Seconds{60});
    EXPECT_EQ(stored().size(), 1U);
    EXPECT_THAT(post("number=1&mode=count").body, HasSubstr(R"("number":8.25,)"));
}

TEST(StandingText, IsReadBackOrRefused) {
    const StandingNumber number{
        .number = 0.1,
        .mode = StandingMode::kModified,
        .colour = "#0072b2",
        .description = "売 \"上\" \\",
        .created = store::Time{store::Seconds{1'700'000'000}},
        .changed = store::SampleTime{std::chrono::microseconds{1'700'000'000'000'007}}};
    const std::string text = standing_text(number);
    const auto read = parse_standing_text(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(standing_text(*read), text);
    EXPECT_EQ(read->changed, number.changed);
    EXPECT_EQ(read->description, number.description);
    for (std::size_t length = 0; length < text.size(); ++length) {
        EXPECT_FALSE(parse_standing_text(text.substr(0, length))) << length;
    }
    EXPECT_FALSE(parse_standing_text("[]"));
    EXPECT_FALSE(parse_standing_text("[7]"));
}

}  // namespace
}  // namespace kurabe::server
