// The program as its users call it: real processes on a small demo directory, a real server on a
// free port, and what each says when something is wrong.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"

namespace kurabe {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using tests::ChildProcess;
using tests::Demo;
using tests::Finished;
using tests::kDeadline;
using tests::kSeries;
using tests::kurabe;
using tests::Server;
using tests::TemporaryDirectory;

class ProgramTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { demo_ = new Demo; }
    static void TearDownTestSuite() { delete demo_; }

    static Demo* demo_;
};

Demo* ProgramTest::demo_ = nullptr;

TEST_F(ProgramTest, HelpListsTheCommands) {
    const Finished help = kurabe({"--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, HasSubstr("serve"));
    EXPECT_THAT(help.out, HasSubstr("fetch"));
}

TEST_F(ProgramTest, HelpOfACommandIsItsOwn) {
    const auto same = [](std::vector<std::string> command) {
        std::vector<std::string> help{"help"};
        help.insert(help.end(), command.begin(), command.end());
        command.emplace_back("--help");
        const Finished asked = kurabe(help);
        EXPECT_EQ(asked.status, 0) << asked.err;
        EXPECT_EQ(asked.out, kurabe(command).out);
        return asked.out;
    };
    EXPECT_THAT(same({"serve"}), HasSubstr("--commit-interval"));
    EXPECT_THAT(same({"collect", "ssh"}), HasSubstr("--known-hosts"));
    EXPECT_THAT(same({"create"}), HasSubstr("Usage: kurabe create"));
}

TEST_F(ProgramTest, DemoShowsItsProgressAndRefusesAUsedDirectory) {
    EXPECT_EQ(demo_->finished().status, 0) << demo_->finished().err;
    EXPECT_THAT(demo_->finished().err, HasSubstr("3/3"));
    EXPECT_EQ(demo_->finished().out,
              "configuration " + demo_->config() + ", data directory " + demo_->data() +
                  "; to see them:\n    kurabe serve --config " + demo_->config() + "\n");
    const Finished again = kurabe({"demo", demo_->path()});
    EXPECT_EQ(again.status, 1);
    EXPECT_THAT(again.err, HasSubstr(demo_->path()));
}

TEST_F(ProgramTest, FetchReadsADataDirectory) {
    const Finished fetch = kurabe({"fetch", demo_->address() + kSeries, "AVERAGE", "--data",
                                   demo_->data(), "-s", "now-2h", "-e", "now-1h"});
    ASSERT_EQ(fetch.status, 0) << fetch.err;
    EXPECT_THAT(fetch.out, StartsWith("                              n\n\n"));
    EXPECT_THAT(fetch.out, ContainsRegex("[0-9]{10}: [0-9]\\.[0-9]{10}e[+-][0-9]{2}\n"));
}

TEST_F(ProgramTest, ErrorsAreOneLineOnStandardErrorAndStatusOne) {
    const std::string series = demo_->address() + kSeries;
    const std::vector<std::vector<std::string>> wrong = {
        {"fetch", "no/such/series.gauge", "AVERAGE", "--data", demo_->data()},
        {"fetch", "nonsense", "AVERAGE", "--data", demo_->data()},
        {"fetch", series, "MEDIAN", "--data", demo_->data()},
        {"fetch", series, "AVERAGE", "--data", demo_->data(), "-s", "never"},
        {"fetch", series, "AVERAGE", "--data", demo_->data(), "-s", "now", "-e", "now-1h"},
        {"fetch", series, "AVERAGE", "--data", demo_->data(), "-r", "0"},
        {"fetch", series, "AVERAGE", "--data", "/nowhere"},
        {"fetch", series, "AVERAGE", "--server", "http://127.0.0.1:9"},
        {"graph", "-", "--data", demo_->data(), "LINE1:a#f00"},
        {"graph", "/nowhere/x.png", "--data", demo_->data(), "DEF:a=" + series + ":n:AVERAGE",
         "LINE1:a#f00"},
        {"graph", "-", "--data", demo_->data(), "DEF:a=" + series + ":value:AVERAGE",
         "LINE1:a#f00"},
        {"nonsense"},
    };
    for (const auto& arguments : wrong) {
        const Finished finished = kurabe(arguments);
        EXPECT_EQ(finished.status, 1) << ::testing::PrintToString(arguments);
        EXPECT_THAT(finished.err, ContainsRegex("^ERROR: [^\n]+\n$"));
        EXPECT_EQ(finished.out, "");
    }
}

TEST_F(ProgramTest, GraphDrawsFromADataDirectory) {
    const TemporaryDirectory out;
    const std::string file = (out.path() / "load.png").string();
    const Finished graph =
        kurabe({"graph", file, "--data", demo_->data(), "-s", "-6h", "-w", "420", "-t", "負荷",
                "DEF:a=" + demo_->address() + kSeries + ":n:AVERAGE", "LINE1:a#00C000:Load\\l",
                "PRINT:a:MAX:%5.2lf"});
    ASSERT_EQ(graph.status, 0) << graph.err;
    EXPECT_THAT(graph.out, ContainsRegex("^[0-9]+x[0-9]+\n +[0-9]+\\.[0-9]{2}\n$"));
    std::ifstream picture(file, std::ios::binary);
    std::string head(8, '\0');
    picture.read(head.data(), 8);
    EXPECT_EQ(head, "\x89PNG\r\n\x1a\n");
}

TEST_F(ProgramTest, AMalformedConfigurationIsNamedWithItsLineAndNothingStarts) {
    const TemporaryDirectory directory;
    const auto config =
        directory.write("bad.yml", "---\nconfig:\n  data_dir: data\n---\nservers: []\n");
    const Finished serve = kurabe({"serve", "--config", config.string()});
    EXPECT_EQ(serve.status, 2);
    EXPECT_THAT(serve.err,
                ContainsRegex("^ERROR: [^\n]*bad\\.yml:[0-9]+:[0-9]+: [^\n]*service[^\n]*\n$"));
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "data"));
}

TEST_F(ProgramTest, AMissingConfigurationIsNamed) {
    const Finished serve = kurabe({"serve", "--config", "/nowhere/kurabe.yml"});
    EXPECT_EQ(serve.status, 2);
    EXPECT_THAT(serve.err, HasSubstr("/nowhere/kurabe.yml"));
}

TEST_F(ProgramTest, AServerAnswersPagesGraphsAndFetchesAndStopsCleanly) {
    Server server(demo_->config());
    const cli::HttpReply overview = server.get("/");
    EXPECT_EQ(overview.status, 200);
    EXPECT_THAT(overview.body, HasSubstr(demo_->address()));
    EXPECT_EQ(server.get("/server?address=" + demo_->address()).status, 200);
    const cli::HttpReply graph =
        server.get("/graph?address=" + demo_->address() + "&plugin_identifier=base&graph=cpu");
    EXPECT_EQ(graph.status, 200);
    EXPECT_THAT(graph.body, StartsWith("\x89PNG"));
    EXPECT_THAT(server.get("/g/" + demo_->address() + "/base/cpu.png").body, StartsWith("\x89PNG"));
    EXPECT_THAT(server.get("/g/" + demo_->address() + "/base/cpu.csv?from=-1h").body,
                StartsWith("\"time\",\"User\""));
    EXPECT_THAT(server.get("/api/v1/metrics?host=" + demo_->address()).body,
                ContainsRegex("\"first\":1[0-9]{9}"));
    EXPECT_THAT(server
                    .get("/api/v1/statistics?series=" + demo_->address() + kSeries +
                         "&from=-6h&percentile=95")
                    .body,
                ContainsRegex("\"known\":[1-9][0-9]*,.*\"percentile\":[0-9.]+"));

    const std::vector<std::string> question = {"fetch",     demo_->address() + kSeries,
                                               "AVERAGE",   "-s",
                                               "end-1h",    "-e",
                                               "-3600",     "--server",
                                               server.url()};
    const Finished by_server = kurabe(question);
    EXPECT_EQ(by_server.status, 0) << by_server.err;

    const Finished by_data =
        kurabe({"fetch", demo_->address() + kSeries, "AVERAGE", "--data", demo_->data()});
    EXPECT_EQ(by_data.status, 1);
    EXPECT_THAT(by_data.err, ContainsRegex("in use by process [0-9]+"));

    const Finished second =
        kurabe({"serve", "--config", demo_->config(), "--listen", "127.0.0.1:0"});
    EXPECT_EQ(second.status, 1);
    EXPECT_THAT(second.err, ContainsRegex("in use by process [0-9]+"));

    EXPECT_EQ(server.stop().status, 0);
}

// `script` in a namespace of its own, in which its argument $1 is read-only.
std::vector<std::string> with_read_only(const std::string& directory, const std::string& script,
                                        const std::vector<std::string>& more) {
    std::vector<std::string> command{
        "/usr/bin/unshare",
        "--map-root-user",
        "--mount",
        "/bin/sh",
        "-c",
        "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" && " + script,
        "sh",
        directory};
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

// Why there are no such namespaces for this user here; empty when there are.
std::string read_only_hindrance(const std::string& directory) {
    const Finished mounted = tests::run(with_read_only(directory, "true", {}));
    return mounted.status == 0 ? "" : "no mounts here: " + mounted.err;
}

TEST_F(ProgramTest, OnAReadOnlyFileSystemTheServerDraws) {
    const std::string hindrance = read_only_hindrance(demo_->path());
    if (!hindrance.empty()) GTEST_SKIP() << hindrance;
    Server server(with_read_only(
        demo_->path(),
        "exec \"$2\" serve --config \"$1/kurabe.yml\" --listen 127.0.0.1:0 --resp 127.0.0.1:0",
        {KURABE_PROGRAM}));
    EXPECT_THAT(server.log(), HasSubstr("read-only"));
    EXPECT_THAT(server.log(), HasSubstr("not listening for agents"));
    EXPECT_EQ(server.log().find("new data directory"), std::string::npos);
    EXPECT_EQ(server.get("/").status, 200);
    const cli::HttpReply graph =
        server.get("/graph?address=" + demo_->address() + "&plugin_identifier=base&graph=cpu");
    EXPECT_EQ(graph.status, 200);
    const Finished stopped = server.stop();
    EXPECT_EQ(stopped.status, 0) << stopped.err;
}

TEST_F(ProgramTest, ABackupOfAReadOnlyDirectoryIsWhole) {
    const std::string hindrance = read_only_hindrance(demo_->data());
    if (!hindrance.empty()) GTEST_SKIP() << hindrance;
    const TemporaryDirectory target;
    const std::string copy = (target.path() / "copy").string();
    const Finished backup = tests::run(
        with_read_only(demo_->data(), "exec \"$2\" backup \"$1\" \"$3\"", {KURABE_PROGRAM, copy}));
    EXPECT_EQ(backup.status, 0) << backup.err;
    EXPECT_EQ(kurabe({"check", copy}).status, 0);
    EXPECT_TRUE(std::filesystem::exists(copy + "/metadata.sqlite"));
}

TEST_F(ProgramTest, AServerAndItsDataDirectoryGiveTheSameRows) {
    const std::vector<std::string> question = {
        "fetch", demo_->address() + kSeries, "MAX", "-s", "-5h", "-e", "-4h"};
    Server server(demo_->config());
    std::vector<std::string> by_server = question;
    by_server.insert(by_server.end(), {"--server", server.url()});
    const Finished asked = kurabe(by_server);
    ASSERT_EQ(server.stop().status, 0);
    std::vector<std::string> by_data = question;
    by_data.insert(by_data.end(), {"--data", demo_->data()});
    const Finished read = kurabe(by_data);
    ASSERT_EQ(asked.status, 0) << asked.err;
    ASSERT_EQ(read.status, 0) << read.err;
    // The minute may change between the two calls: compare the rows both have.
    const std::string row = read.out.substr(read.out.find("\n\n") + 2);
    const std::string second_row = row.substr(row.find('\n') + 1);
    const std::string line = second_row.substr(0, second_row.find('\n'));
    EXPECT_THAT(asked.out, HasSubstr(line));
}

TEST_F(ProgramTest, APortInUseIsOneLine) {
    Server server(demo_->config());
    const TemporaryDirectory directory;
    const auto config = directory.write("kurabe.yml", "config:\n  data_dir: data\n");
    const Finished second = kurabe({"serve", "--config", config.string(), "--listen",
                                    server.url().substr(std::string("http://").size())});
    EXPECT_EQ(second.status, 1);
    EXPECT_THAT(second.err, HasSubstr("ERROR: "));
    EXPECT_THAT(second.err, HasSubstr("the port is in use"));
}

// A server that watches this machine.
class LocalMachine : public testing::Test {
  protected:
    LocalMachine() {
        directory_.write("rolls/base.yml", "metrics:\n- base\n");
        config_ = directory_.write("kurabe.yml",
                                   "config:\n  data_dir: data\n  rolls_dir: rolls\n"
                                   "---\nservice: This machine\nservers:\n"
                                   "- roll: base.yml\n  collect: local\n"
                                   "  hosts: [ 127.0.0.1 here ]\n");
    }
    static bool has_series(const Server& server) {
        const auto deadline = std::chrono::steady_clock::now() + kDeadline;
        while (std::chrono::steady_clock::now() < deadline) {
            if (server.get("/api/series?host=127.0.0.1").body.find("base/cpu-user.derive") !=
                std::string::npos) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
        return false;
    }
    void expect_samples() const {
        const Finished fetch = kurabe({"fetch", "127.0.0.1/base/memory-total.gauge", "AVERAGE",
                                       "--data", (directory_.path() / "data").string()});
        EXPECT_EQ(fetch.status, 0) << fetch.err;
    }

    TemporaryDirectory directory_;
    std::filesystem::path config_;
};

TEST_F(LocalMachine, IsWatchedFromTheFirstMomentAndKeptOverARestart) {
    {
        Server server(config_.string());
        EXPECT_TRUE(has_series(server)) << server.log();
        EXPECT_EQ(server.stop().status, 0);
    }
    expect_samples();
}

TEST_F(LocalMachine, IsKeptByAServerThatIsKilled) {
    {
        Server server(config_.string());
        EXPECT_TRUE(has_series(server)) << server.log();
        EXPECT_EQ(server.kill().status, -SIGKILL);
    }
    expect_samples();
    Server server(config_.string(), {"--commit-interval", "0"});
    EXPECT_THAT(server.log(), HasSubstr("recovered from the journal"));
    EXPECT_EQ(server.stop().status, 0);
}

TEST_F(ProgramTest, CheckLooksAtADirectoryAndSaysWhatIsWrong) {
    const TemporaryDirectory directory;
    const std::string copy = (directory.path() / "copy").string();
    const Finished backup = kurabe({"backup", demo_->data(), copy});
    EXPECT_EQ(backup.status, 0) << backup.err;
    EXPECT_THAT(backup.out, StartsWith("3 archives, "));
    const Finished good = kurabe({"check", copy});
    EXPECT_EQ(good.status, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("checksums of rows: good\n"));
    const auto archive = copy + "/hosts/" + demo_->address() + ".kurabe";
    std::filesystem::resize_file(archive, 5000);
    const Finished bad = kurabe({"check", copy});
    EXPECT_EQ(bad.status, 1);
    EXPECT_THAT(bad.err, HasSubstr(demo_->address() + ".kurabe: cut to 5000"));
    EXPECT_THAT(bad.err, HasSubstr("ERROR: 1 problem; --repair"));
    const Finished repaired = kurabe({"check", copy, "--repair"});
    EXPECT_EQ(repaired.status, 0) << repaired.err;
    EXPECT_THAT(repaired.out, HasSubstr("moved to " + copy + "/isolated/"));
    EXPECT_FALSE(std::filesystem::exists(archive));
    EXPECT_EQ(kurabe({"check", demo_->path()}).status, 1) << "no data directory";
}

TEST_F(ProgramTest, RetentionIsToldAndChanged) {
    const TemporaryDirectory directory;
    const std::string copy = (directory.path() / "copy").string();
    ASSERT_EQ(kurabe({"backup", demo_->data(), copy}).status, 0);
    const Finished told = kurabe({"retention", copy});
    EXPECT_EQ(told.status, 0) << told.err;
    EXPECT_THAT(told.out, StartsWith(demo_->address() + " 60:172800,300:864000,"));
    const Finished asked =
        kurabe({"retention", copy, demo_->address(), "--rings", "60:1d,10m:30d"});
    EXPECT_THAT(asked.out, HasSubstr("not kept: rows of 60 s older than 86400 s, rows of 300 s, "));
    EXPECT_THAT(asked.out, HasSubstr("nothing was changed; --really changes them"));
    EXPECT_EQ(kurabe({"retention", copy}).out, told.out);
    const Finished changed =
        kurabe({"retention", copy, demo_->address(), "--rings", "60:1d,10m:30d", "--really"});
    EXPECT_EQ(changed.status, 0) << changed.err;
    EXPECT_THAT(changed.out, StartsWith(demo_->address() + " 60:86400,600:2592000 was 60:172800,"));
    EXPECT_EQ(kurabe({"check", copy}).status, 0);
    const Finished fetch = kurabe(
        {"fetch", demo_->address() + kSeries, "MAX", "--data", copy, "-s", "-4h", "-r", "600"});
    EXPECT_EQ(fetch.status, 0) << fetch.err;
    EXPECT_THAT(kurabe({"retention", copy, "--rings", "60"}).err, HasSubstr("ring '60'"));
    EXPECT_THAT(kurabe({"retention", copy, "nobody"}).err, HasSubstr("no such host: nobody"));
}

TEST_F(ProgramTest, RetiredSeriesAreNamedBeforeTheyAreRemoved) {
    const TemporaryDirectory directory;
    const std::string copy = (directory.path() / "copy").string();
    ASSERT_EQ(kurabe({"backup", demo_->data(), copy}).status, 0);
    EXPECT_THAT(kurabe({"retire", copy, "--silent", "1d"}).out, StartsWith("0 series are silent"));
    std::this_thread::sleep_for(std::chrono::milliseconds{2100});
    const Finished named = kurabe({"retire", copy, demo_->address(), "--silent", "1"});
    EXPECT_THAT(named.out, HasSubstr(demo_->address() + kSeries + "\n"));
    const Finished removed =
        kurabe({"retire", copy, demo_->address(), "--silent", "1", "--really"});
    EXPECT_EQ(removed.status, 0) << removed.err;
    EXPECT_THAT(removed.out, HasSubstr(" series removed\n"));
    EXPECT_EQ(kurabe({"fetch", demo_->address() + kSeries, "MAX", "--data", copy}).status, 1);
    EXPECT_EQ(kurabe({"check", copy}).status, 0);
}

TEST_F(ProgramTest, ABackupOfARunningServerIsOneThatCanBeServed) {
    const TemporaryDirectory directory;
    const std::string copy = (directory.path() / "copy").string();
    {
        Server server(demo_->config());
        EXPECT_EQ(kurabe({"check", demo_->data()}).status, 1);
        EXPECT_EQ(kurabe({"backup", demo_->data(), copy}).status, 0);
        EXPECT_EQ(kurabe({"backup", demo_->data(), copy}).status, 1) << "there is one";
        EXPECT_EQ(server.stop().status, 0);
    }
    EXPECT_EQ(kurabe({"check", copy}).status, 0);
    Server server(demo_->config(), {"--data", copy});
    EXPECT_EQ(server.get("/graph?address=" + demo_->address() + "&plugin_identifier=base&graph=cpu")
                  .status,
              200);
    EXPECT_EQ(server.stop().status, 0);
}

TEST(DamagedArchive, IsNamedInTheLogAndOnItsGraphsAndHarmsNoOther) {
    const TemporaryDirectory directory;
    const std::string demo = (directory.path() / "demo").string();
    ASSERT_EQ(kurabe({"demo", demo, "--hosts", "2", "--days", "1"}).status, 0);
    std::vector<std::filesystem::path> archives;
    for (const auto& entry : std::filesystem::directory_iterator(demo + "/data/hosts")) {
        archives.push_back(entry.path());
    }
    ASSERT_EQ(archives.size(), 2u);
    std::filesystem::resize_file(archives[0], 100);
    const std::string damaged = archives[0].stem();
    const std::string whole = archives[1].stem();
    Server server(demo + "/kurabe.yml");
    const std::string graph = "&plugin_identifier=base&graph=cpu";
    EXPECT_EQ(server.get("/graph?address=" + whole + graph).status, 200);
    const cli::HttpReply picture = server.get("/graph?address=" + damaged + graph);
    EXPECT_EQ(picture.status, 500);
    EXPECT_THAT(picture.body, StartsWith("\x89PNG"));
    EXPECT_THAT(server.stop().err, HasSubstr(damaged));
}

}  // namespace
}  // namespace kurabe
