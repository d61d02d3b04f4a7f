// Answers as reports: which samples, what lies between slow ones, which warnings.
#include "collectors/munin/gathering.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors::munin {
namespace {

using store::RawValue;
using store::Seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Reading = SeriesMemory::Reading;

constexpr store::Time kNow{Seconds{1'700'000'000}};

store::SampleTime at(int seconds) {
    return kNow + Seconds{seconds};
}

class GatheringTest : public testing::Test {
  protected:
    Report take(const std::string& text, int seconds, Gathering::Rule rule = {}) {
        Gathering gathering("h", "munin", kNow, memory_);
        gathering.take(read_answer(text, "s"), at(seconds), rule);
        return gathering.finish();
    }
    static std::vector<std::string> shown(const Report& report) {
        std::vector<std::string> texts;
        for (const store::Sample& sample : report.batch.samples) {
            const bool whole = sample.value.kind == RawValue::Kind::kInteger;
            const auto number =
                whole ? static_cast<double>(sample.value.integer) : sample.value.number;
            texts.push_back(
                sample.key + "@" +
                std::to_string(std::chrono::duration_cast<Seconds>(sample.time - kNow).count()) +
                "=" +
                (sample.value.kind == RawValue::Kind::kMissing
                     ? "U"
                     : std::to_string(std::lround(number))));
        }
        return texts;
    }

    SeriesMemory memory_;
};

TEST_F(GatheringTest, HasSamplesOfTheirTypes) {
    const Report report =
        take("a.type DERIVE\na.value 12\nb.value 1.4\nc.value U\nd.type COUNTER\nd.value x\n", 0);
    EXPECT_THAT(shown(report), ElementsAre("s.a.derive@0=12", "s.b.gauge@0=1", "s.c.gauge@0=U"));
    EXPECT_EQ(report.batch.host, "h");
    EXPECT_EQ(report.batch.samples[0].plugin, "munin");
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].key, "s");
    EXPECT_THAT(report.warnings[0].text, HasSubstr("d: 'x' is no value"));
}

TEST_F(GatheringTest, FillsBetweenSlowValues) {
    (void)take("update_rate 300\na.type DERIVE\na.value 100\nb.value 5\nc.type ABSOLUTE\nc.value 9",
               0);
    const Report report = take(
        "update_rate 300\na.type DERIVE\na.value 200\nb.value 7\nc.type ABSOLUTE\nc.value 50", 180);
    EXPECT_THAT(shown(report),
                ElementsAre("s.a.derive@60=133", "s.b.gauge@60=7", "s.c.absolute@60=17",
                            "s.a.derive@120=166", "s.b.gauge@120=7", "s.c.absolute@120=17",
                            "s.a.derive@180=200", "s.b.gauge@180=7", "s.c.absolute@180=17"));
}

TEST_F(GatheringTest, DoesNotFillWhatIsNotKnown) {
    const auto count = [&](const std::string& text, int seconds) {
        return shown(take(text, seconds)).size();
    };
    EXPECT_EQ(count("update_rate 300\na.type COUNTER\na.value 100", 0), 1U);
    EXPECT_EQ(count("update_rate 300\na.type COUNTER\na.value 50", 300), 1U) << "it fell";
    EXPECT_EQ(count("update_rate 300\na.type COUNTER\na.value 60", 1000), 1U) << "too long ago";
    EXPECT_EQ(count("update_rate 300\na.type COUNTER\na.value U", 1300), 1U);
    EXPECT_EQ(count("update_rate 300\na.type COUNTER\na.value 90", 1600), 1U) << "from unknown";
    EXPECT_EQ(count("update_rate 300\na.type COUNTER\na.value 95", 1600), 0U) << "once only";
    EXPECT_EQ(count("update_rate 60\na.type COUNTER\na.value 99", 1800), 1U) << "it is not slow";
}

TEST_F(GatheringTest, TakesFromASpoolWhatIsNew) {
    const std::map<std::string, store::SampleTime, std::less<>> stored{{"s.a.gauge", at(250)}};
    const std::string spool =
        "a.value 1700000000:1\na.value 1700000300:2\na.value 1700000600:3\nb.value 1700000000:4\n";
    EXPECT_THAT(
        shown(take(spool, 0, {.stored = &stored})),
        ElementsAre("s.b.gauge@0=4", "s.a.gauge@300=2", "s.a.gauge@360=3", "s.a.gauge@420=3",
                    "s.a.gauge@480=3", "s.a.gauge@540=3", "s.a.gauge@600=3"));
    EXPECT_THAT(shown(take(spool, 0, {.stored = &stored})), IsEmpty());
}

TEST_F(GatheringTest, RefusesTimesThatAreTooLongAgoOrAhead) {
    const auto told = [](Seconds from_now, const std::string& field = "a") {
        const auto time = (kNow + from_now).time_since_epoch().count();
        return field + ".value " + std::to_string(time) + ":1\n";
    };
    const Report report = take(told(-kOldestTold - Seconds{1}) + told(kFurthestAhead + Seconds{1}) +
                                   "a.value 4102444800:1\n",
                               0);
    EXPECT_THAT(shown(report), IsEmpty());
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].text, "a: a value with a time that is too long ago or ahead");
    EXPECT_THAT(shown(take("a.value 4102444800:1\na.value 5\n", 0)), ElementsAre("s.a.gauge@0=5"))
        << "it does not silence the series";
    EXPECT_EQ(take(told(-kOldestTold, "b") + told(kFurthestAhead, "c"), 0).batch.samples.size(),
              2U);
}

TEST_F(GatheringTest, MakesOnlySoManySamplesOfAnAnswer) {
    std::string text = "update_rate 86400\n";
    constexpr int kFields = 150;
    for (const Seconds from_now : {-kOldestTold, Seconds{0}}) {
        const auto time = (kNow + from_now).time_since_epoch().count();
        for (int i = 0; i < kFields; ++i) {
            text += "f" + std::to_string(i) + ".value " + std::to_string(time) + ":1\n";
        }
    }
    const Report report = take(text, 0);
    EXPECT_LE(report.batch.samples.size(), kPollSamplesMax);
    EXPECT_GT(report.batch.samples.size(), kPollSamplesMax / 2);
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_THAT(report.warnings[0].text, HasSubstr("more than 300000 values"));
    EXPECT_GT(take(text, 0).batch.samples.size(), 0U) << "the others come with the next answer";
}

TEST_F(GatheringTest, WarnsOfSlowValuesUntilTheNextOnes) {
    const std::string config = "update_rate 3600\na.critical 10\n";
    const Report bad = take(config + "a.value 11\n", 0);
    ASSERT_EQ(bad.warnings.size(), 1U);
    EXPECT_EQ(bad.warnings[0].lifetime, Seconds{7200});
    const Report good = take(config + "a.value 9\n", 3600);
    EXPECT_THAT(good.warnings, IsEmpty());
    EXPECT_THAT(good.ended_warnings, ElementsAre("s.a"));
    EXPECT_EQ(take("", 3660).plugin, "munin") << "heard with nothing to say";
}

TEST_F(GatheringTest, EndsWarningsOfValuesThatAreGood) {
    const std::string config = "a.critical 10\n";
    EXPECT_THAT(take(config + "a.value 11\n", 0).ended_warnings, IsEmpty());
    EXPECT_THAT(take(config + "a.value 9\n", 60).ended_warnings, ElementsAre("s.a"));
}

TEST_F(GatheringTest, WarnsOfSoManyThingsOnly) {
    std::string text;
    for (int i = 0; i < 500; ++i) {
        text += "f" + std::to_string(i) + ".critical 1\nf" + std::to_string(i) + ".value 2\n";
    }
    EXPECT_EQ(take(text, 0).warnings.size(), kWarningsMax);
}

TEST_F(GatheringTest, ForgetsSeriesThatAreNoLongerTold) {
    const auto told = [](Seconds from_now) {
        return "a.value " + std::to_string((kNow + from_now).time_since_epoch().count()) + ":1\n";
    };
    (void)take(told(-kOldestTold), 0);
    EXPECT_NE(memory_.find("s.a.gauge"), nullptr);
    Gathering gathering("h", "munin", kNow + Seconds{1}, memory_);
    (void)gathering.finish();
    EXPECT_EQ(memory_.find("s.a.gauge"), nullptr);
}

TEST_F(GatheringTest, WarnsOfValuesOutsideOfTheirRanges) {
    const std::string config =
        "graph_title CPU\na.label User\na.type DERIVE\na.warning 10\n"
        "b.critical 1:2\n";
    EXPECT_THAT(take(config + "a.value 0\nb.value 1.5\n", 0).warnings, IsEmpty());
    const Report report = take(config + "a.value 1200\nb.value 3\n", 60);
    ASSERT_EQ(report.warnings.size(), 2U);
    EXPECT_EQ(report.warnings[0].key, "s.a");
    EXPECT_EQ(report.warnings[0].text, "warning: 20 is outside of 10 (CPU, User)");
    EXPECT_EQ(report.warnings[1].text, "critical: 3 is outside of 1:2 (CPU, b)");
    EXPECT_THAT(take(config + "a.value 1210\nb.value 2\n", 120).warnings, IsEmpty());
}

TEST_F(GatheringTest, DefinesEachPluginsGraphsTogether) {
    Gathering gathering("h", "munin", kNow, memory_);
    gathering.define(read_answer("multigraph d.a\nx.label 1\nmultigraph e\nx.label 1\n"
                                 "multigraph d\nx.label 1\nmultigraph f\ngraph no\nx.label 1\n",
                                 "s")
                         .services);
    const Report report = gathering.finish();
    ASSERT_EQ(report.meta.size(), 3U);
    EXPECT_EQ(report.meta[0].key, "definition.d");
    EXPECT_THAT(report.meta[0].value, HasSubstr("\"d.a\""));
    EXPECT_THAT(report.meta[0].value, HasSubstr("\"d\""));
    EXPECT_EQ(report.meta[1].key, "definition.e");
    EXPECT_EQ(report.meta[2].value, "");
}

}  // namespace
}  // namespace kurabe::collectors::munin
