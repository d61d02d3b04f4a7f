// Many peers, slow ones, silent ones, ones that send garbage or too much: the others notice
// nothing.
#include "server/tcp/server.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "server/resp/protocol.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/server/resp/intake_fixture.hpp"

namespace kurabe::server::tcp {
namespace {

using std::chrono::milliseconds;
using testing::StartsWith;

std::string push(std::string_view body) {
    return fmt::format("*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n${}\r\n{}\r\n", body.size(),
                       body);
}

const std::string kLine = "10.0.0.9\tbase.metrics.a.gauge\t1\t1795344360\n";

class RespServer : public IntakeFixture {
  protected:
    void start(Settings settings = {}) {
        settings.listen = {.address = "127.0.0.1", .port = 0};
        auto server =
            Server::listen(settings, std::make_unique<resp::RespProtocol>(current_intake()), log_);
        ASSERT_TRUE(server) << server.error().message;
        server_ = *std::move(server);
        thread_ = std::jthread([this](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                server_->work(milliseconds{10});
                connections_ = server_->connections();
            }
        });
    }
    void TearDown() override { thread_ = {}; }
    [[nodiscard]] RawClient connect() const { return RawClient(server_->port()); }
    // Whether a peer is served now.
    void expect_served() const {
        RawClient peer = connect();
        peer.send(push(kLine));
        EXPECT_EQ(peer.receive_bytes(4), ":1\r\n");
    }
    void wait_for_connections(std::size_t count) const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (connections_ != count && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(milliseconds{5});
        }
        EXPECT_EQ(connections_, count);
    }

    std::unique_ptr<Server> server_;
    std::atomic<std::size_t> connections_{0};
    std::jthread thread_;
};

TEST_F(RespServer, AnswersAnAgent) {
    start();
    RawClient agent = connect();
    agent.send("*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(agent.receive_bytes(7), "+PONG\r\n");
    agent.send(push(kLine));
    EXPECT_EQ(agent.receive_bytes(4), ":1\r\n");
    EXPECT_EQ(samples(), 1U);
}

TEST_F(RespServer, AnswersCommandsThatComeTogetherOrByteByByte) {
    start();
    RawClient together = connect();
    std::string commands;
    for (int i = 0; i < 1000; ++i) commands += push(kLine);
    together.send(commands + "QUIT\r\n");
    const std::string replies = together.receive_all();
    EXPECT_EQ(replies.size(), 4005U);
    EXPECT_THAT(replies, testing::EndsWith(":1\r\n+OK\r\n"));
    EXPECT_EQ(samples(), 1000U);
    RawClient slowly = connect();
    for (const char byte : push(kLine)) slowly.send(std::string(1, byte));
    EXPECT_EQ(slowly.receive_bytes(4), ":1\r\n");
}

TEST_F(RespServer, TakesWhatComesBeforeHalfACommandOnce) {
    start();
    RawClient agent = connect();
    const std::string second = push(kLine);
    agent.send(push(kLine) + second.substr(0, 20));
    EXPECT_EQ(agent.receive_bytes(4), ":1\r\n");
    agent.send(second.substr(20) + "QUIT\r\n");
    EXPECT_EQ(agent.receive_all(), ":1\r\n+OK\r\n");
    EXPECT_EQ(samples(), 2U);
}

TEST_F(RespServer, TakesMessagesOfManyReads) {
    start();
    std::string body;
    while (body.size() < 3 << 20) body += kLine;
    RawClient agent = connect();
    agent.send(push(body) + push(kLine));
    EXPECT_EQ(agent.receive_bytes(8), ":1\r\n:1\r\n");
    EXPECT_EQ(samples(), body.size() / kLine.size() + 1);
}

TEST_F(RespServer, KeepsAThousandConnections) {
    rlimit files{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
    if (files.rlim_cur < 2100) GTEST_SKIP() << "too few files may be open";
    start();
    std::vector<std::unique_ptr<RawClient>> agents;
    for (int i = 0; i < 1000; ++i) {
        agents.push_back(std::make_unique<RawClient>(server_->port()));
        ASSERT_TRUE(agents.back()->connected()) << i;
    }
    for (const auto& agent : agents) agent->send(push(kLine));
    for (const auto& agent : agents) EXPECT_EQ(agent->receive_bytes(4), ":1\r\n");
    EXPECT_EQ(samples(), 1000U);
    agents.clear();
    wait_for_connections(0);
}

TEST_F(RespServer, TurnsAwayThoseWhoAreTooMany) {
    start({.listen = {}, .connections_max = 2});
    const RawClient first = connect();
    const RawClient second = connect();
    wait_for_connections(2);
    RawClient third = connect();
    EXPECT_EQ(third.receive_all(), "-ERR max number of clients reached\r\n");
}

TEST_F(RespServer, EndsGarbageWithAReason) {
    start();
    for (const std::string& garbage :
         {std::string("*1\r\n$x\r\n"), std::string("*1\r\nGET / HTTP/1.1\r\n"),
          std::string(200'000, 'x'), std::string("\"\n") + std::string(100'000, '\0')}) {
        RawClient peer = connect();
        peer.send(garbage);
        EXPECT_THAT(peer.receive_all(), StartsWith("-ERR Protocol error: "));
    }
    expect_served();
    wait_for_connections(0);
}

// What a browser sends for a page that posts to this port: its body is the page's.
TEST_F(RespServer, AWebPageCannotPush) {
    start();
    const std::string body =
        "RPUSH kurado-update \"10.0.0.9\tbase.metrics.a.gauge\t1\t1795344360\"\r\n";
    for (const std::string& head :
         {std::string("POST / HTTP/1.1\r\n"), std::string("GET /?x HTTP/1.1\r\n"),
          std::string("Host: 127.0.0.1:6379\r\n")}) {
        RawClient page = connect();
        page.send(
            fmt::format("{}Host: 127.0.0.1:6379\r\nConnection: keep-alive\r\n"
                        "Content-Length: {}\r\nContent-Type: text/plain;charset=UTF-8\r\n"
                        "Origin: http://evil.example\r\nSec-Fetch-Mode: no-cors\r\n\r\n{}",
                        head, body.size(), body));
        const std::string told = page.receive_all();
        EXPECT_THAT(told, StartsWith("-ERR unknown command '"));
        EXPECT_EQ(told.find('\n') + 1, told.size()) << told;
    }
    EXPECT_EQ(samples(), 0U);
    RawClient person = connect();  // the same line alone is taken
    person.send(body);
    EXPECT_EQ(person.receive_bytes(4), ":1\r\n");
    RawClient library = connect();  // asks for what is not here, and goes on
    library.send("*1\r\n$5\r\nHELLO\r\n*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(library.receive_bytes(37), "-ERR unknown command 'HELLO'\r\n+PONG\r\n");
}

TEST_F(RespServer, TakesNoCommandThatIsTooLong) {
    start();
    RawClient peer = connect();
    peer.send("*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n$4194305\r\n");
    EXPECT_THAT(peer.receive_all(), StartsWith("-ERR Protocol error: the command is over"));
    RawClient many = connect();
    many.send("*1025\r\n");
    EXPECT_THAT(many.receive_all(), StartsWith("-ERR Protocol error: more than 1024 words"));
}

TEST_F(RespServer, EndsPeersThatAreSilentOrNeverFinish) {
    start({.listen = {},
           .patience = {.idle = milliseconds{300},
                        .message = milliseconds{300},
                        .reading = milliseconds{300},
                        .farewell = milliseconds{300}}});
    const RawClient silent = connect();
    const RawClient half = connect();
    half.send("*3\r\n$5\r\nRPU");
    const RawClient asking = connect();  // reads no answers
    std::string questions;
    for (int i = 0; i < 3000; ++i) questions += fmt::format("ECHO {}\r\n", std::string(1000, 'e'));
    std::jthread sender([&] { asking.send(questions); });
    const RawClient broken = connect();  // does not close when it is told to go
    broken.send("*x\r\n");
    sender.join();
    wait_for_connections(0);
    expect_served();
}

TEST_F(RespServer, BoundsWhatIsUnderWay) {
    start({.listen = {}, .bytes_max = 1 << 20});
    const std::string half = "*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n$2000000\r\n";
    RawClient large = connect();
    large.send(half + std::string(1'500'000, 'x'));
    EXPECT_THAT(large.receive_all(), StartsWith("-ERR too much is under way"));
    expect_served();
}

TEST_F(RespServer, TellsWhenTheStoreCannotTakeIt) {
    start();
    fail_with(Error{ErrorCode::kNoSpace, "full"});
    RawClient agent = connect();
    agent.send(push(kLine) + "QUIT\r\n");
    EXPECT_THAT(agent.receive_all(), StartsWith("-ERR 10.0.0.9: "));
}

// Peers wait until there are files again, and those that are connected notice nothing.
TEST_F(RespServer, GoesOnWhenItMayOpenNoFile) {
    start();
    RawClient early = connect();
    early.send(push(kLine));  // for what sanitizers need files at the first time
    EXPECT_EQ(early.receive_bytes(4), ":1\r\n");
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    RawClient late;  // has its socket already
    const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    late.connect(server_->port());
    for (int i = 0; i < 10; ++i) {
        early.send(push(kLine));
        EXPECT_EQ(early.receive_bytes(4), ":1\r\n");
    }
    EXPECT_EQ(connections_, 1U);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    late.send("PING\r\n");
    EXPECT_EQ(late.receive_bytes(7), "+PONG\r\n");
}

TEST_F(RespServer, SaysThatAPortIsTaken) {
    start();
    const auto second =
        Server::listen({.listen = {"127.0.0.1", server_->port()}},
                       std::make_unique<resp::RespProtocol>(current_intake()), log_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kInUse);
}

}  // namespace
}  // namespace kurabe::server::tcp
