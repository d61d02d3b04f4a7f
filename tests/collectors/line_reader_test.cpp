// Lines of four columns as reports: what agents send, and what is no line.
#include "collectors/line_reader.hpp"

#include <cmath>
#include <iostream>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/kurado_lines.hpp"
#include "store/sample.hpp"

namespace kurabe::collectors {
namespace {

using ::testing::HasSubstr;

// As captured from Kurado's agent.
constexpr std::string_view kCaptured =
    "10.0.0.9\tbase.metrics.cpu-idle.derive\t147356\t1795344360\n"
    "10.0.0.9\tbase.metrics.loadavg-1.gauge\t0.42\t1795344360\n"
    "10.0.0.9\tbase.meta.traffic-interfaces\teth0\t1795344360\n"
    "10.0.0.9\tproc.metrics.fork.derive\t12\t1700000000\n"
    "10.0.0.9\tbad.warn.command\tfailed to exec plugin:bad: exit_code: 3\t1795344360\n";

store::SampleTime at(std::int64_t seconds) {
    return store::SampleTime(std::chrono::seconds(seconds));
}

// The reason why the one line is refused.
std::string reason(std::string_view line) {
    const ReadLines read = read_lines(line);
    EXPECT_EQ(read.taken, 0U) << line;
    EXPECT_TRUE(read.reports.empty()) << line;
    return read.errors.size() == 1 ? read.errors.front().reason : "no error";
}

TEST(ReadLines, TakesWhatAnAgentSends) {
    const ReadLines read = read_lines(kCaptured);
    EXPECT_EQ(read.taken, 5U);
    EXPECT_EQ(read.refused, 0U);
    ASSERT_EQ(read.reports.size(), 1U);
    const Report& report = read.reports.front();
    EXPECT_EQ(report.batch.host, "10.0.0.9");
    EXPECT_TRUE(report.is_sign_of_life);
    EXPECT_EQ(report.time, store::Time(store::Seconds(1795344360)));
    ASSERT_EQ(report.batch.samples.size(), 3U);
    // The one with the older time comes first.
    EXPECT_EQ(report.batch.samples[0].plugin, "proc");
    EXPECT_EQ(report.batch.samples[0].key, "fork.derive");
    EXPECT_EQ(report.batch.samples[0].time, at(1700000000));
    EXPECT_TRUE(report.batch.samples[1].value.integer == 147356);
    EXPECT_EQ(report.batch.samples[2].value.number, 0.42);
    ASSERT_EQ(report.meta.size(), 1U);
    EXPECT_EQ(report.meta[0].key, "traffic-interfaces");
    EXPECT_EQ(report.meta[0].value, "eth0");
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].plugin, "bad");
    EXPECT_EQ(report.warnings[0].text, "failed to exec plugin:bad: exit_code: 3");
}

TEST(ReadLines, NamesAPluginAsItIsConfigured) {
    const ReadLines read =
        read_lines("h\thttp%3A80%3A%2Fserver-status%3Fauto%2Ex.metrics.reqs.derive\t7\t60\n");
    ASSERT_EQ(read.reports.size(), 1U);
    EXPECT_EQ(read.reports[0].batch.samples[0].plugin, "http:80:/server-status?auto.x");
    EXPECT_EQ(read.reports[0].batch.samples[0].key, "reqs.derive");
}

TEST(ReadLines, TakesKeysWithDots) {
    const ReadLines read = read_lines("h\tj.metrics.memory_pool.eden.max.gauge\tU\t60");
    ASSERT_EQ(read.reports.size(), 1U);
    EXPECT_EQ(read.reports[0].batch.samples[0].key, "memory_pool.eden.max.gauge");
    EXPECT_EQ(read.reports[0].batch.samples[0].value.kind, store::RawValue::Kind::kMissing);
}

TEST(ReadLines, TakesEveryType) {
    const ReadLines read = read_lines(
        "h\tp.metrics.a.gauge\t-1.5e3\t60\nh\tp.metrics.b.counter\t18446744073709551615\t60\n"
        "h\tp.metrics.c.derive\t-7\t60\nh\tp.metrics.d.absolute\t3\t60\n");
    EXPECT_EQ(read.taken, 4U);
    EXPECT_EQ(read.reports.at(0).batch.samples[0].value.number, -1500);
    EXPECT_TRUE(read.reports[0].batch.samples[1].value.integer ==
                static_cast<store::WideInteger>(18446744073709551615ULL));
}

TEST(ReadLines, UndoesTheSecondEncodingOfTexts) {
    const ReadLines read = read_lines(
        "h\tp.meta.name\t\xc3\xa6\xc2\x97\xc2\xa5\xc3\xa6\xc2\x9c\xc2\xac\t60\n"
        "h\tp.warn.x\t日本\t60\n"
        "h\tp.metrics.\xc3\xa6\xc2\x97\xc2\xa5.gauge\t1\t60\n");
    ASSERT_EQ(read.reports.size(), 1U);
    EXPECT_EQ(read.reports[0].meta[0].value, "日本");
    EXPECT_EQ(read.reports[0].warnings[0].text, "日本");
    EXPECT_EQ(read.reports[0].batch.samples[0].key, "日.gauge");
}

TEST(ReadLines, PassesOverCommentsAndEmptyLines) {
    const ReadLines read =
        read_lines("# a\n  // b\n\n \t \n\t#c\td\te\nh\tp.metrics.a.gauge\t1\t60\r\n");
    EXPECT_EQ(read.taken, 1U);
    EXPECT_EQ(read.refused, 0U);
}

TEST(ReadLines, SaysWhichLineIsWrongAndKeepsTheOthers) {
    const ReadLines read = read_lines(
        "# comment\nh\tp.metrics.a.gauge\t1\t60\nnonsense\nh\tp.metrics.b.gauge\t2\t60\n"
        "h\tp.metrics.c\t2\t60\n");
    EXPECT_EQ(read.taken, 2U);
    EXPECT_EQ(read.refused, 2U);
    ASSERT_EQ(read.errors.size(), 2U);
    EXPECT_EQ(read.errors[0].line, 3U);
    EXPECT_THAT(read.errors[0].reason, HasSubstr("four columns"));
    EXPECT_EQ(read.errors[1].line, 5U);
    EXPECT_THAT(read.errors[1].reason, HasSubstr("must end in .gauge"));
    EXPECT_EQ(read.errors[1].subject, "h p.metrics.c");
}

TEST(ReadLines, RefusesWithAReason) {
    EXPECT_THAT(reason("h\tp.metrics.a.gauge\t1"), HasSubstr("four columns"));
    EXPECT_THAT(reason("h\tp.metrics.a.gauge\t1\t60\t"), HasSubstr("four columns"));
    EXPECT_THAT(reason("h\tp\t1\t60"), HasSubstr("PLUGIN.metrics.KEY"));
    EXPECT_THAT(reason("h\tp.metrics\t1\t60"), HasSubstr("PLUGIN.metrics.KEY"));
    EXPECT_THAT(reason("h\tp.other.a.gauge\t1\t60"), HasSubstr("no 'metrics'"));
    EXPECT_THAT(reason("\tp.metrics.a.gauge\t1\t60"), HasSubstr("host is missing"));
    EXPECT_THAT(reason("a/../b\tp.metrics.a.gauge\t1\t60"), HasSubstr("'/'"));
    EXPECT_THAT(reason("a\x01\tp.metrics.a.gauge\t1\t60"), HasSubstr("control"));
    EXPECT_THAT(reason(std::string(129, 'a') + "\tp.metrics.a.gauge\t1\t60"), HasSubstr("129"));
    EXPECT_THAT(
        reason("日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本\tp.meta.a\tx\t60"),
        HasSubstr("file name"));
    EXPECT_THAT(reason("h\t.metrics.a.gauge\t1\t60"), HasSubstr("plugin is missing"));
    EXPECT_THAT(reason("h\tp%00.metrics.a.gauge\t1\t60"), HasSubstr("control"));
    EXPECT_THAT(reason("h\tp%ff.metrics.a.gauge\t1\t60"), HasSubstr("UTF-8"));
    EXPECT_THAT(reason("h\tp.metrics..gauge/x\t1\t60"), HasSubstr("'/'"));
    EXPECT_THAT(reason("h\tp.metrics.a.gauge\t\t60"), HasSubstr("''"));
    EXPECT_THAT(reason("h\tp.metrics.a.gauge\tone\t60"), HasSubstr("one"));
    EXPECT_THAT(reason("h\tp.metrics.a.counter\t-1\t60"), HasSubstr("unsigned integer"));
    EXPECT_THAT(reason("h\tp.metrics.a.gauge\t1\tN"), HasSubstr("no time"));
    EXPECT_THAT(reason("h\tp.meta.a\ttext\tnever"), HasSubstr("no time"));
    EXPECT_THAT(reason("h\tp.meta.\tx\t60"), HasSubstr("key is missing"));
    EXPECT_THAT(reason("h\tp.meta.a\t\xff\t60"), HasSubstr("UTF-8"));
    EXPECT_THAT(reason("h\tp.meta.a\t" + std::string(kLineBytesMax, 'x') + "\t60"),
                HasSubstr("over 65536 bytes"));
}

TEST(ReadLines, ShowsTheBeginningOfALongValue) {
    for (const char* type : {"counter", "derive", "gauge"}) {
        std::string value = "1";
        while (value.size() < 60'000) value += "\u3042";
        const std::string told = reason(fmt::format("h\tp.metrics.k.{}\t{}\t60", type, value));
        EXPECT_EQ(told, fmt::format("the value '{}...' of {} bytes is wrong", value.substr(0, 100),
                                    value.size()));
    }
    EXPECT_EQ(reason("h\tp.metrics.k.counter\t-1\t60"), "not a simple unsigned integer: '-1'");
}

TEST(ReadLines, KeepsHostsApartAndTheirSamplesInOrder) {
    const ReadLines read = read_lines(
        "a\tp.metrics.x.gauge\t2\t120\nb\tp.metrics.x.gauge\t9\t60\n"
        "a\tp.metrics.x.gauge\t1\t60\na\tp.metrics.y.gauge\t3\t120\n");
    ASSERT_EQ(read.reports.size(), 2U);
    EXPECT_EQ(read.reports[0].batch.host, "a");
    EXPECT_EQ(read.reports[1].batch.host, "b");
    const auto& samples = read.reports[0].batch.samples;
    ASSERT_EQ(samples.size(), 3U);
    EXPECT_EQ(samples[0].value.number, 1);
    EXPECT_EQ(samples[1].value.number, 2);
    EXPECT_EQ(samples[2].value.number, 3);
}

TEST(ReadLines, TakesWarningsAloneForNoSignOfLife) {
    EXPECT_FALSE(read_lines("h\tbase.warn.ssh\tno answer\t60\n").reports.at(0).is_sign_of_life);
    EXPECT_TRUE(
        read_lines("h\tp.warn.a\tb\t60\nh\tp.meta.a\tb\t60\n").reports.at(0).is_sign_of_life);
}

TEST(ReadLines, AsksOnceWhoMaySendAHost) {
    std::size_t asked = 0;
    const HostLookup only_a = [&asked](std::string_view host) -> Result<std::string> {
        ++asked;
        if (host == "a") return std::string(host);
        return fail(ErrorCode::kForbidden, "not from there");
    };
    const ReadLines read = read_lines(
        "a\tp.metrics.x.gauge\t1\t60\nb\tp.metrics.x.gauge\t1\t60\na\tp.meta.m\tx\t60\n", only_a);
    EXPECT_EQ(asked, 2U);
    EXPECT_EQ(read.taken, 2U);
    EXPECT_EQ(read.forbidden, 1U);
    EXPECT_EQ(read.refused, 1U);
    EXPECT_EQ(read.errors.at(0).reason, "not from there");
}

TEST(ReadLines, KnowsAHostByItsOtherNames) {
    std::size_t asked = 0;
    const HostLookup host_of = [&asked](std::string_view host) -> Result<std::string> {
        ++asked;
        return host == "www1" ? "10.0.0.1" : std::string(host);
    };
    const ReadLines read = read_lines(
        "www1\tp.metrics.x.gauge\t1\t60\n10.0.0.1\tp.metrics.y.gauge\t2\t60\n"
        "www2\tp.metrics.x.gauge\t3\t60\nwww1\tp.metrics.x.gauge\t4\t120\n",
        host_of);
    EXPECT_EQ(asked, 2U) << "its address came from one of them";
    ASSERT_EQ(read.reports.size(), 2U);
    EXPECT_EQ(read.reports[0].batch.host, "10.0.0.1");
    ASSERT_EQ(read.reports[0].batch.samples.size(), 3U);
    EXPECT_EQ(read.reports[0].batch.samples[2].value.number, 4);
    EXPECT_EQ(read.reports[1].batch.host, "www2");
}

TEST(ReadLines, CountsWrongLinesBeyondThoseItKeeps) {
    std::string text;
    for (std::size_t i = 0; i < kLineErrorsMax + 50; ++i) text += "wrong\n";
    const ReadLines read = read_lines(text);
    EXPECT_EQ(read.errors.size(), kLineErrorsMax);
    EXPECT_EQ(read.refused, kLineErrorsMax + 50);
}

TEST(ReadLines, StopsAtItsLimitOfLines) {
    std::string text;
    for (std::size_t i = 0; i < kLinesMax + 3; ++i) text += "h\tp.metrics.a.gauge\t1\t60\n";
    const ReadLines read = read_lines(text);
    EXPECT_EQ(read.taken, kLinesMax);
    EXPECT_EQ(read.refused, 3U);
    EXPECT_THAT(read.errors.at(0).reason, HasSubstr("more than 250000 lines"));
}

// ---- Whatever is written is read ----

class RandomReports {
  public:
    explicit RandomReports(unsigned seed) : random_(seed) {}

    Report next() {
        Report report;
        report.batch.host = word("0123456789.abc-_:");
        report.time = store::Time(store::Seconds(below(2'000'000'000) + 1));
        for (std::size_t count = below(40); count > 0; --count)
            report.batch.samples.push_back(sample(report.time));
        for (std::size_t count = below(4); count > 0; --count) {
            report.meta.push_back({plugin(), word("abc-"), text()});
        }
        for (std::size_t count = below(4); count > 0; --count) {
            report.warnings.push_back({plugin(), word("abc-"), text()});
        }
        return report;
    }

  private:
    std::size_t below(std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(0, most - 1)(random_);
    }
    std::string word(std::string_view letters) {
        std::string text;
        for (std::size_t count = below(30) + 1; count > 0; --count) {
            text += letters[below(letters.size())];
        }
        return text;
    }
    std::string plugin() { return word("abcXYZ019_-:/.?% "); }
    std::string text() { return below(2) == 0 ? word("abc ,.#%/\\\"'") : "日本語é " + word("abc"); }
    store::Sample sample(store::Time time) {
        static constexpr const char* kTypes[] = {".gauge", ".counter", ".derive", ".absolute"};
        const std::size_t type = below(4);
        store::RawValue value;
        const auto integer = static_cast<std::int64_t>(random_());
        if (below(8) > 0) {
            // A gauge that the number grammar of rrdtool reads without rounding.
            value = type == 1 || type == 2
                        ? store::RawValue::of_integer(type == 1 ? std::abs(integer) : integer)
                        : store::RawValue::of(static_cast<double>(integer % 1'000'000'000) / 8);
        }
        return {plugin(), word("abc-.") + kTypes[type], value, time};
    }

    std::mt19937_64 random_;
};

bool same(const store::RawValue& a, const store::RawValue& b) {
    return a.kind == b.kind && a.number == b.number && a.integer == b.integer;
}

void expect_same(const Report& a, const Report& b) {
    EXPECT_EQ(a.batch.host, b.batch.host);
    EXPECT_EQ(a.time, b.time);
    ASSERT_EQ(a.batch.samples.size(), b.batch.samples.size());
    for (std::size_t i = 0; i < a.batch.samples.size(); ++i) {
        const store::Sample& x = a.batch.samples[i];
        const store::Sample& y = b.batch.samples[i];
        EXPECT_EQ(x.plugin, y.plugin);
        EXPECT_EQ(x.key, y.key);
        EXPECT_EQ(x.time, y.time);
        EXPECT_TRUE(same(x.value, y.value))
            << x.key << ' ' << x.value.number << ' ' << y.value.number;
    }
    ASSERT_EQ(a.meta.size(), b.meta.size());
    for (std::size_t i = 0; i < a.meta.size(); ++i) {
        EXPECT_EQ(a.meta[i].plugin, b.meta[i].plugin);
        EXPECT_EQ(a.meta[i].key, b.meta[i].key);
        EXPECT_EQ(a.meta[i].value, b.meta[i].value);
    }
    ASSERT_EQ(a.warnings.size(), b.warnings.size());
    for (std::size_t i = 0; i < a.warnings.size(); ++i) {
        EXPECT_EQ(a.warnings[i].key, b.warnings[i].key);
        EXPECT_EQ(a.warnings[i].text, b.warnings[i].text);
    }
}

TEST(ReadLines, GivesBackTheReportThatWasWritten) {
    const unsigned seed = std::random_device{}();
    std::cout << "seed " << seed << '\n';
    RandomReports reports(seed);
    for (int round = 0; round < 300; ++round) {
        const Report report = reports.next();
        const std::string lines = kurado_lines(report);
        const ReadLines read = read_lines(lines);
        EXPECT_EQ(read.refused, 0U) << (read.errors.empty() ? "" : read.errors[0].reason) << lines;
        if (lines.empty()) continue;
        ASSERT_EQ(read.reports.size(), 1U) << lines;
        expect_same(report, read.reports.front());
    }
}

}  // namespace
}  // namespace kurabe::collectors
