// `tune` that changes a file's layout, in both programs: equal files, whatever is added, removed or
// resized, and an equal life afterwards.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "store/rrd/header.hpp"
#include "tests/differential/rrd_history.hpp"
#include "tests/differential/rrd_schema.hpp"
#include "tests/differential/rrd_twin.hpp"
#include "tests/support/files.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::tests {
namespace {

namespace rrd = store::rrd;
using rrd::CdpRecord;
using rrd::Header;
using testing::HasSubstr;

Header header_of(const std::filesystem::path& path) {
    const std::string bytes = read_file(path);
    auto header = rrd::decode_header(path.string(), std::as_bytes(std::span(bytes)), bytes.size());
    EXPECT_TRUE(header) << header.error().message;
    return header.value_or(Header{});
}

template <std::size_t N>
void clear_tail(std::array<char, N>& field) {
    rrd::set_text(field, std::string(rrd::text_of(field)));
}

// What rrdtool leaves in a file without ever having set it: bytes of new data sources that nothing
// reads, and the last cells of the CDPs of RRAs from `new_rras` on, which the next row replaces.
void clear_garbage(const std::filesystem::path& path, std::size_t new_rras) {
    Header header = header_of(path);
    for (rrd::SourceRecord& source : header.sources) {
        clear_tail(source.name);
        clear_tail(source.type);
        if (rrd::text_of(source.type) == "COMPUTE") continue;
        std::fill(source.parameters.begin() + 3, source.parameters.end(), rrd::Slot{});
    }
    for (rrd::PdpRecord& pdp : header.pdps) clear_tail(pdp.last_reading);
    for (std::size_t rra = new_rras; rra < header.rras.size(); ++rra) {
        for (std::size_t source = 0; source < header.sources.size(); ++source) {
            header.cdp(rra, source).slots[CdpRecord::kPrimary] = {};
            header.cdp(rra, source).slots[CdpRecord::kSecondary] = {};
        }
    }
    std::vector<std::byte> bytes(header.bytes());
    rrd::encode_header(header, bytes);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

// Operations that rrdtool carries out as it should; those it does not have tests of their own.
class Operations {
  public:
    Operations(const Header& header, Random& random) : header_(header), random_(random) {
        for (std::size_t i = 0; i < header.sources.size(); ++i) {
            is_computed_ |= header.source(i).type == store::DsType::kCompute;
        }
        for (std::size_t i = 0; i < header.rras.size(); ++i) {
            has_family_ |= !consolidates(header.cf(i));
        }
    }

    std::string draw() {
        if (!is_computed_ && one_in(random_, 3)) remove_sources();
        if (!has_family_ && one_in(random_, 3)) remove_last_rras();
        for (std::size_t rra = 0; rra < kept_rras_; ++rra) {
            if (one_in(random_, 3)) change_rows(rra);
        }
        if (one_in(random_, 3)) add_sources();
        if (one_in(random_, 2)) add_rras();
        std::ranges::shuffle(words_, random_);
        if (!has_family_ && one_in(random_, 4)) divide_step();
        return fmt::format("{}", fmt::join(words_, " "));
    }
    // RRAs that were there before.
    [[nodiscard]] std::size_t kept_rras() const noexcept { return kept_rras_; }

  private:
    void remove_sources() {
        for (std::size_t i = 1; i < header_.sources.size(); ++i) {
            if (!one_in(random_, 2)) continue;
            words_.push_back(fmt::format("DEL:{}", rrd::text_of(header_.sources[i].name)));
        }
    }
    // rrdtool mixes up the rows of RRAs behind one that it deletes.
    void remove_last_rras() {
        kept_rras_ = static_cast<std::size_t>(
            pick(random_, 1, static_cast<std::int64_t>(header_.rras.size())));
        for (std::size_t rra = kept_rras_; rra < header_.rras.size(); ++rra) {
            words_.push_back(fmt::format("DELRRA:{}", rra));
        }
    }
    void change_rows(std::size_t rra) {
        const auto rows = static_cast<std::int64_t>(header_.rras[rra].rows);
        const bool shrinks = consolidates(header_.cf(rra)) && rows > 1 && one_in(random_, 2);
        const std::int64_t change = shrinks ? -pick(random_, 1, rows - 1) : pick(random_, 1, 40);
        words_.push_back(one_in(random_, 2) ? fmt::format("RRA#{}:{:+}", rra, change)
                                            : fmt::format("RRA#{}:={}", rra, rows + change));
    }
    void add_sources() {
        static const std::vector<std::string> types{"GAUGE", "COUNTER", "DERIVE", "ABSOLUTE"};
        const std::int64_t count = pick(random_, 1, 3);
        for (std::int64_t i = 0; i < count; ++i) {
            words_.push_back(fmt::format("DS:new{}:{}:{}:{}", i, choose(random_, types),
                                         pick(random_, 1, 1000),
                                         one_in(random_, 2) ? "U:U" : "-5:5e9"));
        }
    }
    void add_rras() {
        static const std::vector<std::string> cfs{"AVERAGE", "MIN", "MAX", "LAST"};
        const std::int64_t count = pick(random_, 1, 3);
        for (std::int64_t i = 0; i < count; ++i) {
            words_.push_back(fmt::format("RRA:{}:0.5:{}:{}", choose(random_, cfs),
                                         pick(random_, 1, 12), pick(random_, 1, 60)));
        }
        if (one_in(random_, 4)) words_.emplace_back("RRA:HWPREDICT:20:0.1:0.01:5");
    }
    void divide_step() {
        const std::int64_t step = header_.step.count();
        for (const std::int64_t divisor : {2, 5, 7}) {
            if (step % divisor != 0) continue;
            words_.insert(words_.begin(), fmt::format("--step {}", step / divisor));
            // Without another operation rrdtool ignores it.
            if (words_.size() == 1) words_.push_back(fmt::format("RRA#0:+{}", divisor));
            return;
        }
    }

    const Header& header_;
    Random& random_;
    bool is_computed_ = false;
    bool has_family_ = false;
    std::size_t kept_rras_ = header_.rras.size();
    std::vector<std::string> words_;
};

class RrdRestructure : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    // A file with a random past, the same on both sides. rrdtool would begin at a random row, and
    // where a ring begins decides what rrdtool makes of the rows at its ends.
    void make_past(const RrdSchema& schema, RrdHistory& history) {
        ASSERT_TRUE(twin_.run_ours(schema.create_command("a.rrd")).ok);
        twin_.copy_to_theirs("a.rrd");
        for (int i = 0; i < 12; ++i) (void)twin_.run_theirs("update a.rrd" + history.next());
        twin_.copy_to_ours("a.rrd");
    }
    void expect_same_tune(const std::string& words, std::size_t kept_rras) {
        const auto answer = twin_.expect_same("tune a.rrd " + words);
        ASSERT_TRUE(answer.ok) << answer.text;
        clear_garbage(twin_.ours() / "a.rrd", kept_rras);
        clear_garbage(twin_.theirs() / "a.rrd", kept_rras);
        twin_.expect_same_archive("a.rrd");
    }
    // Both programs make the same of the file in times to come.
    void expect_same_future(Random& random) {
        const Header header = header_of(twin_.ours() / "a.rrd");
        std::int64_t time = header.live.last_update_seconds;
        for (int i = 0; i < 8; ++i) {
            time += pick(random, 1, 3 * header.step.count());
            std::string words = fmt::format(" {}", time);
            for (std::size_t s = 0; s < header.sources.size(); ++s) {
                if (header.source(s).type != store::DsType::kCompute) {
                    words += fmt::format(":{}", pick(random, 0, 1000));
                }
            }
            (void)twin_.run_theirs("update a.rrd" + words);
            (void)twin_.run_theirs("update " + (twin_.ours() / "a.rrd").string() + words);
            twin_.expect_same_archive("a.rrd");
        }
    }
    void make(const std::string& definitions) {
        definitions_ = definitions;
        make_again();
    }
    void make_again() { twin_.make_shared("create a.rrd -b 1000000123 " + definitions_, "a.rrd"); }
    void update(const std::string& words) {
        const std::string our_file = (twin_.ours() / "a.rrd").string();
        ASSERT_TRUE(twin_.run_theirs(fmt::format("update {} {}", our_file, words)).ok);
        twin_.copy_to_theirs("a.rrd");
    }
    std::string info() {
        return twin_.run_theirs("info " + (twin_.ours() / "a.rrd").string()).text;
    }
    // Of the RRA with that CF.
    std::string dumped_rows(const std::string& cf) {
        const auto dump = twin_.run_theirs("dump " + (twin_.ours() / "a.rrd").string()).text;
        const auto begin = dump.find("<database>", dump.find("<cf>" + cf));
        return dump.substr(begin, dump.find("</database>", begin) - begin);
    }
    std::string refusal_of(const std::string& words) {
        return twin_.refusal("tune a.rrd " + words, "a.rrd");
    }

    RrdTwin twin_;
    std::string definitions_;
};

const std::string kNoStep =
    "invalid 'newstep' parameter. The newsize must divide the old step parameter without a "
    "remainder.";

TEST_F(RrdRestructure, RandomOperations) {
    const int files = is_nightly() ? 4000 : 150;
    for (int i = 0; i < files && !HasFailure(); ++i) {
        Random random(static_cast<std::uint64_t>(5000 + i));
        SCOPED_TRACE(fmt::format("seed {}", 5000 + i));
        const RrdSchema schema =
            RrdSchema::make(random, {.holt_winters = i % 3 == 0, .computed = i % 2 == 0});
        SCOPED_TRACE(schema.create_command("a.rrd"));
        RrdHistory history(schema, random);
        make_past(schema, history);
        const Header header = header_of(twin_.ours() / "a.rrd");
        Operations operations(header, random);
        const std::string words = operations.draw();
        SCOPED_TRACE(words);
        if (words.empty()) continue;
        expect_same_tune(words, operations.kept_rras());
        if (i % 3 != 0) expect_same_future(random);
    }
}

TEST_F(RrdRestructure, WrongOperations) {
    make("DS:a:GAUGE:600:U:U DS:b:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:2:10");
    for (const char* words : {"DS:c",
                              "DS:c:GAUGE",
                              "DS:b:GAUGE:600:U:U",
                              "DS:c:GAUGE:600:5:4",
                              "DS:c:FOO:600:U:U",
                              "DS:c:COMPUTE:z,",
                              "RRA:FOO:0.5:1:10",
                              "RRA:AVERAGE:0.5:0:10",
                              "RRA:AVERAGE:0.5:1",
                              "RRA:AVERAGE:2:1:10",
                              "DELRRA:-1",
                              "DELRRA:",
                              "RRA#x:+5",
                              "RRA#0:5",
                              "RRA#0",
                              "RRA#0:+",
                              "RRA#0:x",
                              "RRA#",
                              "DEL",
                              "DELx",
                              "FOO:1",
                              "--step 7 RRA#0:+1",
                              "-t 600 RRA#0:+1",
                              "-t 300 RRA#0:+1"}) {
        EXPECT_FALSE(twin_.expect_same(fmt::format("tune a.rrd {}", words)).ok) << words;
        make_again();
    }
}

// rrdtool passes over what it does not find, and takes zero for what is no number.
TEST_F(RrdRestructure, WhatIsNotThereCannotBeChanged) {
    make("DS:a:GAUGE:600:U:U DS:b:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:2:10");
    EXPECT_EQ(refusal_of("DEL:z"), "unknown data source name 'z'");
    EXPECT_EQ(refusal_of("DELRRA:2"), "no such RRA in this RRD");
    EXPECT_EQ(refusal_of("DELRRA:x"), "DELRRA requires a non-negative, integer argument");
    EXPECT_EQ(refusal_of("DELRRA:1x"), "DELRRA requires a non-negative, integer argument");
    EXPECT_EQ(refusal_of("RRA#2:+5"), "no such RRA in this RRD");
    EXPECT_EQ(refusal_of("RRA#0:+5x"), "Failed to parse RRA# command");
    EXPECT_EQ(refusal_of("DELRRA:1 RRA#1:+5"), "RRA 1 is changed twice");
    EXPECT_EQ(refusal_of("RRA#1:+5 RRA#1:+5"), "RRA 1 is changed twice");
    EXPECT_EQ(refusal_of("DEL:a DEL:b"), "you must define at least one Data Source");
    EXPECT_EQ(refusal_of("DELRRA:0 RRA#1:-10"), "you must define at least one Round Robin Archive");
    EXPECT_EQ(refusal_of("--step 0"), kNoStep);
    EXPECT_EQ(refusal_of("--step x"), kNoStep);
    EXPECT_EQ(refusal_of("--step -1"), kNoStep);
}

// One that is open but was removed.
TEST_F(RrdRestructure, AFileWithoutANameIsAnError) {
    make("DS:a:GAUGE:600:U:U RRA:LAST:0.5:1:6");
    const int descriptor = ::open("a.rrd", O_RDWR | O_CLOEXEC);
    ASSERT_NE(descriptor, -1);
    std::filesystem::remove("a.rrd");
    const std::string name = fmt::format("/proc/self/fd/{}", descriptor);
    EXPECT_EQ(twin_.run_ours("tune " + name + " RRA#0:+5").text,
              "opening '" + name + "': No such file or directory");
    ::close(descriptor);
}

// rrdtool tries to write as many rows as one asks for.
TEST_F(RrdRestructure, RowsHaveALimit) {
    make("DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10");
    EXPECT_EQ(refusal_of("RRA#0:+900000000000"), "RRA 0 covers more time than there is");
    EXPECT_EQ(refusal_of("RRA#0:=99999999999999999999"), "Failed to parse RRA# command");
}

// rrdtool gives the RRAs behind the one that is gone the rows of others.
TEST_F(RrdRestructure, OtherRrasKeepTheirRowsWhenOneIsDeleted) {
    for (const char* words : {"DELRRA:0", "RRA#1:-4 DELRRA:0", "DELRRA:1", "RRA#1:=0"}) {
        SCOPED_TRACE(words);
        make("DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:6 RRA:MAX:0.5:2:5 RRA:MIN:0.5:3:4");
        update("1000000300:1 1000000600:2 1000000900:4 1000001200:8 1000001500:16");
        const std::string before = dumped_rows("MIN");
        EXPECT_THAT(before, HasSubstr("e+00"));
        ASSERT_TRUE(twin_.run_ours(fmt::format("tune a.rrd {}", words)).ok);
        EXPECT_EQ(dumped_rows("MIN"), before);
    }
}

// Programs name data sources by index: rrdtool leaves it, and they compute from others.
TEST_F(RrdRestructure, ProgramsFollowTheirSources) {
    const std::string definitions =
        "DS:a:GAUGE:600:U:U DS:b:GAUGE:600:U:U DS:c:COMPUTE:b,2,* RRA:LAST:0.5:1:6";
    make(definitions);
    EXPECT_EQ(refusal_of("DEL:b"),
              "data source 'c' is computed from 'b', which cannot be deleted alone");
    ASSERT_TRUE(twin_.run_ours("tune a.rrd DEL:a").ok);
    EXPECT_THAT(info(), HasSubstr("ds[c].cdef = \"b,2,*\""));
    make(definitions);
    ASSERT_TRUE(twin_.run_ours("tune a.rrd DEL:b DEL:c").ok);
    make(definitions);
    ASSERT_TRUE(twin_.run_ours("tune a.rrd DEL:a DS:d:COMPUTE:c,b,+").ok);
    EXPECT_THAT(info(), HasSubstr("ds[d].cdef = \"c,b,+\""));
}

// The same for the Holt-Winters family.
TEST_F(RrdRestructure, FamiliesStayTogether) {
    const std::string definitions =
        "DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:6 RRA:HWPREDICT:20:0.1:0.01:5";
    make(definitions);
    EXPECT_EQ(refusal_of("DELRRA:2"), "RRA 1 depends on RRA 2, which cannot be deleted alone");
    EXPECT_THAT(refusal_of("-t 100"), HasSubstr("one PDP per row: the step must stay"));
    ASSERT_TRUE(twin_.run_ours("tune a.rrd DELRRA:0").ok);
    update("1000000300:1 1000000600:2 1000000900:4 1000001200:8 1000001500:16");
    EXPECT_TRUE(twin_.run_ours("tune a.rrd DELRRA:4").ok);
    make(definitions);
    EXPECT_TRUE(twin_.run_ours("tune a.rrd DELRRA:1 DELRRA:2 DELRRA:3 DELRRA:4 DELRRA:5").ok);
}

// rrdtool does nothing then.
TEST_F(RrdRestructure, TheStepAloneIsDivided) {
    make("DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:6");
    ASSERT_TRUE(twin_.run_ours("tune a.rrd --step 1m").ok);
    EXPECT_THAT(info(), HasSubstr("step = 60\n"));
    EXPECT_THAT(info(), HasSubstr("rra[0].pdp_per_row = 5\n"));
}

TEST_F(RrdRestructure, SettingsGoBeforeOperations) {
    make("DS:a:GAUGE:600:U:U DS:b:GAUGE:600:U:U RRA:HWPREDICT:20:0.1:0.01:5");
    update("1000000300:1:2 1000000600:2:3 1000000900:4:7 1000001200:8:2 1000001500:16:1");
    expect_same_tune("-r a:x -h b:5 -b b DEL:x RRA:MAX:0.5:1:7", 5);
}

TEST_F(RrdRestructure, TheVersionFollowsWhatIsInTheFile) {
    make("DS:a:GAUGE:600:U:U RRA:LAST:0.5:1:6");
    ASSERT_TRUE(twin_.run_ours("tune a.rrd RRA:MHWPREDICT:20:0.1:0.01:5").ok);
    EXPECT_THAT(info(), HasSubstr("rrd_version = \"0004\""));
    ASSERT_TRUE(twin_.run_ours("tune a.rrd DS:b:DCOUNTER:5:U:U").ok);
    EXPECT_THAT(info(), HasSubstr("rrd_version = \"0005\""));
}

// rrdtool stores them where version 3 ignores them.
TEST_F(RrdRestructure, SmoothingWindowsAreThoseThatAreGiven) {
    make("DS:a:GAUGE:600:U:U RRA:HWPREDICT:100:0.1:0.1:50");
    put_windows(twin_.ours() / "a.rrd", 0.7);
    ASSERT_TRUE(twin_
                    .run_ours("tune a.rrd RRA:HWPREDICT:100:0.1:0.1:50:7 "
                              "RRA:SEASONAL:50:0.1:6:smoothing-window=0.5 "
                              "RRA:DEVSEASONAL:50:0.1:6:smoothing-window=0.25")
                    .ok);
    const std::string text = info();
    EXPECT_THAT(text, HasSubstr("rrd_version = \"0004\""));
    EXPECT_THAT(text, HasSubstr("rra[6].smoothing_window = 5.0000000000e-01"));
    EXPECT_THAT(text, HasSubstr("rra[7].smoothing_window = 2.5000000000e-01"));
    // What was ignored does not begin to count.
    EXPECT_THAT(text, HasSubstr("rra[1].smoothing_window = 5.0000000000e-02"));
}

TEST_F(RrdRestructure, WindowsThatWereIgnoredStay) {
    make("DS:a:GAUGE:600:U:U RRA:HWPREDICT:100:0.1:0.1:50");
    put_windows(twin_.ours() / "a.rrd", 0.7);
    twin_.copy_to_theirs("a.rrd");
    expect_same_tune("RRA#0:+10", 5);
}

}  // namespace
}  // namespace kurabe::tests
