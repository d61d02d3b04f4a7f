// Series as files and files as series, from the command line: export, import, and the commands of
// files that take a series' name.
#include <filesystem>
#include <set>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_process.hpp"

namespace kurabe::tests {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

std::set<std::string> files_below(const fs::path& directory) {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) files.insert(fs::relative(entry, directory).string());
    }
    return files;
}

class SeriesFiles : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { demo_ = new Demo; }
    static void TearDownTestSuite() { delete demo_; }

    // Below a directory of the test.
    [[nodiscard]] std::string path(const std::string& name) const {
        return (directory_.path() / name).string();
    }

    static Demo* demo_;
    TemporaryDirectory directory_;
};

Demo* SeriesFiles::demo_ = nullptr;

TEST_F(SeriesFiles, AnExportedHostIsImportedWhole) {
    const Finished exported =
        kurabe({"export", demo_->address(), path("first"), "--data", demo_->data()});
    ASSERT_EQ(exported.status, 0) << exported.err;
    const auto files = files_below(path("first"));
    EXPECT_TRUE(files.contains(demo_->address() + kSeries + ".rrd"));
    EXPECT_EQ(exported.out, fmt::format("{} series of {}\n", files.size(), demo_->address()));

    const Finished imported = kurabe({"import", path("first"), "--data", path("data")});
    ASSERT_EQ(imported.status, 0) << imported.err;
    EXPECT_EQ(imported.err, "");
    EXPECT_EQ(imported.out, fmt::format("{} series of 1 host\n", files.size()));

    ASSERT_EQ(kurabe({"export", demo_->address(), path("again"), "--data", path("data")}).status,
              0);
    EXPECT_EQ(files_below(path("again")), files);
    for (const std::string& file : files) {
        EXPECT_TRUE(read_file(path("again/" + file)) == read_file(path("first/" + file))) << file;
    }
}

TEST_F(SeriesFiles, ASummaryThatDoesNotArriveIsAnError) {
    const auto to_full = [&](const std::string& arguments) {
        return run({"/bin/sh", "-c", KURABE_PROGRAM " " + arguments + " >/dev/full"});
    };
    const Finished exported =
        to_full("export " + demo_->address() + " " + path("tree") + " --data " + demo_->data());
    EXPECT_EQ(exported.status, 1);
    EXPECT_THAT(exported.err, HasSubstr("cannot write standard output"));
    const Finished imported = to_full("import " + path("tree") + " --data " + path("data"));
    EXPECT_EQ(imported.status, 1);
    EXPECT_THAT(imported.err, HasSubstr("cannot write standard output"));
    EXPECT_EQ(to_full("import --help").status, 1);
}

TEST_F(SeriesFiles, NoStoreBeginsBesideOtherFiles) {
    ASSERT_EQ(
        kurabe({"export", demo_->address() + kSeries, path("x/"), "--data", demo_->data()}).status,
        0);
    const Finished beside_data = kurabe({"import", path("x"), "--data", demo_->path()});
    EXPECT_EQ(beside_data.status, 1);
    EXPECT_EQ(
        beside_data.err,
        fmt::format("ERROR: in use for something else: {0} is not a data directory of kurabe; "
                    "{0}/data is one\n",
                    demo_->path()));
    EXPECT_FALSE(fs::exists(demo_->path() + "/hosts"));
    fs::create_directory(path("other"));
    std::ofstream(path("other/notes")) << "text";
    EXPECT_THAT(kurabe({"import", path("x"), "--data", path("other")}).err,
                HasSubstr("other is not a data directory of kurabe\n"));
    fs::create_directory(path("empty"));
    EXPECT_EQ(kurabe({"import", path("x"), "--data", path("empty")}).status, 0);

    EXPECT_EQ(kurabe({"export", demo_->address(), path("y"), "--data", demo_->path()}).err,
              fmt::format("ERROR: {0} is not a data directory of kurabe; {0}/data is one\n",
                          demo_->path()));
}

TEST_F(SeriesFiles, WhatCannotBeTakenIsNamedAndTheOthersGoOn) {
    const std::string series = demo_->address() + kSeries;
    ASSERT_EQ(kurabe({"export", series, path("tree/"), "--data", demo_->data()}).status, 0);
    std::ofstream(path("tree/broken.rrd")) << "no archive, but text of some length";
    fs::copy_file(path("tree/" + series + ".rrd"), path("tree/twice.rrd"));

    const Finished imported = kurabe({"import", path("tree"), path("none.rrd"), "--data",
                                      path("data"), "--host", "h", "--plugin", "p"});
    EXPECT_EQ(imported.status, 1);
    EXPECT_EQ(imported.out, "2 series of 1 host\n");
    EXPECT_THAT(imported.err, HasSubstr("broken.rrd: "));
    EXPECT_THAT(imported.err, HasSubstr("none.rrd: opening '"));
    EXPECT_THAT(imported.err, HasSubstr("ERROR: 2 could not be taken"));

    const Finished again = kurabe(
        {"import", path("tree/twice.rrd"), "--data", path("data"), "--host", "h", "--plugin", "p"});
    EXPECT_EQ(again.status, 1);
    EXPECT_THAT(again.err, HasSubstr("h/p/twice.gauge: there is a series of that name already"));
}

TEST_F(SeriesFiles, ADirectoryWithTheNameOfAFileIsLookedInto) {
    const std::string series = demo_->address() + kSeries;
    ASSERT_EQ(kurabe({"export", series, path("tree/backup.rrd/"), "--data", demo_->data()}).status,
              0);
    const Finished imported = kurabe({"import", path("tree"), "--data", path("data")});
    EXPECT_EQ(imported.status, 0) << imported.err;
    EXPECT_EQ(imported.out, "1 series of 1 host\n");
}

// Of one PDP per row, with 20 readings of each data source.
void make_file(const std::string& file, int step, const std::vector<std::string>& sources) {
    std::vector<std::string> create = {
        "create", file, "-b", "1700000000", "-s", std::to_string(step), "RRA:AVERAGE:0.5:1:100"};
    std::string values;
    for (const std::string& source : sources) {
        create.push_back("DS:" + source + ":GAUGE:1000:U:U");
        values += ":1";
    }
    fs::create_directories(fs::path(file).parent_path());
    ASSERT_EQ(kurabe(create).status, 0);
    std::vector<std::string> update = {"update", file};
    for (int i = 1; i <= 20; ++i) {
        update.push_back(std::to_string(1700000000 + i * step) + values);
    }
    ASSERT_EQ(kurabe(update).status, 0);
}

TEST_F(SeriesFiles, MostFilesChooseTheStepAndRowsNotKeptAreAnError) {
    make_file(path("tree/h/p/a.rrd"), 300, {"x", "y", "z"});
    make_file(path("tree/h/p/b.rrd"), 60, {"n"});
    make_file(path("tree/h/p/c.rrd"), 60, {"n"});
    const Finished imported = kurabe({"import", path("tree"), "--data", path("data")});
    EXPECT_EQ(imported.status, 1);
    EXPECT_EQ(imported.out, "5 series of 1 host; rows of 1 file were not kept\n");
    EXPECT_THAT(imported.err, HasSubstr("a-x.gauge: RRA 0 (AVERAGE, 300 s) fits no ring: "));
    EXPECT_THAT(imported.err, EndsWith("ERROR: rows of 1 file were not kept\n"));
    EXPECT_THAT(kurabe({"info", "h/p/b.gauge", "--data", path("data")}).out,
                HasSubstr("\nstep = 60\n"));
}

// Whether the process has the file open.
bool has_open(const std::string& process, const fs::path& file) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc/" + process + "/fd", error)) {
        if (fs::equivalent(entry.path(), file, error)) return true;
    }
    return false;
}

// The lock of a second file holds the import up after it has looked at the first.
TEST_F(SeriesFiles, AFileThatChangesDuringAnImportIsNotTakenForWhatItWas) {
    const std::string series = demo_->address() + kSeries;
    for (const char* name : {"first.rrd", "second.rrd", "other.rrd"}) {
        ASSERT_EQ(kurabe({"export", series, path(name), "--data", demo_->data()}).status, 0);
    }
    // The name of a DS that is not "n" in the place where the other file has its name.
    std::string other = read_file(path("other.rrd"));
    const auto name = other.find(std::string("n\0\0\0", 4));
    ASSERT_NE(name, std::string::npos);
    other[name] = 'm';
    std::ofstream(path("other.rrd"), std::ios::binary) << other;
    const int second = ::open(path("second.rrd").c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock{};
    lock.l_type = F_WRLCK;
    ASSERT_EQ(::fcntl(second, F_SETLK, &lock), 0);

    ChildProcess import({"/bin/sh", "-c", "echo $$ >" + path("process") + " && exec \"$@\"", "sh",
                         KURABE_PROGRAM, "import", path("first.rrd"), path("second.rrd"), "--data",
                         path("data"), "--host", "h", "--plugin", "p"});
    const auto is_waiting = [&] {
        std::string process;
        std::ifstream(path("process")) >> process;
        return !process.empty() && has_open(process, path("second.rrd"));
    };
    while (import.running() && !is_waiting()) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    fs::rename(path("other.rrd"), path("first.rrd"));
    ::close(second);
    const Finished imported = import.finish();
    EXPECT_EQ(imported.out, "1 series of 1 host\n");
    EXPECT_THAT(imported.err, HasSubstr("first.gauge: the file is being changed"));
}

TEST_F(SeriesFiles, CommandsOfFilesTakeSeries) {
    const std::string series = demo_->address() + kSeries;
    const std::string file = path("x.rrd");
    ASSERT_EQ(kurabe({"export", series, file, "--data", demo_->data()}).status, 0);
    for (const char* const command : {"last", "lastupdate", "first", "dump"}) {
        const Finished of_series = kurabe({command, series, "--data", demo_->data()});
        EXPECT_EQ(of_series.status, 0) << of_series.err;
        EXPECT_EQ(of_series.out, kurabe({command, file}).out) << command;
        EXPECT_NE(of_series.out, "");
    }
    const Finished info = kurabe({"info", series, "--data", demo_->data()});
    EXPECT_THAT(info.out, StartsWith("filename = \"" + series + "\"\n"));
    EXPECT_THAT(info.out, HasSubstr("rra[11].cf = \"MAX\"\n"));
    EXPECT_EQ(kurabe({"info", series, "--server", "http://127.0.0.1:9"}).status, 1);
}

TEST_F(SeriesFiles, AGraphOfASeriesIsThatOfItsFile) {
    const std::string series = demo_->address() + kSeries;
    ASSERT_EQ(kurabe({"export", series, path("x.rrd"), "--data", demo_->data()}).status, 0);
    const std::string end = std::to_string(std::stoll(kurabe({"last", path("x.rrd")}).out));
    const Finished of_series = kurabe({"xport", "-s", "end-1h", "-e", end, "--json", "--data",
                                       demo_->data(), "DEF:a=" + series + ":n:AVERAGE", "XPORT:a"});
    ASSERT_EQ(of_series.status, 0) << of_series.err;
    const Finished of_file = kurabe({"xport", "-s", "end-1h", "-e", end, "--json",
                                     "DEF:a=" + path("x.rrd") + ":n:AVERAGE", "XPORT:a"});
    EXPECT_EQ(of_series.out, of_file.out);
    EXPECT_THAT(of_series.out, HasSubstr("\"step\": 60"));
    const Finished graph = kurabe({"graphv", path("x.png"), "-s", "end-1h", "-e", end, "--data",
                                   demo_->data(), "DEF:a=" + series + ":n:AVERAGE", "LINE1:a#f00"});
    EXPECT_THAT(graph.out, HasSubstr("graph_end = " + end + "\n"));
}

TEST_F(SeriesFiles, AFileIsNoSeriesWhenThePlaceOfSeriesIsGiven) {
    make_file(path("r/n.rrd"), 60, {"in"});
    for (const std::string& file : {path("r/n.rrd"), std::string("./r/n.rrd")}) {
        const Finished graph = kurabe({"graph", path("x.png"), "--data", demo_->data(),
                                       "DEF:a=" + file + ":in:AVERAGE", "LINE1:a#f00"});
        EXPECT_EQ(graph.status, 1);
        EXPECT_EQ(graph.err,
                  "ERROR: with --data or --server every DEF names a series, "
                  "HOST/PLUGIN/KEY, and '" +
                      file + "' is none\n");
    }
}

TEST_F(SeriesFiles, CommandsOfFilesAloneSayThatTheyHaveNoSeries) {
    for (const char* const command :
         {"create", "flushcached", "list", "resize", "restore", "tune", "update", "updatev"}) {
        for (const char* const option : {"--data", "--server"}) {
            const Finished finished = kurabe({command, "h/p/k.gauge", "N:1", option, "imp"});
            EXPECT_EQ(finished.status, 1);
            EXPECT_EQ(finished.err, fmt::format("ERROR: {} works on files only: it has no {}\n",
                                                command, option));
        }
    }
    EXPECT_THAT(kurabe({"tune", "x.rrd", "--data=imp"}).err, HasSubstr("works on files only"));
    EXPECT_THAT(kurabe({"tune", "--", "x.rrd", "--data=imp"}).err,
                Not(HasSubstr("works on files only")));
}

TEST_F(SeriesFiles, ARunningServerGivesSeriesAndTakesNone) {
    Server server(demo_->config());
    const std::string series = demo_->address() + kSeries;
    const Finished exported = kurabe({"export", series, path("x.rrd"), "--server", server.url()});
    EXPECT_EQ(exported.status, 0) << exported.err;
    const Finished now = kurabe({"last", series, "--server", server.url()});
    ASSERT_EQ(now.status, 0) << now.err;
    EXPECT_GE(std::stoll(now.out), std::stoll(kurabe({"last", path("x.rrd")}).out))
        << "the server may have collected since";
    const Finished host =
        kurabe({"export", demo_->address(), path("tree"), "--server", server.url()});
    EXPECT_EQ(host.status, 0) << host.err;
    EXPECT_GT(files_below(path("tree")).size(), 10u);

    const Finished imported = kurabe({"import", path("x.rrd"), "--data", demo_->data()});
    EXPECT_EQ(imported.status, 1);
    EXPECT_THAT(imported.err, HasSubstr("stop it for the import"));
    EXPECT_EQ(server.stop().status, 0);
}

// A directory of Kurado, with what rrdtool wrote into it.
TEST_F(SeriesFiles, FilesOfRrdtoolKeepTheirRows) {
    if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    RrdtoolProcess rrdtool;
    const std::string file = path("kurado/10.0.0.9/http%3A80/requests.derive.rrd");
    fs::create_directories(fs::path(file).parent_path());
    std::string create = "create " + file + " -b 1700000000 -s 60 DS:n:DERIVE:120:U:U";
    for (const char* const cf : {"AVERAGE", "MIN", "MAX"}) {
        for (const char* const rows : {"1:2880", "5:2880", "60:960", "1440:1100"}) {
            create += fmt::format(" RRA:{}:0.5:{}", cf, rows);
        }
    }
    std::string update = "update " + file;
    for (int i = 1; i < 300; ++i) update += fmt::format(" {}:{}", 1700000000 + i * 61, i * i);
    ASSERT_TRUE(rrdtool.run(create).ok);
    ASSERT_TRUE(rrdtool.run(update).ok);

    const Finished imported = kurabe({"import", path("kurado"), "--data", path("data")});
    ASSERT_EQ(imported.status, 0) << imported.err;
    EXPECT_EQ(imported.err, "");
    for (const std::string request :
         {"AVERAGE -s 1700000000 -e 1700018400", "MIN -s 1700000000 -e 1700018400 -r 300",
          "MAX -s 1699900000 -e 1700018400 -r 3600",
          "AVERAGE -s 1600000000 -e 1700018400 -r 86400"}) {
        const auto theirs = rrdtool.run("fetch " + file + " " + request);
        std::vector<std::string> words = {"fetch", "10.0.0.9/http:80/requests.derive", "--data",
                                          path("data")};
        std::istringstream stream(request);
        for (std::string word; stream >> word;) words.push_back(word);
        EXPECT_EQ(kurabe(words).out, theirs.text) << request;
    }
}

}  // namespace
}  // namespace kurabe::tests
