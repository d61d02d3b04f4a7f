// A server whose configuration changes while it runs: it follows without a restart, loses neither a
// request nor a sample, and goes on as before when it cannot follow.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Reload : public ::testing::Test {
  protected:
    Reload() {
        std::filesystem::create_directories(directory_.path() / "data");
        directory_.write("rolls/base.yml", "metrics: [ base ]\n");
    }
    // Hosts as in the configuration's lines: "10.0.0.1 web1".
    std::string write(const std::string& hosts, const std::string& more = "",
                      const std::string& roll = "base.yml") {
        return directory_.write(
            "kurabe.yml", fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n{}---\n"
                                      "service: shop\nservers:\n- {{ roll: {}, hosts: [ {} ] }}\n",
                                      more, roll, hosts));
    }
    static bool shows(const Server& server, const std::string& text) {
        return server.get("/").body.contains(text);
    }

    TemporaryDirectory directory_;
};

TEST_F(Reload, FollowsAChangedFileBySightAndTheSameOneBySignal) {
    Server server(write("10.0.0.1 web1"));
    EXPECT_THAT(server.get("/").body, HasSubstr("web1"));
    write("10.0.0.1 www1, 10.0.0.2 www2");
    EXPECT_TRUE(wait_for([&] { return shows(server, "www2"); }));
    EXPECT_THAT(server.get("/").body, Not(HasSubstr("web1")));
    EXPECT_THAT(server.log(), HasSubstr("configuration reloaded"));
    server.signal(SIGHUP);
    EXPECT_TRUE(wait_for([&] {
        const std::string log = server.log();
        return log.find("configuration reloaded") != log.rfind("configuration reloaded");
    }));
    directory_.write("rolls/base.yml", "metrics: [ base, memcached ]\n");
    EXPECT_TRUE(wait_for(
        [&] { return server.get("/server?address=10.0.0.1").body.contains("memcached"); }));
    EXPECT_EQ(server.stop().status, 0);
}

TEST_F(Reload, GoesOnAsBeforeWhenItCannotFollowAndSaysSoOnEveryPage) {
    Server server(write("10.0.0.1 web1"));
    directory_.write("kurabe.yml", "config: [\n");
    EXPECT_TRUE(wait_for([&] { return shows(server, "class=\"config-failure\""); }));
    for (const char* const page :
         {"/", "/server?address=10.0.0.1", "/servers?address=10.0.0.1", "/nowhere"}) {
        EXPECT_THAT(server.get(page).body, HasSubstr("kurabe.yml:")) << page;
    }
    EXPECT_THAT(server.get("/").body, HasSubstr("web1"));
    EXPECT_THAT(server.get("/").body, Not(HasSubstr(directory_.path().string())));
    EXPECT_THAT(server.log(), HasSubstr("configuration not followed"));
    write("10.0.0.1 web1", "  metrics_plugin_dir: [ nowhere ]\n", "new.yml");
    EXPECT_TRUE(wait_for([&] { return shows(server, "new.yml"); }));
    directory_.write("rolls/new.yml", "metrics: [ base ]\n");  // which it was missing
    EXPECT_TRUE(wait_for([&] { return !shows(server, "class=\"config-failure\""); }));
    write("10.0.0.1 web1", "  unlisted_hosts: 5\n");
    std::filesystem::create_directories(directory_.path() / "other");
    directory_.write("kurabe.yml", "config: { data_dir: other, rolls_dir: rolls }\n");
    EXPECT_TRUE(wait_for([&] { return shows(server, "data_dir"); }));
    EXPECT_THAT(server.get("/").body, HasSubstr("web1"));
}

TEST_F(Reload, NoticesTheRepairOfWhatOnlyTheFailedConfigurationNames) {
    directory_.write("other/own.yml", "plugin: [\n");
    Server server(write("10.0.0.1 web1"));
    write("10.0.0.1 www1", "  metrics_plugin_dir: [ other ]\n");
    EXPECT_TRUE(wait_for([&] { return shows(server, "class=\"config-failure\""); }));
    std::filesystem::remove(directory_.path() / "other/own.yml");
    EXPECT_TRUE(wait_for([&] { return shows(server, "www1"); }));
    EXPECT_FALSE(shows(server, "class=\"config-failure\""));
}

// Until then everybody may look, and who wrote it thinks that nobody may.
TEST_F(Reload, FollowsItsAccessOnceTheFilesOfThatAreThere) {
    const auto secret = [this](const std::string& name, const std::string& text) {
        std::filesystem::permissions(directory_.write(name, text), std::filesystem::perms{0600});
    };
    const auto is_refused = [](const Server& server) { return server.get("/").status == 401; };
    Server server(write("10.0.0.1 web1"));
    write("10.0.0.1 www1", "  access: { mode: basic, users: users }\n");
    EXPECT_TRUE(wait_for([&] { return shows(server, "class=\"config-failure\""); }));
    secret("users", "bob:$2y$10$" + std::string(53, 'a') + "\n");
    EXPECT_TRUE(wait_for([&] { return is_refused(server); })) << server.log();

    write("10.0.0.1 www1", "  acces: { mode: basic, users: users }\n");
    EXPECT_TRUE(wait_for([&] { return server.log().contains("'access' is gone"); }));
    EXPECT_TRUE(is_refused(server));
    write("10.0.0.1 www1", "  access: { mode: open }\n");
    EXPECT_TRUE(wait_for([&] { return !is_refused(server); }));
    secret("data/sign.key", "wrong\n");
    write("10.0.0.1 www1", "  access: { mode: proxy, from: [ 10.0.0.9 ] }\n");
    EXPECT_TRUE(wait_for([&] { return shows(server, "class=\"config-failure\""); }));
    std::filesystem::remove(directory_.path() / "data/sign.key");
    EXPECT_TRUE(wait_for([&] { return is_refused(server); })) << server.log();
}

TEST_F(Reload, AnswersEveryRequestAndKeepsAgentsConnected) {
    const int port = free_port();
    Server server(write("10.0.0.1 web0"), {"--resp", fmt::format("127.0.0.1:{}", port)});
    server::RawClient agent(static_cast<std::uint16_t>(port));
    std::atomic<int> failures = 0;
    std::atomic<bool> goes_on = true;
    std::thread reader([&] {
        while (goes_on) {
            if (server.get("/server?address=10.0.0.1").status != 200) ++failures;
        }
    });
    for (int i = 1; i <= 3; ++i) {
        write(fmt::format("10.0.0.1 web{}", i));
        server.signal(SIGHUP);
        EXPECT_TRUE(wait_for([&] { return shows(server, fmt::format("web{}", i)); }));
        agent.send("PING\r\n");
        EXPECT_EQ(agent.receive_bytes(7), "+PONG\r\n");
    }
    goes_on = false;
    reader.join();
    EXPECT_EQ(failures, 0);
}

TEST_F(Reload, KeepsWhatWasUnderWay) {
    const auto go = (directory_.path() / "go").string();
    const auto begun = (directory_.path() / "begun").string();
    const auto program = directory_.write(
        "slow", fmt::format("#!/bin/sh\n: > {}\nwhile [ ! -e {} ]; do sleep 0.1; done\n"
                            "echo \"a.first 1 $(date +%s)\"\n",
                            begun, go));
    std::filesystem::permissions(program, std::filesystem::perms{0755});
    const std::string commands = fmt::format(
        "  commands:\n    slow: {{ command: [ {} ], protocol: mackerel }}\n", program.string());
    directory_.write("rolls/slow.yml", "metrics: [ exec:slow ]\n");
    Server server(write("10.0.0.1 web1", commands, "slow.yml"));
    ASSERT_TRUE(wait_for([&] { return std::filesystem::exists(begun); }));
    write("10.0.0.1 web1", "", "base.yml");  // the program is no longer run
    ASSERT_TRUE(wait_for([&] { return server.log().contains("configuration reloaded"); }));
    directory_.write("go", "");
    EXPECT_TRUE(wait_for([&] {
        return server.get("/api/series?host=10.0.0.1").body.contains("exec:slow/a.first");
    })) << server.log();
}

}  // namespace
}  // namespace kurabe::tests
