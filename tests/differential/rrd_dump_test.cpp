// `dump` and `restore` of both programs: equal texts, equal files, and each reads the other's.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/rrd/header.hpp"
#include "tests/differential/rrd_history.hpp"
#include "tests/differential/rrd_schema.hpp"
#include "tests/differential/rrd_twin.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::tests {
namespace {

namespace rrd = store::rrd;
using testing::HasSubstr;
using testing::StartsWith;

std::string text_of(const std::filesystem::path& file) {
    return read_file(file);
}

void write_text(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

// rrdtool restores ten rows of a history; the file without any.
void clear_histories(const std::filesystem::path& path) {
    std::string bytes = read_file(path);
    const auto file = std::as_writable_bytes(std::span(bytes));
    auto header = rrd::decode_header(path.native(), file, file.size());
    ASSERT_TRUE(header) << header.error().message;
    for (std::size_t rra = 0; rra < header->rras.size(); ++rra) {
        if (header->cf(rra) != rrd::RraCf::kFailures) continue;
        for (std::size_t source = 0; source < header->sources.size(); ++source) {
            std::fill_n(header->cdp(rra, source).slots.begin(), 4, rrd::Slot{});
        }
    }
    rrd::encode_header(*header, file.first(header->bytes()));
    write_text(path, bytes);
}

class RrdDump : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        twin_.make_shared(
            "create a.rrd -b 1000000000 -s 60 DS:a:GAUGE:600:U:U DS:b:COUNTER:600:0:100 "
            "DS:c:COMPUTE:a,2,* RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:5:8",
            "a.rrd");
    }

    // A random file that has been updated, the same on both sides.
    void make_file(std::uint64_t seed, const std::string& name) {
        Random random(seed);
        const RrdSchema schema = RrdSchema::make(random, {.holt_winters = seed % 3 == 0});
        SCOPED_TRACE(schema.create_command(name));
        twin_.make_shared(schema.create_command(name), name);
        RrdHistory history(schema, random);
        const std::int64_t commands = pick(random, 0, 20);
        for (std::int64_t i = 0; i < commands; ++i) {
            (void)twin_.run_theirs("update " + name + history.next());
        }
        twin_.copy_to_ours(name);
    }
    void expect_same_text(const std::string& command) {
        const auto answer = twin_.expect_same(command);
        EXPECT_TRUE(answer.ok) << answer.text;
    }
    // What we say of a dump in which `from` stands as `to`.
    std::string complaint(const std::string& from, const std::string& to) {
        const std::string whole = twin_.run_ours("dump a.rrd").text;
        const auto place = whole.find(from);
        EXPECT_NE(place, std::string::npos) << from;
        write_text(twin_.ours() / "bad.xml", std::string(whole).replace(place, from.size(), to));
        const auto answer = twin_.run_ours("restore bad.xml bad.rrd");
        EXPECT_FALSE(answer.ok) << from << " -> " << to;
        EXPECT_FALSE(std::filesystem::exists(twin_.ours() / "bad.rrd"));
        return answer.text;
    }

    RrdTwin twin_;
};

TEST_F(RrdDump, RandomFilesGiveTheSameText) {
    const int files = is_nightly() ? 600 : 40;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        SCOPED_TRACE(fmt::format("seed {}", 30'000 + i));
        make_file(static_cast<std::uint64_t>(30'000 + i), "r.rrd");
        expect_same_text("dump r.rrd");
    }
}

TEST_F(RrdDump, HeadingsAndOptions) {
    for (const char* words : {"-n", "--no-header", "-h none", "-h xsd", "--header=dtd", "-h foo",
                              "-h \"\"", "-n -h dtd", "-h xsd -n", "-d \"\" -h xsd"}) {
        expect_same_text(fmt::format("dump a.rrd {}", words));
    }
    EXPECT_FALSE(twin_.expect_same("dump none.rrd").ok);
    // An error of several lines, of which a pipe does not show the end.
    const std::string usage = run({"/usr/bin/rrdtool", "dump", "-n"}).err;
    for (const char* words :
         {"a.rrd b c", "-n", "--", "a.rrd -h", "-x a.rrd", "--no-header=1 a.rrd"}) {
        EXPECT_EQ("ERROR: " + twin_.run_ours(fmt::format("dump {}", words)).text + "\n", usage);
    }
}

TEST_F(RrdDump, WritesToAFile) {
    for (const char* name : {"out.xml", "-"}) {
        expect_same_text(fmt::format("dump a.rrd {}", name));
        twin_.expect_same_bytes(name);
    }
    std::filesystem::permissions("out.xml", std::filesystem::perms::owner_all);
    expect_same_text("dump a.rrd out.xml -n");
    twin_.expect_same_bytes("out.xml");
    EXPECT_EQ(std::filesystem::status("out.xml").permissions(), std::filesystem::perms::owner_all);
    // rrdtool removes what it cannot write to, were it a device.
    EXPECT_EQ(twin_.run_ours("dump a.rrd /dev/full").text,
              "writing '/dev/full': No space left on device");
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
    // Nor does a file go because another cannot be dumped.
    EXPECT_FALSE(twin_.run_ours("dump none.rrd out.xml").ok);
    EXPECT_TRUE(std::filesystem::exists("out.xml"));
    // rrdtool says nothing of these.
    EXPECT_EQ(twin_.run_ours("dump a.rrd none/out.xml").text,
              "creating 'none/out.xml': No such file or directory");
    EXPECT_FALSE(twin_.run_ours("dump a.rrd /").ok);
}

TEST_F(RrdDump, CommentsShowLocalTimes) {
    for (const char* zone : {"Asia/Tokyo", "America/New_York", "UTC"}) {
        ::setenv("TZ", zone, 1);
        ::tzset();
        RrdTwin twin;
        // Over the end of summer time of 2024.
        twin.make_shared("create a.rrd -b 1730612000 -s 600 DS:a:GAUGE:600:U:U RRA:LAST:0:1:30",
                         "a.rrd");
        EXPECT_TRUE(twin.expect_same("dump a.rrd").ok);
    }
    ::unsetenv("TZ");
    ::tzset();
}

// A GAUGE takes "nan" with any tail as a reading.
TEST_F(RrdDump, EscapesWhatWouldBreakTheText) {
    ASSERT_TRUE(twin_.run_ours("update a.rrd 1000000100:nan<&>:7").ok);
    const auto dumped = twin_.run_ours("dump a.rrd");
    EXPECT_THAT(dumped.text, HasSubstr("<last_ds>nan&lt;&amp;&gt;</last_ds>"));
    write_text(twin_.ours() / "a.xml", dumped.text);
    ASSERT_TRUE(twin_.run_ours("restore a.xml b.rrd").ok);
    EXPECT_EQ(twin_.run_ours("dump b.rrd").text, dumped.text);
}

class RrdRestore : public RrdDump {};

TEST_F(RrdRestore, RandomFiles) {
    const int files = is_nightly() ? 600 : 40;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        SCOPED_TRACE(fmt::format("seed {}", 40'000 + i));
        make_file(static_cast<std::uint64_t>(40'000 + i), "r.rrd");
        expect_same_text("dump r.rrd r.xml");
        // Readings lose blanks before them.
        const std::string dumped =
            std::regex_replace(text_of("r.xml"), std::regex("<last_ds> +"), "<last_ds>");
        std::filesystem::remove(twin_.theirs() / "s.rrd");  // else it keeps its end
        const auto theirs = twin_.run_theirs("restore -f r.xml s.rrd");
        ASSERT_TRUE(twin_.run_ours("restore -f r.xml s.rrd").ok);
        EXPECT_EQ(twin_.run_ours("dump s.rrd").text, dumped);
        EXPECT_EQ(twin_.run_theirs("dump " + (twin_.ours() / "s.rrd").string()).text, dumped);
        // rrdtool does not read an expression that ends in a number, which it writes.
        if (!theirs.ok && theirs.text == "failed to parse computed data source") continue;
        ASSERT_TRUE(theirs.ok) << theirs.text;
        clear_histories(twin_.ours() / "s.rrd");
        clear_histories(twin_.theirs() / "s.rrd");
        twin_.expect_same_archive("s.rrd");
    }
}

TEST_F(RrdRestore, ChecksRangesOfWhatHasOne) {
    const int files = is_nightly() ? 300 : 30;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        SCOPED_TRACE(fmt::format("seed {}", 50'000 + i));
        Random random(static_cast<std::uint64_t>(50'000 + i));
        const RrdSchema schema = RrdSchema::make(random, {.computed = false});
        twin_.make_shared(schema.create_command("r.rrd"), "r.rrd");
        RrdHistory history(schema, random);
        for (int update = 0; update < 10; ++update) {
            (void)twin_.run_theirs("update r.rrd" + history.next());
        }
        twin_.copy_to_ours("r.rrd");
        expect_same_text("dump r.rrd r.xml");
        for (const auto& directory : {twin_.ours(), twin_.theirs()}) {
            const std::string text = text_of(directory / "r.xml");
            write_text(directory / "r.xml",
                       std::regex_replace(text, std::regex("<min>[^<]*</min>"), "<min>3</min>"));
        }
        std::filesystem::remove(twin_.theirs() / "s.rrd");
        expect_same_text("restore -r -f r.xml s.rrd");
        twin_.expect_same_archive("s.rrd");
    }
    // rrdtool takes the program of a COMPUTE for its range.
    ASSERT_TRUE(twin_.run_ours("update a.rrd 1000000060:60:1 1000000200:70:2").ok);
    ASSERT_TRUE(twin_.run_ours("dump a.rrd a.xml").ok);
    ASSERT_TRUE(twin_.run_ours("restore -r a.xml b.rrd").ok);
    EXPECT_EQ(twin_.run_ours("dump b.rrd").text, text_of("a.xml"));
}

// As rrdtool before 1.2 dumped files.
TEST_F(RrdRestore, TextsOfOldVersions) {
    expect_same_text("dump a.rrd -n");
    const std::string text = twin_.run_ours("dump a.rrd -n").text;
    const std::string version_2 =
        std::regex_replace(text, std::regex("<version>0003"), "<version>0002");
    const std::string version_1 = std::regex_replace(
        std::regex_replace(version_2, std::regex("</?params>"), ""), std::regex("0002"), "0001");
    // The oldest ones know no rows that an update has closed.
    const std::string bare =
        std::regex_replace(version_1, std::regex("<(primary|secondary)_value>[^<]*</[^>]*>"), "");
    for (const std::string& old : {version_2, version_1, bare}) {
        write_text(twin_.ours() / "old.xml", old);
        write_text(twin_.theirs() / "old.xml", old);
        expect_same_text("restore -f old.xml b.rrd");
        twin_.expect_same_archive("b.rrd");
    }
}

TEST_F(RrdRestore, AcceptsWhatRrdtoolAccepts) {
    const std::string text = twin_.run_ours("dump a.rrd -n").text;
    const auto replaced = [&](const char* from, const char* to) {
        return std::regex_replace(text, std::regex(from), to);
    };
    for (const std::string& variant :
         {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + text, replaced("rrd>", "RRD>"),
          replaced("row>", "ROW>"), replaced("NaN</v>", " 1e400 <!-- x --></v>"),
          replaced("NaN</v>", "\n-inf\n</v>"), replaced("NaN</v>", "nan(1)</v>"),
          replaced("NaN</v>", "&#49;2</v>"), replaced("<step>60", "<step>60 seconds"),
          replaced("<unknown_sec> 40", "<unknown_sec>"), replaced("<min>0[^<]*", "<min>1e"),
          replaced("<lastupdate>[^<]*</lastupdate>", ""), replaced("<max>[^<]*</max>", ""),
          replaced("<last_ds>U</last_ds>", ""), replaced("<name> a ", "<name a=\"b\"> a x "),
          replaced("\n", "\r\n"), text + "<!-- end -->"}) {
        write_text(twin_.ours() / "v.xml", variant);
        write_text(twin_.theirs() / "v.xml", variant);
        SCOPED_TRACE(variant.substr(0, 200));
        expect_same_text("restore -f v.xml b.rrd");
        twin_.expect_same_archive("b.rrd");
    }
}

// Version 3 has windows that do not count, and dumps that leave them out.
TEST_F(RrdRestore, AWindowRaisesNoVersion) {
    twin_.make_shared("create w.rrd -b 1000000000 DS:a:GAUGE:600:U:U RRA:HWPREDICT:20:.1:.1:5",
                      "w.rrd");
    const std::string text = std::regex_replace(twin_.run_ours("dump w.rrd -n").text,
                                                std::regex("</seasonal_smooth_idx>"),
                                                "$&<smoothing_window>0.7</smoothing_window>");
    write_text(twin_.ours() / "w.xml", text);
    write_text(twin_.theirs() / "w.xml", text);
    expect_same_text("restore w.xml v.rrd");
    twin_.expect_same_archive("v.rrd");
}

TEST_F(RrdRestore, OptionsAndMessages) {
    expect_same_text("dump a.rrd a.xml");
    expect_same_text("restore a.xml b.rrd");
    for (const char* command :
         {"restore a.xml b.rrd", "restore a.xml", "restore a.xml b.rrd c", "restore none.xml c.rrd",
          "restore none.xml b.rrd", "restore a.xml none/c.rrd", "restore -x a.xml c.rrd",
          "restore -d \"\" a.xml c.rrd", "restore --range-check=1 a.xml c.rrd"}) {
        EXPECT_FALSE(twin_.expect_same(command).ok) << command;
    }
    expect_same_text("restore --range-check --force-overwrite a.xml b.rrd");
    twin_.expect_same_archive("b.rrd");
    // rrdtool leaves the end of a longer file that it overwrites.
    ASSERT_TRUE(twin_.run_ours("create b.rrd DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10000").ok);
    expect_same_text("restore -f a.xml b.rrd");
    twin_.expect_same_archive("b.rrd");
}

TEST_F(RrdRestore, FollowsLinks) {
    expect_same_text("dump a.rrd a.xml");
    for (const auto& side : {twin_.ours(), twin_.theirs()}) {
        write_text(side / "old.rrd", "old");
        std::filesystem::create_symlink("old.rrd", side / "link.rrd");
        std::filesystem::create_symlink("new.rrd", side / "empty.rrd");
        std::filesystem::create_symlink("round.rrd", side / "round.rrd");
    }
    for (const char* command : {"restore a.xml link.rrd", "restore a.xml empty.rrd",
                                "restore a.xml round.rrd", "restore -f a.xml round.rrd"}) {
        EXPECT_FALSE(twin_.expect_same(command).ok) << command;
    }
    for (const std::string file : {"link.rrd", "empty.rrd"}) {
        expect_same_text("restore -f a.xml " + file);
        EXPECT_TRUE(std::filesystem::is_symlink(twin_.ours() / file));
        twin_.expect_same_archive(file);
    }
}

// rrdtool rewrites it under all of its names.
TEST_F(RrdRestore, OtherNamesOfAFileKeepTheOldOne) {
    expect_same_text("dump a.rrd a.xml");
    write_text(twin_.ours() / "b.rrd", "old");
    std::filesystem::create_hard_link(twin_.ours() / "b.rrd", twin_.ours() / "other.rrd");
    ASSERT_TRUE(twin_.run_ours("restore -f a.xml b.rrd").ok);
    EXPECT_EQ(text_of("other.rrd"), "old");
}

TEST_F(RrdRestore, WritesToStandardOutput) {
    expect_same_text("dump a.rrd a.xml");
    ASSERT_TRUE(twin_.run_ours("restore a.xml b.rrd").ok);
    const std::string dumped = twin_.run_ours("dump b.rrd").text;
    for (const char* command :
         {"restore a.xml -", "restore -f a.xml -", "restore -f a.xml /dev/stdout"}) {
        write_text(twin_.ours() / "b.rrd", twin_.run_ours(command).text);
        EXPECT_EQ(twin_.run_ours("dump b.rrd").text, dumped) << command;
    }
    EXPECT_FALSE(std::filesystem::exists(twin_.ours() / "-"));
    EXPECT_FALSE(twin_.run_ours("restore a.xml /dev/stdout").ok);
}

TEST_F(RrdRestore, ReadsStandardInputUpToCtrlZ) {
    const std::string text = twin_.run_ours("dump a.rrd").text;
    for (const char* end : {"", "\x1a\n", "\x1a", " \x1a\nlast a.rrd\n"}) {
        ASSERT_TRUE(twin_.run_ours("restore -f - b.rrd", text + end).ok);
        EXPECT_EQ(twin_.run_ours("dump b.rrd").text, text);
    }
    EXPECT_THAT(twin_.run_ours("restore -f - b.rrd", "").text,
                StartsWith("error reading/parsing XML: line 1: no element found"));
    EXPECT_FALSE(twin_.run_ours("restore -f - b.rrd", text + "foo\x1a\n").ok);
}

TEST_F(RrdRestore, NamesWhatIsWrong) {
    EXPECT_THAT(complaint("<step>60", "<step>0"), HasSubstr("line 6: a step of no seconds"));
    EXPECT_THAT(complaint("<step>60", "<step>-60"), HasSubstr("'-60' is no count"));
    EXPECT_EQ(complaint("<step>60</step>", "<step>99999999999999999999</step>"),
              "line 6: '99999999999999999999' is no count");
    EXPECT_THAT(complaint("<version>0003", "<version>x"), HasSubstr("'x' is no version"));
    EXPECT_THAT(complaint("<version>0003", "<version>0006"),
                HasSubstr("can't handle RRD file version 0006"));
    EXPECT_EQ(complaint("<version>0003</version>", ""), "the dump has no version");
    EXPECT_EQ(complaint("<name> b </name>", ""), "data source 1 has no name");
    EXPECT_THAT(complaint("<name> a", "<name> abcdefghijklmnopqrst"),
                HasSubstr("line 10: 'abcdefghijklmnopqrst' is longer than 19"));
    EXPECT_THAT(complaint("GAUGE", "FOO"), HasSubstr("Unknown data source type: FOO"));
    EXPECT_EQ(complaint("<type> GAUGE </type>", ""), "data source 0 has no known type");
    EXPECT_THAT(complaint("a,2,*", "d,2,*"), HasSubstr("failed to parse computed data source"));
    EXPECT_THAT(complaint("<last_ds>U", "<last_ds>123456789012345678901234567890"),
                HasSubstr("is longer than 29"));
    EXPECT_THAT(complaint("<cf>AVERAGE", "<cf>x"), HasSubstr("Unknown consolidation function: x"));
    EXPECT_EQ(complaint("<cf>AVERAGE</cf>", ""), "RRA 0 has no known consolidation function");
    EXPECT_EQ(complaint("<pdp_per_row>1<", "<pdp_per_row><"), "RRA 0 has no rows");
    EXPECT_THAT(complaint("<xff>5", "<xff>x"), HasSubstr("Cannot convert 'x"));
    EXPECT_THAT(complaint("<v>NaN</v>", "<v></v>"), HasSubstr("Cannot convert '' to float"));
    EXPECT_THAT(complaint("<v>NaN</v>", "<v>1x</v>"), HasSubstr("cannot convert 'x'"));
    EXPECT_THAT(complaint("<v>NaN</v>", ""), HasSubstr("<row> holds 2 <v> for 3 data sources"));
    EXPECT_THAT(complaint("<v>NaN</v>", "<v>NaN</v><v>1</v>"), HasSubstr("<row> holds 4 <v>"));
    EXPECT_THAT(complaint("<v>NaN</v>", "<x>NaN</x>"), HasSubstr("unknown tag <x> in <row>"));
    EXPECT_THAT(complaint("<v>NaN</v>", "<v><v>1</v></v>"),
                HasSubstr("expected text in <v> but found <v>"));
    EXPECT_THAT(complaint("<row>", "foo<row>"), HasSubstr("expected element but found text 'foo'"));
    EXPECT_THAT(complaint("<v>NaN</v>", "<v>&foo;</v>"), HasSubstr("entity"));
    EXPECT_THAT(complaint("<v>NaN", "<v>" + std::string(5000, '1')),
                HasSubstr("a text of more than 4096 bytes"));
    EXPECT_THAT(complaint("<!-- Round", "<rrd/><!-- Round"),
                StartsWith("error reading/parsing XML"));
    EXPECT_THAT(complaint("</cdp_prep>", "<ds></ds></cdp_prep>"),
                HasSubstr("<cdp_prep> holds more than 3 <ds>"));
    EXPECT_THAT(complaint("</rra>", "</rra><ds></ds>"),
                HasSubstr("All data source definitions MUST precede the RRA definitions!"));
    EXPECT_THAT(complaint("</rrd>", ""), StartsWith("error reading/parsing XML"));
}

TEST_F(RrdRestore, DeclaresNoEntities) {
    const std::string text = twin_.run_ours("dump a.rrd -n").text;
    write_text("bad.xml", "<?xml version=\"1.0\"?><!DOCTYPE rrd [<!ENTITY x \"77\">]>" + text);
    EXPECT_THAT(twin_.run_ours("restore bad.xml b.rrd").text, HasSubstr("entity 'x' is declared"));
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<rrd>";
    write_text("bad.xml", deep);
    EXPECT_FALSE(twin_.run_ours("restore bad.xml b.rrd").ok);
    EXPECT_FALSE(std::filesystem::exists("b.rrd"));
}

TEST_F(RrdRestore, KeepsWholeHistories) {
    twin_.make_shared(
        "create f.rrd -b 1000000000 -s 60 DS:a:GAUGE:600:U:U RRA:HWPREDICT:20:0.1:0.0035:10:3 "
        "RRA:AVERAGE:0.5:1:10 RRA:SEASONAL:10:0.1:1 RRA:DEVSEASONAL:10:0.1:1 "
        "RRA:FAILURES:30:3:28:4",
        "f.rrd");
    for (int i = 1; i <= 120; ++i) {
        const int reading = i % 10 + (i > 100 && i % 3 == 0 ? 500 : 0);
        ASSERT_TRUE(
            twin_.run_ours(fmt::format("update f.rrd {}:{}", 1'000'000'000 + 60 * i, reading)).ok);
    }
    const std::string text = twin_.run_ours("dump f.rrd").text;
    const std::regex late_failure("<history>[01]{10}[01]*1[01]*</history>");
    ASSERT_TRUE(std::regex_search(text, late_failure));
    write_text("f.xml", text);
    ASSERT_TRUE(twin_.run_ours("restore f.xml g.rrd").ok);
    EXPECT_EQ(twin_.run_ours("dump g.rrd").text, text);
}

}  // namespace
}  // namespace kurabe::tests
