// What is known about hosts: how long it lives, and what a bad file means.
#include "server/metadata.hpp"

#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::server {
namespace {

using collectors::Report;
using store::Seconds;
using store::Time;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr Time kToldNow{Seconds{1'800'000'000}};

Report report_of(std::string host) {
    Report report;
    report.batch.host = std::move(host);
    report.time = kToldNow;
    return report;
}

class MetadataTest : public testing::Test {
  protected:
    [[nodiscard]] std::unique_ptr<Metadata> open(
        Metadata::Access access = Metadata::Access::kWrite) {
        auto metadata = Metadata::open(file_, access);
        EXPECT_TRUE(metadata.has_value()) << metadata.error().message;
        return metadata ? *std::move(metadata) : nullptr;
    }
    [[nodiscard]] Error error(Metadata::Access access = Metadata::Access::kWrite) const {
        const auto metadata = Metadata::open(file_, access);
        return metadata ? Error{ErrorCode::kSystem, "no error"} : metadata.error();
    }

    tests::TemporaryDirectory directory_;
    std::filesystem::path file_ = directory_.path() / "metadata.sqlite";
};

TEST_F(MetadataTest, KeepsMetaByHostAndPlugin) {
    const auto metadata = open();
    Report report = report_of("10.0.0.1");
    report.meta = {{"base", "uptime", "1"}, {"base", "a", ""}, {"http:80", "server", "Apache"}};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    EXPECT_THAT(metadata->meta("10.0.0.1", "base").value(),
                ElementsAre(Pair("a", ""), Pair("uptime", "1")));
    EXPECT_THAT(metadata->meta("10.0.0.1", "http:80").value(),
                ElementsAre(Pair("server", "Apache")));
    EXPECT_THAT(metadata->meta("10.0.0.2", "base").value(), IsEmpty());
}

TEST_F(MetadataTest, LaterReportsReplaceValuesAndKeepTheOthers) {
    const auto metadata = open();
    Report report = report_of("h");
    report.meta = {{"base", "a", "1"}, {"base", "b", "1"}};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    report.meta = {{"base", "a", "2"}};
    ASSERT_TRUE(metadata->store(report, kToldNow + Seconds{400 * 86400}));
    EXPECT_THAT(metadata->meta("h", "base").value(), ElementsAre(Pair("a", "2"), Pair("b", "1")));
}

// What was read before it changed is not what is read after.
TEST_F(MetadataTest, SaysWhatWasStoredLast) {
    const auto metadata = open();
    for (int i = 0; i < 3; ++i) {
        const std::string value = std::to_string(i);
        Report report = report_of("10.0.0.1");
        report.meta = {{"base", "a", value}, {"other", "b", value}};
        ASSERT_TRUE(metadata->store(report, kToldNow));
        for (int again = 0; again < 2; ++again) {
            EXPECT_EQ(metadata->meta("10.0.0.1", "base").value().at("a"), value);
            EXPECT_EQ(metadata->meta("10.0.0.1", "other").value().at("b"), value);
            EXPECT_THAT(metadata->meta("10.0.0.2", "base").value(), IsEmpty());
        }
    }
    Report more = report_of("10.0.0.1");
    more.meta = {{"base", "c", "new"}};
    ASSERT_TRUE(metadata->store(more, kToldNow));
    EXPECT_EQ(metadata->meta("10.0.0.1", "base").value().size(), 2U);
    EXPECT_EQ(metadata->meta("10.0.0.1", "other").value().size(), 1U);
}

TEST_F(MetadataTest, WarningsLiveFiveMinutes) {
    const auto metadata = open();
    Report report = report_of("h");
    report.warnings = {{"base", "traffic", "old"}, {"base", "disk", "x"}};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    report.warnings = {{"base", "traffic", "new"}};
    ASSERT_TRUE(metadata->store(report, kToldNow + Seconds{100}));

    const auto keys_at = [&](Seconds later) {
        std::vector<std::string> keys;
        const auto warnings = metadata->warnings("h", "base", kToldNow + later).value();
        for (const auto& warning : warnings) keys.push_back(warning.key + "=" + warning.text);
        return keys;
    };
    EXPECT_THAT(keys_at(Seconds{299}), ElementsAre("disk=x", "traffic=new"));
    EXPECT_THAT(keys_at(Seconds{300}), ElementsAre("traffic=new"));
    EXPECT_THAT(keys_at(Seconds{399}), ElementsAre("traffic=new"));
    EXPECT_THAT(keys_at(Seconds{400}), IsEmpty());
    EXPECT_THAT(metadata->warnings("h", "http", kToldNow).value(), IsEmpty());
}

TEST_F(MetadataTest, WarningsMayLiveLongerAndEnd) {
    const auto metadata = open();
    const auto keys_at = [&](Seconds later) {
        std::vector<std::string> keys;
        const auto warnings = metadata->warnings("h", "exec:x", kToldNow + later).value();
        for (const auto& warning : warnings) keys.push_back(warning.key);
        return keys;
    };
    Report report = report_of("h");
    report.plugin = "exec:x";
    report.warnings = {
        {"exec:x", "critical", "a", Seconds{2000}}, {"exec:x", "disk", "b"}, {"base", "c", "d"}};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    EXPECT_THAT(keys_at(Seconds{299}), ElementsAre("critical", "disk"));
    Report other = report_of("h");
    other.meta = {{"base", "version", "1"}};
    ASSERT_TRUE(metadata->store(other, kToldNow + Seconds{1998}));
    EXPECT_THAT(keys_at(Seconds{1999}), ElementsAre("critical"));
    EXPECT_THAT(keys_at(Seconds{2000}), IsEmpty());
    report.warnings[1].lifetime = Seconds{2000};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    report.warnings.clear();
    report.ended_warnings = {"critical"};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    EXPECT_THAT(keys_at(Seconds{0}), ElementsAre("disk"));
    report.ends_other_warnings = true;
    ASSERT_TRUE(metadata->store(report, kToldNow));
    EXPECT_THAT(keys_at(Seconds{0}), IsEmpty());
    EXPECT_EQ(metadata->warnings("h", "base", kToldNow).value().size(), 1U);
    EXPECT_EQ(metadata->last_received("h", "exec:x").value(), kToldNow) << "with nothing to say";
}

TEST_F(MetadataTest, NotesWhenEachPluginWasHeardOf) {
    const auto metadata = open();
    Report report = report_of("h");
    report.batch.samples.push_back({"base", "loadavg-1.gauge", store::RawValue::of(1), kToldNow});
    report.meta = {{"http", "server", "x"}};
    report.warnings = {{"nginx", "command", "x"}};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    for (const char* plugin : {"base", "http", "nginx"}) {
        EXPECT_EQ(metadata->last_received("h", plugin).value(), kToldNow) << plugin;
    }
    EXPECT_EQ(metadata->last_received("h", "redis").value(), std::nullopt);
    EXPECT_EQ(metadata->last_received("other", "base").value(), std::nullopt);
    ASSERT_TRUE(metadata->store(report, kToldNow - Seconds{60}));
    EXPECT_EQ(metadata->last_received("h", "base").value(), kToldNow) << "never goes back";
}

TEST_F(MetadataTest, NotesWhenAnyWasHeardOf) {
    const auto metadata = open();
    EXPECT_EQ(metadata->last_received().value(), std::nullopt);
    for (const int seconds : {10, 30, 20}) {
        Report report = report_of("h" + std::to_string(seconds));
        report.meta = {{"base", "version", "x"}};
        ASSERT_TRUE(metadata->store(report, kToldNow + Seconds{seconds}));
    }
    EXPECT_EQ(metadata->last_received().value(), kToldNow + Seconds{30});
    EXPECT_EQ(open(Metadata::Access::kRead)->last_received().value(), kToldNow + Seconds{30});
}

TEST_F(MetadataTest, WhatIsSaidAboutAHostIsNoSignOfItsLife) {
    const auto metadata = open();
    Report report = report_of("h");
    report.warnings = {{"base", "ssh", "cannot connect"}};
    report.is_sign_of_life = false;
    ASSERT_TRUE(metadata->store(report, kToldNow));
    EXPECT_EQ(metadata->last_received("h", "base").value(), std::nullopt);
    EXPECT_EQ(metadata->warnings("h", "base", kToldNow).value().size(), 1u);
}

TEST_F(MetadataTest, KeepsSoManyKeysOfAPlugin) {
    const auto metadata = open();
    Report report = report_of("h");
    for (int i = 0; i < 2'005; ++i) report.meta.push_back({"p", std::to_string(i), "x"});
    report.meta.push_back({"q", "other", "x"});
    const auto refused = metadata->store(report, kToldNow).value();
    EXPECT_EQ(refused.count, 5U);
    EXPECT_EQ(refused.reason, "h/p: the plugin has 2000 meta already");
    EXPECT_EQ(metadata->meta("h", "p").value().size(), 2'000U);
    EXPECT_EQ(metadata->meta("h", "q").value().size(), 1U);
    Report later = report_of("h");  // what is there may change
    later.meta = {{"p", "0", "new"}, {"p", "2001", "x"}};
    EXPECT_EQ(metadata->store(later, kToldNow).value().count, 1U);
    EXPECT_EQ(metadata->meta("h", "p").value().at("0"), "new");
}

TEST_F(MetadataTest, KeepsSoManyBytesOfAPlugin) {
    const auto metadata = open();
    const std::string large(60'000, 'x');
    std::size_t refused = 0;
    for (int i = 0; i < 100; ++i) {
        Report report = report_of("h");
        report.meta = {{"p", std::to_string(i), large}};
        refused += metadata->store(report, kToldNow).value().count;
    }
    EXPECT_EQ(refused, 31U);
    Report shorter = report_of("h");
    shorter.meta = {{"p", "0", ""}, {"p", "new", large}, {"p", "more", large}};
    EXPECT_EQ(metadata->store(shorter, kToldNow).value().count, 1U);
    EXPECT_EQ(metadata->meta("h", "p").value().size(), 70U);
}

TEST_F(MetadataTest, KeepsSoManyBytesOfAHost) {
    const auto metadata = open();
    std::size_t refused = 0;
    std::string reason;
    for (int plugin = 0; plugin < 20; ++plugin) {
        Report report = report_of("h");
        for (int i = 0; i < 62; ++i) {
            report.meta.push_back(
                {fmt::format("p{}", plugin), fmt::format("{:02}", i), std::string(65'534, 'x')});
        }
        const auto result = metadata->store(report, kToldNow).value();
        refused += result.count;
        if (result.count > 0) reason = result.reason;
    }
    EXPECT_EQ(refused, 20U * 62 - 1'024);
    EXPECT_EQ(reason, "h/p19: the host's meta would be over 67108864 bytes");
    Report other = report_of("other");
    other.meta = {{"p0", "00", "x"}};
    EXPECT_EQ(metadata->store(other, kToldNow).value().count, 0U);
}

TEST_F(MetadataTest, KeepsMetaOfSoManyPluginsOfAHost) {
    const auto metadata = open();
    Report report = report_of("h");
    for (int i = 0; i < 2'003; ++i) report.meta.push_back({fmt::format("p{}", i), "k", "x"});
    EXPECT_EQ(metadata->store(report, kToldNow).value().count, 3U);
    EXPECT_EQ(metadata->last_received("h", "p2002").value(), std::nullopt);
    report.meta = {{"q", "k", "x"}, {"p0", "k2", "x"}};
    const auto refused = metadata->store(report, kToldNow).value();
    EXPECT_EQ(refused.count, 1U);
    EXPECT_EQ(refused.reason, "h/q: the host has 2000 plugins already");
    report.batch.host = "other";
    EXPECT_EQ(metadata->store(report, kToldNow).value().count, 0U);
}

TEST_F(MetadataTest, KeepsAnyBytesAndCutsLongValues) {
    const auto metadata = open();
    Report report = report_of("it's'; DROP TABLE meta; --");
    const std::string odd("a\0b\xff'\"\n", 8);
    report.meta = {{"base", odd, odd}, {"base", "long", std::string(kMetaValueBytesMax + 1, 'x')}};
    ASSERT_TRUE(metadata->store(report, kToldNow));
    EXPECT_THAT(metadata->meta(report.batch.host, "base").value(),
                ElementsAre(Pair(odd, odd), Pair("long", std::string(kMetaValueBytesMax, 'x'))));
}

TEST_F(MetadataTest, SurvivesReopening) {
    Report report = report_of("h");
    report.meta = {{"base", "a", "1"}};
    ASSERT_TRUE(open()->store(report, kToldNow));
    EXPECT_THAT(open()->meta("h", "base").value(), ElementsAre(Pair("a", "1")));
    EXPECT_THAT(open(Metadata::Access::kRead)->meta("h", "base").value(),
                ElementsAre(Pair("a", "1")));
}

TEST_F(MetadataTest, AReaderSeesWhatAWriterStoresMeanwhile) {
    const auto writer = open();
    const auto reader = open(Metadata::Access::kRead);
    Report report = report_of("h");
    report.meta = {{"base", "a", "1"}};
    ASSERT_TRUE(writer->store(report, kToldNow));
    EXPECT_EQ(reader->meta("h", "base").value().size(), 1U);
    EXPECT_EQ(reader->store(report, kToldNow).error().code, ErrorCode::kInvalid);
}

TEST_F(MetadataTest, AReaderOfAnAbsentOrEmptyFileSeesNothing) {
    for (const bool exists : {false, true}) {
        if (exists) directory_.write("metadata.sqlite", "");
        const auto reader = open(Metadata::Access::kRead);
        EXPECT_THAT(reader->meta("h", "base").value(), IsEmpty());
        EXPECT_THAT(reader->warnings("h", "base", kToldNow).value(), IsEmpty());
        EXPECT_EQ(reader->last_received("h", "base").value(), std::nullopt);
        EXPECT_EQ(std::filesystem::exists(file_), exists) << "reading creates nothing";
    }
}

// As on a read-only place: the file of the shared memory cannot be made.
TEST_F(MetadataTest, AReaderNeedsNothingBesideTheFile) {
    Report report = report_of("h");
    report.meta = {{"base", "a", "1"}};
    ASSERT_TRUE(open()->store(report, kToldNow));
    ASSERT_FALSE(std::filesystem::exists(file_.native() + "-shm"));
    std::filesystem::create_directory(file_.native() + "-shm");
    EXPECT_EQ(open(Metadata::Access::kRead)->meta("h", "base").value().size(), 1U);
}

TEST_F(MetadataTest, NamesADamagedFile) {
    directory_.write("metadata.sqlite", std::string(8192, 'x'));
    for (const auto access : {Metadata::Access::kWrite, Metadata::Access::kRead}) {
        EXPECT_EQ(error(access).code, ErrorCode::kDamaged);
        EXPECT_THAT(error(access).message, HasSubstr(file_.native() + ": is damaged"));
    }
}

TEST_F(MetadataTest, FindsDamageBehindTheFirstPage) {
    {
        const auto metadata = open();
        Report report = report_of("h");
        for (int key = 0; key < 2000; ++key) {
            report.meta.push_back({"base", std::to_string(key), std::string(50, 'v')});
        }
        ASSERT_TRUE(metadata->store(report, kToldNow));
    }
    std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(5 * 4096);
    stream << std::string(8192, '\xAA');
    stream.close();
    EXPECT_EQ(error().code, ErrorCode::kDamaged);
    EXPECT_THAT(error().message, HasSubstr(file_.native() + ": is damaged"));
}

TEST_F(MetadataTest, RefusesWhatItCannotOpen) {
    file_ = directory_.path() / "no/such/metadata.sqlite";
    EXPECT_EQ(error().code, ErrorCode::kSystem);
    EXPECT_THAT(error().message, HasSubstr("no/such/metadata.sqlite: "));
}

TEST_F(MetadataTest, ThreadsMayShareIt) {
    const auto metadata = open();
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&metadata, thread] {
            Report report = report_of("h" + std::to_string(thread));
            for (int round = 0; round < 50; ++round) {
                report.meta = {{"base", std::to_string(round), "x"}};
                EXPECT_TRUE(metadata->store(report, kToldNow));
                EXPECT_TRUE(metadata->meta("h0", "base"));
            }
        });
    }
    threads.clear();
    for (int thread = 0; thread < 4; ++thread) {
        EXPECT_EQ(metadata->meta("h" + std::to_string(thread), "base").value().size(), 50U);
    }
}

}  // namespace
}  // namespace kurabe::server
