// Munin-nodes: asked once from the command line, and by a server, whose pages show the graphs that
// they tell.
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/collectors/munin/scripted_node.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::map<std::string, std::string> replies() {
    return {{"", "# munin node at test\n"},
            {"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig\n"},
            {"list", "cpu load\n"},
            {"config cpu",
             "graph_title CPU <usage>\ngraph_category system\nuser.label user\nuser.type DERIVE\n"
             "user.draw AREA\nuser.min 0\n.\n"},
            {"config load", "graph_title Load average\nload.label load\nload.critical 5\n.\n"},
            {"fetch cpu", "user.value 12345\n.\n"},
            {"fetch load", "load.value 7.5\n.\n"}};
}

TEST(CollectMunin, PrintsLinesAndNamesThoseThatFail) {
    ScriptedNode node(replies());
    const auto good =
        kurabe({"collect", "munin", "--once", fmt::format("127.0.0.1:{}", node.port())});
    EXPECT_EQ(good.status, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("127.0.0.1\tmunin.metrics.cpu.user.derive\t12345\t"));
    EXPECT_THAT(good.out, HasSubstr("127.0.0.1\tmunin.metrics.load.load.gauge\t7.5\t"));
    EXPECT_THAT(good.out,
                HasSubstr("127.0.0.1\tmunin.meta.definition.cpu\t{\"plugin\": \"munin\""));
    EXPECT_THAT(good.out, HasSubstr("munin.warn.load.load\tcritical: 7.5 is outside of 5"));
    const auto bad = kurabe({"collect", "munin", "--once", fmt::format("127.0.0.1:{}", node.port()),
                             fmt::format("127.0.0.2:{}", free_port())});
    EXPECT_NE(bad.status, 0);
    EXPECT_THAT(bad.out, HasSubstr("cpu.user.derive"));
    EXPECT_THAT(bad.out, HasSubstr("127.0.0.2\tmunin.warn.munin\tcannot connect"));
    EXPECT_THAT(bad.err, HasSubstr("127.0.0.2: cannot connect: Connection refused"));
    EXPECT_THAT(bad.err, HasSubstr("1 of 2 hosts failed"));
    EXPECT_THAT(kurabe({"collect", "munin"}).err, HasSubstr("name at least one HOST[:PORT]"));
    EXPECT_THAT(kurabe({"collect", "munin", "a/b"}).err, HasSubstr("write HOST or HOST:PORT"));
}

TEST(ServeMunin, ShowsWhatNodesTell) {
    ScriptedNode node(replies());
    const TemporaryDirectory directory;
    const std::string plugin = fmt::format("munin:{}", node.port());
    directory.write("rolls/munin.yml", fmt::format("metrics:\n- {}\n", plugin));
    const auto config =
        directory.write("kurabe.yml",
                        "config:\n  data_dir: data\n  rolls_dir: rolls\n---\nservice: s\nservers:\n"
                        "- { roll: munin.yml, hosts: [ 127.0.0.1 good, 127.0.0.2 dead ] }\n");
    std::filesystem::create_directories(directory.path() / "data");
    {
        Server server(config);
        wait_for([&] {
            return server.get("/api/series?host=127.0.0.1").status == 200 &&
                   server.log().contains("plugin fails");
        });
        EXPECT_THAT(server.get("/api/series?host=127.0.0.1").body, HasSubstr("cpu.user.derive"));
        EXPECT_THAT(server.log(), Not(HasSubstr("no definition")));
        wait_for([&] {
            return server.get("/server?address=127.0.0.2").body.contains("cannot connect");
        });
        EXPECT_THAT(server.get("/server?address=127.0.0.2").body, HasSubstr("Connection refused"));
        EXPECT_EQ(server.stop().status, 0);
    }
    // Another server, when the node is gone: the host keeps its graphs.
    node.set("", ScriptedNode::kClose);
    Server server(config);
    const std::string page = server.get("/server?address=127.0.0.1").body;
    EXPECT_THAT(page, HasSubstr("CPU &lt;usage&gt; (system)"));
    EXPECT_THAT(page, HasSubstr("critical: 7.5 is outside of 5 (Load average, load)"));
    EXPECT_THAT(page, HasSubstr("graph=load"));
    const auto graph = server.get("/graph?address=127.0.0.1&plugin_identifier=" + plugin +
                                  "&graph=cpu&format=svg");
    EXPECT_EQ(graph.status, 200);
    EXPECT_THAT(graph.body, HasSubstr("<svg"));
    EXPECT_EQ(server.stop().status, 0);
}

TEST(ServeMunin, RefusesLinesThatAreNone) {
    const TemporaryDirectory directory;
    const auto config = directory.write(
        "kurabe.yml", "config:\n  rolls_dir: .\n---\nservice: s\nservers:\n- roll: r.yml\n");
    for (const char* line : {"munin:x", "munin:0", "munin:4949:a/b", "munin:4949:a:b"}) {
        directory.write("r.yml", fmt::format("metrics:\n- {}\n", line));
        const auto ended = kurabe({"serve", "--config", config, "--listen", "127.0.0.1:0"});
        EXPECT_EQ(ended.status, 2) << line;
        EXPECT_THAT(ended.err, HasSubstr("r.yml:2:3: ")) << line;
        EXPECT_THAT(ended.err, HasSubstr("write 'munin', 'munin:PORT'")) << line;
    }
}

}  // namespace
}  // namespace kurabe::tests
