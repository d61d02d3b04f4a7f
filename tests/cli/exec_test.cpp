// Programs that a server's configuration names: their values, graphs and verdicts on pages.
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_places.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;

std::string script(const TemporaryDirectory& directory, const std::string& name,
                   const std::string& text) {
    const auto file = directory.write(name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(file, std::filesystem::perms{0755});
    return file.string();
}

TEST(ServeExec, ShowsWhatProgramsPrint) {
    const TemporaryDirectory directory;
    const std::string dice =
        script(directory, "dice",
               "[ \"$MACKEREL_AGENT_PLUGIN_META\" = 1 ] && { echo '# mackerel-agent-plugin'; echo "
               "'{\"graphs\":{\"dice\":{\"label\":\"My Dice\",\"metrics\":[{\"name\":\"d6\"}]}}}'; "
               "exit; }\n"
               "echo \"dice.d6 6 $(date +%s)\"\n");
    const std::string check = script(
        directory, "check", "echo \"CRITICAL - $1 <$2>\"; [ $1 = 127.0.0.1 ] && exit 2; exit 1\n");
    const std::string hang = script(directory, "hang", "sleep 1000\n");
    directory.write("rolls/r.yml", "metrics:\n- exec:dice\n- exec:check:80\n- exec:hang\n");
    const auto config = directory.write(
        "kurabe.yml",
        fmt::format(
            "config:\n  data_dir: data\n  rolls_dir: rolls\n  commands:\n"
            "    dice: {{ command: [ {} ], protocol: mackerel }}\n"
            "    check: {{ command: [ {}, '{{{{address}}}}' ], protocol: check }}\n"
            "    hang: {{ command: [ {} ], protocol: sensu, timeout: 1 }}\n"
            "---\nservice: s\nservers:\n- {{ roll: r.yml, hosts: [ 127.0.0.1 a, 127.0.0.2 b ] }}\n",
            dice, check, hang));
    std::filesystem::create_directories(directory.path() / "data");
    Server server(config);
    wait_for([&] {
        const std::string page = server.get("/server?address=127.0.0.1").body;
        return page.contains("My Dice") && page.contains("CRITICAL") &&
               page.contains("not done after 1 seconds");
    });
    const std::string page = server.get("/server?address=127.0.0.1").body;
    EXPECT_THAT(page, HasSubstr("My Dice"));
    EXPECT_THAT(page, HasSubstr("graph=dice"));
    EXPECT_THAT(page, HasSubstr("CRITICAL - 127.0.0.1 &lt;80&gt;"));
    EXPECT_THAT(page, HasSubstr("not done after 1 seconds"));
    EXPECT_EQ(server.get("/graph?address=127.0.0.1&plugin_identifier=exec:dice&graph=dice").status,
              200);
    EXPECT_EQ(
        server.get("/graph?address=127.0.0.1&plugin_identifier=exec:check:80&graph=status").status,
        200);
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.1").body,
                HasSubstr("\"127.0.0.1\":2"));
    wait_for([&] {
        return server.get("/server?address=127.0.0.2").body.contains("127.0.0.2 &lt;80&gt;");
    });
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.2").body,
                HasSubstr("\"127.0.0.2\":1"));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(server.stop().status, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});
}

TEST(ServeExec, DoesNotStartWithWhatCannotBeRun) {
    const TemporaryDirectory directory;
    directory.write("r.yml", "metrics:\n- exec:x\n");
    const auto error = [&](const std::string& commands, const std::string& roll,
                           const std::string& host = "h") {
        directory.write("r.yml", roll);
        const auto config = directory.write(
            "kurabe.yml", "config:\n  rolls_dir: .\n  commands: " + commands +
                              "\n---\nservice: s\nservers:\n- roll: r.yml\n  hosts: [ '" + host +
                              "' ]\n");
        std::filesystem::create_directories(directory.path() / "data");
        const auto ended =
            kurabe({"serve", "--config", config.string(), "--listen", "127.0.0.1:0"});
        EXPECT_NE(ended.status, 0) << commands;
        return without_columns(ended.err);
    };
    const std::string roll = "metrics:\n- exec:x\n";
    const std::string good = "{ x: { command: [ /bin/true ], protocol: check } }";
    EXPECT_THAT(error("{}", roll), HasSubstr("'commands' of 'config' has no 'x'"));
    EXPECT_THAT(error(good, "metrics:\n- exec\n"), HasSubstr("r.yml:2: 'exec' names no command"));
    EXPECT_THAT(error(good, "metrics:\n- exec:x:$(id)\n"), HasSubstr("cannot be an argument"));
    EXPECT_THAT(
        error("{ x: { command: [ /bin/echo, '{{address}}' ], protocol: check } }", roll, "-rf"),
        HasSubstr("'-rf' cannot be an argument"));
    EXPECT_THAT(error("{ x: { command: [ true ], protocol: check } }", roll),
                HasSubstr("kurabe.yml:3: 'true' must be the whole path"));
    EXPECT_THAT(error("{ x: { command: /bin/true, protocol: check } }", roll), HasSubstr("list"));
    EXPECT_THAT(error("{ http: { command: [ /bin/true ], protocol: check } }", roll),
                HasSubstr("kurabe.yml:3: 'http' is a built-in plugin; call the command otherwise"));
    EXPECT_THAT(error("{ x: { protocol: check } }", roll), HasSubstr("missing 'command'"));
    EXPECT_THAT(error("{ x: { command: [ /bin/true ] } }", roll), HasSubstr("'protocol'"));
    EXPECT_THAT(error("{ x: { command: [ /bin/true ], protocol: perl } }", roll),
                HasSubstr("kurado, mackerel, sensu, munin or check"));
    EXPECT_THAT(error("{ x: { command: [ /bin/true, '{{x}}' ], protocol: check } }", roll),
                HasSubstr("unknown placeholder"));
    EXPECT_THAT(error("{ x: { command: [ /bin/true ], protocol: check, timeout: 0 } }", roll),
                HasSubstr("timeout"));
    EXPECT_THAT(error("{ x: { command: [ /bin/true ], protocol: check, interval: 1 } }", roll),
                HasSubstr("'interval: 1' is not possible; it is 10 s to 24 h"));
    EXPECT_THAT(error("{ x: { command: [ /bin/true ], protocol: check, shell: yes } }", roll),
                HasSubstr("unknown key 'shell'"));
    EXPECT_THAT(error("{ 'a/b': { command: [ /bin/true ], protocol: check } }", roll),
                HasSubstr("cannot name a command"));
    EXPECT_THAT(
        error("{ x: { command: [ /bin/true ], protocol: check, environment: { 1A: b } } }", roll),
        HasSubstr("cannot name a variable"));
    EXPECT_THAT(error("{ x: { command: [ /bin/true ], protocol: check, user: nosuchuser } }", roll),
                HasSubstr("there is no user 'nosuchuser'"));
}

}  // namespace
}  // namespace kurabe::tests
