// Lines that are posted: what is answered, what is stored, and who may post at all.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/server/push_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view kGood = "good\tbase.metrics.a.gauge\t1\t1767323040\n";

class LinesApi : public PushFixture {
  protected:
    static Request request(std::string_view body, Headers headers = {}) {
        return request_to("/api/v1/lines", body, std::move(headers));
    }
    Response post(std::string_view body, Headers headers = {}) {
        return site_->answer(request(body, std::move(headers)));
    }
    int refusal(Headers headers, std::optional<std::size_t> length = 100) {
        const auto decision = site_->decide_body(request("", std::move(headers)), length);
        return decision.refusal ? decision.refusal->status : 0;
    }
};

TEST_F(LinesApi, StoresAndCounts) {
    const Response response = post(kGood);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(response.body, R"({"accepted":1,"refused":0,"errors":[]})");
    EXPECT_EQ(stored_, 1U);
}

TEST_F(LinesApi, IsASignOfLife) {
    EXPECT_EQ(get("/api/host-status?address=good").body, R"({"good":1})");
    (void)post(std::string(kGood) + "good\tbase.meta.version\tLinux\t1767323040\n");
    EXPECT_EQ(get("/api/host-status?address=good").body, R"({"good":0})");
    (void)post("other\tbase.warn.ssh\tno answer\t1767323040\n");
    EXPECT_EQ(get("/api/host-status?address=other").body, R"({"other":2})");
}

TEST_F(LinesApi, NamesWrongLines) {
    const Response response = post(std::string(kGood) + "wrong\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body,
                HasSubstr(R"("accepted":1,"refused":1,"errors":[{"line":2,"reason":"four)"));
    EXPECT_EQ(post("wrong\nworse\n").status, 400);
    EXPECT_EQ(post("").status, 200);
    EXPECT_EQ(post("# nothing\n").status, 200);
}

TEST_F(LinesApi, SaysWhatTheStoreRefusedOneByOne) {
    store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
        return store::AppendReport{.stored = 0,
                                   .refused = {{ErrorCode::kOutdated, "good/base/a.gauge: old"}},
                                   .refused_count = 1};
    };
    const Response response = post(kGood);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.body,
              R"({"accepted":0,"refused":1,"errors":[{"reason":"good/base/a.gauge: old"}]})");
}

TEST_F(LinesApi, AsksToSendAgainWhatTheStoreCannotTake) {
    store_.appending = [](const store::Batch& batch) -> Result<store::AppendReport> {
        if (batch.host == "other") return store::AppendReport{.stored = 1, .refused = {}};
        return fail(ErrorCode::kNoSpace, "/secret/good.kurabe: no space");
    };
    const Response response =
        post(std::string(kGood) + "other\tbase.metrics.a.gauge\t1\t1767323040\n");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(header_of(response, "Retry-After"), "10");
    EXPECT_THAT(response.body, HasSubstr(R"("accepted":1,"refused":1)"));
    EXPECT_THAT(response.body, Not(HasSubstr("secret")));
}

TEST_F(LinesApi, CountsNoDescriptionThatIsNotKept) {
    metadata_.reset();
    metadata_ =
        Metadata::open(directory_.path() / "metadata.sqlite", Metadata::Access::kRead).value();
    ingest_ = std::make_unique<Ingest>(store_, *metadata_, log_, [] { return kNow; });
    intake_ = std::make_unique<LineIntake>(*ingest_, rules_, log_, [] { return kNow; });
    make_site(intake_.get());
    const Response response =
        post(std::string(kGood) + "good\tbase.meta.version\tLinux\t1767323040\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr(R"("accepted":1,"refused":1)"));
    EXPECT_THAT(response.body, HasSubstr("was opened to be read only"));
    EXPECT_EQ(post("good\tbase.meta.version\tLinux\t1767323040\n").status, 503);
}

TEST_F(LinesApi, SaysWhichDescriptionsAreTooMany) {
    std::string body(kGood);
    for (std::size_t i = 0; i < kMetaKeysMax + 3; ++i) {
        body += fmt::format("good\tbase.meta.k{}\tx\t1767323040\n", i);
    }
    const Response response = post(body);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"accepted":2001,"refused":3,"errors":[{"reason":)"
                             R"("3 meta refused: good/base: the plugin has 2000 meta already"}]})");
    EXPECT_EQ(post("good\tbase.meta.new\tx\t1767323040\n").status, 400);
}

TEST_F(LinesApi, ADamagedArchiveHarmsNoOtherHost) {
    store_.appending = [](const store::Batch& batch) -> Result<store::AppendReport> {
        if (batch.host == "other") return store::AppendReport{.stored = 1, .refused = {}};
        return fail(ErrorCode::kDamaged, "/secret/good.kurabe: bad magic");
    };
    EXPECT_EQ(post(kGood).status, 503);
    const std::string both = std::string(kGood) + "other\tbase.metrics.a.gauge\t1\t1767323040\n";
    const Response response = post(both);
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr("good: good.kurabe: bad magic"));
}

TEST_F(LinesApi, TakesGzip) {
    EXPECT_EQ(post(gzip(kGood), {{"Content-Encoding", "gzip"}}).status, 200);
    EXPECT_EQ(post(gzip(kGood) + gzip(kGood), {{"Content-Encoding", "gzip"}}).status, 200);
    EXPECT_EQ(stored_, 3U);
}

TEST_F(LinesApi, RefusesBadGzip) {
    const std::string packed = gzip(kGood);
    for (std::size_t length = 0; length < packed.size(); ++length) {
        EXPECT_EQ(post(packed.substr(0, length), {{"Content-Encoding", "gzip"}}).status, 400);
    }
    EXPECT_EQ(post(kGood, {{"Content-Encoding", "gzip"}}).status, 400);
    EXPECT_EQ(stored_, 0U);
}

TEST_F(LinesApi, UnpacksNoMoreThanItTakes) {
    const Response response =
        post(gzip(std::string(kLinesBodyBytesMax + 1, '\n')), {{"Content-Encoding", "gzip"}});
    EXPECT_EQ(response.status, 413);
    EXPECT_THAT(response.body, HasSubstr("over 16777216 bytes"));
    EXPECT_EQ(
        post(gzip(std::string(kLinesBodyBytesMax, '\n')), {{"Content-Encoding", "gzip"}}).status,
        200);
}

TEST_F(LinesApi, RefusesWhatItDoesNotSpeak) {
    for (const Headers& headers :
         {Headers{{"Content-Encoding", "br"}}, Headers{{"Content-Type", "multipart/form-data; x"}},
          Headers{{"content-type", "application/x-www-form-urlencoded"}}}) {
        EXPECT_EQ(refusal(headers), 415);
        EXPECT_EQ(post(kGood, headers).status, 415);
    }
    EXPECT_EQ(refusal({{"Content-Type", "text/plain"}, {"Content-Encoding", "identity"}}), 0);
    EXPECT_EQ(stored_, 0U);
}

TEST_F(LinesApi, WebPagesMayNotPost) {
    for (const Headers& headers :
         {Headers{{"Origin", "http://evil.example"}}, Headers{{"Origin", "null"}},
          Headers{{"Origin", "http://127.0.0.1:5434"}, {"Host", "127.0.0.1:5434"}},
          Headers{{"Sec-Fetch-Site", "cross-site"}}, Headers{{"sec-fetch-site", "same-origin"}}}) {
        EXPECT_EQ(refusal(headers), 403);
        EXPECT_EQ(post(kGood, headers).status, 403);
    }
    EXPECT_EQ(stored_, 0U);
}

TEST_F(LinesApi, AServerThatOnlyReadsTakesNothing) {
    make_site(nullptr);
    EXPECT_EQ(refusal({}), 403);
    EXPECT_EQ(post(kGood).status, 403);
}

TEST_F(LinesApi, HoldsSendersToTheirRules) {
    rules_ = SenderRules({{.hosts = {HostPattern::parse("good").value()},
                           .networks = {IpNetwork::parse("10.0.0.2").value()}}});
    const Response response = post(kGood);
    EXPECT_EQ(response.status, 403);
    EXPECT_THAT(response.body, HasSubstr("'good' may not be sent from 10.0.0.1"));
    EXPECT_EQ(post(std::string(kGood) + "other\tbase.metrics.a.gauge\t1\t60\n").status, 200);
    EXPECT_EQ(post(std::string(kGood) + "wrong\n").status, 400);
    EXPECT_EQ(stored_, 1U);
}

// "www" is what 10.0.0.7 is called, "twin" what two are called.
TEST_F(LinesApi, AHostIsCalledByItsAddressOrItsName) {
    const auto address_of = [](std::string_view host) -> Result<std::string> {
        if (host == "twin") return fail(ErrorCode::kInvalid, "twin is the name of several hosts");
        return host == "www" ? "10.0.0.7" : std::string(host);
    };
    std::vector<std::string> stored;
    store_.appending = [&stored](const store::Batch& batch) -> Result<store::AppendReport> {
        stored.push_back(fmt::format("{} {}", batch.host, batch.samples.size()));
        return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
    };
    intake_ = std::make_unique<LineIntake>(
        *ingest_, rules_, log_, [] { return kNow; }, nullptr, nullptr,
        HostFacts{.address_of = address_of, .name_of = [](std::string_view address) {
                      return std::string_view(address == "10.0.0.7" ? "www" : "");
                  }});
    make_site(intake_.get());
    const auto line = [](std::string_view host, std::string_view key) {
        return fmt::format("{}\tbase.metrics.{}.gauge\t1\t1767323040\n", host, key);
    };
    const Response mixed =
        post(line("www", "a") + line("other", "a") + line("10.0.0.7", "b") + line("twin", "a"));
    EXPECT_EQ(mixed.body, R"({"accepted":3,"refused":1,"errors":[{"line":4,)"
                          R"("reason":"twin is the name of several hosts"}]})");
    EXPECT_EQ(stored, (std::vector<std::string>{"10.0.0.7 2", "other 1"}));
    EXPECT_EQ(post(line("twin", "a")).status, 400) << "nobody is forbidden anything";
    // A rule is about a host by either, whichever a line says.
    for (const char* rule : {"10.0.0.7", "www"}) {
        rules_ = SenderRules({{.hosts = {HostPattern::parse(rule).value()},
                               .networks = {IpNetwork::parse("10.0.0.2").value()}}});
        for (const char* host : {"10.0.0.7", "www"}) {
            const Response refused = post(line(host, "a"));
            EXPECT_EQ(refused.status, 403) << rule << host;
            EXPECT_THAT(refused.body,
                        HasSubstr(fmt::format("'{}' may not be sent from 10.0.0.1", host)));
        }
        EXPECT_EQ(post(line("other", "a")).status, 200);
    }
}

// Some protocols have no answers but the log.
TEST_F(LinesApi, WhatOneProtocolWasRefusedHidesNothingOfAnother) {
    std::FILE* const file = std::tmpfile();
    Log log(::fileno(file), LogLevel::kInfo);
    LineIntake intake(*ingest_, rules_, log, [] { return kNow; });
    for (const char* protocol : {"http", "graphite", "graphite", "resp", "http"}) {
        (void)intake.take("wrong\n", Sender(std::string_view("10.0.0.1"), protocol));
    }
    std::string text(4096, '\0');
    std::rewind(file);
    text.resize(std::fread(text.data(), 1, text.size(), file));
    EXPECT_EQ(std::fclose(file), 0);
    EXPECT_EQ(std::ranges::count(text, '\n'), 3) << text;
    EXPECT_THAT(text, AllOf(HasSubstr("protocol=graphite"), HasSubstr("protocol=resp")));
}

TEST_F(LinesApi, TakesSoManyHostsThatNobodyListed) {
    UnlistedHosts unlisted([](std::string_view host) { return host == "good"; }, {"good", "there"},
                           3);
    intake_ = std::make_unique<LineIntake>(*ingest_, rules_, log_, [] { return kNow; }, &unlisted);
    make_site(intake_.get());
    const auto status = [this](std::string_view host) {
        return post(fmt::format("{}\tbase.metrics.a.gauge\t1\t1767323040\n", host)).status;
    };
    for (const char* host : {"there", "new1", "new2", "good", "new1"}) EXPECT_EQ(status(host), 200);
    EXPECT_EQ(status("new3"), 403);
    EXPECT_THAT(post("new4\tbase.metrics.a.gauge\t1\t1767323040\n").body,
                HasSubstr("'new4' is not in the configuration, and 3 such hosts are stored"));
    EXPECT_EQ(status("new2"), 200);
    EXPECT_EQ(stored_, 6U);
}

TEST_F(LinesApi, CountsNoHostOfWhichNothingIsStored) {
    UnlistedHosts unlisted([](std::string_view) { return false; }, {}, 2);
    intake_ = std::make_unique<LineIntake>(*ingest_, rules_, log_, [] { return kNow; }, &unlisted);
    make_site(intake_.get());
    const auto answer = store_.appending;
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(post(fmt::format("wrong{}\tbase.metrics.a.gauge\tx\t1767323040\n", i)).status,
                  400);
        store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
            return store::AppendReport{.refused = {{ErrorCode::kInvalid, "x"}}, .refused_count = 1};
        };
        const std::string body = fmt::format("late{}\tbase.metrics.a.gauge\t1\t1767323040\n", i);
        EXPECT_EQ(post(body).status, 400);
        store_.appending = [](const store::Batch&) -> Result<store::AppendReport> {
            return fail(ErrorCode::kNoSpace, "full");
        };
        EXPECT_EQ(post(body).status, 503);
        store_.appending = answer;
    }
    std::string body;
    for (int i = 0; i < 10; ++i)
        body += fmt::format("new{}\tbase.metrics.a.gauge\t1\t1767323040\n", i);
    const Response response = post(body);
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr(R"("accepted":2,"refused":8)"));
    EXPECT_THAT(response.body, HasSubstr("'new2' is not in the configuration, and 2 such hosts"));
    EXPECT_EQ(post("new2\tbase.metrics.a.gauge\t1\t1767323040\n").status, 403);
    EXPECT_EQ(post("new1\tbase.metrics.a.gauge\t1\t1767323040\n").status, 200);
}

class LinesSeries : public LinesApi {
  protected:
    void SetUp() override {
        LinesApi::SetUp();
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            for (const store::Sample& sample : batch.samples) {
                store_.series_values[{batch.host, sample.plugin, sample.key}] = 1;
            }
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
        series_ = std::make_unique<PushedSeries>(
            store_, [](std::string_view host) { return host == "good"; },
            PushedSeriesMax{.listed = 50, .unlisted = 10});
        intake_ = std::make_unique<LineIntake>(
            *ingest_, rules_, log_, [] { return kNow; }, nullptr, series_.get());
        make_site(intake_.get());
    }
    static std::string lines(std::string_view host, int first, int count) {
        std::string text;
        for (int i = first; i < first + count; ++i) {
            text += fmt::format("{}\tbase.metrics.k{}.gauge\t1\t1767323040\n", host, i);
        }
        return text;
    }
    std::unique_ptr<PushedSeries> series_;
};

TEST_F(LinesSeries, AreNoMoreThanTheirLimit) {
    const Response response = post(lines("good", 0, 60) + lines("other", 0, 60));
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr(R"("accepted":60,"refused":60)"));
    EXPECT_THAT(response.body, HasSubstr("good: 10 samples of new series refused: by pushes a host "
                                         "that is in the configuration gets 50 series at most"));
    EXPECT_THAT(response.body, HasSubstr("a host that is not in the configuration gets 10 series"));
    EXPECT_EQ(store_.series_values.size(), 60U);
    EXPECT_EQ(post(lines("other", 100, 1)).status, 400);
}

TEST_F(LinesSeries, GoOnWhenTheyAreThere) {
    for (int i = 0; i < 30; ++i)
        store_.series_values[{"other", "base", fmt::format("k{}.gauge", i)}] = 1;
    EXPECT_THAT(post(lines("other", 0, 31)).body, HasSubstr(R"("accepted":30,"refused":1)"));
    for (int round = 0; round < 100; ++round) {
        EXPECT_THAT(post(lines("good", 0, 7)).body, HasSubstr(R"("accepted":7,"refused":0)"));
    }
    EXPECT_THAT(post(lines("good", 7, 43)).body, HasSubstr(R"("accepted":43,"refused":0)"));
    EXPECT_THAT(post(lines("good", 49, 2)).body, HasSubstr(R"("accepted":1,"refused":1)"));
}

TEST_F(LinesSeries, AreCountedByOnePushAtATime) {
    std::vector<std::jthread> pushers;
    for (int i = 0; i < 8; ++i) {
        pushers.emplace_back(
            [this, i] { (void)intake_->take(lines("good", 20 * i, 20), "10.0.0.1"); });
    }
    pushers.clear();
    EXPECT_EQ(store_.series_values.size(), 50U);
}

TEST_F(LinesApi, IsPostAlone) {
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) {
        const Response response = get("/api/v1/lines", method);
        EXPECT_EQ(response.status, 405) << method;
        EXPECT_EQ(header_of(response, "Allow"), "POST");
    }
}

TEST_F(LinesApi, OtherRoutesKeepTheirLimit) {
    Request other = request("");
    other.path = "/servers";
    EXPECT_EQ(site_->decide_body(other, 5).bytes_max, kRequestBodyBytesMax);
    EXPECT_EQ(site_->decide_body(request(""), 5).bytes_max, kLinesBodyBytesMax);
}

TEST_F(LinesApi, BoundsWhatIsUnderWay) {
    std::vector<BodyDecision> decisions;
    const auto begin = [&](std::optional<std::size_t> length) {
        decisions.push_back(site_->decide_body(request(""), length));
        return !decisions.back().refusal;
    };
    for (int i = 0; i < 16; ++i) EXPECT_TRUE(begin(std::nullopt)) << i;  // each may be 16 MiB
    EXPECT_FALSE(begin(1));
    EXPECT_EQ(decisions.back().refusal->status, 429);
    EXPECT_EQ(header_of(*decisions.back().refusal, "Retry-After"), "1");
    decisions.clear();
    for (int i = 0; i < 32; ++i) EXPECT_TRUE(begin(1)) << i;
    EXPECT_FALSE(begin(1));
    decisions.clear();
    EXPECT_TRUE(begin(1));
}

}  // namespace
}  // namespace kurabe::server
