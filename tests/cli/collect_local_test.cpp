// `kurabe collect` as cron starts it: lines of this machine on standard output or at a server, and
// what is said when that does not take them.
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/recording_server.hpp"
#include "tests/support/ssh_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kTaken = R"({"accepted":1,"refused":0,"errors":[]})";

RecordingServer::Answer always(int status, const std::string& body) {
    return [status, body](const server::Request&) { return RecordingServer::json(status, body); };
}

std::filesystem::path write_token(const TemporaryDirectory& directory, mode_t mode) {
    auto file = directory.write("token", "a-secret-token\n");
    ::chmod(file.c_str(), mode);
    return file;
}

class ServedDirectory {
  public:
    ServedDirectory() {
        directory_.write("rolls/base.yml", "metrics:\n- base\n");
        config_ = directory_.write("kurabe.yml",
                                   "config:\n  data_dir: data\n  rolls_dir: rolls\n---\n"
                                   "service: s\nservers:\n"
                                   "- { roll: base.yml, hosts: [ 127.0.0.1, me ] }\n");
        std::filesystem::create_directories(directory_.path() / "data");
    }
    [[nodiscard]] const std::filesystem::path& config() const { return config_; }

  private:
    TemporaryDirectory directory_;
    std::filesystem::path config_;
};

TEST(CollectLocal, PrintsLinesOfThisMachine) {
    const auto finished = kurabe({"collect", "local", "--once", "--host", "me"});
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(finished.err, "");
    EXPECT_THAT(finished.out, HasSubstr("me\tbase.metrics.loadavg-1.gauge\t"));
    EXPECT_THAT(finished.out, HasSubstr("me\tbase.meta.version\tLinux"));
}

TEST(CollectLocal, HandsThemToAServer) {
    const ServedDirectory served;
    const Server server(served.config());
    auto finished = kurabe({"collect", "local", "--once", "--server", server.url() + "/"});
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_EQ(finished.out + finished.err, "");
    EXPECT_THAT(server.get("/api/series?host=127.0.0.1").body, HasSubstr("loadavg-1.gauge"));
    EXPECT_THAT(server.get("/api/host-status?address=127.0.0.1").body, HasSubstr(":0"));
    finished = kurabe({"collect", "local", "--once", "--host", "me", "--server", server.url()});
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_THAT(server.get("/api/series?host=me").body, HasSubstr("loadavg-1.gauge"));
}

TEST(CollectLocal, SaysInOneLineThatTheServerDidNotTakeThem) {
    const std::string nobody = fmt::format("http://127.0.0.1:{}", free_port());
    const auto expect_failure = [](const std::string& url, const std::string& reason) {
        const auto finished = kurabe({"collect", "local", "--once", "--server", url});
        EXPECT_EQ(finished.status, 1);
        EXPECT_EQ(finished.out, "");
        EXPECT_THAT(finished.err, HasSubstr(reason));
        EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
    };
    expect_failure(nobody, "/api/v1/lines: Couldn't connect");
    const RecordingServer full(always(503, R"({"error":"full","code":"no-space"})"));
    expect_failure(full.url(), "status 503: full");
    const RecordingServer other(always(200, "<html>"));
    expect_failure(other.url(), "no server of ours");
    const RecordingServer picky(
        always(200, R"({"accepted":1,"refused":2,"errors":[{"line":3,"reason":"odd\nline"}]})"));
    expect_failure(picky.url(), "2 lines refused: odd?line");
    const RecordingServer strict(always(400, R"({"error":"no gzip","code":"invalid"})"));
    expect_failure(strict.url(), "1 line refused: no gzip");
}

TEST(CollectLocal, ShowsItsTokenToTheServerAlone) {
    const TemporaryDirectory directory;
    const auto token = write_token(directory, 0600).string();
    const RecordingServer server(always(200, kTaken));
    const auto finished =
        kurabe({"collect", "local", "--once", "--server", server.url(), "--token-file", token});
    EXPECT_EQ(finished.status, 0) << finished.err;
    EXPECT_THAT(finished.out + finished.err, Not(HasSubstr("secret")));
    ASSERT_EQ(server.requests().size(), 1U);
    const server::Request request = server.requests().front();
    EXPECT_EQ(request.path, "/api/v1/lines");
    EXPECT_EQ(server::header_value(request, "Authorization"), "Bearer a-secret-token");
    EXPECT_THAT(request.body, HasSubstr("127.0.0.1\tbase.metrics.loadavg-1.gauge\t"));
}

TEST(CollectLocal, TakesNoSecretThatOthersCanRead) {
    const TemporaryDirectory directory;
    const auto token = write_token(directory, 0640).string();
    const auto with = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"collect", "local", "--once"});
        const auto finished = kurabe(more);
        EXPECT_EQ(finished.status, 1);
        EXPECT_THAT(finished.err, Not(HasSubstr("secret-")));
        return finished.err;
    };
    EXPECT_THAT(with({"--server", "http://127.0.0.1:9", "--token-file", token}),
                HasSubstr("others may read it"));
    EXPECT_THAT(with({"--server", "http://me:secret-word@127.0.0.1:9"}), HasSubstr("--token-file"));
    EXPECT_THAT(with({"--token-file", token}), HasSubstr("--server"));
    EXPECT_THAT(with({"--server", "http://127.0.0.1:9", "--token-file", "/none"}),
                HasSubstr("/none: No such file"));
    const auto odd = directory.write("odd", "two secret-words\n").string();
    ::chmod(odd.c_str(), 0600);
    EXPECT_THAT(with({"--server", "http://127.0.0.1:9", "--token-file", odd}),
                HasSubstr("without blanks"));
}

TEST(CollectLocal, RefusesWhatIsNoServerAndNoHost) {
    for (const char* url : {"ftp://a", "127.0.0.1", "", "http://", "file:///etc/passwd"}) {
        const auto finished = kurabe({"collect", "local", "--once", "--server", url});
        EXPECT_EQ(finished.status, 1) << url;
        EXPECT_THAT(finished.err, HasSubstr("http")) << url;
    }
    EXPECT_THAT(kurabe({"collect", "local", "--once", "--host", "a/b"}).err, HasSubstr("'a/b'"));
}

TEST(CollectSshToServer, HandsOverHostsAndWhatFailed) {
    if (!SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    const SshServer watched;
    const ServedDirectory served;
    const Server server(served.config());
    const auto finished =
        kurabe({"collect", "ssh", "--once", "--ssh-config", "none", "--identity",
                watched.identity().string(), "--known-hosts", watched.known_hosts_file().string(),
                "--server", server.url(), fmt::format("127.0.0.1:{}", watched.port()),
                fmt::format("127.0.0.2:{}", free_port())});
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(finished.out, "");
    EXPECT_THAT(finished.err, HasSubstr("1 of 2 hosts failed"));
    EXPECT_THAT(server.get("/api/series?host=127.0.0.1").body, HasSubstr("loadavg-1.gauge"));
}

}  // namespace
}  // namespace kurabe::tests
