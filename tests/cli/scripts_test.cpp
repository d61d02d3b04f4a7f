// Kurado's own plugins in a server: Perl scripts of `metrics_plugin_dir`.
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/collectors/kurado/kurado_plugins.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ServeScripts, RunKuradosPluginsUnchanged) {
    const TemporaryDirectory directory;
    write_kurado_plugins(directory);
    directory.write("rolls/r.yml", "metrics:\n- cache:11211\n- pushed\n- unknown\n");
    const auto config = directory.write(
        "kurabe.yml",
        "config:\n  data_dir: data\n  rolls_dir: rolls\n  metrics_plugin_dir: [ plugins ]\n"
        "metrics_config:\n  Cache: { factor: 7 }\n---\nservice: s\nservers:\n"
        "- { roll: r.yml, hosts: [ 127.0.0.1 web1, 10.0.0.9 dead ] }\n");
    std::filesystem::create_directories(directory.path() / "data");
    Server server(config);
    wait_for([&] {
        return server.get("/server?address=127.0.0.1").body.contains("Cache (11211)") &&
               server.get("/server?address=127.0.0.1").body.contains("Pushed") &&
               server.get("/server?address=10.0.0.9").body.contains("cannot connect");
    });
    const std::string page = server.get("/server?address=127.0.0.1").body;
    for (const char* text : {"Cache (11211)", "1.4.11211", "up 3 days", "nearly full",
                             "graph=items", "graph=reads", "Pushed"}) {
        EXPECT_THAT(page, HasSubstr(text));
    }
    EXPECT_THAT(server.get("/api/series?host=127.0.0.1").body, HasSubstr("reads.derive"));
    EXPECT_EQ(
        server.get("/graph?address=127.0.0.1&plugin_identifier=cache:11211&graph=items").status,
        200);
    EXPECT_THAT(server.get("/server?address=10.0.0.9").body,
                HasSubstr("exit_code: 1: cannot connect"));
    EXPECT_THAT(server.log(), HasSubstr("names plugin 'unknown'"));
    EXPECT_THAT(server.log(), Not(HasSubstr("names plugin 'cache'")));
    EXPECT_EQ(server.stop().status, 0);
}

}  // namespace
}  // namespace kurabe::tests
