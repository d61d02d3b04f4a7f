// Long sessions of commands to rrdtool's pipe and to ours, answer by answer.
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

// The lines of `ls`, "d NAME" and "- NAME", by name where they stand: directories have no order.
std::string with_sorted_names(const std::string& text) {
    const auto is_name = [](const std::string& line) {
        return line.starts_with("d ") || line.starts_with("- ");
    };
    std::istringstream stream(text);
    std::string names;
    std::string result;
    for (std::string line; std::getline(stream, line);) {
        if (is_name(line)) {
            names += line + "\n";
        } else {
            result += sorted_lines(std::exchange(names, {})) + line + "\n";
        }
    }
    return result + sorted_lines(names);
}

// Two pipes, each in a directory of its own with the same files.
class RrdPipe : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        fs::create_symlink(KURABE_PROGRAM, directory_.path() / "rrdtool");
        for (const fs::path& root : {ours_root_, theirs_root_}) fs::create_directory(root);
        ours_ = std::make_unique<RrdtoolProcess>((directory_.path() / "rrdtool").string());
        theirs_ = std::make_unique<RrdtoolProcess>();
        (void)ours_->run("cd " + ours_root_.string());
        (void)theirs_->run("cd " + theirs_root_.string());
        for (const char* command :
             {"create a.rrd -b 1000000000 -s 60 DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:10",
              "create 'b c.rrd' -b 1000000000 -s 60 DS:x:COUNTER:600:U:U RRA:MAX:0.5:2:10",
              "mkdir d", "update a.rrd 1000000060:1 1000000120:2"}) {
            ASSERT_TRUE(theirs_->run(command).ok) << command;
        }
        fs::copy(theirs_root_, ours_root_, fs::copy_options::recursive);
    }

    // What each says, without what names its own directory, and with names in one order.
    void expect_same(const std::string& command) {
        const auto ours = ours_->run(command);
        const auto theirs = theirs_->run(command);
        EXPECT_EQ(ours.ok, theirs.ok) << command << '\n' << ours.text << '\n' << theirs.text;
        const std::string our_text = replaced(ours.text, ours_root_.string(), "ROOT");
        const std::string their_text = replaced(theirs.text, theirs_root_.string(), "ROOT");
        if (command == "ls" || command.starts_with("list")) {
            EXPECT_EQ(sorted_lines(our_text), sorted_lines(their_text)) << command;
        } else {
            EXPECT_EQ(our_text, their_text) << command;
        }
    }

    TemporaryDirectory directory_;
    fs::path ours_root_ = directory_.path() / "ours";
    fs::path theirs_root_ = directory_.path() / "theirs";
    std::unique_ptr<RrdtoolProcess> ours_;
    std::unique_ptr<RrdtoolProcess> theirs_;
};

TEST_F(RrdPipe, WordsAndQuotes) {
    for (const char* command : {
             "last a.rrd",     "\tlast a.rrd \t",  "last \ta.rrd",  "last\t a.rrd",
             "last 'a.rrd'",   "last \"a.rrd\"",   "last a'.rr'd",  "last a'.'\"rrd\"",
             "last 'b c.rrd'", "last b' 'c.rrd",   "last b c.rrd",  "last \"a'b\"",
             "last 'a\"b'",    "last ''",          "last '' a.rrd", "last a.rrd\\",
             "last a\\ b",     "'last' a.rrd",     "'' last",       "last -- a.rrd",
             "LAST a.rrd",     "\1last a.rrd\v\f", "last b\x7f",    "last a.rrd\r",
             "nonsense a.rrd", "- a.rrd",          "-z a.rrd",      "rrdtool last a.rrd",
         }) {
        expect_same(command);
    }
}

TEST_F(RrdPipe, Directories) {
    for (const char* command : {
             "pwd",
             "pwd x",
             "cd",
             "cd a b",
             "cd none",
             "cd a.rrd",
             "cd d",
             "pwd",
             "ls",
             "cd ..",
             "ls",
             "ls x",
             "mkdir",
             "mkdir a b",
             "mkdir d",
             "mkdir e",
             "mkdir x/y",
             "mkdir ''",
             "cd ''",
             "cd e",
             "last a.rrd",
             "last ../a.rrd",
             "cd ..",
             "last a.rrd",
             "mkdir 'with blank'",
             "ls",
             "cd 'with blank'",
             "pwd",
             "quit x",
             "cd ..",
             "list .",
         }) {
        expect_same(command);
    }
}

// The small image starts a pipe and becomes the whole program at the first command that draws,
// wherever that stands among lines that came together; nothing is lost or answered twice.
TEST_F(RrdPipe, GoesOnInTheWholeProgram) {
    const std::string xport =
        "xport -s 1000000000 -e 1000000120 DEF:a=a.rrd:a:AVERAGE XPORT:a:\"load average\"\n";
    const std::vector<std::string> sessions = {
        "last a.rrd\n" + xport + "last a.rrd\n",
        xport + xport + "last none.rrd",
        "mkdir f\ncd f\npwd\nlast ../a.rrd\ncd ..\n" + xport + "ls\nquit\nlast a.rrd\n",
        "last 'b c.rrd'\nupdate a.rrd 1000000180:4\n" + xport + "lastupdate a.rrd\n" + xport,
    };
    for (const std::string& session : sessions) {
        const auto output_of = [&](const fs::path& root, const std::string& program) {
            std::ofstream(root / "session") << session;
            const Finished finished =
                run({"/bin/sh", "-c", "cd " + root.string() + " && " + program + " - <session"});
            EXPECT_EQ(finished.status, 0) << finished.err;
            const std::regex times("OK u:[0-9.]+ s:[0-9.]+ r:[0-9.]+");
            return with_sorted_names(
                std::regex_replace(replaced(finished.out, root.string(), "ROOT"), times, "OK"));
        };
        const std::string ours = output_of(ours_root_, (directory_.path() / "rrdtool").string());
        EXPECT_EQ(ours, output_of(theirs_root_, kRrdtool)) << session;
    }
}

TEST_F(RrdPipe, WithoutTheWholeProgramItSaysSoAndGoesOn) {
    fs::create_directory(directory_.path() / "alone");
    fs::copy_file(KURABE_PROGRAM, directory_.path() / "alone/rrdtool");
    RrdtoolProcess alone((directory_.path() / "alone/rrdtool").string());
    (void)alone.run("cd " + ours_root_.string());
    for (int round = 0; round < 3; ++round) {
        EXPECT_THAT(alone.run("graph x.png -h 100").text, HasSubstr("libexec/kurabe-full"));
        EXPECT_EQ(alone.run("last a.rrd").text, "1000000120\n");
    }
}

// A file that is replaced, changed or removed by others while the pipe has it open.
TEST_F(RrdPipe, SeesWhatHappensToItsFiles) {
    const auto on_both = [&](const std::string& command) {
        for (const fs::path& root : {ours_root_, theirs_root_}) {
            ASSERT_EQ(run({"/bin/sh", "-c", "cd " + root.string() + " && " + command}).status, 0);
        }
    };
    const std::string rrdtool = kRrdtool;
    for (int round = 0; round < 3; ++round) {
        expect_same("last a.rrd");
        expect_same("info 'b c.rrd'");
        on_both("cp 'b c.rrd' new && mv new a.rrd");
        expect_same("last a.rrd");
        expect_same("lastupdate a.rrd");
        on_both(rrdtool + " update a.rrd " + std::to_string(1000000060 + round) + ":5");
        expect_same("last a.rrd");
        on_both("cp a.rrd kept && rm a.rrd");
        expect_same("last a.rrd");
        on_both("mv kept a.rrd");
        expect_same("lastupdate a.rrd");
        on_both("cp a.rrd kept && cat kept >a.rrd");
        expect_same("last a.rrd");
        on_both(rrdtool + " tune a.rrd -h x:" + std::to_string(700 + round));
        expect_same("info a.rrd");
        on_both("rm kept");
    }
}

// Later and later, as updates of a file are.
class Updates {
  public:
    std::string operator()(std::mt19937_64& random) {
        std::string text;
        for (auto left = random() % 3 + 1; left > 0; --left) {
            time_ += static_cast<std::int64_t>(random() % 200);
            text += std::to_string(time_) + ":" + std::to_string(random() % 1000) + " ";
        }
        return text;
    }

  private:
    std::int64_t time_ = 1000000120;
};

std::string random_command(std::mt19937_64& random, Updates& updates) {
    const auto one_of = [&](const std::vector<std::string>& texts) {
        return texts[random() % texts.size()];
    };
    const std::string file = one_of({"a.rrd", "'b c.rrd'", "none.rrd", "../a.rrd", "d/a.rrd",
                                     "./a.rrd", "b c.rrd", "''", "\"a.rrd\"", "a'.rrd'"});
    const std::string time =
        one_of({"1000000000", "999999940", "1000000130", "20010909", "foo", "end-1h", "19750101"});
    switch (random() % 16) {
        case 0:
            return "last " + file;
        case 1:
            return "first " + file + one_of({"", " --rraindex 0", " --rraindex 5", " -z"});
        case 2:
            return "info " + file + one_of({"", " -F", " -d ''", " --nonsense"});
        case 3:
            return "lastupdate " + file + one_of({"", " -d ''", " x"});
        case 4:
        case 5:
            return "fetch " + file + one_of({" AVERAGE", " MAX", " LAST", " HWPREDICT", " X", ""}) +
                   " -s " + time + " -e " +
                   one_of({"1000000300", "1000000120", "start+5min", "x"}) +
                   one_of({"", " -a", " -r 120", " -r 5m -a", " -r x"});
        case 6:
            return one_of({"mkdir d", "mkdir e", "mkdir e/f", "mkdir 'g h'", "mkdir", "mkdir a b"});
        case 7:
            return one_of({"cd d", "cd ..", "cd e", "cd none", "cd 'g h'", "cd", "pwd", "pwd x"});
        case 8:
            return one_of({"ls", "ls x", "list .", "list -r .", "list -q"});
        case 9:
            return one_of({"nonsense x", "quit now", "- -", "'", "last a.rrd none.rrd"});
        case 10:
            return "update " + file + " " + one_of({"N", "5:1", "1000000000:1", "x:1", "1:2:3"});
        case 11:
            // A second name would be the output, which rrdtool removes when it fails.
            if (file == "b c.rrd") return "dump a.rrd out.xml";
            return "dump " + file + one_of({"", " -n", " -h xsd"});
        case 12:
            // Once given, -f stays in force in rrdtool's pipe.
            return one_of({"restore -f out.xml c.rrd", "dump c.rrd",
                           "create c.rrd -O -b 1000000000 DS:a:GAUGE:9:U:U RRA:LAST:0:1:9",
                           "restore out.xml"});
        case 13:
            return "tune " + file +
                   one_of({" -h a:500", " -a x:1000", " -d a:GAUGE", " -x 0.5", " RRA#0:=9",
                           " RRA#0:+2"});
        case 14:
            return "resize " + file + one_of({" 0 GROW 2", " 0 SHRINK 1", " 7 GROW 2", ""});
        default:
            return one_of({"update ", "updatev "}) + file + " " + updates(random);
    }
}

TEST_F(RrdPipe, RandomSessions) {
    const bool nightly = is_nightly();
    const auto seed = nightly ? std::random_device{}() : 1U;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Updates updates;
    for (int i = 0; i < (nightly ? 200'000 : 3'000) && !HasFailure(); ++i) {
        const std::string command = random_command(random, updates);
        // Climbing out of the two directories leads to the same place and to other files.
        if (i % 50 == 0) {
            (void)ours_->run("cd " + ours_root_.string());
            (void)theirs_->run("cd " + theirs_root_.string());
        }
        if (command == "cd ..") continue;
        if (command == "'") {
            EXPECT_THAT(ours_->run(command).text, StartsWith(theirs_->run(command).text));
            continue;
        }
        expect_same(command);
    }
    for (const char* file : {"a.rrd", "b c.rrd"}) {
        EXPECT_EQ(run({"/usr/bin/cmp", ours_root_ / file, theirs_root_ / file}).out, "");
    }
}

}  // namespace
}  // namespace kurabe::tests
