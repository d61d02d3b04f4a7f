// What is made of fields: metrics of their types, descriptions, warnings.
#include "collectors/fetch/reading.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/kurado_lines.hpp"
#include "collectors/rounds.hpp"

namespace kurabe::collectors::fetch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const store::Time kReadNow{store::Seconds{1'800'000'000}};

Fields fields_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
    Fields fields;
    for (const auto& [name, value] : pairs) fields.add(name, value);
    return fields;
}

// "KEY=VALUE" of each metric; the metric "always" makes the answer one.
std::vector<std::string> metrics(const Fields& fields, std::vector<MetricRule> rules) {
    const auto report = read_fields(fields, {.metrics = std::move(rules)}, "h", "p", kReadNow);
    std::vector<std::string> shown;
    if (!report) return shown;
    for (const store::Sample& sample : report->batch.samples) {
        shown.push_back(sample.key +
                        (sample.value.kind == store::RawValue::Kind::kInteger
                             ? "=" + std::to_string(static_cast<std::int64_t>(sample.value.integer))
                             : "=" + std::to_string(sample.value.number)));
    }
    return shown;
}

TEST(Reading, SendsNumbersOfTheirTypes) {
    const auto fields = fields_of({{"a", "12"}, {"b", "1.5"}, {"c", "-3"}, {"d", "1.2e3"}});
    EXPECT_THAT(metrics(fields, {{"a.gauge", {{"a"}}},
                                 {"b.gauge", {{"b"}}},
                                 {"a.derive", {{"a"}}},
                                 {"c.derive", {{"c"}}},
                                 {"d.counter", {{"d"}}},
                                 {"b.absolute", {{"b"}}}}),
                ElementsAre("a.gauge=12.000000", "b.gauge=1.500000", "a.derive=12", "c.derive=-3",
                            "d.counter=1200", "b.absolute=1.500000"));
}

TEST(Reading, KeepsCountersToTheirLastDigit) {
    const auto report = read_fields(fields_of({{"n", "18446744073709551615"}}),
                                    {.metrics = {{"n.counter", {{"n"}}}}}, "h", "p", kReadNow);
    ASSERT_TRUE(report.has_value());
    EXPECT_THAT(kurado_lines(*report), HasSubstr("18446744073709551615"));
}

TEST(Reading, DoesNotSendWhatIsMissingOrNoNumber) {
    const auto fields = fields_of({{"a", "x"},
                                   {"b", ""},
                                   {"c", "12 MB"},
                                   {"d", "inf"},
                                   {"e", "nan"},
                                   {"f", "-1"},
                                   {"g", "1e30"},
                                   {"u", "U"}});
    std::vector<MetricRule> rules{{"f.counter", {{"f"}}}, {"g.derive", {{"g"}}}};
    for (const char* name : {"a", "b", "c", "d", "e", "u", "none"}) {
        rules.push_back({std::string(name) + ".gauge", {{name}}});
        rules.push_back({std::string(name) + ".derive", {{name}}});
    }
    EXPECT_THAT(metrics(fields, rules), IsEmpty());
}

TEST(Reading, TakesTheFirstFieldThatIsThereAndCalculates) {
    const auto fields = fields_of({{"b", "3"}, {"c", "4"}, {"zero", "0"}});
    EXPECT_THAT(metrics(fields, {{"x.gauge", {{"a", "b", "c"}}},
                                 {"y.gauge", {.fields = {"b"}, .per = "c", .times = 100}},
                                 {"z.gauge", {.fields = {"b"}, .per = "zero"}},
                                 {"w.gauge", {.fields = {"b"}, .per = "none"}}}),
                ElementsAre("x.gauge=3.000000", "y.gauge=75.000000"));
}

TEST(Reading, SendsDefaultsBesideWhatWasFound) {
    const std::vector<MetricRule> rules{{"a.gauge", {{"a"}}},
                                        {"b.gauge", {.fields = {"b"}, .otherwise = "0"}}};
    EXPECT_THAT(metrics(fields_of({{"a", "1"}}), rules),
                ElementsAre("a.gauge=1.000000", "b.gauge=0.000000"));
    EXPECT_THAT(metrics(fields_of({{"a", "1"}, {"b", "2"}}), rules),
                ElementsAre("a.gauge=1.000000", "b.gauge=2.000000"));
    EXPECT_THAT(metrics(fields_of({{"c", "1"}}), rules), IsEmpty()) << "something else answered";
}

TEST(Reading, DescribesAndWarns) {
    const auto fields = fields_of({{"n", "1"},
                                   {"up", "100"},
                                   {"start", "1799999000"},
                                   {"ms", "61500"},
                                   {"io", "No"},
                                   {"sql", "Yes"},
                                   {"error", "bad\nline"}});
    const ReadingRules rules{
        .metrics = {{"n.gauge", {{"n"}}}},
        .meta = {{"up", {.fields = {"up"}, .is_uptime = true}},
                 {"start", {.fields = {"start"}, .is_uptime = true}},
                 {"ms", {.fields = {"ms"}, .times = 0.001, .is_uptime = true}},
                 {"has", {.fields = {"n"}, .then = "1", .otherwise = "0"}},
                 {"has-not", {.fields = {"m"}, .then = "1", .otherwise = "0"}},
                 {"none", {{"m"}}},
                 {"text", {{"error"}}}},
        .warnings = {
            {"io", {"io"}, {"Yes"}, true, TextTemplate::parse("IO {{io}}: {{error}}").value()},
            {"sql", {"sql"}, {"Yes"}, true, TextTemplate::parse("SQL").value()},
            {"is", {"sql"}, {"No", "Yes"}, false, TextTemplate::parse("is {{x}}").value()},
            {"none", {"m"}, {"Yes"}, true, TextTemplate::parse("none").value()}}};
    const auto report = read_fields(fields, rules, "h", "p", kReadNow);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    std::vector<std::string> said;
    for (const Meta& meta : report->meta) said.push_back(meta.key + "=" + meta.value);
    EXPECT_THAT(
        said, ElementsAre("up=100", "start=1000", "ms=61", "has=1", "has-not=0", "text=bad?line"));
    ASSERT_EQ(report->warnings.size(), 2U);
    EXPECT_EQ(report->warnings[0].text, "IO No: bad?line");
    EXPECT_EQ(report->warnings[1].text, "is ");
    EXPECT_TRUE(report->is_sign_of_life);
}

TEST(Reading, WarnsOfNumbersBeyondABound) {
    const Fields fields = fields_of({{"n", "1"}, {"less", "13.9"}, {"more", "500"}, {"text", "x"}});
    const auto rule = [](const char* field, std::optional<double> below,
                         std::optional<double> above) {
        return WarningRule{field, {field}, {}, false, TextTemplate::parse("w").value(),
                           below, above};
    };
    const auto warned = [&](const WarningRule& warning) {
        const auto report = read_fields(
            fields, {.metrics = {{"n.gauge", {{"n"}}}}, .warnings = {warning}}, "h", "p", kReadNow);
        return report.has_value() && !report->warnings.empty();
    };
    EXPECT_TRUE(warned(rule("less", 14, {})));
    EXPECT_FALSE(warned(rule("less", 13.9, {})));
    EXPECT_TRUE(warned(rule("more", {}, 499)));
    EXPECT_FALSE(warned(rule("more", {}, 500)));
    EXPECT_FALSE(warned(rule("text", 14, {}))) << "no number";
    EXPECT_FALSE(warned(rule("none", 14, {}))) << "not there";
}

TEST(Reading, SendsAnUnknownValueForWhatIsNotThere) {
    const auto report =
        read_fields(fields_of({{"loss", "100"}}),
                    {.metrics = {{"loss.gauge", {{"loss"}}},
                                 {"median.gauge", {.fields = {"median"}, .otherwise = "U"}}}},
                    "h", "p", kReadNow);
    ASSERT_TRUE(report.has_value());
    EXPECT_THAT(kurado_lines(*report), testing::HasSubstr("median.gauge\tU\t"));
}

TEST(Reading, RefusesAnAnswerWithoutAnyMetric) {
    const auto report = read_fields(fields_of({{"x", "1"}}),
                                    {.metrics = {{"n.gauge", {{"n"}}}}, .meta = {{"x", {{"x"}}}}},
                                    "h", "p", kReadNow);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().message, "the answer has none of what is asked for");
}

TEST(Reading, TellsAFailure) {
    const Report report =
        failure_report(kFailureWarning, "h", "cannot\nconnect", kReadNow, "http:80");
    EXPECT_EQ(kurado_lines(report), "h\thttp%3A80.warn.command\tcannot?connect\t1800000000\n");
    EXPECT_FALSE(report.is_sign_of_life);
}

}  // namespace
}  // namespace kurabe::collectors::fetch
