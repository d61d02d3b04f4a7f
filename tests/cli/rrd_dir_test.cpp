// A server of a tree of files: Kurado's data directory at once, without import.
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(RrdDir, KuradosDataDirectoryIsShownAtOnce) {
    const Demo demo;
    ASSERT_EQ(demo.finished().status, 0);
    const TemporaryDirectory directory;
    const std::string tree = (directory.path() / "data").string();
    const Finished exported = kurabe({"export", demo.address(), tree, "--data", demo.data()});
    ASSERT_EQ(exported.status, 0) << exported.err;
    // Of times that both have, in the past of the demo.
    const std::int64_t end = std::time(nullptr) / 300 * 300 - 3600;
    const std::string query = fmt::format("/api/fetch?series={}{}&start={}&end={}&resolution=300",
                                          demo.address(), kSeries, end - 7200, end);
    const std::string ours = Server(demo.config()).get(query).body;

    Server server({KURABE_PROGRAM, "serve", "--rrd-dir", tree, "--listen", "127.0.0.1:0"});
    EXPECT_EQ(server.get(query).body, ours);
    EXPECT_THAT(ours, HasSubstr("\"step\":300,\"values\":[0."));
    EXPECT_THAT(server.get("/").body, HasSubstr(demo.address()));
    const std::string page = server.get("/server?address=" + demo.address()).body;
    EXPECT_THAT(page, AllOf(HasSubstr("graph=cpu"), HasSubstr("graph=traffic-eth0"),
                            HasSubstr("graph=disk-usage-")));
    const auto picture =
        server.get("/graph?plugin_identifier=base&graph=traffic-eth0&address=" + demo.address());
    EXPECT_EQ(picture.status, 200) << picture.body;
    EXPECT_EQ(server.get("/api/rrd?series=" + demo.address() + kSeries).status, 200);
    EXPECT_EQ(server.stop().status, 0);
    EXPECT_FALSE(std::filesystem::exists(tree + "/metadata.sqlite"));

    Server with_hosts({KURABE_PROGRAM, "serve", "--rrd-dir", tree, "--config", demo.config(),
                       "--listen", "127.0.0.1:0"});
    EXPECT_EQ(with_hosts.get(query).body, ours);
    EXPECT_THAT(with_hosts.get("/server?address=" + demo.address()).body,
                HasSubstr("graph=traffic-eth0"));
}

// As rrdtool does it: one file, updated at `last`.
void create(const std::filesystem::path& file, std::int64_t last, int step = 60) {
    std::filesystem::create_directories(file.parent_path());
    const auto run = [](const std::vector<std::string>& words) {
        const Finished finished = kurabe(words);
        ASSERT_EQ(finished.status, 0) << finished.err;
    };
    run({"create", file.string(), "--start", std::to_string(last - 600), "--step",
         std::to_string(step), "DS:n:GAUGE:120:U:U", "RRA:AVERAGE:0.5:1:60"});
    run({"update", file.string(), fmt::format("{}:1", last)});
}

TEST(RrdDir, AHostIsAsItsFilesAre) {
    const TemporaryDirectory tree;
    const std::int64_t now = std::time(nullptr);
    create(tree.path() / "10.0.0.1/base/loadavg-1.gauge.rrd", now);
    create(tree.path() / "10.0.0.1/base/loadavg-5.gauge.rrd", now - 7200);
    create(tree.path() / "10.0.0.2/base/loadavg-1.gauge.rrd", now - 7200);
    const Server server(
        {KURABE_PROGRAM, "serve", "--rrd-dir", tree.path().string(), "--listen", "127.0.0.1:0"});
    EXPECT_EQ(server.get("/api/host-status?address=10.0.0.1&address=10.0.0.2").body,
              R"({"10.0.0.1":0,"10.0.0.2":2})");
    EXPECT_THAT(server.get("/server?address=10.0.0.1").body,
                testing::Not(HasSubstr("class=\"alert\"")));
    EXPECT_THAT(server.get("/server?address=10.0.0.2").body, HasSubstr("class=\"alert\""));
    EXPECT_THAT(server.get("/api/v1/hosts").body,
                HasSubstr(R"("plugins":["base"],"status":"good")"));
    // Without a configuration they are compared, too.
    EXPECT_THAT(server.get("/").body, HasSubstr(R"(name="address" value="10.0.0.1")"));
    EXPECT_THAT(server.get("/servers?address=10.0.0.1&address=10.0.0.2").body,
                AllOf(HasSubstr("address=10.0.0.1&amp;plugin_identifier=base&amp;graph="),
                      HasSubstr("address=10.0.0.2&amp;plugin_identifier=base&amp;graph=")));
}

// The host's first file has no say in how long another plugin's may be silent.
TEST(RrdDir, APluginIsSilentByTheStepsOfItsOwnFiles) {
    const TemporaryDirectory tree;
    const std::int64_t now = std::time(nullptr);
    create(tree.path() / "10.0.0.1/base/loadavg-1.gauge.rrd", now);
    create(tree.path() / "10.0.0.1/nightly/backup.gauge.rrd", now - 7200, 3600);
    create(tree.path() / "10.0.0.2/apart/backup.gauge.rrd", now, 86400);
    create(tree.path() / "10.0.0.2/base/loadavg-1.gauge.rrd", now - 7200);
    const Server server(
        {KURABE_PROGRAM, "serve", "--rrd-dir", tree.path().string(), "--listen", "127.0.0.1:0"});
    EXPECT_EQ(server.get("/api/host-status?address=10.0.0.1&address=10.0.0.2").body,
              R"({"10.0.0.1":0,"10.0.0.2":2})");
}

TEST(RrdDir, NeedsADirectoryOrAConfiguration) {
    EXPECT_THAT(kurabe({"serve"}).err, HasSubstr("--config is required"));
    EXPECT_THAT(kurabe({"serve", "--rrd-dir", "/nowhere"}).err, HasSubstr("is no directory"));
}

// As who only changes the program has it, and would take their history for gone.
TEST(RrdDir, ADataDirectoryOfKuradosIsNamed) {
    const TemporaryDirectory site;
    site.write("data/web1/base/load.rrd", "");
    const std::string config =
        site.write("kurabe.yml",
                   "config: { data_dir: data, rolls_dir: rolls }\n---\nservice: s\nservers: []\n");
    const std::string data = site.path() / "data";
    {
        const Server server(
            {KURABE_PROGRAM, "serve", "--config", config, "--listen", "127.0.0.1:0"});
        EXPECT_THAT(server.log(), HasSubstr(fmt::format("'kurabe serve --rrd-dir {}'", data)));
        EXPECT_THAT(server.log(), HasSubstr(fmt::format("'kurabe import {} --data DIR'", data)));
    }
    const Server again({KURABE_PROGRAM, "serve", "--config", config, "--listen", "127.0.0.1:0"});
    EXPECT_EQ(again.log().find("kurabe import"), std::string::npos);
}

}  // namespace
}  // namespace kurabe::tests
