// What whoever runs a server sees of it from outside: its metrics, its access log, HTTPS, and what
// it tells a service manager.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <list>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "collectors/prometheus/exposition.hpp"
#include "server/routes.hpp"
#include "server/tcp/listening_socket.hpp"
#include "tests/cli/program_fixture.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/service.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr const char* kOpenssl = "/usr/bin/openssl";
constexpr const char* kCurl = "/usr/bin/curl";
constexpr const char* kText = "Content-Type: text/plain";

class Operation : public testing::Test {
  protected:
    Operation() { directory_.write("rolls/base.yml", "metrics:\n- base\n"); }

    std::string configure(std::string_view more = "", std::string_view host = "web1") {
        return directory_
            .write("kurabe.yml", fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n{}"
                                             "---\nservice: s\nservers:\n"
                                             "- {{ roll: base.yml, hosts: [ {} ] }}\n",
                                             more, host))
            .string();
    }

    [[nodiscard]] std::string path(std::string_view name) const {
        return (directory_.path() / name).string();
    }
    // NAME.crt and NAME.key; false without openssl.
    [[nodiscard]] bool make_certificate(const std::string& name) const {
        if (::access(kOpenssl, X_OK) != 0) return false;
        const Finished made =
            run({kOpenssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-keyout", path(name + ".key"), "-out", path(name + ".crt"), "-days",
                 "9", "-subj", "/CN=" + name});
        EXPECT_EQ(made.status, 0) << made.err;
        return made.status == 0;
    }

    TemporaryDirectory directory_;
};

std::uint16_t port_of(const Server& server) {
    const std::string& url = server.url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

// Of "/metrics", by name and the labels' values: "kurabe_http_requests_total 2xx".
std::map<std::string, double> metrics_of(const Server& server) {
    const std::string text = server.get("/metrics").body;
    const auto read = collectors::prometheus::read_exposition(text);
    EXPECT_TRUE(read) << text;
    EXPECT_EQ(read->wrong_lines, 0u) << text;
    std::map<std::string, double> values;
    for (const auto& sample : read->samples) {
        EXPECT_NE(sample.type, collectors::prometheus::MetricType::kUntyped) << sample.name;
        std::string name(sample.name);
        for (const auto& [label, value] : sample.labels) name += " " + value;
        EXPECT_TRUE(values.emplace(name, sample.value).second) << "twice: " << name;
    }
    return values;
}

TEST_F(Operation, MetricsRiseWithWhatTheServerDoes) {
    const Server server(configure());
    EXPECT_EQ(server.get("/healthz").body, "ok\n");
    EXPECT_EQ(server.get("/nothing").status, 404);
    const auto line = fmt::format("web1\tbase.metrics.a.gauge\t1\t{}\n", std::time(nullptr));
    const auto pushed = cli::http_post({.url = server.url() + "/api/v1/lines",
                                        .body = line,
                                        .headers = {kText},
                                        .deadline = kDeadline});
    ASSERT_TRUE(pushed) << pushed.error().message;
    ASSERT_EQ(pushed->status, 200) << pushed->body;
    const auto metrics = metrics_of(server);
    EXPECT_EQ(metrics.at("kurabe_http_requests_total 2xx"), 2);
    EXPECT_EQ(metrics.at("kurabe_http_requests_total 4xx"), 1);
    EXPECT_EQ(metrics.at("kurabe_http_request_duration_seconds_count"), 3);
    EXPECT_GT(metrics.at("kurabe_http_request_duration_seconds_sum"), 0);
    EXPECT_GE(metrics.at("kurabe_http_connections"), 1);
    EXPECT_EQ(metrics.at("kurabe_ingest_reports_total accepted"), 1);
    EXPECT_EQ(metrics.at("kurabe_ingest_samples_total accepted"), 1);
    EXPECT_EQ(metrics.at("kurabe_config_last_reload_successful"), 1);
    EXPECT_GT(metrics.at("process_cpu_seconds_total"), 0);
    EXPECT_GT(metrics.at("process_resident_memory_bytes"), 1e6);
    EXPECT_GT(metrics.at("process_open_fds"), 3);
    EXPECT_NEAR(metrics.at("process_start_time_seconds"), static_cast<double>(std::time(nullptr)),
                60);
    EXPECT_EQ(metrics_of(server).at("kurabe_http_requests_total 2xx"), 3);
}

TEST_F(Operation, NothingIsMadeWhereAPortIsTaken) {
    const auto taken = server::tcp::open_listening_socket({.address = "127.0.0.1"}, "");
    ASSERT_TRUE(taken) << taken.error().message;
    const std::string address = fmt::format("127.0.0.1:{}", taken->port);
    const std::vector<std::vector<std::string>> ports = {
        {"--listen", address},
        {"--listen", "127.0.0.1:0", "--resp", address},
        {"--listen", "127.0.0.1:0", "--graphite", address},
    };
    for (const auto& more : ports) {
        std::vector<std::string> words = {"serve", "--config", configure(), "--data", path("new")};
        words.insert(words.end(), more.begin(), more.end());
        const Finished refused = kurabe(words);
        EXPECT_EQ(refused.status, 1);
        EXPECT_THAT(refused.err,
                    HasSubstr(fmt::format("cannot listen on 127.0.0.1 port {}", taken->port)));
        EXPECT_THAT(refused.err, HasSubstr("the port is in use"));
        EXPECT_FALSE(std::filesystem::exists(path("new"))) << refused.err;
    }
}

TEST_F(Operation, OnePortIsNotGivenTwice) {
    const ReservedPort port;
    const std::string address = fmt::format("127.0.0.1:{}", port.number());
    const Finished refused = kurabe({"serve", "--config", configure(), "--data", path("new"),
                                     "--listen", address, "--resp", address});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("for agents: the port is in use"));
    EXPECT_FALSE(std::filesystem::exists(path("new"))) << refused.err;
}

// Without the path to any program: it says so before it installs or builds anything.
TEST_F(Operation, TheFirstRunNamesTheWayOutWhereItsPortIsTaken) {
    const auto taken = server::tcp::open_listening_socket({.address = "127.0.0.1"}, "");
    ASSERT_TRUE(taken) << taken.error().message;
    const std::string address = fmt::format("127.0.0.1:{}", taken->port);
    const Finished refused = run({"/usr/bin/env", "-i", "PATH=/nonexistent", "/bin/bash",
                                  KURABE_RUN_SCRIPT, "--demo", "--listen", address});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("something listens on " + address + " already"));
    EXPECT_THAT(refused.err, HasSubstr("scripts/run.sh --listen"));
}

TEST_F(Operation, MetricsTellThatAConfigurationCannotBeFollowed) {
    const Server server(configure());
    configure("  retention: nonsense\n");
    ASSERT_TRUE(wait_for([&] {
        return metrics_of(server).at("kurabe_config_last_reload_successful") == 0;
    })) << server.log();
    EXPECT_EQ(metrics_of(server).at("kurabe_config_reloads_total failed"), 1);
    configure("", "web2");
    ASSERT_TRUE(wait_for([&] {
        return metrics_of(server).at("kurabe_config_last_reload_successful") == 1;
    })) << server.log();
    EXPECT_EQ(metrics_of(server).at("kurabe_config_reloads_total succeeded"), 1);
}

// Where a service manager would listen.
class NotifySocket {
  public:
    explicit NotifySocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        const auto* const named = reinterpret_cast<const sockaddr*>(&address);
        EXPECT_EQ(::bind(socket_, named, sizeof address), 0);
        const timeval patience{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    ~NotifySocket() {
        ::unsetenv("NOTIFY_SOCKET");
        ::unsetenv("WATCHDOG_USEC");
        ::close(socket_);
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    // The next message that begins so; empty when none comes.
    [[nodiscard]] std::string next(std::string_view beginning) const {
        std::array<char, 4096> bytes{};
        while (true) {
            const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
            if (got <= 0) return {};
            std::string message(bytes.data(), static_cast<std::size_t>(got));
            if (message.starts_with(beginning)) return message;
        }
    }

  private:
    int socket_;
};

TEST_F(Operation, TellsTheServiceManagerHowItIs) {
    const NotifySocket manager(path("notify"));
    ::setenv("WATCHDOG_USEC", "2000000", 1);
    Server server(configure());
    EXPECT_THAT(manager.next("READY=1"), HasSubstr("\nSTATUS=1 host on port "));
    EXPECT_EQ(manager.next("WATCHDOG=1"), "WATCHDOG=1");
    server.signal(SIGHUP);
    EXPECT_THAT(manager.next("RELOADING=1"), HasSubstr("MONOTONIC_USEC="));
    EXPECT_THAT(manager.next("READY=1"), Not(HasSubstr("cannot be followed")));
    configure("  retention: nonsense\n");
    server.signal(SIGHUP);
    EXPECT_THAT(manager.next("READY=1"), HasSubstr("cannot be followed"));
    EXPECT_EQ(server.stop().status, 0);
    EXPECT_THAT(manager.next("STOPPING=1"), HasSubstr("STATUS="));
}

TEST_F(Operation, TellsTheJournalThePriorityOfEachLine) {
    const std::string file = configure("  speling: 1\n");
    const auto started = [&file](const std::string& stream) {
        const std::string line = "JOURNAL_STREAM=" + stream + " exec \"$@\"";
        return run({"/bin/sh", "-c", line, "sh", KURABE_PROGRAM, "serve", "--config", file,
                    "--listen", "0.0.0.0:0"})
            .err;
    };
    EXPECT_THAT(started("$(stat -L -c %d:%i /dev/stderr)"),
                MatchesRegex("<4>2.* warning .*speling.*\n<3>ERROR: .*'access' is needed.*\n"));
    EXPECT_THAT(started("1:1"), MatchesRegex("2.* warning .*\nERROR: .*'access' is needed.*\n"));
}

TEST_F(Operation, AUnitOfSystemdIsInstalledThatItAccepts) {
    constexpr const char* kAnalyze = "/usr/bin/systemd-analyze";
    if (::access(kAnalyze, X_OK) != 0) GTEST_SKIP() << "systemd is not installed";
    std::string unit = read_file(KURABE_UNIT);
    EXPECT_THAT(unit, Not(HasSubstr("@CMAKE")));
    EXPECT_THAT(unit, Not(HasSubstr("\nConfigurationDirectory=")));  // the server could write it
    EXPECT_THAT(unit, HasSubstr("\nRestartSec=5s\n"));  // five within 10 s would end it
    const std::size_t start = unit.find("ExecStart=") + 10;
    unit.replace(start, unit.find(' ', start) - start, KURABE_PROGRAM);
    const auto file = directory_.write("kurabe.service", unit).string();
    const Finished verified = run({kAnalyze, "verify", "--man=no", file});
    EXPECT_THAT(verified.err + verified.out, Not(HasSubstr("kurabe.service:")));
    const Finished judged = run({kAnalyze, "security", "--offline=true", "--threshold=20", file});
    EXPECT_EQ(judged.status, 0) << judged.out << judged.err;  // 2.0 of 10
}

TEST_F(Operation, KeepsALineOfEachRequestWithoutItsQuery) {
    Server server(configure("  access_log: access.log\n"));
    EXPECT_EQ(server.get("/server?address=web1&signature=c2VjcmV0").status, 200);
    server::RawClient client(port_of(server));
    client.send("GET /x%0ay\xc2\x9b[2J\"=z HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_GE(client.receive().status, 400);
    server::RawClient other(port_of(server));
    other.send("nonsense\r\n\r\n");
    EXPECT_EQ(other.receive().status, 400);
    std::string log;
    ASSERT_TRUE(wait_for([&] {
        log = read_file(path("access.log"));
        return std::ranges::count(log, '\n') >= 3;
    })) << log;
    EXPECT_THAT(log, ContainsRegex("Z info request peer=127.0.0.1 caller=- method=GET path=/server "
                                   "status=200 bytes=[0-9]+ ms=[0-9]+\\.[0-9]\n"));
    EXPECT_THAT(log, HasSubstr("path=\"/x%0ay\\xc2\\x9b[2J\\\"=z\" status=4"));
    EXPECT_THAT(log, HasSubstr("method=- path=- status=400"));
    EXPECT_THAT(log, Not(HasSubstr("c2VjcmV0")));
    EXPECT_EQ(std::ranges::count(log, '\n'), 3);
    struct stat status{};
    ASSERT_EQ(::stat(path("access.log").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0007, 0u);
}

TEST_F(Operation, OpensItsAccessLogAnewWhenToldToAlsoWithABrokenConfiguration) {
    Server server(configure(), {"--access-log", path("access.log")});
    EXPECT_EQ(server.get("/first").status, 404);
    std::filesystem::rename(path("access.log"), path("access.log.1"));
    server.signal(SIGHUP);
    ASSERT_TRUE(wait_for([&] { return std::filesystem::exists(path("access.log")); }));
    EXPECT_EQ(server.get("/second").status, 404);
    ASSERT_TRUE(wait_for([&] { return read_file(path("access.log")).contains("/second"); }));
    EXPECT_THAT(read_file(path("access.log.1")), HasSubstr("/first"));
    EXPECT_THAT(read_file(path("access.log.1")), Not(HasSubstr("/second")));
    configure("  retention: nonsense\n");
    ASSERT_TRUE(wait_for([&] { return server.log().contains("not followed"); }));
    std::filesystem::remove(path("access.log"));
    server.signal(SIGHUP);
    ASSERT_TRUE(wait_for([&] { return std::filesystem::exists(path("access.log")); }));
}

TEST_F(Operation, AnAccessLogThatCannotBeOpenedIsToldAndNothingStarts) {
    const Finished finished = kurabe({"serve", "--config", configure(), "--listen", "127.0.0.1:0",
                                      "--access-log", path("none/access.log")});
    EXPECT_EQ(finished.status, 1);
    EXPECT_THAT(finished.err, HasSubstr("none/access.log: cannot be opened: No such file"));
}

class Https : public Operation {
  protected:
    void SetUp() override {
        if (::access(kCurl, X_OK) != 0 || !make_certificate("one") || !make_certificate("two")) {
            GTEST_SKIP() << "curl or openssl is not installed";
        }
    }
    [[nodiscard]] std::string files(std::string_view certificate, std::string_view key) {
        return configure(fmt::format("  tls: {{ certificate: {}, key: {} }}\n", certificate, key));
    }
    // "STATUS BODY" over TLS with that certificate and no other, or curl's complaint.
    [[nodiscard]] std::string ask(const Server& server, const std::string& name,
                                  const std::string& target = "/healthz",
                                  std::vector<std::string> more = {}) const {
        std::vector<std::string> words{
            kCurl,
            "--silent",
            "--show-error",
            "--max-time",
            "30",
            "--cacert",
            path(name + ".crt"),
            "--resolve",
            fmt::format("{}:{}:127.0.0.1", name, port_of(server)),
            "--write-out",
            " %{http_code}",
            fmt::format("https://{}:{}{}", name, port_of(server), target)};
        words.insert(words.end(), more.begin(), more.end());
        const Finished finished = run(words);
        return finished.out + finished.err;
    }
};

TEST_F(Https, IsSpokenWithTheCertificateOfTheFilesAlsoAfterTheyWereChanged) {
    Server server(files("one.crt", "one.key"));
    EXPECT_EQ(ask(server, "one"), "ok\n 200");
    const std::string twice = fmt::format("https://one:{}/nothing", port_of(server));
    EXPECT_THAT(ask(server, "one", "/healthz", {twice}), HasSubstr("ok\n 200"));
    EXPECT_THAT(ask(server, "two"), HasSubstr("certificate"));
    for (const std::string_view end : {".crt", ".key"}) {
        std::filesystem::copy_file(path(fmt::format("two{}", end)), path(fmt::format("one{}", end)),
                                   std::filesystem::copy_options::overwrite_existing);
    }
    server.signal(SIGHUP);
    EXPECT_TRUE(wait_for([&] { return ask(server, "two") == "ok\n 200"; })) << server.log();
    EXPECT_EQ(server.stop().status, 0);
}

TEST_F(Https, ABodyThatIsTooLargeIsRefusedAndTheRefusalRead) {
    const Server server(files("one.crt", "one.key"));
    directory_.write("large", std::string(20 << 20, 'x'));
    EXPECT_THAT(
        ask(server, "one", "/api/v1/lines",
            {"--header", kText, "--header", "Expect:", "--data-binary", "@" + path("large")}),
        HasSubstr(" 413"));
    directory_.write("lines",
                     fmt::format("web1\tbase.metrics.a.gauge\t1\t{}\n", std::time(nullptr)));
    EXPECT_THAT(ask(server, "one", "/api/v1/lines",
                    {"--header", kText, "--data-binary", "@" + path("lines")}),
                HasSubstr("\"accepted\":1"));
}

TEST_F(Https, OldVersionsAndThoseWhoSpeakNoneAreTurnedAway) {
    const Server server(files("one.crt", "one.key"));
    const std::string peer = fmt::format("127.0.0.1:{}", port_of(server));
    for (const auto& [version, spoken] :
         {std::pair{"-tls1_1", false}, std::pair{"-tls1_2", true}, std::pair{"-tls1_3", true}}) {
        const Finished tried = run({"/bin/sh", "-c",
                                    "exec \"$1\" s_client -connect \"$2\" \"$3\" -cipher "
                                    "ALL:@SECLEVEL=0 </dev/null",
                                    "sh", kOpenssl, peer, version});
        EXPECT_EQ(tried.status == 0, spoken) << version << tried.out << tried.err;
    }
    server::RawClient plain(port_of(server));
    plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(plain.receive_all(), Not(HasSubstr("HTTP/1.1")));
    // They hold a thread each until their deadline, and are more than there are.
    std::list<server::RawClient> silent;
    for (int i = 0; i < 70; ++i) silent.emplace_back(port_of(server));
    EXPECT_EQ(ask(server, "one"), "ok\n 200");
}

TEST_F(Https, FilesThatCannotBeUsedAreNamedAndNothingStarts) {
    const auto said = [this](std::string_view certificate, std::string_view key) {
        const Finished finished =
            kurabe({"serve", "--config", files(certificate, key), "--listen", "127.0.0.1:0"});
        EXPECT_NE(finished.status, 0);
        return finished.err;
    };
    EXPECT_THAT(said("none.crt", "one.key"), HasSubstr("none.crt: there is no such file"));
    EXPECT_THAT(said("one.key", "one.key"), HasSubstr("one.key: has no certificate"));
    EXPECT_THAT(
        said("one.crt", "two.key"),
        ContainsRegex("two.key: cannot be used as the key of .*one.crt: key values mismatch"));
    EXPECT_THAT(said("one.crt", "one.crt"), Not(HasSubstr("listening")));
    ::chmod(path("one.key").c_str(), 0644);
    EXPECT_THAT(said("one.crt", "one.key"), HasSubstr("one.key"));
    const Finished half = kurabe({"serve", "--config", configure(), "--tls-key", path("one.key")});
    EXPECT_THAT(half.err, HasSubstr("--tls-certificate"));
}

// The block of docs/operations.md, "In front: nginx", with what a test has in place of its files
// and ports.
std::string documented_nginx(const Server& server, int port, const std::string& directory) {
    const std::string text = read_file(std::string(KURABE_SOURCE_DIR) + "/docs/operations.md");
    const std::string opening = "```nginx\n";
    const std::size_t begin =
        text.find(opening, text.find("## In front: nginx\n")) + opening.size();
    std::string block = text.substr(begin, text.find("```", begin) - begin);
    for (const auto& [from, to] : std::map<std::string, std::string>{
             {"127.0.0.1:5434", fmt::format("127.0.0.1:{}", port_of(server))},
             {"listen 443", fmt::format("listen 127.0.0.1:{}", port)},
             {"/etc/nginx/graphs.crt", directory + "/one.crt"},
             {"/etc/nginx/graphs.key", directory + "/one.key"},
             {"/etc/nginx/graphs.htpasswd", directory + "/htpasswd"}}) {
        const std::size_t at = block.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        if (at != std::string::npos) block.replace(at, from.size(), to);
    }
    return block;
}

TEST_F(Https, TheDocumentedNginxGivesHttp2AndPassesOnWhatBrowsersKeep) {
    const Server server(configure());
    directory_.write("htpasswd", "alice:{PLAIN}secret\n");
    const auto nginx = Service::start(kNginx, [&](const TemporaryDirectory& own, int port) {
        const auto file =
            own.write("nginx.conf",
                      nginx_configuration(
                          own.path(), documented_nginx(server, port, directory_.path().string())));
        const Finished checked = run({kNginx, "-t", "-c", file, "-e", own.path() / "early.log"});
        EXPECT_EQ(checked.status, 0) << checked.err;
        return std::vector<std::string>{kNginx, "-c", file, "-e", own.path() / "early.log"};
    });
    if (nginx == nullptr) GTEST_SKIP() << "nginx is not installed";
    const auto through = [&](const std::string& target, std::vector<std::string> more = {}) {
        std::vector<std::string> words{
            kCurl,
            "--silent",
            "--show-error",
            "--include",
            "--http2",
            "--insecure",
            "--max-time",
            "30",
            "--user",
            "alice:secret",
            fmt::format("https://127.0.0.1:{}{}", nginx->port(), target)};
        words.insert(words.end(), more.begin(), more.end());
        const Finished finished = run(words);
        return finished.out + finished.err;
    };
    const std::string css = through("/css/kurabe.css");
    EXPECT_THAT(css, ::testing::StartsWith("HTTP/2 200"));
    EXPECT_THAT(css, HasSubstr("cache-control: "));
    const std::size_t tag = css.find("etag: ") + 6;
    ASSERT_NE(css.find("etag: "), std::string::npos) << css;
    const std::string kept = "If-None-Match: " + css.substr(tag, css.find('\r', tag) - tag);
    EXPECT_THAT(through("/css/kurabe.css", {"--header", kept}),
                ::testing::StartsWith("HTTP/2 304"));
    EXPECT_THAT(through("/", {"--user", "alice:wrong"}), ::testing::StartsWith("HTTP/2 401"));
    for (int i = 0; i < 5; ++i) EXPECT_THAT(through("/healthz"), HasSubstr("ok\n"));
    for (const auto& [target, form] :
         std::map<std::string, std::string>{{"/api/v1/events", "text=x"},
                                            {"/api/shop/items/sold", "number=7"},
                                            {"/vrule/api/shop", "description=x"}}) {
        EXPECT_THAT(through(target, {"--data", form}), ::testing::StartsWith("HTTP/2 401"));
        EXPECT_THAT(through(target, {"--data", form, "--header", "Authorization: Bearer TOKEN"}),
                    ::testing::StartsWith("HTTP/2 200"))
            << target;
    }
}

// Else a token is asked for a password, at an address that another sample lets through.
TEST(DocumentedNginx, LetsTokensToAllThatIsWritten) {
    const std::string text = read_file(std::string(KURABE_SOURCE_DIR) + "/docs/operations.md");
    std::vector<std::string> patterns;
    const std::string location = "location ~ ";
    for (std::size_t at = 0; (at = text.find(location, at)) != std::string::npos;) {
        at += location.size();
        const std::string pattern = text.substr(at, text.find(" {", at) - at);
        if (pattern.contains("lines")) patterns.push_back(pattern);
    }
    ASSERT_EQ(patterns.size(), 2U);
    EXPECT_EQ(patterns[0], patterns[1]);
    const std::regex pattern(patterns[0]);
    for (const server::Route& route : server::routes()) {
        const auto is_written = [&route](const char* method) {
            return server::writes(route, server::Request{.method = method, .path = ""});
        };
        std::string path(route.path);
        for (std::size_t at = 0; (at = path.find('*')) != std::string::npos;) path[at] = 'x';
        if (is_written("POST") || is_written("DELETE")) {
            EXPECT_TRUE(std::regex_search(path, pattern)) << path;
        }
    }
    for (const char* path :
         {"/", "/server", "/graph", "/g/a/b/c.png", "/api/v1/data", "/api/rrd"}) {
        EXPECT_FALSE(std::regex_search(path, pattern)) << path;
    }
}

}  // namespace
}  // namespace kurabe::tests
