// What plugins print, as Kurado's agent takes it.
#include "collectors/agent/plugin_output.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/kurado_lines.hpp"

namespace kurabe::collectors::agent {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr store::Time kNow{store::Seconds{1795344360}};

std::string lines_of(std::string_view output) {
    return kurado_lines(read_plugin_output(output, "p", "h", kNow));
}

TEST(PluginOutput, IsTakenAsKuradosAgentTakesIt) {
    EXPECT_EQ(lines_of("metrics.fork.derive\t12\t1700000000\n"
                       "users\t7\n"
                       "memory.used\t1.5\t1795344300\n"
                       "metrics.a.counter\t3\n"
                       "metrics.b\tU\n"
                       "meta.version\tnginx 1.2\n"
                       "meta.older\ttext\t1700000000\n"
                       "warn.replication\tstopped: error 7\n"),
              "h\tp.metrics.fork.derive\t12\t1700000000\n"
              "h\tp.metrics.memory.used.gauge\t1.5\t1795344300\n"
              "h\tp.metrics.users.gauge\t7\t1795344360\n"
              "h\tp.metrics.a.counter\t3\t1795344360\n"
              "h\tp.metrics.b.gauge\tU\t1795344360\n"
              "h\tp.meta.version\tnginx 1.2\t1795344360\n"
              "h\tp.meta.older\ttext\t1795344360\n"
              "h\tp.warn.replication\tstopped: error 7\t1795344360\n");
}

TEST(PluginOutput, ComputedNothingIsUnknown) {
    EXPECT_EQ(lines_of("a\t\nb\t\t1795344300\n"),
              "h\tp.metrics.b.gauge\tU\t1795344300\nh\tp.metrics.a.gauge\tU\t1795344360\n");
}

TEST(PluginOutput, MayBeEmptyOrHaveComments) {
    for (const char* output : {"", "\n\n", "# comment\n// another\n \n"}) {
        const Report report = read_plugin_output(output, "p", "h", kNow);
        EXPECT_EQ(report.batch.host, "h");
        EXPECT_THAT(report.batch.samples, IsEmpty());
        EXPECT_THAT(report.warnings, IsEmpty());
    }
}

TEST(PluginOutput, WhatIsWrongBecomesAWarning) {
    const Report report = read_plugin_output(
        "a\t1\nError: no connection\nb\tmany\nc\t2\tnow\nd/e\t1\n", "p", "h", kNow);
    EXPECT_EQ(report.batch.samples.size(), 1U);
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].key, "output");
    EXPECT_THAT(report.warnings[0].text, HasSubstr("4 wrong lines; line 2: KEY and VALUE"));
}

TEST(PluginOutput, CannotSpeakForOthers) {
    const Report report = read_plugin_output(
        "x\t1\t1795344360\nother\tp.metrics.a.gauge\t1\t60\n../../x\t1\n", "p", "h", kNow);
    EXPECT_EQ(report.batch.host, "h");
    ASSERT_EQ(report.batch.samples.size(), 1U);
    EXPECT_EQ(report.batch.samples[0].plugin, "p");
}

TEST(PluginOutput, KeepsUtf8AndNothingElse) {
    const Report report = read_plugin_output("meta.a\t日本 \xff\xe6\x97\x01!\n", "p", "h", kNow);
    ASSERT_EQ(report.meta.size(), 1U);
    EXPECT_EQ(report.meta[0].value,
              "日本 ???"
              "?!");
}

TEST(PluginOutput, HasNamesThatAreEscaped) {
    EXPECT_EQ(kurado_lines(read_plugin_output("a\t1\n", "http:80", "h", kNow)),
              "h\thttp%3A80.metrics.a.gauge\t1\t1795344360\n");
}

TEST(PluginOutput, IsCutAtItsLimit) {
    std::string output;
    for (std::size_t i = 0; i <= kPluginLinesMax; ++i) output += "k" + std::to_string(i) + "\t1\n";
    const Report report = read_plugin_output(output, "p", "h", kNow);
    EXPECT_EQ(report.batch.samples.size(), kPluginLinesMax);
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_THAT(report.warnings[0].text, HasSubstr("more than 10000 lines"));
}

}  // namespace
}  // namespace kurabe::collectors::agent
