// What a host sends, right and wrong: the same report as its own files give, or an error.
#include "collectors/ssh/capture.hpp"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/local.hpp"
#include "tests/collectors/host_tree.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::collectors::ssh {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr store::Time kNow{store::Seconds{1795344360}};

std::string number_text(const store::RawValue& value) {
    if (value.kind == store::RawValue::Kind::kNumber) return fmt::format("{}", value.number);
    return fmt::format("{}u", static_cast<std::uint64_t>(value.integer));
}

// One line for all that a report says.
std::vector<std::string> lines_of(const Report& report) {
    std::vector<std::string> lines;
    for (const auto& sample : report.batch.samples) {
        lines.push_back(
            fmt::format("{} {} {}", sample.plugin, sample.key, number_text(sample.value)));
    }
    for (const Meta& meta : report.meta) lines.push_back("meta " + meta.key + ' ' + meta.value);
    for (const Warning& warning : report.warnings) {
        lines.push_back("warn " + warning.key + ' ' + warning.text);
    }
    return lines;
}

// Every file of the tree as head(1) would print it.
std::string parts_of(const std::filesystem::path& root) {
    std::string text;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (!entry.is_regular_file()) continue;
        text += fmt::format("==> /{} <==\n{}\n", entry.path().lexically_relative(root).string(),
                            tests::read_file(entry.path()));
    }
    return text;
}

std::string between_marks(const std::string& parts) {
    return "kurabe-base 1\n" + parts + "kurabe-end\n";
}

// Of write_debian()'s three mounts that are asked: 4,000 KiB, 2,400 used, 1,400 left for users.
constexpr const char* kUses =
    "==> df <==\n"
    "Filesystem           1024-blocks    Used Available Capacity Mounted on\n"
    "/dev/mapper/vg0-root        4000    2400      1400      64% /\n"
    "/dev/sdb1                   4000    2400      1400      64% /srv/big disk\\a\n";

class Capture : public ::testing::Test {
  protected:
    Capture() { test::write_debian(tree_); }
    std::string output() { return between_marks(parts_of(tree_.root()) + kUses); }
    test::HostTree tree_;
};

TEST_F(Capture, GivesWhatTheHostsOwnFilesGive) {
    const Report local = collect_local(tree_.root(), "10.0.0.9", kNow, [](const auto&) {
        return FileSystemUse{
            .block_bytes = 4096, .blocks = 1000, .free_blocks = 400, .available_blocks = 350};
    });
    const auto remote = read_capture(output(), "10.0.0.9", kNow);
    ASSERT_TRUE(remote) << remote.error().message;
    EXPECT_EQ(remote->batch.host, "10.0.0.9");
    EXPECT_EQ(remote->time, kNow);
    EXPECT_THAT(lines_of(*remote), ElementsAreArray(lines_of(local)));
    EXPECT_THAT(remote->warnings, IsEmpty());
}

TEST_F(Capture, WhatALoginShellPrintsBeforeDoesNotCount) {
    const auto plain = read_capture(output(), "h", kNow);
    const auto greeted =
        read_capture("Welcome!\n==> /proc/stat <==\ncpu 1\n" + output(), "h", kNow);
    ASSERT_TRUE(plain && greeted);
    EXPECT_THAT(lines_of(*greeted), ElementsAreArray(lines_of(*plain)));
}

TEST_F(Capture, PartsThatAreMissingAreWarningsUnderKuradosNames) {
    const auto report = read_capture("kurabe-base 1\nkurabe-end", "h", kNow);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(report->batch.samples, IsEmpty());
    std::vector<std::string> names;
    for (const Warning& warning : report->warnings) names.push_back(warning.key);
    EXPECT_THAT(names, ElementsAreArray({"memory", "loadavg", "uptime", "sys_version", "processors",
                                         "cpu_usage", "tcp_established", "disk_usage", "swaps",
                                         "traffic"}));
    EXPECT_EQ(report->warnings[0].text, "cannot read /proc/meminfo: the host did not send it");
}

TEST_F(Capture, AFileSystemThatDfDoesNotTellIsAWarning) {
    const auto report = read_capture(between_marks(parts_of(tree_.root())), "h", kNow);
    ASSERT_TRUE(report);
    ASSERT_EQ(report->warnings.size(), 1u);
    EXPECT_EQ(report->warnings[0].key, "disk_usage");
    EXPECT_EQ(report->warnings[0].text, "the host's df did not tell the use of /");
}

TEST_F(Capture, LinesOfDfThatAreNoneAreNotBelieved) {
    const std::string parts = "==> /proc/mounts <==\n/dev/a /a\n/dev/b /b\n/dev/c /c\n==> df <==\n";
    const auto samples_with = [&](const char* line) {
        return read_capture(between_marks(parts + line), "h", kNow).value().batch.samples.size();
    };
    EXPECT_EQ(samples_with("/dev/a 10 4 6 40% /a\n"), 2u);
    EXPECT_EQ(samples_with("/dev/a 10 4 -6 40% /a\n"), 2u);
    EXPECT_EQ(samples_with("/dev/a 10 99 6 40% /a\n"), 2u);
    for (const char* line :
         {"/dev/a 10 4 6 40%\n", "/dev/a 10 4 6 40% a\n", "/dev/a ten 4 6 40% /a\n",
          "/dev/a 10 4.5 6 40% /a\n", "/dev/a 10 4 --6 40% /a\n", "/dev/a 10 4 - 40% /a\n",
          "/dev/a 99999999999999999999 4 6 40% /a\n", "/a\n", "", "\n"}) {
        EXPECT_EQ(samples_with(line), 0u) << line;
    }
}

TEST_F(Capture, WhatIsNotTheCommandsOutputIsShown) {
    const auto message = [](const std::string& output) {
        const auto report = read_capture(output, "h", kNow);
        return report ? "no error" : report.error().message;
    };
    EXPECT_EQ(message(""), "the command printed nothing");
    EXPECT_EQ(message("This account is currently not available.\n"),
              "the command did not run, but printed 'This account is currently not available.'");
    EXPECT_EQ(message("\x1b[31mred\n"), "the command did not run, but printed '?[31mred'");
    EXPECT_EQ(message("kurabe-base 7\nkurabe-end\n"),
              "the host's forced command is of version '7'; renew it with 'kurabe collect ssh "
              "--forced-command'");
    EXPECT_EQ(message("kurabe-base 1\n==> /proc/stat <==\ncpu 1 2"),
              "the command's output broke off");
    EXPECT_EQ(message("kurabe-base 1\nnot kurabe-end\n"), "the command's output broke off");
    EXPECT_THAT(message(std::string(5000, 'x')), HasSubstr("xxx...'"));
}

TEST_F(Capture, OfAPartThatComesTwiceTheFirstCounts) {
    const auto report = read_capture(
        between_marks("==> /proc/loadavg <==\n1 2 3\n==> /proc/loadavg <==\n4 5 6\n"), "h", kNow);
    ASSERT_TRUE(report);
    EXPECT_EQ(lines_of(*report)[0], "base loadavg-1.gauge 1");
}

TEST_F(Capture, LimitsHold) {
    const std::string filler(kCaptureBytesMax - between_marks("").size(), '\n');
    EXPECT_TRUE(read_capture(between_marks(filler), "h", kNow));
    const auto larger = read_capture(between_marks(filler + '\n'), "h", kNow);
    ASSERT_FALSE(larger);
    EXPECT_EQ(larger.error().code, ErrorCode::kLimit);

    const auto with_parts = [](std::size_t count) {
        std::string parts;
        for (std::size_t i = 0; i < count; ++i) parts += fmt::format("==> {} <==\n", i);
        return read_capture(between_marks(parts), "h", kNow);
    };
    EXPECT_TRUE(with_parts(kCapturePartsMax));
    EXPECT_FALSE(with_parts(kCapturePartsMax + 2));
}

// Cut, doubled, overwritten, with lines exchanged.
std::string mangled(std::string text, std::mt19937_64& random) {
    const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) {
        const std::size_t at = below(text.size());
        const std::size_t count = below(std::min<std::size_t>(text.size() - at, 200) + 1);
        switch (below(5)) {
            case 0:
                text.erase(at, count);
                break;
            case 1:
                text.insert(below(text.size()), text.substr(at, count));
                break;
            case 2:
                text.insert(at, count, static_cast<char>(random()));
                break;
            case 3:
                text.resize(at);
                break;
            default:
                for (std::size_t i = at; i < at + count; ++i) {
                    text[i] = "\n\0 :/-9<=>\\\xff"[below(12)];
                }
        }
    }
    return text;
}

TEST_F(Capture, MangledOutputIsAReportOrAnError) {
    const std::string good = output();
    const std::uint64_t seeds = tests::is_nightly() ? 100000 : 2000;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::mt19937_64 random(seed);
        const std::string text = mangled(good, random);
        for (const std::string& candidate : {text, "kurabe-base 1\n" + text + "\nkurabe-end"}) {
            const auto report = read_capture(candidate, "h", kNow);
            if (!report) continue;
            for (const auto& sample : report->batch.samples) {
                ASSERT_TRUE(store::check_key(sample.key)) << sample.key;
            }
            for (const Meta& meta : report->meta) ASSERT_EQ(meta.value.find('\n'), meta.value.npos);
        }
    }
}

}  // namespace
}  // namespace kurabe::collectors::ssh
