// A server that watches hosts over SSH: their series are there as if agents had pushed them, and a
// host that fails is a warning on its page.
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/ssh_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;

TEST(ServeSsh, KeepsWhatHostsTellAndWarnsOfThoseThatDoNot) {
    if (!SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    const SshServer watched;
    const TemporaryDirectory directory;
    directory.write("rolls/base.yml", "metrics:\n- base\n");
    const auto config = directory.write(
        "kurabe.yml",
        fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n  ssh:\n    identity: {}\n"
                    "    known_hosts: {}\n    ssh_config: none\n---\nservice: s\nservers:\n"
                    "- {{ roll: base.yml, collect: 'ssh::{}', hosts: [ 127.0.0.1 good ] }}\n"
                    "- {{ roll: base.yml, collect: 'ssh::{}', hosts: [ 127.0.0.2 dead ] }}\n",
                    watched.identity().string(), watched.known_hosts_file().string(),
                    watched.port(), free_port()));
    std::filesystem::create_directories(directory.path() / "data");
    Server server(config);
    wait_for([&] {
        return server.get("/api/series?host=127.0.0.1").status == 200 &&
               server.log().contains("host does not answer");
    });
    const std::string series = server.get("/api/series?host=127.0.0.1").body;
    for (const char* key : {"loadavg-1.gauge", "memory-total.gauge", "cpu-idle.derive"}) {
        EXPECT_THAT(series, HasSubstr(key));
    }
    EXPECT_THAT(server.log(), HasSubstr("host=127.0.0.2"));
    wait_for([&] {
        return server.get("/server?address=127.0.0.2").body.contains("Connection refused");
    });
    EXPECT_THAT(server.get("/server?address=127.0.0.2").body,
                HasSubstr("cannot connect: Connection refused"));
    EXPECT_EQ(server.get("/api/series?host=127.0.0.2").status, 404);
    // A warning about a host is no sign of life of it: it stays "silent".
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.2").body,
                HasSubstr("\"127.0.0.2\":2"));
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.1").body,
                HasSubstr("\"127.0.0.1\":0"));
    EXPECT_EQ(server.stop().status, 0);
}

TEST(ServeSsh, IsPartOfTheServersOwnGraphs) {
    if (!SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    const SshServer watched;
    const TemporaryDirectory directory;
    directory.write("rolls/ssh.yml", fmt::format("metrics:\n- ssh::{}\n", watched.port()));
    directory.write("rolls/self.yml", "metrics:\n- kurabe\n");
    const auto config = directory.write(
        "kurabe.yml",
        fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n  ssh:\n    identity: {}\n"
                    "    known_hosts: {}\n    ssh_config: none\n---\nservice: s\nservers:\n"
                    "- {{ roll: ssh.yml, hosts: [ 127.0.0.1 watched ] }}\n"
                    "- {{ roll: self.yml, hosts: [ self ] }}\n",
                    watched.identity().string(), watched.known_hosts_file().string()));
    std::filesystem::create_directories(directory.path() / "data");
    Server server(config);
    wait_for([&] { return server.get("/api/series?host=127.0.0.1").status == 200; });
    EXPECT_THAT(server.get("/api/series?host=127.0.0.1").body, HasSubstr("loadavg-1.gauge"));
    wait_for([&] { return server.get("/api/series?host=self").status == 200; });
    const std::string series = server.get("/api/series?host=self").body;
    for (const char* key : {"polls-ssh-succeeded.derive", "polls-ssh-failed.derive",
                            "polls-ssh-lateness.gauge", "samples.derive", "cpu-user.derive"}) {
        EXPECT_THAT(series, HasSubstr(key));
    }
    const std::string page = server.get("/server?address=self").body;
    EXPECT_THAT(page, HasSubstr("Collection(ssh)"));
    EXPECT_THAT(page, HasSubstr("graph=times-ssh"));
    EXPECT_EQ(server.get("/graph?address=self&plugin_identifier=kurabe&graph=polls-ssh").status,
              200);
    EXPECT_EQ(server.stop().status, 0);
}

// Programs that libssh starts must end when it wants them to, though the server waits for signals.
TEST(ServeSsh, StopsThoughAProxyGoesNowhere) {
    const TemporaryDirectory directory;
    directory.write("rolls/base.yml", "metrics:\n- base\n");
    const auto started = directory.path() / "started";
    const auto proxy = directory.write(
        "proxy", fmt::format("#!/bin/bash\ntouch {}; exec sleep 1000\n", started.string()));
    std::filesystem::permissions(proxy, std::filesystem::perms{0755});
    directory.write("ssh_config", fmt::format("Host *\n ProxyCommand {}\n", proxy.string()));
    const auto config = directory.write(
        "kurabe.yml",
        "config:\n  rolls_dir: rolls\n  ssh: { ssh_config: ssh_config }\n---\nservice: s\n"
        "servers:\n- { roll: base.yml, collect: ssh, hosts: [ web1 ] }\n");
    std::filesystem::create_directories(directory.path() / "data");
    Server server(config);
    wait_for([&] { return std::filesystem::exists(started); });
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(server.stop().status, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});
}

TEST(ServeSsh, DoesNotStartWithAKeyThatCannotBeUsed) {
    const TemporaryDirectory directory;
    directory.write("rolls/base.yml", "metrics:\n- base\n");
    const auto config = directory.write(
        "kurabe.yml",
        "config:\n  rolls_dir: rolls\n  ssh: { identity: none }\n---\nservice: s\nservers:\n"
        "- { roll: base.yml, collect: ssh, hosts: [ web1 ] }\n");
    const auto finished = kurabe({"serve", "--config", config.string(), "--listen", "127.0.0.1:0"});
    EXPECT_NE(finished.status, 0);
    EXPECT_THAT(finished.err,
                HasSubstr((directory.path() / "none").string() + ": No such file or directory"));
}

}  // namespace
}  // namespace kurabe::tests
