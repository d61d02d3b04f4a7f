// Munin-nodes over SSH: asked once from the command line, and by a server, which fills the gap that
// its own outage has left, out of what munin-async has spooled.
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/program_fixture.hpp"
#include "tests/support/munin_async.hpp"
#include "tests/support/munin_node.hpp"
#include "tests/support/ssh_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using Time = MuninAsync::Time;

constexpr const char* kScript =
    "echo Welcome\necho '# munin node at test'\nwhile read -r command name; do case $command in\n"
    "cap) echo cap multigraph dirtyconfig ;;\nlist) echo load ;;\n"
    "config) echo load.label load; echo . ;;\nfetch) echo load.value 0.5; echo . ;;\n"
    "quit) exit 0 ;;\nesac; done\n";

std::vector<std::string> collect(const SshServer& server, std::vector<std::string> more) {
    std::vector<std::string> words = {
        "collect",    "munin",           "--once",        "--ssh-config",           "none",
        "--identity", server.identity(), "--known-hosts", server.known_hosts_file()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

TEST(CollectMuninOverSsh, PrintsLinesOfWhatACommandSays) {
    if (!SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    const SshServer host;
    const auto script = host.directory().write("node", kScript);
    const std::string target = fmt::format("ssh://127.0.0.1:{}", host.port());
    const std::string command = "sh " + script.string();
    const auto good = kurabe(collect(host, {"--ssh-command", command, target}));
    EXPECT_EQ(good.status, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("127.0.0.1\tmunin.metrics.load.load.gauge\t0.5\t"));
    const auto bad = kurabe(collect(host, {"--ssh-command", "/no/such/program", target}));
    EXPECT_EQ(bad.status, 1);
    EXPECT_THAT(bad.err, HasSubstr("the host does not find the command (asked for was "
                                   "'/no/such/program')"));
    EXPECT_THAT(bad.out, HasSubstr("127.0.0.1\tmunin.warn.munin\tthe host does not find"));
    host.directory().write("known_hosts", "");
    EXPECT_THAT(kurabe(collect(host, {target})).err, HasSubstr("ssh-keyscan -p"));
}

TEST(CollectMuninOverSsh, RefusesWhatIsNoTarget) {
    const auto error = [](std::vector<std::string> words) {
        words.insert(words.begin(), {"collect", "munin", "--once"});
        return kurabe(words).err;
    };
    EXPECT_THAT(error({"ssh://m@web1/usr/share/munin/munin-async --spoolfetch"}),
                HasSubstr("without a command, which is --ssh-command"));
    EXPECT_THAT(error({"ssh://"}), HasSubstr("[USER@]HOST[:PORT]"));
    EXPECT_THAT(error({"ssh://web1", "web1"}), HasSubstr("'web1' comes twice"));
    EXPECT_THAT(error({"--ssh-command", "a\nb", "ssh://web1"}), HasSubstr("can be no command"));
    EXPECT_THAT(error({"--ssh-config", "/no/such", "ssh://web1"}), HasSubstr("/no/such"));
    EXPECT_THAT(error({"--identity", "/no/such", "ssh://web1"}), HasSubstr("/no/such"));
}

// A server's configuration, a host that spools, and what the server has of it.
class SpooledHost {
  public:
    explicit SpooledHost(Time begin) {
        real_.add_plugin("count",
                         "[ \"$1\" = config ] && { echo graph_title Count; "
                         "echo n.label N; exit; }\nfile=" +
                             (directory_.path() / "count").string() +
                             "\nn=$(($(cat $file 2>/dev/null) + 1))\necho $n >$file\n"
                             "echo n.value $n\n");
        real_.start();
        async_ = std::make_unique<MuninAsync>(real_.port(), begin);
        server_ = std::make_unique<SshServer>(
            SshServerOptions{.key_options = "command=\"" + async_->command() + "\",restrict"});
        plugin_ = fmt::format("munin:ssh:root@:{}", server_->port());
        directory_.write("rolls/munin.yml", fmt::format("metrics:\n- '{}'\n", plugin_));
        config_ = directory_.write(
            "kurabe.yml",
            fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n"
                        "  ssh: {{ identity: {}, known_hosts: {}, ssh_config: none }}\n"
                        "---\nservice: s\nservers:\n"
                        "- {{ roll: munin.yml, hosts: [ 127.0.0.1 spooled ] }}\n",
                        server_->identity().string(), server_->known_hosts_file().string()));
        std::filesystem::create_directories(directory_.path() / "data");
    }

    [[nodiscard]] MuninAsync& async() { return *async_; }
    [[nodiscard]] const std::string& config() const { return config_; }
    [[nodiscard]] const std::string& plugin() const { return plugin_; }

    // Rows by the times at which they end; unknown ones are absent.
    [[nodiscard]] std::map<Time, double> rows(const Server& server, Time begin, Time end) const {
        const auto reply = server.get(
            fmt::format("/api/fetch?series=127.0.0.1/{}/count.n.gauge&start={}&end={}", plugin_,
                        begin.time_since_epoch().count(), end.time_since_epoch().count()));
        std::map<Time, double> rows;
        if (reply.status != 200) return rows;
        const auto json = nlohmann::json::parse(reply.body);
        Time time{seconds{json["start"].get<std::int64_t>()}};
        for (const auto& value : json["values"]) {
            time += seconds{json["step"].get<std::int64_t>()};
            if (value.is_number()) rows[time] = value.get<double>();
        }
        return rows;
    }

  private:
    TemporaryDirectory directory_;
    MuninNode real_;
    std::unique_ptr<MuninAsync> async_;
    std::unique_ptr<SshServer> server_;
    std::string plugin_;
    std::string config_;
};

TEST(ServeMuninOverSsh, FillsTheGapOfItsOwnOutage) {
    if (!MuninNode::can_run()) GTEST_SKIP() << "munin-node needs to be installed, and root";
    if (!MuninAsync::is_installed()) GTEST_SKIP() << "munin-async is not installed";
    if (!SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    const Time now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    const Time begin = now - minutes{90};
    SpooledHost host(begin);
    // Until 60 minutes ago the server was there, and then no longer.
    host.async().run_until(now - minutes{60});
    {
        Server server(host.config());
        EXPECT_TRUE(wait_for([&] { return !host.rows(server, begin, now).empty(); }))
            << server.log();
        EXPECT_TRUE(host.rows(server, now - minutes{55}, now).empty());
        EXPECT_EQ(server.stop().status, 0);
    }
    host.async().run_until(now);
    Server server(host.config());
    EXPECT_TRUE(wait_for([&] { return !host.rows(server, now - minutes{10}, now).empty(); }))
        << server.log();
    const auto rows = host.rows(server, begin, now);
    const auto spooled = host.async().values("count", "n");
    EXPECT_GE(spooled.size(), 18U);
    for (auto value = std::next(spooled.begin()); value != spooled.end(); ++value) {
        for (Time time = std::chrono::ceil<minutes>(std::prev(value)->first) + minutes{1};
             time <= value->first; time += minutes{1}) {
            ASSERT_TRUE(rows.contains(time)) << "a gap at " << time.time_since_epoch().count();
            // A row may be made of two parts of the same value.
            EXPECT_DOUBLE_EQ(rows.at(time), std::stod(value->second));
        }
    }
    EXPECT_EQ(rows.size(), static_cast<std::size_t>(
                               (rows.rbegin()->first - rows.begin()->first) / minutes{1} + 1));
    EXPECT_THAT(server.get("/server?address=127.0.0.1").body, HasSubstr("graph=count"));
    EXPECT_EQ(server.stop().status, 0);
}

TEST(ServeMuninOverSsh, RefusesLinesThatAreNone) {
    const TemporaryDirectory directory;
    const auto config = directory.write(
        "kurabe.yml", "config:\n  rolls_dir: .\n---\nservice: s\nservers:\n- roll: r.yml\n");
    for (const char* line : {"munin:ssh:2222", "munin:ssh:m", "munin:ssh:m@:x", "munin:ssh:-m@",
                             "munin:ssh:m@:22:a/b", "munin:ssh:m@:22:a:b", "munin:ssh:$(id)@"}) {
        directory.write("r.yml", fmt::format("metrics:\n- {}\n", line));
        const auto ended = kurabe({"serve", "--config", config, "--listen", "127.0.0.1:0"});
        EXPECT_EQ(ended.status, 2) << line;
        EXPECT_THAT(ended.err, HasSubstr("r.yml:2:3: ")) << line;
        EXPECT_THAT(ended.err, HasSubstr("write 'munin:ssh'")) << line;
    }
}

}  // namespace
}  // namespace kurabe::tests
