// rrdcached between: the same commands by rrdtool and by ours through the installed daemon, as real
// processes. Texts, errors, exit statuses and files must agree.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.hpp"
#include "tests/support/rrdcached_process.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;

const std::string kRange = " -s 1000000000 -e 1000000200";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

// Both sides have a directory with the same files; the daemon's is the one above.
class Rrdcached : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        if (!RrdcachedProcess::is_installed()) GTEST_SKIP() << "rrdcached is not installed";
        for (const fs::path& side : {ours_, theirs_}) fs::create_directory(side);
        fs::create_symlink(KURABE_PROGRAM, root_ / "rrdtool");
        for (const std::string file : {"a.rrd", "b.rrd", "c d.rrd"}) {
            const Finished made =
                theirs("create '" + file +
                       "' -b 1000000000 -s 10 DS:x:GAUGE:100:U:U DS:y:COUNTER:100:U:U "
                       "RRA:AVERAGE:0.5:1:20 RRA:MAX:0.5:3:10");
            ASSERT_EQ(made.status, 0) << made.err;
            fs::copy_file(theirs_ / file, ours_ / file);
        }
        daemon_.emplace(root_ / "s", root_);
    }

    // `words` as a shell reads them.
    [[nodiscard]] static Finished shell(const fs::path& directory, const std::string& command) {
        return run({"/bin/sh", "-c", "cd " + directory.string() + " && " + command});
    }
    [[nodiscard]] Finished ours(const std::string& words) const {
        return shell(ours_, environment_ + (root_ / "rrdtool").string() + " " + words);
    }
    [[nodiscard]] Finished theirs(const std::string& words) const {
        return shell(theirs_, environment_ + kRrdtool + " " + words);
    }

    // SIDE in the words stands for "ours" or "theirs".
    Finished expect_same(const std::string& words) const {
        const Finished by_theirs = theirs(replaced(words, "SIDE", "theirs"));
        const Finished by_ours = ours(replaced(words, "SIDE", "ours"));
        const auto neutral = [](const std::string& text, const std::string& side) {
            return replaced(replaced(text, "/" + side, "/SIDE"), "'" + side, "'SIDE");
        };
        EXPECT_EQ(by_ours.status, by_theirs.status) << words;
        EXPECT_EQ(neutral(by_ours.out, "ours"), neutral(by_theirs.out, "theirs")) << words;
        EXPECT_EQ(neutral(by_ours.err, "ours"), neutral(by_theirs.err, "theirs")) << words;
        return by_theirs;
    }

    void expect_same_bytes(const std::string& file) const {
        const auto bytes = [&file](const fs::path& side) {
            std::ifstream stream(side / file, std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(stream), {});
        };
        EXPECT_TRUE(bytes(ours_) == bytes(theirs_)) << file;
    }

    [[nodiscard]] std::string unix_option() const { return " -d " + daemon_->unix_address(); }
    [[nodiscard]] std::string network_option(const std::string& host) const {
        return " -d " + host + ":" + std::to_string(daemon_->port());
    }

    TemporaryDirectory directory_;
    fs::path root_ = fs::canonical(directory_.path());
    fs::path ours_ = root_ / "ours";
    fs::path theirs_ = root_ / "theirs";
    std::string environment_;  // "NAME=VALUE " before the command
    std::optional<RrdcachedProcess> daemon_;
};

TEST_F(Rrdcached, UpdatesArriveAsRrdtoolSendsThem) {
    const std::string daemon = unix_option();
    for (const char* words : {"a.rrd 1000000010:1:2 1000000025:3:4",
                              "a.rrd 1000000025:3:4",
                              "a.rrd 1000000020:1:1",
                              "-t y a.rrd 1000000040:9",
                              "-t y:x a.rrd 1000000050:12:5 1000000060:15:U",
                              "-s a.rrd 1000000070:1:20",
                              "-s a.rrd 1000000070:1:20",
                              "-t x -s a.rrd 1000000080:1",
                              "-t z a.rrd 1000000080:1",
                              "-t x:y:x a.rrd 1000000080:1:2:3",
                              "-t x:x a.rrd 1000000080:1:2",
                              "-t x a.rrd 1000000080:1:2",
                              "-t x: a.rrd 1000000080:1:2",
                              "-t '' a.rrd 1000000080:1",
                              "-t x a.rrd 1000000080",
                              "-t x none.rrd 1000000080:1",
                              "-t x a.rrd now@1",
                              "a.rrd now@1:2",
                              "a.rrd N",
                              "a.rrd n:1:2",
                              "a.rrd xx",
                              "a.rrd -- -10:1:2",
                              "a.rrd 1000000090",
                              "a.rrd",
                              "none.rrd 1000000090:1:2",
                              "nowhere/a.rrd 1000000090:1:2",
                              "'c d.rrd' 1000000010:1:2",
                              "b.rrd 1000000010:1:2 1000000020:x:2"}) {
        expect_same("update" + daemon + " " + words);
    }
    for (const char* file : {"a.rrd", "b.rrd", "'c d.rrd'"}) {
        expect_same("flushcached" + daemon + " " + file);
    }
    EXPECT_THAT(ours("lastupdate a.rrd").out, HasSubstr("1000000070: 1 20"));
    for (const char* file : {"a.rrd", "b.rrd", "c d.rrd"}) expect_same_bytes(file);
}

TEST_F(Rrdcached, NowIsTheTimeOfTheClient) {
    const std::string daemon = unix_option();
    for (const char* words : {"a.rrd N:1:2", "-t y b.rrd N:7"}) {
        EXPECT_EQ(expect_same("update" + daemon + " " + words).status, 0);
        EXPECT_EQ(expect_same("flushcached" + daemon + " a.rrd b.rrd").status, 0);
    }
    const std::string last = ours("last a.rrd").out;
    EXPECT_GT(std::stoll(last), 1'600'000'000);
}

TEST_F(Rrdcached, ReadersAskTheDaemon) {
    const std::string daemon = unix_option();
    EXPECT_EQ(
        expect_same("update" + daemon + " a.rrd 1000000010:1:2 1000000025:3:44 1000000150:7:99")
            .status,
        0);
    for (const std::string words : {"last a.rrd",
                                    "lastupdate a.rrd",
                                    "first a.rrd",
                                    "first --rraindex 1 a.rrd",
                                    "info -F a.rrd",
                                    "info a.rrd",
                                    "info --noflush a.rrd",
                                    "last none.rrd",
                                    "lastupdate none.rrd",
                                    "info none.rrd",
                                    "first none.rrd",
                                    "first --rraindex 7 a.rrd",
                                    "last nowhere/a.rrd",
                                    "last a.rrd b.rrd",
                                    "list /SIDE",
                                    "list -F /SIDE",
                                    "list -r /SIDE",
                                    "list SIDE",
                                    "list /none",
                                    "list ''",
                                    "list"}) {
        expect_same(words + daemon);
    }
    for (const std::string words :
         {"fetch a.rrd AVERAGE", "fetch a.rrd MAX", "fetch a.rrd MAX -r 30",
          "fetch a.rrd AVERAGE -a -r 7", "fetch a.rrd LAST", "fetch none.rrd AVERAGE",
          "xport DEF:a=a.rrd:x:AVERAGE DEF:b=a.rrd:y:MAX XPORT:a XPORT:b:two",
          "xport --step 60 -m 10 DEF:a=a.rrd:x:AVERAGE XPORT:a",
          "xport DEF:a=a.rrd:nope:AVERAGE XPORT:a", "xport DEF:a=none.rrd:x:AVERAGE XPORT:a",
          "graph g.png DEF:a=a.rrd:x:AVERAGE PRINT:a:MAX:%lf LINE1:a",
          "graph g.png -Z DEF:a=none.rrd:x:AVERAGE PRINT:a:MAX:%lf",
          "graph g.png DEF:a=none.rrd:x:AVERAGE LINE1:a",
          "graphv - DEF:a=a.rrd:x:MAX PRINT:a:MAX:%lf"}) {
        expect_same(words + kRange + daemon);
    }
}

// What the daemon still holds back shows that it was asked.
TEST_F(Rrdcached, GraphsAndEnvironmentNameADaemon) {
    const std::string address = daemon_->unix_address();
    EXPECT_EQ(expect_same("update -d " + address + " a.rrd 1000000010:5:2").status, 0);
    const std::string variable = "DEF:a=a.rrd:x:AVERAGE";
    const std::string prints = " PRINT:a:MAX:%lf" + kRange;
    EXPECT_THAT(expect_same("graph g.png " + variable + prints).out, HasSubstr("nan"));
    EXPECT_THAT(expect_same("graph g.png '" + variable +
                            ":daemon=" + replaced(address, ":", "\\:") + "'" + prints)
                    .out,
                HasSubstr("5.0"));
    EXPECT_EQ(expect_same("update -d " + address + " b.rrd 1000000010:5:2").status, 0);
    EXPECT_EQ(expect_same("last b.rrd").out, "1000000000\n");
    environment_ = "RRDCACHED_ADDRESS=" + address + " ";
    EXPECT_EQ(expect_same("last b.rrd").out, "1000000010\n");
    EXPECT_EQ(expect_same("last -d '' b.rrd").out, "1000000000\n");
    EXPECT_THAT(
        expect_same("graph g.png '" + replaced(variable, "a.rrd", "b.rrd") + ":daemon='" + prints)
            .out,
        HasSubstr("5.0"));
    EXPECT_EQ(expect_same("update b.rrd 1000000020:5:3").status, 0);
    EXPECT_EQ(expect_same("flushcached b.rrd").status, 0);
    expect_same_bytes("b.rrd");
    expect_same("updatev b.rrd 1000000030:5:3");
    expect_same("updatev" + unix_option() + " b.rrd 1000000040:5:3");
    environment_ = "RRDCACHED_ADDRESS= ";
    expect_same("last b.rrd");
    expect_same("flushcached b.rrd");
    expect_same("flushcached -d '' b.rrd");
}

TEST_F(Rrdcached, OverTheNetworkNamesAreRelative) {
    // "localhost" is looked up by the whole program.
    for (const char* host : {"127.0.0.1", "localhost", "[127.0.0.1]"}) {
        SCOPED_TRACE(host);
        const std::string daemon = network_option(host);
        for (const std::string words :
             {"last SIDE/a.rrd", "first SIDE/a.rrd", "info SIDE/a.rrd", "lastupdate SIDE/a.rrd",
              "list /SIDE", "list -r /SIDE", "flushcached SIDE/a.rrd", "last SIDE/none.rrd"}) {
            expect_same(words + daemon);
        }
        expect_same("fetch SIDE/a.rrd AVERAGE" + kRange + daemon);
        expect_same("xport" + kRange + daemon + " DEF:a=SIDE/a.rrd:x:AVERAGE XPORT:a");
        expect_same("update" + daemon + " /a.rrd 1000000010:1:2");
    }
    EXPECT_EQ(
        expect_same("update" + network_option("localhost") + " SIDE/a.rrd 1000000010:1:2").status,
        0);
    EXPECT_EQ(expect_same("last" + network_option("127.0.0.1") + " SIDE/a.rrd").out,
              "1000000010\n");
}

TEST_F(Rrdcached, APathIsStrippedForTheNetworkOnly) {
    const std::string file = root_.string() + "/SIDE/a.rrd";
    const std::string daemon = network_option("127.0.0.1");
    expect_same("last" + daemon + " " + file);
    for (const std::string& path : {root_.string(), root_.string() + "/"}) {
        SCOPED_TRACE(path);
        environment_ = "RRDCACHED_STRIPPATH=" + path + " ";
        for (const char* command : {"last ", "lastupdate ", "info ", "flushcached "}) {
            expect_same(command + file + daemon);
        }
        expect_same("last SIDE/a.rrd" + daemon);
        expect_same("last " + file + unix_option());
    }
    expect_same("update" + daemon + " -t y " + file + " 1000000010:1");
    EXPECT_EQ(expect_same("last " + file + daemon).out, "1000000010\n");
}

// As rrdtool's pipe does; the connection is made again after the daemon was.
TEST_F(Rrdcached, APipeGoesOnWithAnotherDaemon) {
    ::setenv("RRDCACHED_ADDRESS", daemon_->unix_address().c_str(), 1);
    RrdtoolProcess pipe((root_ / "rrdtool").string());
    ::unsetenv("RRDCACHED_ADDRESS");
    const std::string file = (ours_ / "a.rrd").string();
    const auto expect_last = [&](const std::string& time) {
        const auto updated = pipe.run("update " + file + " " + time + ":1:1");
        EXPECT_TRUE(updated.ok) << updated.text;
        EXPECT_EQ(pipe.run("last " + file).text, time + "\n");
    };
    expect_last("1000000010");
    expect_last("1000000020");
    EXPECT_FALSE(pipe.run("update " + file + " 1000000020:1:1").ok);
    expect_last("1000000030");
    // From here on the pipe is the whole program, which looks the name up.
    EXPECT_EQ(pipe.run("last ours/a.rrd" + network_option("localhost")).text, "1000000030\n");
    daemon_->restart();
    expect_last("1000000040");
    daemon_->stop();
    EXPECT_THAT(pipe.run("last " + file).text, HasSubstr("Unable to connect to rrdcached: "));
    EXPECT_EQ(ours("last a.rrd").out, "1000000040\n");
}

// ---- Where ours differs ----

// rrdtool reads the file, prints that and the error; what the daemon holds back is not in it.
TEST_F(Rrdcached, WithoutItsDaemonNothingIsRead) {
    for (const std::string words : {"info a.rrd", "lastupdate a.rrd", "fetch a.rrd AVERAGE",
                                    "list /", "graph g.png DEF:a=a.rrd:x:AVERAGE LINE1:a"}) {
        const Finished finished = ours(words + " -d unix:/nowhere");
        EXPECT_EQ(finished.status, 1) << words;
        EXPECT_EQ(finished.out, "") << words;
        EXPECT_EQ(finished.err,
                  "ERROR: Unable to connect to rrdcached: No such file or directory\n")
            << words;
    }
    EXPECT_EQ(ours("last a.rrd -d unix:/nowhere").out, "-1\n");
    EXPECT_EQ(theirs("last a.rrd -d unix:/nowhere").out, "1000000000\n");
}

TEST_F(Rrdcached, DumpsAreOfWhatWasHeldBack) {
    const std::string daemon = unix_option();
    expect_same("update a.rrd 1000000010:1:2 1000000025:3:4" + daemon);
    EXPECT_THAT(expect_same("dump a.rrd" + daemon).out, HasSubstr("<lastupdate>1000000025<"));
    EXPECT_EQ(ours("dump none.rrd" + daemon).status, 1);
}

TEST_F(Rrdcached, TunesWhatWasHeldBackAndIsSeenByTheDaemon) {
    const std::string daemon = " -D " + daemon_->unix_address();
    for (const char* words : {"-h x:50", "DEL:y", "DS:z:GAUGE:50:U:U RRA:LAST:0.5:1:7", "-h y:5"}) {
        expect_same("update a.rrd 1000000010:1:2" + unix_option());
        expect_same(std::string("tune a.rrd ") + words + daemon);
        expect_same("info a.rrd" + unix_option());
        expect_same("fetch a.rrd AVERAGE" + kRange + unix_option());
    }
    EXPECT_THAT(ours("tune a.rrd" + daemon).out, HasSubstr("DS x: GAUGE, heartbeat 50"));
    EXPECT_EQ(ours("tune a.rrd -h x:60 -D unix:/nowhere").status, 1);
}

TEST_F(Rrdcached, CreatesWhereTheDaemonIs) {
    const std::string definitions = " DS:x:GAUGE:100:U:U RRA:AVERAGE:0.5:1:1";
    for (const std::string& words :
         {"n.rrd -b 1000000000 -s 1m" + definitions, "n.rrd -O" + definitions,
          "n.rrd -b 1000000000" + definitions, std::string("m.rrd -s 5"),
          "m.rrd -s x" + definitions, std::string("m.rrd DS:x:FOO:100:U:U RRA:LAST:0.5:1:1"),
          "none/m.rrd" + definitions, "m.rrd -r none.rrd" + definitions}) {
        expect_same("create " + words + unix_option());
        expect_same("info n.rrd" + unix_option());
    }
    EXPECT_EQ(ours("create m.rrd -d unix:/nowhere" + definitions).status, 1);
    EXPECT_FALSE(fs::exists(ours_ / "m.rrd"));
}

// rrdtool sends nothing then and says nothing.
TEST_F(Rrdcached, AnUpdateThatCannotBeSentIsAnError) {
    environment_ = "RRDCACHED_STRIPPATH=/nowhere ";
    const std::string words =
        "update " + (ours_ / "a.rrd").string() + " 1000000010:1:2" + network_option("127.0.0.1");
    EXPECT_EQ(theirs(words).status, 0);
    EXPECT_EQ(ours(words).err,
              "ERROR: absolute path names not allowed when talking to a remote daemon\n");
    EXPECT_EQ(ours("last a.rrd" + unix_option()).out, "1000000000\n");
}

// rrdtool sends what follows as a request of its own.
TEST_F(Rrdcached, NoNameHoldsARequest) {
    const std::string daemon = unix_option();
    const std::string both = "'1000000010:1:2\nupdate " + (ours_ / "b.rrd").string() + " 1:1'";
    const Finished refused = ours("update" + daemon + " a.rrd " + both);
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, ContainsRegex("^ERROR: control characters cannot be sent[^\n]*\n$"));
    EXPECT_EQ(ours("last" + daemon + " a.rrd").out, "1000000000\n");
    for (const std::string words :
         {"last 'a\nb'", "info 'a\tb'", "list '/\nstats'", "fetch 'a\nb' AVERAGE"}) {
        EXPECT_THAT(ours(words + daemon).err, ContainsRegex("ERROR: control characters[^\n]*\n$"));
    }
}

TEST_F(Rrdcached, ATemplateLeavesComputedSourcesOut) {
    const Finished made = shell(ours_, std::string(kRrdtool) +
                                           " create e.rrd -b 1000000000 -s 10 DS:x:GAUGE:100:U:U "
                                           "DS:z:COMPUTE:x,2,* RRA:AVERAGE:0.5:1:20");
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(ours("update -t x e.rrd 1000000010:4" + unix_option()).status, 0);
    EXPECT_THAT(ours("lastupdate e.rrd" + unix_option()).out, HasSubstr("1000000010: 4 U"));
    EXPECT_THAT(ours("update -t z e.rrd 1000000020:4" + unix_option()).err,
                HasSubstr("fields in template (z) that are not in the rrdfile (x)"));
}

TEST_F(Rrdcached, AFlushThatFailsSaysWhy) {
    const Finished finished = ours("flushcached a.rrd none.rrd b.rrd" + unix_option());
    EXPECT_EQ(finished.err, "ERROR: Flushing of file \"none.rrd\" failed: rrdcached@" +
                                daemon_->unix_address() + ": No such file: " +
                                (ours_ / "none.rrd").string() + ".. Skipping remaining 1 files.\n");
}

TEST_F(Rrdcached, ARequestHasALimit) {
    const std::string words = "a.rrd " + std::string(5000, '1') + ":1:2" + unix_option();
    EXPECT_EQ(theirs("update " + words).status, 1);
    EXPECT_THAT(ours("update " + words).err,
                ContainsRegex("^ERROR: a request to rrdcached has at most 4096 bytes[^\n]*\n$"));
}

}  // namespace
}  // namespace kurabe::tests
