// Directories of .rrd files as Kurado, Munin and collectd lay them out, made by rrdtool. Two copies
// live on, and what is done to one by rrdtool is done to the other by us, in turns: whoever wrote a
// file last, both programs must find the same in it and go on from there.
#include <algorithm>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/differential/random.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using testing::StartsWith;
using Arguments = std::vector<std::string>;

constexpr std::int64_t kBegin_s = 1'700'000'000;

struct Source {
    std::string name;
    bool is_counter;
};

struct File {
    std::string path;
    std::vector<Source> sources;
    std::int64_t step_s;
    Arguments definitions;  // "DS:...", "RRA:..."
};

Arguments rras(std::initializer_list<const char*> cfs, double xff,
               std::initializer_list<const char*> rings) {
    Arguments all;
    for (const char* cf : cfs) {
        for (const char* ring : rings) all.push_back(fmt::format("RRA:{}:{}:{}", cf, xff, ring));
    }
    return all;
}

// `bounds` is "HEARTBEAT:MINIMUM:MAXIMUM".
File make_file(std::string path, std::int64_t step_s, std::string_view type,
               std::string_view bounds, const std::vector<std::string>& names,
               const Arguments& rings) {
    File file{std::move(path), {}, step_s, {}};
    for (const std::string& name : names) {
        file.sources.push_back({name, type != "GAUGE"});
        file.definitions.push_back(fmt::format("DS:{}:{}:{}", name, type, bounds));
    }
    file.definitions.insert(file.definitions.end(), rings.begin(), rings.end());
    return file;
}

std::vector<File> kurado_files() {
    const auto rings =
        rras({"AVERAGE", "MIN", "MAX"}, 0.5, {"1:2880", "5:2880", "60:960", "1440:1100"});
    return {
        make_file("10.0.0.1/base/loadavg-1.gauge.rrd", 60, "GAUGE", "120:U:U", {"n"}, rings),
        make_file("10.0.0.1/base/cpu-user.derive.rrd", 60, "DERIVE", "120:U:U", {"n"}, rings),
        make_file("10.0.0.2/base/traffic-rxbyte-eth0.counter.rrd", 60, "COUNTER", "120:U:U", {"n"},
                  rings),
    };
}

std::vector<File> munin_files() {
    const auto rings =
        rras({"AVERAGE", "MIN", "MAX"}, 0.5, {"1:576", "6:432", "24:540", "288:450"});
    return {
        make_file("example.com/www1-load-load-g.rrd", 300, "GAUGE", "600:U:U", {"42"}, rings),
        make_file("example.com/www1-if_eth0-down-d.rrd", 300, "DERIVE", "600:0:U", {"42"}, rings),
        make_file("example.com/www1-requests-requests-a.rrd", 300, "ABSOLUTE", "600:U:U", {"42"},
                  rings),
    };
}

std::vector<File> collectd_files() {
    const auto rings = rras({"AVERAGE", "MIN", "MAX"}, 0.1,
                            {"1:1200", "7:1235", "50:1210", "223:1202", "2635:1201"});
    return {
        make_file("www1/load/load.rrd", 10, "GAUGE", "20:0:5000",
                  {"shortterm", "midterm", "longterm"}, rings),
        make_file("www1/interface-eth0/if_octets.rrd", 10, "DERIVE", "20:0:U", {"rx", "tx"}, rings),
        make_file("www1/df-root/df_complex-free.rrd", 10, "GAUGE", "20:0:U", {"value"}, rings),
    };
}

std::string said(const Finished& finished) {
    return fmt::format("status {}\n{}{}", finished.status, finished.out, finished.err);
}

// Long texts: the first line in which they differ, as "a | b", or nothing.
std::string first_difference(const std::string& a, const std::string& b) {
    std::istringstream a_lines(a);
    std::istringstream b_lines(b);
    std::string a_line;
    std::string b_line;
    while (true) {
        const bool a_ended = !std::getline(a_lines, a_line);
        const bool b_ended = !std::getline(b_lines, b_line);
        if (a_ended && b_ended) return "";
        if (a_ended != b_ended || a_line != b_line) return a_line + " | " + b_line;
    }
}

// A dump without the cells that rrdtool leaves to chance in an RRA that tune adds: the next row
// replaces them, and nothing reads them before.
std::string without_last_cells(const std::string& dump) {
    std::istringstream lines(dump);
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
        const bool is_cell = line.find("<primary_value>") != std::string::npos ||
                             line.find("<secondary_value>") != std::string::npos;
        if (!is_cell) kept += line + '\n';
    }
    return kept;
}

class RrdDirectories : public testing::TestWithParam<std::vector<File>> {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        std::filesystem::create_symlink(KURABE_PROGRAM, directory_.path() / "rrdtool");
        std::filesystem::create_directory(work_);
        std::filesystem::current_path(work_);
        for (const File& file : GetParam()) {
            std::filesystem::create_directories(std::filesystem::path(one(file)).parent_path());
            Arguments create{"create", one(file),
                             "-b",     std::to_string(kBegin_s),
                             "-s",     std::to_string(file.step_s)};
            create.insert(create.end(), file.definitions.begin(), file.definitions.end());
            const Finished made = theirs(create);
            ASSERT_EQ(made.status, 0) << made.err;
        }
        std::filesystem::copy("one", "two", std::filesystem::copy_options::recursive);
    }
    void TearDown() override { std::filesystem::current_path(before_); }

    [[nodiscard]] static std::string one(const File& file) { return "one/" + file.path; }
    [[nodiscard]] static std::string two(const File& file) { return "two/" + file.path; }

    [[nodiscard]] Finished ours(Arguments arguments) const {
        arguments.insert(arguments.begin(), (directory_.path() / "rrdtool").string());
        return run(arguments);
    }
    [[nodiscard]] static Finished theirs(Arguments arguments) {
        arguments.insert(arguments.begin(), kRrdtool);
        return run(arguments);
    }

    // By one program on the file of the first copy and by the other on that of the second; the
    // file's name stands as FILE in the arguments.
    void change(const File& file, const Arguments& arguments) {
        const auto at = [&](const std::string& path) {
            Arguments named = arguments;
            for (std::string& word : named) {
                if (const auto place = word.find("FILE"); place != std::string::npos) {
                    word.replace(place, 4, path);
                }
            }
            return named;
        };
        const bool is_our_turn = turn_++ % 2 == 0;
        const Finished first = is_our_turn ? ours(at(one(file))) : theirs(at(one(file)));
        const Finished second = is_our_turn ? theirs(at(two(file))) : ours(at(two(file)));
        EXPECT_EQ(first.status, 0) << fmt::format("{}\n{}", arguments, first.err);
        EXPECT_EQ(second.status, 0) << fmt::format("{}\n{}", arguments, second.err);
    }
    // Both programs about one file.
    Finished ask(const Arguments& arguments) {
        const Finished answer = ours(arguments);
        EXPECT_EQ(first_difference(said(answer), said(theirs(arguments))), "")
            << fmt::format("{}", arguments);
        EXPECT_EQ(answer.status, 0) << answer.err;
        return answer;
    }

    void update(const File& file);
    void restructure(const File& file, std::int64_t round);
    void expect_equal_content(const File& file);
    void expect_equal_answers(const File& file);
    void expect_same_pictures(const File& file);
    void expect_equal_lists();

    Random random_{20};
    TemporaryDirectory directory_;
    std::filesystem::path before_ = std::filesystem::current_path();
    std::filesystem::path work_ = directory_.path() / "work";
    std::int64_t turn_ = 0;
    std::int64_t now_s_ = kBegin_s;
};

// Some samples at about the file's interval, with gaps and unknown readings.
void RrdDirectories::update(const File& file) {
    // By name, because another data source may have been added.
    std::vector<std::string> names;
    for (const Source& source : file.sources) names.push_back(source.name);
    Arguments arguments{"update", "FILE", "-t", fmt::format("{}", fmt::join(names, ":"))};
    std::int64_t time_s = now_s_;
    for (int sample = 0; sample < 20; ++sample) {
        time_s += one_in(random_, 12) ? file.step_s * pick(random_, 2, 200)
                                      : file.step_s + pick(random_, -3, 3);
        std::string argument = std::to_string(time_s);
        for (const Source& source : file.sources) {
            argument += one_in(random_, 15) ? ":U"
                        : source.is_counter
                            ? fmt::format(":{}", time_s % 100'000'000 * 37)
                            : fmt::format(":{}.{}", pick(random_, 0, 300), pick(random_, 0, 99));
        }
        arguments.push_back(std::move(argument));
    }
    change(file, arguments);
}

// Everything that changes more than rows, one of them a round.
void RrdDirectories::restructure(const File& file, std::int64_t round) {
    const std::string& name = file.sources.front().name;
    switch (round % 6) {
        case 0:
            change(file, {"dump", "FILE", "FILE.xml"});
            EXPECT_EQ(
                first_difference(read_file(one(file) + ".xml"), read_file(two(file) + ".xml")), "");
            change(file, {"restore", "-f", "FILE.xml", "FILE"});
            std::filesystem::remove(one(file) + ".xml");
            std::filesystem::remove(two(file) + ".xml");
            break;
        case 1:
            change(file, {"tune", "FILE", "-h", name + ":1800", "-a", name + ":1e12"});
            break;
        case 2:
            change(file, {"tune", "FILE", "DS:added:GAUGE:600:0:U"});
            break;
        case 3:
            change(file, {"tune", "FILE", "DEL:added", "RRA#1:+100"});
            break;
        case 4:
            change(file, {"tune", "FILE", "RRA:LAST:0.5:2:50"});
            break;
        case 5:
            change(file, {"tune", "FILE", "RRA#1:-100"});
            break;
    }
}

// Rows by their age: where a ring begins is any row's choice.
void RrdDirectories::expect_equal_content(const File& file) {
    const Finished first = ours({"dump", one(file)});
    EXPECT_EQ(first.status, 0) << first.err;
    const std::string expected = without_last_cells(first.out);
    for (const Finished& second : {theirs({"dump", two(file)}), ours({"dump", two(file)})}) {
        EXPECT_EQ(first_difference(expected, without_last_cells(second.out)), "");
    }
}

void RrdDirectories::expect_equal_answers(const File& file) {
    const std::string begin = std::to_string(now_s_ - 40 * file.step_s);
    const std::string end = std::to_string(now_s_ + 200 * file.step_s);
    for (const std::string& path : {one(file), two(file)}) {
        (void)ask({"info", path});
        (void)ask({"last", path});
        (void)ask({"lastupdate", path});
        (void)ask({"first", path, "--rraindex", "2"});
        for (const char* cf : {"AVERAGE", "MIN", "MAX"}) {
            (void)ask({"fetch", path, cf, "-s", begin, "-e", end});
        }
        Arguments xport{"xport", "-s", begin, "-e", end, "-m", "50"};
        for (const Source& source : file.sources) {
            xport.push_back(fmt::format("DEF:v{}={}:{}:AVERAGE", source.name, path, source.name));
            xport.push_back(fmt::format("XPORT:v{}:{}", source.name, source.name));
        }
        (void)ask(xport);
    }
}

void RrdDirectories::expect_same_pictures(const File& file) {
    Arguments graph{"graph", "graph.png",
                    "-s",    std::to_string(now_s_ - 40 * file.step_s),
                    "-e",    std::to_string(now_s_ + 200 * file.step_s)};
    for (const Source& source : file.sources) {
        graph.push_back(fmt::format("DEF:v{}={}:{}:AVERAGE", source.name, one(file), source.name));
        graph.push_back(fmt::format("LINE1:v{}#3366CC:{}", source.name, source.name));
        for (const char* cf : {"AVERAGE", "MAX", "LAST"}) {
            graph.push_back(fmt::format("PRINT:v{}:{}:%.12le", source.name, cf));
        }
    }
    const Finished drawn = ours(graph);
    EXPECT_EQ(drawn.status, 0) << drawn.err;
    EXPECT_THAT(read_file("graph.png"), StartsWith("\x89PNG\r\n"));
    EXPECT_EQ(drawn.out, theirs(graph).out);
}

// rrdtool lists in the order of the directory.
void RrdDirectories::expect_equal_lists() {
    const std::string listed = sorted_lines(ours({"list", "-r", "one"}).out);
    EXPECT_EQ(listed, sorted_lines(theirs({"list", "-r", "one"}).out));
    EXPECT_EQ(std::ranges::count(listed, '\n'), std::ssize(GetParam()));
    EXPECT_EQ(sorted_lines(ours({"list", "one"}).out), sorted_lines(theirs({"list", "one"}).out));
}

TEST_P(RrdDirectories, AreCarriedOnByBothInTurns) {
    const std::int64_t rounds = is_nightly() ? 60 : 7;
    expect_equal_lists();
    for (std::int64_t round = 0; round < rounds && !HasFailure(); ++round) {
        SCOPED_TRACE(fmt::format("round {}", round));
        for (const File& file : GetParam()) {
            update(file);
            expect_equal_content(file);
            expect_equal_answers(file);
        }
        for (const File& file : GetParam()) {
            expect_same_pictures(file);
            restructure(file, round);
            expect_equal_content(file);
        }
        now_s_ += 5000 * GetParam().front().step_s;
        turn_ += 1;  // or each step would stay with one program
    }
}

std::string layout_name(const testing::TestParamInfo<std::vector<File>>& layout) {
    const std::vector<std::string> names{"Kurado", "Munin", "Collectd"};
    return names.at(layout.index);
}

INSTANTIATE_TEST_SUITE_P(Of, RrdDirectories,
                         testing::Values(kurado_files(), munin_files(), collectd_files()),
                         layout_name);

}  // namespace
}  // namespace kurabe::tests
