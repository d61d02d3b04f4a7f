// Samples that are posted as JSON, in our own form and in Mackerel's.
#include <algorithm>

#include <gmock/gmock.h>

#include "server/json_records.hpp"
#include "tests/server/push_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;

const Headers kSamplesType{{"Content-Type", "application/json"}};

class JsonFixture : public PushFixture {
  protected:
    void SetUp() override {
        PushFixture::SetUp();
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            batches_.push_back(batch);
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
    }
    // "HOST/PLUGIN/KEY=VALUE@SECONDS" of all that was stored.
    [[nodiscard]] std::vector<std::string> stored() const {
        std::vector<std::string> all;
        for (const store::Batch& batch : batches_) {
            for (const store::Sample& sample : batch.samples) {
                all.push_back(fmt::format("{}/{}/{}={}@{}", batch.host, sample.plugin, sample.key,
                                          text(sample.value),
                                          sample.time.time_since_epoch().count() / 1'000'000));
            }
        }
        return all;
    }
    static std::string text(const store::RawValue& value) {
        if (value.kind == store::RawValue::Kind::kMissing) return "U";
        if (value.kind == store::RawValue::Kind::kNumber) return fmt::format("{}", value.number);
        return fmt::format("{}", static_cast<std::int64_t>(value.integer));
    }

    std::vector<store::Batch> batches_;
};

class SamplesApi : public JsonFixture {
  protected:
    Response post(std::string_view body, Headers headers = kSamplesType) {
        return post_to("/api/v1/samples", body, std::move(headers));
    }
};

TEST_F(SamplesApi, TakesSamplesMetaAndWarnings) {
    const Response response = post(
        R"({"samples":[{"host":"good","plugin":"app","key":"users","value":7.5,"time":1767323040},)"
        R"({"host":"good","plugin":"app","key":"hits","type":"counter","value":123,)"
        R"("time":1767323040},)"
        R"({"host":"good","plugin":"app","key":"out.derive","value":-5,"time":1767323040.25},)"
        R"({"host":"other","plugin":"app","key":"users.gauge","type":"gauge","value":null}],)"
        R"("meta":[{"host":"good","plugin":"app","key":"version","value":"日本 1"}],)"
        R"("warnings":[{"host":"good","plugin":"app","key":"disk","text":"full"}]})");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"accepted":6,"refused":0,"errors":[]})");
    EXPECT_THAT(stored(), testing::ElementsAre("good/app/users.gauge=7.5@1767323040",
                                               "good/app/hits.counter=123@1767323040",
                                               "good/app/out.derive=-5@1767323040",
                                               "other/app/users.gauge=U@1767323045"));
    EXPECT_EQ(metadata_->meta("good", "app").value().at("version"), "日本 1");
    EXPECT_EQ(metadata_->warnings("good", "app", kNow).value().at(0).text, "full");
}

TEST_F(SamplesApi, TakesAListOfSamplesAlonePackedOrNot) {
    const std::string body = R"([{"host":"good","plugin":"a","key":"x","value":"U"}])";
    EXPECT_EQ(post(body).body, R"({"accepted":1,"refused":0,"errors":[]})");
    Headers headers = kSamplesType;
    headers.emplace_back("Content-Encoding", "gzip");
    EXPECT_EQ(post(gzip(body), headers).status, 200);
    EXPECT_EQ(post(body, headers).status, 400);
    EXPECT_EQ(post(gzip(std::string(kLinesBodyBytesMax + 1, ' ')), headers).status, 413);
    EXPECT_EQ(post("[]").status, 200);
    EXPECT_EQ(post("{}").status, 200);
    EXPECT_EQ(stored().size(), 2U);
}

TEST_F(SamplesApi, TakesNumbersWithExponents) {
    const std::string body =
        R"([{"host":"good","plugin":"a","key":"x","value":1.5e3,"time":1.76732304e9},)"
        R"({"host":"good","plugin":"a","key":"x","value":-2E-1,"time":1767323041E0}])";
    EXPECT_EQ(post(body).body, R"({"accepted":2,"refused":0,"errors":[]})");
    EXPECT_THAT(stored(), testing::ElementsAre("good/a/x.gauge=1500@1767323040",
                                               "good/a/x.gauge=-0.2@1767323041"));
}

// The parser ends there: the sender has to know which of thousands it is.
TEST_F(SamplesApi, NamesANumberThatNoDoubleHolds) {
    for (const std::string number : {"1e999", "-1e999"}) {
        const std::string element = R"({"host":"h","plugin":"a","key":"x","value":)";
        const std::string elements = element + "1}," + element + number + "}";
        EXPECT_THAT(post("[" + elements + "]").body,
                    HasSubstr("[1]: the number " + number + " is too large (byte "));
        EXPECT_THAT(post(R"({"samples":[)" + elements + "]}").body,
                    HasSubstr("samples[1]: the number " + number));
    }
    EXPECT_THAT(post("[1, 1e999]").body, HasSubstr("[1]: the number 1e999"));
    EXPECT_EQ(post("1e999").status, 400);
    EXPECT_TRUE(stored().empty());
}

// One by one, beside a good one that is taken.
TEST_F(SamplesApi, NamesWrongElementsByTheirIndex) {
    const std::vector<std::pair<std::string_view, std::string_view>> wrong{
        {R"(5)", "samples[1]: an object is needed"},
        {R"([{"host":"x"}])", "samples[1]: an object is needed"},
        {R"({"plugin":"a","key":"x","value":1})", "samples[1]: 'host' is missing"},
        {R"({"host":"h","key":"x","value":1})", "samples[1]: 'plugin' is missing"},
        {R"({"host":"h","plugin":"a","value":1})", "samples[1]: 'key' is missing"},
        {R"({"host":"h","plugin":"a","key":"x"})", "samples[1]: 'value' is missing"},
        {R"({"host":1,"plugin":"a","key":"x","value":1})", "samples[1]: 'host' has to be a text"},
        {R"({"host":"h","plugin":"a","key":"x","value":true})", "'value' has to be a number"},
        {R"({"host":"h","plugin":"a","key":"x","value":"seven"})", "'value' has to be a number"},
        {R"({"host":"h","plugin":"a","key":"x","value":{"a":[1]}})", "'value' has to be a number"},
        {R"({"host":"h","plugin":"a","key":"x","value":1,"value":2})", "'value' is given twice"},
        {R"({"host":"h","plugin":"a","key":"x","value":1,"time":"now"})", "'time' has to be"},
        {R"({"host":"h","plugin":"a","key":"x","value":1,"time":1767323040000})", "is no time"},
        {R"({"host":"h","plugin":"a","key":"x","value":1,"time":1.76732304005e9})",
         "whole seconds"},
        {R"({"host":"h","plugin":"a","key":"x","value":1,"time":1e300})", "whole seconds"},
        {R"({"host":"h","plugin":"a","key":"x","value":1,"time":1e12})", "is no time"},
        {R"({"host":"h","plugin":"a","key":"x","value":1,"type":"rate"})", "'type' has to be"},
        {R"({"host":"h","plugin":"a","key":"x.gauge","value":1,"type":"derive"})",
         "ends in another type than derive"},
        {R"({"host":"h","plugin":"a","key":"x","value":1.5,"type":"counter"})", "samples[1]: "},
        {R"({"host":"h","plugin":"a","key":"x/y","value":1})", "the key holds a '/'"},
        {R"({"host":"a\u0000b","plugin":"a","key":"x","value":1})", "samples[1]: "},
        {R"({"host":"h","plugin":"a\n","key":"x","value":1})", "samples[1]: "},
    };
    for (const auto& [element, reason] : wrong) {
        const std::string body =
            fmt::format(R"([{{"host":"good","plugin":"a","key":"x","value":1}},{}])", element);
        const Response response = post(body);
        EXPECT_EQ(response.status, 200) << element;
        EXPECT_THAT(response.body, HasSubstr(R"("accepted":1,"refused":1)")) << element;
        EXPECT_THAT(response.body, HasSubstr(reason)) << element;
        EXPECT_EQ(post(fmt::format("[{}]", element)).status, 400) << element;
    }
    EXPECT_THAT(post(R"({"meta":[{"host":"h","plugin":"a","key":"x"}]})").body,
                HasSubstr("meta[0]: 'value' is missing"));
    EXPECT_THAT(post(R"({"warnings":[{"host":"h","plugin":"a","key":"x"}]})").body,
                HasSubstr("warnings[0]: 'text' is missing"));
    EXPECT_THAT(post(R"({"sample":[{"host":"h"}]})").body,
                HasSubstr("sample[0]: the lists here are samples, meta and warnings"));
}

// Nothing of a body is taken that is none.
TEST_F(SamplesApi, TakesNothingOfABodyThatIsBroken) {
    const std::string body = R"([{"host":"good","plugin":"a","key":"x","value":1}])";
    for (std::size_t length = 0; length < body.size(); ++length) {
        EXPECT_EQ(post(body.substr(0, length)).status, 400) << length;
    }
    EXPECT_EQ(post(body + "x").status, 400);
    EXPECT_THAT(post("7").body, HasSubstr("neither a list nor an object of lists"));
    EXPECT_THAT(post(R"({"samples":7})").body, HasSubstr("'samples' is no list"));
    EXPECT_THAT(post(R"({"samples":{}})").body, HasSubstr("'samples' is no list"));
    EXPECT_THAT(post("[\"\xff\"]").body, HasSubstr("no JSON"));
    EXPECT_THAT(post(std::string(1'000'000, '[')).body, HasSubstr("nested deeper than 64"));
    std::string nested = R"([{"a":)";
    for (int i = 0; i < 100'000; ++i) nested += R"({"a":)";
    EXPECT_THAT(post(nested).body, HasSubstr("nested deeper than 64"));
    EXPECT_TRUE(stored().empty());
}

TEST_F(SamplesApi, LimitsFieldsAndElements) {
    std::string object = "{";
    for (int i = 0; i < 100; ++i) object += fmt::format(R"("f{}":1,)", i);
    EXPECT_THAT(post("[" + object + R"("host":"h"}])").body, HasSubstr("more than 32 fields"));
    const std::string name(1'000'000, 'x');
    for (const std::string& wrong :
         {R"({"host":"h","plugin":"a","key":")" + name + R"(","value":1})",
          R"({"host":")" + name + R"(","plugin":"a","key":"x","value":1})",
          R"({")" + name + R"(":1,")" + name + R"(":1})",
          R"({"host":"h","plugin":"a","key":"x","value":1,"time":)" + std::string(1000, '1') +
              "}"}) {
        EXPECT_LT(post("[" + wrong + "]").body.size(), 1000U);
    }
    EXPECT_LT(post(R"({")" + name + R"(":[1]})").body.size(), 1000U);
    EXPECT_LT(post(R"({")" + name + R"(":1})").body.size(), 1000U);
    std::string many = "[";
    for (std::size_t i = 0; i < collectors::kLinesMax + 2; ++i) {
        many += R"({"host":"good","plugin":"a","key":"x","value":1},)";
    }
    many.back() = ']';
    EXPECT_THAT(post(many).body, HasSubstr(R"("accepted":250000,"refused":2)"));
}

TEST_F(SamplesApi, HoldsSendersAndStoreToTheRulesOfLines) {
    const std::string body = R"([{"host":"good","plugin":"a","key":"x","value":1}])";
    rules_ = SenderRules({{.hosts = {HostPattern::parse("good").value()},
                           .networks = {IpNetwork::parse("10.0.0.2").value()}}});
    const Response refused = post(body);
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("samples[0]: 'good' may not be sent from 10.0.0.1"));
    rules_ = SenderRules();
    for (const char* header : {"Origin", "Sec-Fetch-Site"}) {
        EXPECT_EQ(post(body, {{header, "x"}}).status, 403);
    }
    EXPECT_EQ(post(body, {{"Content-Type", "application/x-www-form-urlencoded"}}).status, 415);
    EXPECT_EQ(get("/api/v1/samples").status, 405);
    store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
        return fail(ErrorCode::kNoSpace, "full");
    };
    const Response full = post(body);
    EXPECT_EQ(full.status, 503);
    EXPECT_EQ(header_of(full, "Retry-After"), "10");
}

// Before anything of the body was read, so that nothing is lost.
TEST_F(SamplesApi, AsksToTryAgainWhenTooMuchIsUnderWay) {
    std::vector<BodyDecision> decisions;
    const auto decide = [this](std::string_view path) {
        return site_->decide_body(request_to(path, "", kSamplesType), 100);
    };
    while (decisions.empty() || !decisions.back().refusal) {
        ASSERT_LT(decisions.size(), 1000U);
        decisions.push_back(decide("/api/v1/samples"));
    }
    for (const char* path :
         {"/api/v1/samples", "/api/v1/lines", "/api/v0/tsdb", "/api/v0/services/s/tsdb"}) {
        const BodyDecision busy = decide(path);
        ASSERT_TRUE(busy.refusal) << path;
        EXPECT_EQ(busy.refusal->status, 429);
        EXPECT_EQ(header_of(*busy.refusal, "Retry-After"), "1");
    }
    EXPECT_THAT(decide("/api/v0/tsdb").refusal->body, HasSubstr(R"({"error":{"message":")"));
    decisions.clear();
    EXPECT_FALSE(decide("/api/v1/samples").refusal);
}

class MackerelApi : public JsonFixture {};

TEST_F(MackerelApi, TakesValuesOfHostsAndServices) {
    const Response hosts =
        post_to("/api/v0/tsdb",
                R"([{"hostId":"2eQ","name":"custom.app.users","time":1767323040,"value":1.5},)"
                R"({"hostId":"good","name":"loadavg5","time":1767323040,"value":3}])",
                kSamplesType);
    EXPECT_EQ(hosts.status, 200);
    EXPECT_EQ(hosts.body, R"({"success":true})");
    const Response service =
        post_to("/api/v0/services/My-Shop/tsdb",
                R"([{"name":"access.2xx","time":1767323040,"value":10}])", kSamplesType);
    EXPECT_EQ(service.status, 200);
    EXPECT_EQ(service.body, R"({"success":true})");
    EXPECT_THAT(stored(),
                testing::ElementsAre("2eQ/mackerel/custom.app.users.gauge=1.5@1767323040",
                                     "good/mackerel/loadavg5.gauge=3@1767323040",
                                     "service:My-Shop/mackerel/access.2xx.gauge=10@1767323040"));
}

TEST_F(MackerelApi, SaysWhatIsWrongInMackerelsForm) {
    const auto post = [this](std::string_view body) {
        return post_to("/api/v0/tsdb", body, kSamplesType);
    };
    EXPECT_EQ(post("[{").status, 400);
    EXPECT_THAT(post("[{").body, HasSubstr(R"({"error":{"message":"the body: no JSON)"));
    const Response wrong = post(R"([{"hostId":"a","name":"x","value":1}])");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(wrong.body, R"({"error":{"message":"values[0]: 'time' is missing"}})");
    EXPECT_EQ(post(R"({"values":[{"hostId":"a","name":"x","time":60,"value":1}]})").status, 400);
    EXPECT_THAT(post(R"([{"name":"x","time":60,"value":1}])").body,
                HasSubstr("values[0]: 'hostId' is missing"));
    const Response partly =
        post(R"([{"hostId":"a","name":"x","time":1767323040,"value":1},{"hostId":"a"}])");
    EXPECT_EQ(partly.status, 200);
    EXPECT_THAT(partly.body, HasSubstr(R"({"success":true,"accepted":1,"refused":1,"errors":[)"));
    const Response page = post_to("/api/v0/tsdb", "[]", {{"Origin", "http://x"}});
    EXPECT_EQ(page.status, 403);
    EXPECT_EQ(page.body, R"({"error":{"message":"web pages may not post here"}})");
}

TEST_F(MackerelApi, IsContentWithWhatTheStoreHasAlready) {
    store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
        return store::AppendReport{.refused = {{ErrorCode::kOutdated, "old"}}, .refused_count = 1};
    };
    const std::string_view body = R"([{"hostId":"good","name":"x","time":1767323040,"value":1}])";
    EXPECT_EQ(post_to("/api/v0/tsdb", body, kSamplesType).status, 200);
    store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
        return fail(ErrorCode::kNoSpace, "full");
    };
    const Response full = post_to("/api/v0/tsdb", body, kSamplesType);
    EXPECT_EQ(full.status, 503);
    EXPECT_EQ(header_of(full, "Retry-After"), "10");
    EXPECT_THAT(full.body, HasSubstr(R"({"error":{"message":"good: )"));
}

}  // namespace
}  // namespace kurabe::server
