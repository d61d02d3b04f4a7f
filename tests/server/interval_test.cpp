// What becomes of hosts that are heard once in five minutes and less often.
#include "server/interval.hpp"

#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "store/store.hpp"
#include "tests/server/site_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::server {
namespace {

using store::Seconds;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsNan;
using testing::Not;
using testing::SizeIs;

constexpr store::Time kIntervalBegin{Seconds{1'700'000'100}};  // on the grid of five minutes

// An ingest by a clock that the test moves, with a store of its own.
class SlowHosts : public testing::Test {
  protected:
    void SetUp() override {
        const auto now = [this] { return now_; };
        store_ = store::Store::open(directory_.path() / "data", {.now = now}).value();
        metadata_ =
            Metadata::open(directory_.path() / "metadata.sqlite", Metadata::Access::kWrite).value();
        ingest_ = std::make_unique<Ingest>(*store_, *metadata_, log_, now);
    }
    void TearDown() override { ::close(nowhere_); }

    // A report of each interval up to `end` with a gauge, a counter of ten per second and a
    // warning; some seconds late, as polls are.
    void hear(Seconds interval, Seconds end) {
        for (int poll = 0; now_ - kIntervalBegin < end; ++poll, now_ += interval) {
            collectors::Report report;
            const store::SampleTime time = now_ + Seconds{poll % 3};
            const auto count = (time - kIntervalBegin) / Seconds{1} * 10;
            report.batch = {
                .host = "host",
                .samples = {{"base", "a.gauge", store::RawValue::of(1), time},
                            {"base", "b.derive", store::RawValue::of_integer(count), time}}};
            report.time = now_;
            report.warnings = {{"base", "ntp", "stopped"}};
            ASSERT_TRUE(ingest_->accept(report, interval));
        }
        now_ -= interval;  // of the last report
    }
    [[nodiscard]] std::vector<store::Value> minutes(const std::string& key, Seconds end) const {
        auto fetched = store_->fetch({"host", "base", key}, {.start = kIntervalBegin + Seconds{60},
                                                             .end = kIntervalBegin + end});
        EXPECT_TRUE(fetched);
        fetched->values.pop_back();  // the added row after the last one
        return fetched->values;
    }
    [[nodiscard]] auto warnings() const {
        return metadata_->warnings("host", "base", now_).value();
    }

    tests::TemporaryDirectory directory_;
    int nowhere_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    Log log_{nowhere_, LogLevel::kError};
    store::Time now_ = kIntervalBegin;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Metadata> metadata_;
    std::unique_ptr<Ingest> ingest_;
};

TEST_F(SlowHosts, TheirSeriesHaveNoHoles) {
    for (const Seconds interval : {Seconds{120}, Seconds{300}, Seconds{3600}}) {
        const Seconds end = now_ - kIntervalBegin + 6 * interval;
        hear(interval, end);
        EXPECT_THAT(minutes("a.gauge", end - interval), Each(1)) << interval.count();
        EXPECT_THAT(minutes("b.derive", end - interval), Each(10)) << interval.count();
    }
}

TEST_F(SlowHosts, OneOfTheirPollsMayBeLost) {
    hear(Seconds{300}, Seconds{900});
    now_ += Seconds{600};
    hear(Seconds{300}, Seconds{1800});
    EXPECT_THAT(minutes("b.derive", Seconds{1500}), Each(10));
}

TEST_F(SlowHosts, SeveralReadingsOfAMinuteAreItsAverage) {
    hear(Seconds{10}, Seconds{600});
    EXPECT_THAT(minutes("a.gauge", Seconds{540}), AllOf(SizeIs(8), Each(1)));
    EXPECT_THAT(minutes("b.derive", Seconds{540}), Each(10));
}

TEST_F(SlowHosts, WarningsStayUntilTheyAreHeardAgain) {
    hear(Seconds{600}, Seconds{1200});
    now_ += Seconds{1199};
    EXPECT_THAT(warnings(), SizeIs(1));
    now_ += Seconds{2};
    EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(SlowHosts, AGoodPollEndsAWarning) {
    hear(Seconds{3600}, Seconds{3600});
    collectors::Report good;
    good.batch.host = "host";
    good.time = now_;
    good.plugin = "base";
    good.ended_warnings = {"ntp"};
    ASSERT_TRUE(ingest_->accept(good, Seconds{3600}));
    EXPECT_THAT(warnings(), IsEmpty());
}

// Values of every minute, but for a hole of ninety, that are fetched once an hour.
TEST_F(SlowHosts, AHoleInAHistoryOfItsOwnStaysOne) {
    now_ = kIntervalBegin + Seconds{10'800};
    for (const bool is_history : {true, false}) {
        const std::string key = is_history ? "told.gauge" : "heard.gauge";
        collectors::Report report;
        report.batch.host = "host";
        report.time = now_;
        report.is_history = is_history;
        for (Seconds::rep minute = 0; minute <= 180; ++minute) {
            if (minute > 30 && minute < 120) continue;
            report.batch.samples.push_back(
                {"base", key, store::RawValue::of(1), kIntervalBegin + Seconds{60 * minute}});
        }
        ASSERT_TRUE(ingest_->accept(report, Seconds{3600}));
        const auto rows = minutes(key, Seconds{10'800});
        ASSERT_THAT(rows, SizeIs(180 - 1));
        const auto hole = std::span(rows).subspan(30, 89);
        if (is_history) {
            EXPECT_THAT(hole, Each(IsNan()));
        } else {
            EXPECT_THAT(hole, Each(1));
        }
        EXPECT_THAT(std::span(rows).first(28), Each(1));
        EXPECT_THAT(std::span(rows).subspan(120), Each(1));
    }
}

// Of hosts that push nobody knows better than the configuration.
TEST_F(SlowHosts, LinesComeAtTheIntervalOfTheirHost) {
    const SenderRules rules;
    LineIntake intake(*ingest_, rules, log_, [this] { return now_; }, nullptr, nullptr,
                      {.interval_of = [](std::string_view host) {
                          return host == "host" ? Seconds{3600} : kUsualInterval;
                      }});
    for (const auto hour : {0, 1}) {
        now_ = kIntervalBegin + Seconds{3600 * hour};
        const auto time = now_.time_since_epoch().count();
        for (const char* host : {"host", "other"}) {
            const auto taken = intake.take(
                fmt::format("{}\tbase.metrics.a.gauge\t1\t{}\n", host, time), "127.0.0.1");
            ASSERT_EQ(taken.accepted, 1U) << taken.errors[0].reason;
        }
    }
    EXPECT_THAT(minutes("a.gauge", Seconds{3600}), Each(1));
    EXPECT_THAT(store_
                    ->fetch({"other", "base", "a.gauge"}, {.start = kIntervalBegin + Seconds{60},
                                                           .end = kIntervalBegin + Seconds{3540}})
                    ->values,
                Each(IsNan()));
}

// ---- Pages ----

class SlowHostsPages : public SiteFixture {
  protected:
    void SetUp() override {
        open(
            "---\nservice: s\nservers:\n"
            "- { roll: base.yml, interval: 10m, hosts: [ 10.0.0.1 ] }\n"
            "- { roll: base.yml, interval: 30s, hosts: [ 10.0.0.2 ] }\n");
    }
    std::string state_of(const std::string& address) {
        return get("/api/host-status?address=" + address).body;
    }
    std::string page_of(const std::string& address, std::string_view language = "en") {
        return get("/server?address=" + address, "GET", language).body;
    }
};

TEST_F(SlowHostsPages, AreSilentAfterThreeIntervals) {
    report_base("10.0.0.1", kNow - Seconds{1799});
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":0"));
    EXPECT_THAT(page_of("10.0.0.1"), Not(HasSubstr("No metrics for more than")));
}

TEST_F(SlowHostsPages, SayForHowLongTheyAreSilent) {
    report_base("10.0.0.1", kNow - Seconds{1801});
    now_ = kNow - Seconds{1801};
    make_site();
    now_ = kNow;
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":2"));
    EXPECT_THAT(page_of("10.0.0.1"), HasSubstr("No metrics for more than 30 minutes. The host"));
    EXPECT_THAT(page_of("10.0.0.1", "ja"), HasSubstr("30分以上メトリクスが"));
}

// However long ago the last one is: the server was not there to hear them. Page and state agree.
TEST_F(SlowHostsPages, OfAServerThatBeganJustNowSayThatNothingHasComeYet) {
    make_site();
    EXPECT_THAT(page_of("10.0.0.1"),
                AllOf(HasSubstr("Nothing has come yet since this server&#39;s "
                                "start at "),
                      HasSubstr("Last update: never"), Not(HasSubstr("No metrics for more than"))));
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":1"));
    report_base("10.0.0.1", kNow - Seconds{86'400});
    make_site();
    EXPECT_THAT(page_of("10.0.0.1"), HasSubstr("Nothing has come yet"));
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":1"));
    now_ = kNow + Seconds{1800};
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":1"));
    now_ += Seconds{1};
    EXPECT_THAT(page_of("10.0.0.1"), HasSubstr("No metrics for more than 30 minutes"));
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":2"));
    report_base("10.0.0.1", now_);
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":0"));
}

// What an earlier run has heard of others tells that it was there and did not hear this one.
TEST_F(SlowHostsPages, ThatWereSilentBeforeAStopAreSoAfterIt) {
    report_base("10.0.0.1", kNow - Seconds{86'400});
    report_base("10.0.0.2", kNow - Seconds{80'000});
    make_site();
    EXPECT_THAT(page_of("10.0.0.1"), HasSubstr("No metrics for more than 30 minutes"));
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":2"));
    EXPECT_THAT(page_of("10.0.0.2"), HasSubstr("Nothing has come yet"));
    EXPECT_THAT(state_of("10.0.0.2"), HasSubstr(":1"));
    now_ += Seconds{301};
    EXPECT_THAT(state_of("10.0.0.2"), HasSubstr(":2"));
}

// It is asked at once after a start, and what says that it failed is younger than its last sample.
TEST_F(SlowHostsPages, ThatDoNotAnswerAreDownAtOnce) {
    make_site();
    collectors::Report failed;
    failed.batch.host = "10.0.0.1";
    failed.warnings = {{"base", "ssh", "cannot connect"}};
    failed.is_sign_of_life = false;
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":1"));
    report(failed);
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":2"));
}

// A start does not give them the whole time anew.
TEST_F(SlowHostsPages, ThatBeganToBeSilentBeforeAStopAreDownInTime) {
    report_base("10.0.0.2", kNow - Seconds{290});
    report_base("10.0.0.1", kNow - Seconds{50});
    make_site();
    EXPECT_THAT(state_of("10.0.0.2"), HasSubstr(":0"));
    now_ += Seconds{60};
    EXPECT_THAT(state_of("10.0.0.2"), HasSubstr(":1")) << "240 s and 60 s";
    now_ += Seconds{1};
    EXPECT_THAT(state_of("10.0.0.2"), HasSubstr(":2"));
}

TEST_F(SlowHostsPages, OthersAreSilentAfterFiveMinutes) {
    report_base("10.0.0.2", kNow - Seconds{299});
    EXPECT_THAT(state_of("10.0.0.2"), HasSubstr(":0"));
    report_base("10.0.0.1", kNow);
    EXPECT_THAT(state_of("10.0.0.1"), HasSubstr(":0"));
}

}  // namespace
}  // namespace kurabe::server
