// The program called by rrdtool's names, beside rrdtool: real processes, their output, errors and
// exit statuses.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/support/child_process.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;
using Arguments = std::vector<std::string>;

// In a directory of its own with a file a.rrd, and links to the program.
class RrdProgram : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        std::filesystem::current_path(directory_.path());
        for (const char* name : {"rrdtool", "rrdinfo", "rrdupdate", "rrdcreate", "kurabe"}) {
            std::filesystem::create_symlink(KURABE_PROGRAM, name);
        }
        ASSERT_EQ(theirs({"create", "a.rrd", "-b", "1000000000", "-s", "60", "DS:a:GAUGE:600:U:U",
                          "RRA:AVERAGE:0.5:1:10"})
                      .status,
                  0);
    }
    void TearDown() override { std::filesystem::current_path(before_); }

    // By one of our names.
    [[nodiscard]] Finished called(const std::string& name, Arguments arguments) const {
        arguments.insert(arguments.begin(), (directory_.path() / name).string());
        return run(arguments);
    }
    [[nodiscard]] Finished ours(const Arguments& arguments) const {
        return called("rrdtool", arguments);
    }
    [[nodiscard]] static Finished theirs(Arguments arguments) {
        arguments.insert(arguments.begin(), kRrdtool);
        return run(arguments);
    }

    TemporaryDirectory directory_;
    std::filesystem::path before_ = std::filesystem::current_path();
};

TEST_F(RrdProgram, TheOtherSideOfComparisonsIsAnotherProgram) {
    EXPECT_TRUE(is_kurabe("./rrdtool"));
    EXPECT_TRUE(is_kurabe(KURABE_PROGRAM));
    EXPECT_FALSE(is_kurabe(kRrdtool));
}

TEST_F(RrdProgram, OutputErrorsAndStatusAreThoseOfRrdtool) {
    const std::vector<Arguments> calls = {
        {"last", "a.rrd"},
        {"last", "none.rrd"},
        {"last", "a.rrd", "b.rrd"},
        {"first", "a.rrd"},
        {"first", "--rraindex", "7", "a.rrd"},
        {"lastupdate", "a.rrd"},
        {"info", "a.rrd"},
        {"info", "none.rrd"},
        {"info", "/etc/passwd"},
        {"fetch", "a.rrd", "AVERAGE", "-s", "1000000000", "-e", "1000000600"},
        {"fetch", "a.rrd"},
        {"fetch", "a.rrd", "AVERAGE", "--nonsense"},
        {"fetch", "a.rrd", "NONSENSE"},
        {"nonsense", "a.rrd"},
        {"--nonsense", "a.rrd"},
        {"-z", "info", "a.rrd"},
        {"LAST", "a.rrd"},
        {"serve", "a.rrd"},
        {"demo", "a.rrd"},
        {"-", "here", "there"},
        {"", "a.rrd"},
    };
    for (const Arguments& arguments : calls) {
        SCOPED_TRACE(testing::PrintToString(arguments));
        const Finished our = ours(arguments);
        const Finished their = theirs(arguments);
        EXPECT_EQ(our.status, their.status);
        EXPECT_EQ(our.out, their.out);
        EXPECT_EQ(our.err, their.err);
    }
}

// Longer texts than a pipe holds, which nobody takes out of it.
TEST_F(RrdProgram, WhoReadsSlowlyKeepsNoUpdateWaiting) {
    constexpr int kSources = 1000;
    Arguments creation = {"create", "big.rrd", "-b", "1000000000"};
    std::string readings;
    for (int i = 0; i < kSources; ++i) {
        creation.push_back("DS:a_name_of_" + std::to_string(i) + ":GAUGE:9:U:U");
        readings += ":" + std::string(29, '1');
    }
    creation.emplace_back("RRA:AVERAGE:0.5:1:1");
    ASSERT_EQ(theirs(creation).status, 0);
    ASSERT_EQ(theirs({"update", "big.rrd", "1000000300" + readings}).status, 0);
    for (const char* command : {"info", "lastupdate"}) {
        const std::string line = std::string("./rrdtool ") + command + " big.rrd";
        FILE* const unread = ::popen(line.c_str(), "r");
        ASSERT_NE(unread, nullptr);
        const int capacity = ::fcntl(::fileno(unread), F_SETPIPE_SZ, 4096);
        int held = 0;
        while (held < capacity && ::ioctl(::fileno(unread), FIONREAD, &held) == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        EXPECT_EQ(theirs({"update", "big.rrd", "N" + readings}).err, "") << command;
        ::pclose(unread);
    }
}

// The texts are our own.
TEST_F(RrdProgram, UsageIsPrintedWhereRrdtoolPrintsIts) {
    const std::vector<Arguments> calls = {
        {},
        {"help"},
        {"help", "fetch"},
        {"help", "nonsense"},
        {"-h"},
        {"--help"},
        {"help", "fetch", "x"},
        {"-h", "x"},
        {"fetch"},
        {"last"},
        {"info"},
        {"list"},
        {"nonsense"},
        {"--nonsense"},
        {"graph"},
        {"--version"},
        {"-v"},
        {"version"},
        {"-v", "x"},
        {"version", "x", "y"},
        {"first"},
        {"flushcached"},
        {"serve"},
        {"help", "serve"},
        {""},
        {"lastupdate"},
        {"--help", "last"},
    };
    for (const Arguments& arguments : calls) {
        SCOPED_TRACE(testing::PrintToString(arguments));
        const Finished our = ours(arguments);
        const Finished their = theirs(arguments);
        EXPECT_EQ(our.status, their.status);
        EXPECT_EQ(our.err, their.err);
        EXPECT_EQ(our.err, "");
        EXPECT_THAT(our.out, StartsWith("RRDtool 1.7.2 "));
        EXPECT_THAT(their.out, StartsWith("RRDtool 1.7.2 "));
        EXPECT_THAT(our.out, HasSubstr("kurabe"));
    }
    EXPECT_THAT(ours({"help", "fetch"}).out, HasSubstr("--resolution"));
    EXPECT_EQ(ours({"help", "fetch"}).out, ours({"fetch"}).out);
    EXPECT_EQ(ours({"help"}).out.find("serve"), std::string::npos);
}

TEST_F(RrdProgram, WhatCannotBeOpenedIsNamed) {
    const Finished directory = ours({"info", "."});
    EXPECT_EQ(directory.status, 1);
    EXPECT_EQ(directory.err, "ERROR: opening '.': Is a directory\n");
    const Finished pipe = ours({"-", "/nowhere"});
    EXPECT_EQ(pipe.status, 1);
    EXPECT_EQ(pipe.err, "ERROR: chdir /nowhere No such file or directory\n");
}

TEST_F(RrdProgram, AnswersToTheNamesOfSingleCommands) {
    const Finished info = called("rrdinfo", {"a.rrd"});
    EXPECT_EQ(info.status, 0);
    EXPECT_EQ(info.out, theirs({"info", "a.rrd"}).out);
    EXPECT_EQ(info.out, run({"/usr/bin/rrdinfo", "a.rrd"}).out);
    for (const Arguments& arguments : std::vector<Arguments>{{"none.rrd"}, {}, {"--nonsense"}}) {
        SCOPED_TRACE(testing::PrintToString(arguments));
        const Finished our = called("rrdinfo", arguments);
        Arguments theirs = arguments;
        theirs.insert(theirs.begin(), "/usr/bin/rrdinfo");
        EXPECT_EQ(our.status, run(theirs).status);
        EXPECT_EQ(our.status, 1);
        EXPECT_THAT(our.err, ContainsRegex("^ERROR: [^\n]+\n$"));
    }
}

// An archive must not be opened as file descriptor 1 either.
TEST_F(RrdProgram, OutputThatDoesNotArriveIsAnError) {
    const Finished closed = run({"/bin/sh", "-c", "./rrdtool info a.rrd >&- <&-"});
    EXPECT_EQ(closed.status, 1);
    EXPECT_EQ(closed.err, "ERROR: cannot write standard output: Bad file descriptor\n");
}

// Directories that a user may not read, very deep ones and longer names than the system opens.
TEST_F(RrdProgram, ListsWhatItCanReach) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to become a user who may not read all";
    namespace fs = std::filesystem;
    const std::string script =
        "mkdir -p open closed deep && cp a.rrd open && cp a.rrd closed && chmod 700 closed &&"
        "at=deep && for i in $(seq 100); do at=$at/d; done && mkdir -p $at && cp a.rrd $at &&"
        "cd open && name=$(printf %0200d 0) &&"
        "for i in $(seq 25); do mkdir $name && cd -P $name && cp $1 . || exit 1; done";
    const fs::path file = directory_.path() / "a.rrd";
    ASSERT_EQ(run({"/bin/sh", "-c", script, "sh", file}).status, 0);
    fs::permissions(directory_.path(), fs::perms{0755});
    const Arguments as_nobody = {"/usr/bin/setpriv", "--reuid", "65534", "--clear-groups"};
    const auto listed = [&](const std::string& program) {
        Arguments command = as_nobody;
        command.insert(command.end(), {program, "list", "-r", directory_.path()});
        const Finished list = run(command);
        EXPECT_EQ(list.status, 0) << list.err;
        return list.out;
    };
    const fs::path here = directory_.path() / "program";
    fs::copy_file(KURABE_PROGRAM, here);
    const std::string our = listed(here);
    EXPECT_EQ(sorted_lines(our), sorted_lines(listed(kRrdtool)));
    EXPECT_THAT(our, HasSubstr("/d/d/d/a.rrd\n"));
}

// What a pipe leaves to the whole program is no way to other descriptors.
TEST_F(RrdProgram, AnInheritedVariableOfThePipeMeansNothing) {
    for (const char* descriptor : {"0", "1", "2"}) {
        ::setenv("KURABE_CARRIED_PIPE", (std::string(descriptor) + " 0").c_str(), 1);
        const Finished pipe = run({"/bin/sh", "-c", "echo 'last a.rrd' | ./rrdtool -"});
        EXPECT_THAT(pipe.out, StartsWith("1000000000\nOK u:")) << descriptor << pipe.err;
        EXPECT_EQ(called("kurabe", {"demo", "--help"}).status, 0) << descriptor;
        EXPECT_THAT(called("kurabe", {"demo", "--help"}).out, HasSubstr("--hosts")) << descriptor;
    }
    ::unsetenv("KURABE_CARRIED_PIPE");
}

// Links, names, modes and the umask; before, after and when there was nothing.
TEST_F(RrdProgram, GraphsAreWrittenToFilesAsRrdtoolWritesThem) {
    const std::string script =
        "mkdir $2 && cd $2 && umask 027 && mkdir d && echo old >mode && chmod 604 mode &&"
        "ln -s d/target link && echo old >one && ln one other &&"
        "for file in mode link link one new; do"
        " $1 graph $file -s 1000000000 -e 1000000600 -w 50 -h 20 HRULE:1#f00 || exit 1; done;"
        "cmp one other;"
        "stat -c '%n %F %a %h' d/* *";
    const auto run_with = [&](const std::string& program, const std::string& name) {
        return run({"/bin/sh", "-c", script, "sh", program, name});
    };
    const Finished our = run_with((directory_.path() / "rrdtool").string(), "ours");
    EXPECT_EQ(our.status, 0) << our.err;
    EXPECT_EQ(our.out, run_with(kRrdtool, "theirs").out);
}

TEST_F(RrdProgram, AsKurabeItHasItsOwnManners) {
    const Finished unknown = called("kurabe", {"nonsense"});
    EXPECT_EQ(unknown.status, 1);
    EXPECT_THAT(unknown.err, HasSubstr("unknown command 'nonsense'"));
    EXPECT_EQ(called("kurabe", {"--version"}).out, "kurabe " KURABE_VERSION "\n");
    for (const Arguments& arguments : std::vector<Arguments>{{}, {"--help"}, {"help"}}) {
        const Finished help = called("kurabe", arguments);
        EXPECT_EQ(help.status, 0);
        for (const char* text : {"Files of RRDtool:", "fetch", "Graphs:", "graph", "serve"}) {
            EXPECT_THAT(help.out, HasSubstr(text));
        }
    }
    EXPECT_THAT(called("kurabe", {"fetch", "--help"}).out, HasSubstr("--resolution"));
    EXPECT_THAT(called("kurabe", {"fetch", "--help"}).out, HasSubstr("HOST/PLUGIN/KEY"));
    EXPECT_EQ(ours({"help", "fetch"}).out.find("HOST"), std::string::npos);
    EXPECT_EQ(called("kurabe", {"last", "a.rrd"}).out, "1000000000\n");
    for (const char* file : {"c.rrd", "b.rrd", "d.rrd"}) std::filesystem::copy_file("a.rrd", file);
    EXPECT_EQ(called("kurabe", {"list", "."}).out, "a.rrd\nb.rrd\nc.rrd\nd.rrd\n");
}

// A file before a series, a series before a file that is not there.
TEST_F(RrdProgram, AsKurabeAFileCanBeASeries) {
    const std::string series = "10.0.0.1/base/loadavg-1.gauge";
    const std::string nobody = "http://127.0.0.1:9";
    const Finished by_name =
        called("kurabe", {"fetch", series, "AVERAGE", "--server", nobody, "-s", "-1h"});
    EXPECT_EQ(by_name.status, 1);
    EXPECT_THAT(by_name.err, HasSubstr(nobody));
    std::filesystem::create_directories("10.0.0.1/base");
    std::filesystem::copy_file("a.rrd", series);
    const Arguments fetch = {"fetch", series, "AVERAGE", "-s", "1000000000", "-e", "1000000060"};
    EXPECT_EQ(called("kurabe", fetch).out, theirs(fetch).out);
    EXPECT_EQ(ours(fetch).out, theirs(fetch).out);
    std::filesystem::remove(series);
    EXPECT_EQ(ours(fetch).err, theirs(fetch).err);
    EXPECT_EQ(called("kurabe", {"fetch", "10.0.0.1/base/x.rrd", "AVERAGE"}).err,
              "ERROR: opening '10.0.0.1/base/x.rrd': No such file or directory\n");
    const Finished both =
        called("kurabe", {"fetch", series, "AVERAGE", "--server", nobody, "--data", "d"});
    EXPECT_THAT(both.err, HasSubstr("not both"));
    EXPECT_THAT(ours({"fetch", series, "AVERAGE", "--server", nobody}).err,
                HasSubstr("invalid option -- 'server'"));
}

// The images as they are installed, and the small one alone.
TEST_F(RrdProgram, TheWholeProgramIsLookedForBesideItself) {
    namespace fs = std::filesystem;
    fs::create_directories("bin");
    fs::copy_file(KURABE_PROGRAM, "bin/kurabe");
    const Arguments demo = {(directory_.path() / "bin/kurabe").string(), "demo", "--help"};
    const Finished alone = run(demo);
    EXPECT_EQ(alone.status, 1);
    EXPECT_THAT(alone.err, ContainsRegex("^ERROR: [^\n]*libexec/kurabe-full[^\n]*\n$"));
    EXPECT_EQ(run({demo[0], "last", "a.rrd"}).out, "1000000000\n");

    fs::create_directories("libexec");
    fs::create_symlink(fs::path(KURABE_PROGRAM).parent_path() / "libexec/kurabe-full",
                       "libexec/kurabe-full");
    EXPECT_EQ(run(demo).status, 0);
    fs::rename("libexec", "bin/libexec");
    EXPECT_EQ(run(demo).status, 0);
    EXPECT_THAT(run(demo).out, HasSubstr("--hosts"));
}

TEST_F(RrdProgram, AWholeProgramThatCannotBeExecutedIsNamedWithTheReason) {
    namespace fs = std::filesystem;
    fs::create_directories("bin/libexec");
    fs::copy_file(KURABE_PROGRAM, "bin/kurabe");
    std::ofstream("bin/libexec/kurabe-full") << "no program";
    const Finished demo = called("bin/kurabe", {"demo", "--help"});
    EXPECT_EQ(demo.status, 1);
    EXPECT_THAT(demo.err,
                ContainsRegex("^ERROR: [^\n]*bin/libexec/kurabe-full': Permission denied\n$"));
}

// Where there is no /proc: not what lies in /libexec.
TEST_F(RrdProgram, WithoutItsOwnPlaceNothingIsExecuted) {
    const Arguments hide = {"/usr/bin/unshare",
                            "-rm",
                            "/bin/sh",
                            "-c",
                            "mount -t tmpfs none /proc && exec \"$@\"",
                            "sh"};
    const auto hidden = [&](Arguments command) {
        command.insert(command.begin(), hide.begin(), hide.end());
        return run(command);
    };
    if (hidden({"/bin/true"}).status != 0) GTEST_SKIP() << "no mount namespaces here";
    const Finished demo = hidden({"./kurabe", "demo", "--help"});
    EXPECT_EQ(demo.status, 1);
    EXPECT_THAT(demo.err, ContainsRegex("ERROR: [^\n]*/proc/self/exe: No such file[^\n]*\n"));
    EXPECT_EQ(hidden({"./kurabe", "last", "a.rrd"}).out, "1000000000\n");
}

}  // namespace
}  // namespace kurabe::tests
