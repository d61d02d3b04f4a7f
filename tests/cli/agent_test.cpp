// `kurabe agent` as a service: what it pushes, what plugins may do to it, and that an outage, a
// kill of the server and a kill of the agent leave no gap in a series.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "server/series_json.hpp"
#include "tests/cli/program_fixture.hpp"
#include "tests/collectors/fetch/peer.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/recording_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void wait_until(const std::function<bool()>& condition) {
    EXPECT_TRUE(tests::wait_for(condition));
}

server::Response taken(const server::Request&) {
    return RecordingServer::json(200, R"({"accepted":1,"refused":0,"errors":[]})");
}

class Agent : public testing::Test {
  protected:
    void write_plugin(const std::string& name, const std::string& command) {
        directory_.write(
            "conf.d/" + name + ".toml",
            fmt::format("[plugin.metrics.{}]\ncommand = \"\"\"{}\"\"\"\n", name, command));
    }
    void start(const std::string& url, std::vector<std::string> more = {}) {
        std::vector<std::string> words = {KURABE_PROGRAM, "agent", "--server", url,
                                          "--interval",   "1",     "--host",   "me"};
        words.insert(words.end(), more.begin(), more.end());
        agent_ = std::make_unique<ChildProcess>(words);
    }
    Finished stop(int signal = SIGTERM) {
        agent_->signal(signal);
        return agent_->finish();
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return (directory_.path() / name).string();
    }
    [[nodiscard]] std::size_t spooled() const {
        std::size_t count = 0;
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(path("spool"), ignored)) {
            count += entry.path().extension() == ".lines" ? 1 : 0;
        }
        return count;
    }

    TemporaryDirectory directory_;
    std::unique_ptr<ChildProcess> agent_;
};

std::string bodies(const RecordingServer& server) {
    std::string all;
    for (const server::Request& request : server.requests()) all += request.body;
    return all;
}

TEST_F(Agent, PushesThisMachineAndItsPlugins) {
    write_plugin("app", "printf 'users\\t7\\nmeta.version\\t1.2\\nwarn.x\\tbad\\n'; exit 3");
    const RecordingServer server(taken);
    start(server.url(), {"--conf-d", path("conf.d")});
    wait_until([&] { return bodies(server).contains("me\tapp.warn.command\t"); });
    const std::string lines = bodies(server);
    EXPECT_THAT(lines, HasSubstr("me\tbase.metrics.loadavg-1.gauge\t"));
    EXPECT_THAT(lines, HasSubstr("me\tbase.meta.version\tLinux"));
    EXPECT_THAT(lines, HasSubstr("me\tapp.metrics.users.gauge\t7\t"));
    EXPECT_THAT(lines, HasSubstr("me\tapp.meta.version\t1.2\t"));
    EXPECT_THAT(lines, HasSubstr("me\tapp.warn.x\tbad\t"));
    EXPECT_THAT(lines,
                HasSubstr("me\tapp.warn.command\tfailed to exec plugin:app: exit_code: 3\t"));
    const Finished finished = stop();
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(finished.out, "");
}

TEST_F(Agent, LogsWhenAPluginBeginsToFailAndWhenItWorksAgain) {
    write_plugin("app", fmt::format("test -e {}", path("mended")));
    const RecordingServer server(taken);
    start(server.url(), {"--conf-d", path("conf.d")});
    const auto ticks = [&] {
        std::size_t count = 0;
        for (const server::Request& request : server.requests()) {
            count += request.body.contains("base.metrics.loadavg-1") ? 1 : 0;
        }
        return count;
    };
    wait_until([&] { return bodies(server).contains("app.warn.command") && ticks() >= 3; });
    directory_.write("mended", "");
    const std::size_t before = ticks();
    wait_until([&] { return ticks() >= before + 3; });
    const Finished finished = stop();
    EXPECT_THAT(finished.err, testing::ContainsRegex("plugin fails plugin=app reason=.*exit"));
    EXPECT_EQ(finished.err.find("plugin fails"), finished.err.rfind("plugin fails"))
        << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("plugin works again plugin=app"));
}

TEST_F(Agent, SaysWhenThereIsNoDirectoryOfPlugins) {
    const RecordingServer server(taken);
    start(server.url(), {"--conf-d", path("conf.d")});
    wait_until([&] { return !server.requests().empty(); });
    write_plugin("app", "printf 'users\\t7\\n'");  // it appears later
    wait_until([&] { return bodies(server).contains("app.metrics.users"); });
    const std::string log = stop().err;
    EXPECT_THAT(log, testing::ContainsRegex("plugins reason=.*/conf.d: No such file or directory"));
    EXPECT_LT(log.find("No such file"), log.find("collecting")) << log;
}

TEST_F(Agent, IsNamedByItsAddressUnlessItHasAName) {
    const RecordingServer server(taken);
    agent_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        KURABE_PROGRAM, "agent", "--server", server.url(), "--interval", "1"});
    wait_until([&] { return bodies(server).contains("127.0.0.1\tbase.metrics."); });
    EXPECT_EQ(stop().status, 0);
}

TEST_F(Agent, ShowsItsTokenToTheServerAlone) {
    const auto token = directory_.write("token", "a-secret-token\n");
    ::chmod(token.c_str(), 0600);
    const RecordingServer server(taken);
    start(server.url(), {"--token-file", token.string(), "--spool", path("spool")});
    wait_until([&] { return !server.requests().empty(); });
    EXPECT_EQ(server::header_value(server.requests().front(), "Authorization"),
              "Bearer a-secret-token");
    EXPECT_THAT(read_file(fmt::format("/proc/{}/cmdline", agent_->number())),
                Not(HasSubstr("secret")));
    EXPECT_THAT(read_file(fmt::format("/proc/{}/environ", agent_->number())),
                Not(HasSubstr("secret")));
    EXPECT_THAT(stop().err, Not(HasSubstr("secret")));
}

// As the unit of docs/collectors.md has it: a file of root's that its group may read.
TEST_F(Agent, TakesTheTokenThatSystemdGivesIt) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has files of root's";
    const auto token = directory_.write("credentials/token", "a-secret-token\n");
    ::chmod(token.c_str(), 0440);
    const RecordingServer server(taken);
    ::setenv("CREDENTIALS_DIRECTORY", path("credentials").c_str(), 1);
    start(server.url(), {"--token-file", token.string()});
    ::unsetenv("CREDENTIALS_DIRECTORY");
    wait_until([&] { return !server.requests().empty(); });
    EXPECT_EQ(server::header_value(server.requests().front(), "Authorization"),
              "Bearer a-secret-token");
    EXPECT_EQ(stop().status, 0);
}

TEST_F(Agent, GoesOnWhateverPluginsDo) {
    write_plugin("hangs", "sleep 1000 & echo $! >" + path("process") + "; wait");
    write_plugin("floods", "yes");
    write_plugin("good", "printf 'users\\t7\\n'");
    directory_.write("conf.d/broken.toml", "[plugin");
    const RecordingServer server(taken);
    start(server.url(), {"--conf-d", path("conf.d")});
    const std::string users = "me\tgood.metrics.users.gauge\t7\t";
    wait_until([&] {
        const std::string lines = bodies(server);
        return lines.find(users) != lines.rfind(users);  // of two ticks
    });
    EXPECT_THAT(bodies(server), HasSubstr("plugin:hangs: not done after 0.75 seconds"));
    EXPECT_THAT(bodies(server), HasSubstr("plugin:floods: "));
    const Finished finished = stop();
    EXPECT_EQ(finished.status, 0);
    EXPECT_THAT(finished.err, HasSubstr("broken.toml: line 1"));
    pid_t process = 0;
    std::ifstream(path("process")) >> process;
    EXPECT_FALSE(std::filesystem::exists(fmt::format("/proc/{}", process)));
}

TEST_F(Agent, SendsAgainWhatTheServerCannotTakeAndNotWhatItJudged) {
    std::atomic<int> status{503};
    const RecordingServer server([&status](const server::Request& request) {
        return status == 503 ? RecordingServer::json(503, R"({"error":"full","code":"no-space"})")
                             : taken(request);
    });
    start(server.url(), {"--spool", path("spool")});
    wait_until([&] { return spooled() >= 2 && server.requests().size() >= 2; });
    const auto refused = server.requests();
    EXPECT_TRUE(refused.at(1).body.starts_with(refused.at(0).body));
    status = 200;
    wait_until([&] { return spooled() == 0; });
    const Finished finished = stop();
    EXPECT_THAT(finished.err, HasSubstr("the server does not take lines"));
    EXPECT_THAT(finished.err, HasSubstr("status 503: full"));
    EXPECT_THAT(finished.err, HasSubstr("the server takes lines again"));
}

// nginx' page for HTTP that comes to its HTTPS port, or a gateway's JSON, judges no lines.
TEST_F(Agent, KeepsItsSpoolWhateverProxiesSay) {
    std::atomic<int> said{0};
    std::atomic<bool> is_there{false};
    const RecordingServer server([&](const server::Request& request) {
        if (is_there) return taken(request);
        const int status = std::array{400, 413, 415, 200}.at(static_cast<std::size_t>(said++ % 4));
        return RecordingServer::json(
            status, said % 2 == 0 ? R"({"error":"no","code":400})" : "<h1>400 Bad Request</h1>");
    });
    start(server.url(), {"--spool", path("spool")});
    wait_until([&] { return said >= 4; });
    EXPECT_TRUE(std::filesystem::exists(path("spool/00000000000000000001.lines")));
    is_there = true;
    wait_until([&] { return spooled() == 0; });
    const std::string first = server.requests().front().body;
    const auto requests = server.requests();
    EXPECT_TRUE(std::ranges::any_of(requests.begin() + said, requests.end(),
                                    [&](const auto& one) { return one.body.starts_with(first); }));
    const std::string log = stop().err;
    const std::string complaint = "the server does not take lines";
    EXPECT_THAT(log, HasSubstr(complaint));
    EXPECT_EQ(log.find(complaint), log.rfind(complaint));
    EXPECT_THAT(log, HasSubstr("status 400: <h1>400 Bad Request"));
}

TEST_F(Agent, DropsWhatTheServerJudged) {
    const RecordingServer server([](const server::Request&) {
        return RecordingServer::json(400, R"({"error":"all wrong","code":"invalid"})");
    });
    start(server.url(), {"--spool", path("spool")});
    wait_until([&] { return server.requests().size() >= 2 && spooled() == 0; });
    EXPECT_THAT(stop().err, HasSubstr("all wrong"));
}

// As nginx' client_max_body_size.
TEST_F(Agent, SendsLessWhereLessIsTaken) {
    constexpr std::size_t kBytesMax = 300'000;
    constexpr int kBatches = 9;
    const std::string line = "me\tapp.metrics.users.gauge\t7\t1700000000\n";
    std::string batch;
    while (batch.size() < 100'000) batch += line;
    for (int i = 1; i <= kBatches; ++i) {
        directory_.write(fmt::format("spool/{:020}.lines", i), batch);
    }
    const RecordingServer server([](const server::Request& request) {
        return request.body.size() > kBytesMax
                   ? RecordingServer::json(413, "<h1>413 Request Entity Too Large</h1>")
                   : taken(request);
    });
    start(server.url(), {"--spool", path("spool")});
    wait_until([&] { return spooled() == 0; });
    std::size_t big = 0;
    std::size_t lines = 0;
    for (const server::Request& request : server.requests()) {
        if (request.body.size() > kBytesMax) {
            ++big;
            continue;
        }
        for (std::size_t at = 0; (at = request.body.find(line, at)) != std::string::npos;) {
            at += line.size();
            ++lines;
        }
    }
    EXPECT_GE(big, 1U);
    EXPECT_LE(big, 2U);  // 900,000, then 450,000 at most
    EXPECT_EQ(lines, kBatches * (batch.size() / line.size()));
    EXPECT_EQ(stop().status, 0);
}

// A service that hangs up on bodies of over `bytes_max` bytes, as a way that loses long transfers.
Peer::Behaviour hanging_up_over(std::size_t bytes_max) {
    return [bytes_max](const PeerConnection& connection) {
        const std::string begin = connection.read_until("\r\n\r\n");
        std::smatch length;
        if (!std::regex_search(begin, length, std::regex("Content-Length: ([0-9]+)"))) return;
        const std::size_t bytes = std::stoul(length[1]);
        if (bytes > bytes_max) return;
        const std::size_t whole = begin.find("\r\n\r\n") + 4 + bytes;
        for (std::size_t got = begin.size(); got < whole;) {
            const std::string more = connection.read_until("\n");
            if (more.empty()) return;
            got += more.size();
        }
        connection.write(http_answer(R"({"accepted":1,"refused":0,"errors":[]})"));
    };
}

TEST_F(Agent, GetsRidOfABacklogOverABadWay) {
    for (int i = 1; i <= 9; ++i) {
        directory_.write(fmt::format("spool/{:020}.lines", i), std::string(30'000, '#') + '\n');
    }
    const Peer peer(hanging_up_over(100'000));
    start(fmt::format("http://127.0.0.1:{}", peer.port()), {"--spool", path("spool")});
    wait_until([&] { return spooled() == 0; });
    EXPECT_THAT(stop().err, HasSubstr("the server does not take lines"));
}

TEST_F(Agent, SaysWhatBecomesOfWhatNobodyTook) {
    const std::string nobody = fmt::format("http://127.0.0.1:{}", free_port());
    const auto failed = [this] { return agent_->err().contains("does not take lines"); };
    start(nobody);
    wait_until(failed);
    EXPECT_THAT(stop().err, HasSubstr("batches that were in memory are lost"));
    start(nobody, {"--spool", path("spool")});
    wait_until(failed);
    EXPECT_THAT(stop().err, HasSubstr("batches wait in the spool"));
    EXPECT_GE(spooled(), 1U);
}

TEST_F(Agent, SaysWhyItDoesNotStart) {
    const auto error_of = [](std::vector<std::string> words) {
        words.insert(words.begin(), "agent");
        const Finished finished = kurabe(words);
        EXPECT_EQ(finished.status, 1);
        return finished.err;
    };
    EXPECT_THAT(error_of({}), HasSubstr("--server is required"));
    EXPECT_THAT(error_of({"--server", "nowhere"}), HasSubstr("http://"));
    EXPECT_THAT(error_of({"--server", "http://127.0.0.1:9", "--host", "a/b"}), HasSubstr("'a/b'"));
    EXPECT_THAT(error_of({"--server", "http://127.0.0.1:9", "--spool", "/dev/null/x"}),
                HasSubstr("/dev/null/x"));
}

// A plugin whose n-th run tells of the n-th minute of a day long ago, so that seconds here are
// minutes of the series. One run may be lost when the agent is killed; not more.
class Outage : public Agent {
  protected:
    static constexpr std::int64_t kBegin = 1'700'000'040;  // a full minute

    void SetUp() override {
        directory_.write("rolls/base.yml", "metrics:\n- base\n");
        config_ = directory_.write(
            "kurabe.yml",
            "config:\n  data_dir: data\n  rolls_dir: rolls\n---\nservice: s\nservers:\n"
            "- { roll: base.yml, hosts: [ me ] }\n");
        std::filesystem::create_directories(directory_.path() / "data");
        directory_.write("count", "0\n");
        const auto script = directory_.write(
            "run.sh", fmt::format("read n <{0}/count\nn=$((n + 1))\necho $n >{0}/new\n"
                                  "mv {0}/new {0}/count\n"
                                  "printf 'n\\t%d\\t%d\\n' $n $(({1} + 60 * n))\n",
                                  directory_.path().string(), kBegin));
        write_plugin("run", "sh " + script.string());
    }
    void serve() {
        server_ = std::make_unique<Server>(
            std::vector<std::string>{KURABE_PROGRAM, "serve", "--config", config_, "--listen",
                                     fmt::format("127.0.0.1:{}", port_.number())});
    }
    void start_agent() {
        start(fmt::format("http://127.0.0.1:{}", port_.number()),
              {"--spool", path("spool"), "--conf-d", path("conf.d")});
    }
    // Minutes from the first to the last, NaN where a value is missing.
    [[nodiscard]] std::vector<double> minutes() const {
        const auto list = server::series_list_from_json(server_->get("/api/series?host=me").body);
        if (!list) return {};
        for (const store::SeriesInfo& info : *list) {
            if (info.name.key != "n.gauge") continue;
            const auto last =
                std::chrono::floor<std::chrono::seconds>(info.last_update.time_since_epoch());
            const auto rows = server::series_from_json(
                server_
                    ->get(fmt::format("/api/fetch?series=me/run/n.gauge&start={}&end={}",
                                      kBegin + 60, last.count() - 60))
                    .body);
            if (rows) return rows->values;
        }
        return {};
    }

    const ReservedPort port_;
    std::string config_;
    std::unique_ptr<Server> server_;
};

TEST_F(Outage, LeavesNoGap) {
    serve();
    start_agent();
    wait_until([&] { return minutes().size() >= 3; });
    server_->kill();
    server_.reset();
    wait_until([&] { return spooled() >= 4; });
    (void)stop(SIGKILL);
    const std::size_t left = spooled();
    EXPECT_GE(left, 4U);
    start_agent();
    wait_until([&] { return spooled() >= left + 4; });
    serve();
    wait_until([&] { return spooled() == 0; });
    const Finished finished = stop();
    EXPECT_EQ(finished.status, 0);
    EXPECT_THAT(finished.err, HasSubstr(fmt::format("spooled={}", left)));
    EXPECT_THAT(finished.err, HasSubstr("the server takes lines again"));
    const std::vector<double> values = minutes();
    EXPECT_GE(values.size(), 6U);
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_FALSE(std::isnan(values[i])) << i;
    EXPECT_EQ(server_->stop().status, 0);
}

}  // namespace
}  // namespace kurabe::tests
