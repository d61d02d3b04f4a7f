// What Munin plugins say: attributes, values, several graphs, and lines that say nothing.
#include "collectors/munin/answer.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/munin/thresholds.hpp"

namespace kurabe::collectors::munin {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(MuninAnswer, HasAttributesOfGraphAndFields) {
    const Answer answer = read_answer(
        "graph_title CPU: usage\ngraph_args --base 1000 -l 0\ngraph_scale no\nupdate_rate 300\n"
        "graph_info ignored\nuser.label User time \nuser.type derive\nuser.min 0\nuser.max U\n"
        "user.draw AREA\nuser.warning 80\nuser.graph no\r\nsystem.label s\n",
        "cpu");
    ASSERT_EQ(answer.services.size(), 1U);
    const Service& cpu = answer.services[0];
    EXPECT_EQ(cpu.name, "cpu");
    EXPECT_EQ(cpu.title, "CPU: usage");
    EXPECT_EQ(cpu.arguments, "--base 1000 -l 0");
    EXPECT_FALSE(cpu.scale);
    EXPECT_EQ(cpu.update_rate, store::Seconds{300});
    ASSERT_EQ(cpu.fields.size(), 2U);
    const Field& user = cpu.fields[0];
    EXPECT_EQ(user.label, "User time");
    EXPECT_EQ(user.type, store::DsType::kDerive);
    EXPECT_EQ(user.min, 0.0);
    EXPECT_EQ(user.max, std::nullopt);
    EXPECT_FALSE(user.graph);
    EXPECT_EQ(series_key(cpu, user), "cpu.user.derive");
    EXPECT_EQ(series_key(cpu, cpu.fields[1]), "cpu.system.gauge");
    EXPECT_THAT(answer.complaints, IsEmpty());
}

TEST(MuninAnswer, HasValuesOfSeveralGraphsAndTimes) {
    const Answer answer = read_answer(
        "multigraph a\nx.label X\nx.value 1\nx.value 1700000000:2\nmultigraph a.b\ny.value U\n"
        "multigraph a\nx.value N:3\nz.value\n",
        "asked");
    ASSERT_EQ(answer.services.size(), 2U);
    EXPECT_EQ(answer.services[1].name, "a.b");
    ASSERT_EQ(answer.values.size(), 5U);
    EXPECT_EQ(answer.values[0].text, "1");
    EXPECT_EQ(answer.values[0].time, std::nullopt);
    EXPECT_EQ(answer.values[1].text, "2");
    EXPECT_EQ(answer.values[1].time, store::SampleTime{store::Seconds{1'700'000'000}});
    EXPECT_EQ(answer.values[2].service, 1U);
    EXPECT_EQ(answer.values[3].text, "3");
    EXPECT_EQ(answer.values[3].service, 0U);
    EXPECT_EQ(answer.values[4].text, "");
}

TEST(MuninAnswer, HasTheNodesFailures) {
    EXPECT_EQ(read_answer("# Timed out\n", "a").failure, "Timed out");
    EXPECT_EQ(read_answer("a.value 1\n# Bad exit\n", "a").failure, "Bad exit");
    EXPECT_EQ(read_answer("# Unknown service\n", "a").failure, "Unknown service");
    EXPECT_EQ(read_answer("# whatever a plugin says\n", "a").failure, "");
}

TEST(MuninAnswer, ComplainsOfWrongLinesAndTakesTheOthers) {
    const Answer answer = read_answer(
        "multigraph ../../etc\nlost.value 1\nmultigraph ok\na/b.value 1\n.value 2\n"
        "c.value x:1\nc.type WHAT\nc.value 5\nupdate_rate -1\n" +
            std::string(kLineBytesMax + 1, 'x') + "\nd.label \xff\nd.value 6\n",
        "a");
    ASSERT_EQ(answer.services.size(), 1U);
    EXPECT_EQ(answer.services[0].name, "ok");
    ASSERT_EQ(answer.values.size(), 2U);
    EXPECT_EQ(answer.values[0].text, "5");
    EXPECT_EQ(answer.values[1].text, "6");
    EXPECT_EQ(answer.complaints.size(), 8U) << testing::PrintToString(answer.complaints);
}

TEST(MuninAnswer, HasLimits) {
    std::string text;
    for (std::size_t i = 0; i < kServicesMax + 10; ++i) {
        text += "multigraph s" + std::to_string(i) + "\na.value 1\n";
    }
    EXPECT_EQ(read_answer(text, "a").services.size(), kServicesMax);
    text.clear();
    for (std::size_t i = 0; i < kFieldsMax + 10; ++i) {
        text += "f" + std::to_string(i) + ".value 1\n";
    }
    const Answer fields = read_answer(text, "a");
    EXPECT_EQ(fields.services[0].fields.size(), kFieldsMax);
    EXPECT_EQ(fields.values.size(), kFieldsMax);
    EXPECT_EQ(fields.complaints.size(), 10U);
}

TEST(MuninNames, ArePlain) {
    for (const char* name : {"cpu", "diskstats_iops.sda", "if_eth0.1-x", "_a"}) {
        EXPECT_TRUE(is_service_name(name)) << name;
    }
    for (const char* name : {"", ".", "..", "a/b", "-a", "a b", "a\nfetch b", "a.", "\xc3\xa4"}) {
        EXPECT_FALSE(is_service_name(name)) << name;
    }
    EXPECT_FALSE(is_service_name(std::string(200, 'a')));
}

TEST(MuninValues, CountersLoseDecimals) {
    const auto integer = [](const char* text) {
        const auto value = raw_value(text, store::DsType::kDerive);
        return value ? static_cast<long long>(value->integer) : -1;
    };
    EXPECT_EQ(integer("12"), 12);
    EXPECT_EQ(integer("12.9"), 12);
    EXPECT_EQ(integer("1.5e+03"), 1500);
    EXPECT_EQ(integer("9007199254740993"), 9007199254740993) << "exactly";
    EXPECT_FALSE(raw_value("nan", store::DsType::kDerive));
    EXPECT_FALSE(raw_value("x", store::DsType::kGauge));
    EXPECT_EQ(raw_value("1.5e+03", store::DsType::kGauge).value().number, 1500);
    EXPECT_EQ(raw_value("U", store::DsType::kCounter).value().kind,
              store::RawValue::Kind::kMissing);
}

TEST(MuninThresholds, AreRanges) {
    Field field;
    field.warning = "80";
    field.critical = "10:95";
    EXPECT_EQ(judge(field, 50), std::nullopt);
    EXPECT_EQ(judge(field, 81), "warning: 81 is outside of 80");
    EXPECT_EQ(judge(field, 97.25), "critical: 97.25 is outside of 10:95");
    EXPECT_EQ(judge(field, 5), "critical: 5 is outside of 10:95");
    field.warning = "";
    field.critical = ":3";
    EXPECT_EQ(judge(field, -100), std::nullopt);
    EXPECT_THAT(judge(field, 4).value_or(""), HasSubstr("critical"));
    for (const char* text : {"x", "1:2:3", "1:y", "inf", "-"}) {
        EXPECT_FALSE(parse_range(text)) << text;
    }
}

}  // namespace
}  // namespace kurabe::collectors::munin
