// The HTTP wrapper holds where Poco alone does not: shared ports, unread bodies, slow and idle
// clients, exceptions, limits, and the order of stopping.
#include "server/http_server.hpp"

#include <array>
#include <atomic>
#include <future>
#include <latch>
#include <list>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/server/raw_client.hpp"

namespace kurabe::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

// Answers with what it understood, one line each.
Response echo(const Request& request) {
    if (request.path == "/throw") throw std::runtime_error("on purpose");
    if (request.path == "/throw-anything") throw 1;
    Response response;
    response.content_type = "text/plain";
    if (request.path == "/missing") response.status = 404;
    if (request.path == "/unchanged") response.status = 304;
    if (request.path == "/header") {
        response.headers.emplace_back("X-Test", "a\r\nX-Forged: b");
    }
    response.body = fmt::format("{} {}\n", request.method, request.path);
    for (const auto& [name, value] : request.parameters) {
        response.body += fmt::format("{}={}\n", name, value);
    }
    response.body += request.body;
    return response;
}

class HttpServerTest : public testing::Test {
  protected:
    std::uint16_t start(HttpServerOptions options = {}, HttpServer::Handler handler = echo) {
        options.listen = {.address = "127.0.0.1", .port = 0};
        auto started = HttpServer::start(options, std::move(handler), log_);
        EXPECT_TRUE(started) << started.error().message;
        server_ = std::move(*started);
        return server_->port();
    }
    RawResponse get(std::string_view target) {
        RawClient client(server_->port());
        client.send(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", target));
        return client.receive();
    }
    RawResponse send(std::string_view bytes) {
        RawClient client(server_->port());
        client.send(bytes);
        return client.receive();
    }

    Log log_{STDERR_FILENO, LogLevel::kError};
    std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersWithStatusTypeAndLength) {
    start();
    const RawResponse response = get("/a%20b?x=1&y=a+b%26");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a b\nx=1\ny=a b&\n");
    EXPECT_THAT(response.head, HasSubstr("Content-Type: text/plain\r\n"));
    EXPECT_THAT(response.head, HasSubstr("Date: "));
}

TEST_F(HttpServerTest, NamesThePeer) {
    start({}, [](const Request& request) {
        Response response;
        response.body = request.peer;
        return response;
    });
    EXPECT_EQ(get("/").body, "127.0.0.1");
}

// A rule sees head and length, and what it gives is kept until the answer has gone.
TEST_F(HttpServerTest, DecidesOverABodyBeforeItIsRead) {
    const auto counted = std::make_shared<int>(0);
    long kept = 0;
    const BodyRule rule = [&](const Request& head, std::optional<std::size_t> length) {
        BodyDecision decision;
        if (head.path == "/refused") {
            decision.refusal.emplace().status = 429;
            decision.refusal->headers.emplace_back("Retry-After", "1");
        }
        // Only of the last request: those before may still be going.
        if (head.path == "/large") {
            decision.bytes_max = length.value_or(0) + (2 << 20);
            decision.kept = counted;
        }
        return decision;
    };
    start({.listen = {}, .body_rule = rule}, [&](const Request& request) {
        kept = counted.use_count();
        return echo(request);
    });
    const auto post = [](std::string_view path, std::size_t bytes) {
        return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", path,
                           bytes, std::string(bytes, 'x'));
    };
    EXPECT_EQ(send(post("/refused", 10)).status, 429);
    EXPECT_THAT(send(post("/refused", 10)).head, HasSubstr("Retry-After: 1\r\n"));
    EXPECT_EQ(send(post("/other", (1 << 20) + 1)).status, 413);
    EXPECT_EQ(send(post("/large", (1 << 20) + 1)).status, 200);
    EXPECT_EQ(kept, 2);  // here, and of the request
    server_->stop();
    EXPECT_EQ(counted.use_count(), 1);
}

TEST_F(HttpServerTest, ReasonFollowsStatus) {
    start();
    EXPECT_THAT(get("/missing").head, HasSubstr("HTTP/1.1 404 Not Found\r\n"));
}

TEST_F(HttpServerTest, SecondServerOnAPortIsRefused) {
    const std::uint16_t port = start();
    const auto second =
        HttpServer::start({.listen = {.address = "127.0.0.1", .port = port}}, echo, log_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kInUse);
    EXPECT_THAT(second.error().message, HasSubstr(std::to_string(port)));
    EXPECT_EQ(get("/").status, 200);
}

TEST_F(HttpServerTest, PortIsFreeAfterStop) {
    const std::uint16_t port = start();
    EXPECT_EQ(get("/").status, 200);
    server_->stop();
    const auto again =
        HttpServer::start({.listen = {.address = "127.0.0.1", .port = port}}, echo, log_);
    EXPECT_TRUE(again) << again.error().message;
}

TEST_F(HttpServerTest, BodyIsNeverTheNextRequest) {
    start();
    RawClient client(server_->port());
    const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(
        fmt::format("GET /first HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}"
                    "GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                    smuggled.size(), smuggled));
    const std::string all = client.receive_all();
    EXPECT_THAT(all, HasSubstr("GET /first"));
    EXPECT_THAT(all, HasSubstr("GET /second"));
    EXPECT_THAT(all, Not(HasSubstr("smuggled")));
}

TEST_F(HttpServerTest, TrailersOfAChunkedBodyAreNeverTheNextRequest) {
    start();
    RawClient client(server_->port());
    client.send(
        "POST /first HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nhi\r\n0\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string all = client.receive_all();
    EXPECT_THAT(all, HasSubstr("POST /first\nhi"));
    EXPECT_THAT(all, Not(HasSubstr("smuggled")));
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
    start();
    RawClient client(server_->port());
    client.send(
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
        "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.receive().body, "GET /1\n");
    EXPECT_EQ(client.receive().body, "GET /2\n");
    EXPECT_EQ(client.receive().body, "GET /3\n");
}

TEST_F(HttpServerTest, HeadHasLengthAndNoBody) {
    start();
    RawClient client(server_->port());
    client.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string all = client.receive_all();
    EXPECT_THAT(all, HasSubstr("Content-Length: 8\r\n"));
    EXPECT_TRUE(all.ends_with("\r\n\r\n")) << all;
}

TEST_F(HttpServerTest, NotModifiedHasNeitherBodyNorType) {
    start();
    const RawResponse response = get("/unchanged");
    EXPECT_EQ(response.status, 304);
    EXPECT_THAT(response.head, Not(HasSubstr("Content-Type")));
}

TEST_F(HttpServerTest, AnyExceptionBecomesA500AndTheServerGoesOn) {
    start();
    for (const std::string_view path : {"/throw", "/throw-anything"}) {
        const RawResponse response = get(path);
        EXPECT_EQ(response.status, 500);
        EXPECT_THAT(response.body, Not(HasSubstr("on purpose")));
        EXPECT_THAT(response.head, HasSubstr("Content-Security-Policy: "));
    }
    EXPECT_EQ(get("/").status, 200);
}

TEST_F(HttpServerTest, HeaderValuesCannotBecomeHeaders) {
    start();
    EXPECT_THAT(get("/header").head, HasSubstr("X-Test: aX-Forged: b\r\n"));
}

TEST_F(HttpServerTest, FiveHundredAddressesPassByGetAndByPost) {
    start();
    std::string fields;
    for (int i = 0; i < 500; ++i) fields += fmt::format("&address=10.0.{}.{}", i / 250, i % 250);
    const RawResponse got = get("/servers?" + fields.substr(1));
    EXPECT_EQ(got.status, 200);
    const RawResponse posted = send(
        fmt::format("POST /servers?term=day HTTP/1.1\r\nHost: a\r\nContent-Type: "
                    "application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {}\r\n"
                    "\r\n{}",
                    fields.size(), fields));
    EXPECT_EQ(std::ranges::count(got.body, '='), 500);
    EXPECT_EQ(std::ranges::count(posted.body, '='), 501);
}

TEST_F(HttpServerTest, ParametersHaveALimitOfOurOwn) {
    start();
    std::string fields;
    for (std::size_t i = 0; i < kRequestParametersMax + 1; ++i) fields += "a=1&";
    EXPECT_EQ(get("/?" + fields).status, 400);
}

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

struct BadRequest {
    const char* what;
    std::string bytes;
    int status;
};

TEST_F(HttpServerTest, MalformedRequestsAreTurnedAway) {
    start();
    const std::string get_line = "GET / HTTP/1.1\r\n";
    const std::string host = "Host: a\r\n";
    const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const BadRequest cases[] = {
        {"bad escape in the query", "GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"bad escape in the path", "GET /%f HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"NUL in the path", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"newline in a parameter", "GET /?a=%0a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"other target", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"no host", get_line + "\r\n", 400},
        {"two hosts", get_line + host + host + "\r\n", 400},
        {"other version", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505},
        {"two lengths", get_line + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
        {"length and encoding",
         get_line + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"unknown encoding", get_line + host + "Transfer-Encoding: xchunked\r\n\r\n", 501},
        {"blank before the colon", get_line + host + "Content-Length : 1\r\n\r\na", 400},
        {"negative length", get_line + host + "Content-Length: -1\r\n\r\n", 400},
        {"signed length", get_line + host + "Content-Length: +1\r\n\r\na", 400},
        {"hexadecimal length", get_line + host + "Content-Length: 0x1\r\n\r\na", 400},
        {"huge length", get_line + host + "Content-Length: 99999999999999999999\r\n\r\n", 400},
        {"long length", get_line + host + "Content-Length: 99999999999999\r\n\r\n", 413},
        {"body over the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n",
         413},
        {"POST of unknown length", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", 411},
        {"address too long", "GET /" + std::string(17000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
         414},
        {"header too long", get_line + "Cookie: " + std::string(9000, 'a') + "\r\n\r\n", 431},
        {"too many headers", get_line + host + repeated("X: y\r\n", 100) + "\r\n", 431},
        {"too many bytes of headers",
         get_line + host + repeated("X: " + std::string(8000, 'y') + "\r\n", 9) + "\r\n", 431},
        {"folded header", get_line + host + "X: a\r\n b\r\n\r\n", 400},
        {"folded first header", get_line + " " + host + "\r\n", 400},
        {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400},
        {"a bare line feed among the headers", get_line + "X: a\n" + host + "\r\n", 400},
        {"a bare carriage return", get_line + "X: a\rContent-Length: 3\r\n" + host + "\r\n", 400},
        {"a NUL in a header", get_line + host + "X: a" + std::string(1, '\0') + "\r\n\r\n", 400},
        {"a blank in the address", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
        {"a line that is no header", get_line + host + "nonsense\r\n\r\n", 400},
        {"an encoding in the words of mails",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: =?utf-8?q?chunked?=\r\n\r\n0\r\n\r\n",
         501},
        {"a length in the words of mails",
         get_line + host + "Content-Length: =?utf-8?q?5?=\r\n\r\nhello", 400},
        {"two encodings",
         get_line + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
         400},
        {"a list of lengths", get_line + host + "Content-Length: 1, 1\r\n\r\na", 400},
        {"no size of a chunk", chunked + "zz\r\nab\r\n0\r\n\r\n", 400},
        {"a signed size of a chunk", chunked + "-1\r\nab\r\n0\r\n\r\n", 400},
        {"a size with a prefix", chunked + "0x2\r\nab\r\n0\r\n\r\n", 400},
        {"a huge size of a chunk", chunked + "fffffffffffffffff\r\nab\r\n0\r\n\r\n", 400},
        {"a chunk longer than its size", chunked + "1\r\nab\r\n0\r\n\r\n", 400},
        {"a chunk that ends in a line feed", chunked + "2\nab\r\n0\r\n\r\n", 400},
        {"endless extensions", chunked + "2;" + std::string(300, 'x') + "\r\nab\r\n0\r\n\r\n", 400},
    };
    for (const BadRequest& bad : cases) {
        const RawResponse response = send(bad.bytes);
        EXPECT_EQ(response.status, bad.status) << bad.what << ": " << response.body;
        EXPECT_THAT(response.head, HasSubstr("Connection: Close")) << bad.what;
        EXPECT_THAT(response.head, HasSubstr("nosniff")) << bad.what;
        EXPECT_FALSE(response.body.empty()) << bad.what;
    }
    EXPECT_EQ(get("/").status, 200);
}

// Else whoever may send a header could be somebody else behind a proxy that takes the name away.
TEST_F(HttpServerTest, HeadersAreNotDecoded) {
    start({}, [](const Request& request) {
        Response response;
        for (const auto& [name, value] : request.headers) {
            response.body += fmt::format("{}={}\n", name, value);
        }
        return response;
    });
    EXPECT_EQ(send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-User: =?utf-8?q?alice?=\r\n"
                   "X-Lines:\t=?utf-8?q?a=0D=0AX-Forged:_b?= \r\nX-Empty:\r\n\r\n")
                  .body,
              "Host=a\nX-Forwarded-User==?utf-8?q?alice?=\n"
              "X-Lines==?utf-8?q?a=0D=0AX-Forged:_b?=\nX-Empty=\n");
}

TEST_F(HttpServerTest, ChunksAreReadToTheirEndWithTheirExtensionsPassedOver) {
    start();
    const RawResponse response = send(
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;name=value\r\nab\xff\r\nA ; x\r\n0123456789\r\n000\r\nTrailer: x\r\n\r\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body,
              "POST /a\nab\xff"
              "0123456789");
}

TEST_F(HttpServerTest, ABodyThatBreaksOffIsNoRequest) {
    std::atomic<int> handled = 0;
    start({}, [&handled](const Request& request) {
        ++handled;
        return echo(request);
    });
    for (const std::string_view begun :
         {"Content-Length: 9\r\n\r\nweb1", "Transfer-Encoding: chunked\r\n\r\n9\r\nweb1",
          "Transfer-Encoding: chunked\r\n\r\n4\r\nweb1\r\n"}) {
        RawClient client(server_->port());
        client.send(fmt::format("POST / HTTP/1.1\r\nHost: a\r\n{}", begun));
        client.end_sending();
        EXPECT_EQ(client.receive().status, 400) << begun;
    }
    EXPECT_EQ(handled, 0);
}

TEST_F(HttpServerTest, ALineBeforeTheRequestIsPassedOverAndBytesOfAnyKindAreAnswered) {
    start();
    EXPECT_EQ(send("\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n").body, "GET /x\n");
    EXPECT_EQ(send("GET /x HTTP/1.1\r\nHost: a\r\nX: \xff\xfe\r\n\r\n").status, 200);
    EXPECT_EQ(send("\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n").status, 400);
}

TEST_F(HttpServerTest, TwoHundredSlowClientsKeepNobodyWaiting) {
    start({.listen = {}, .threads = 256, .deadlines = {.head = milliseconds(20'000)}},
          [](const Request& request) {
              Response response;
              response.body = request.path == "/big" ? std::string(16 << 20, 'x') : "small";
              return response;
          });
    std::list<RawClient> attackers;
    for (int i = 0; i < 200; ++i) {
        attackers.emplace_back(server_->port());
        const std::array<std::string_view, 4> beginnings{
            "", "GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",
            "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"};
        // Few that read nothing, because each of these answers is in memory.
        attackers.back().send(i % 40 == 3 ? beginnings[3]
                                          : beginnings[static_cast<std::size_t>(i % 3)]);
    }
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i) EXPECT_EQ(get("/").body, "small");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(HttpServerTest, CountsWhatItAnswers) {
    HttpTraffic traffic;
    start({.listen = {}, .traffic = &traffic});
    EXPECT_EQ(get("/").status, 200);
    EXPECT_EQ(get("/missing").status, 404);
    EXPECT_EQ(send("nonsense\r\n\r\n").status, 400);
    EXPECT_EQ(get("/throw").status, 500);
    server_->stop();
    const auto numbers = traffic.numbers();
    EXPECT_EQ(numbers.answered, 4u);
    EXPECT_THAT(numbers.by_class, testing::ElementsAre(0, 1, 0, 2, 1));
    EXPECT_EQ(numbers.connections, 0);
}

TEST_F(HttpServerTest, RefusalReachesAClientThatIsStillSending) {
    start();
    const std::string body(4 << 20, 'x');
    const RawResponse declared =
        send(fmt::format("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.size()) +
             body);
    EXPECT_EQ(declared.status, 413);
    const RawResponse chunked =
        send(fmt::format("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
                         body.size()) +
             body + "\r\n0\r\n\r\n");
    EXPECT_EQ(chunked.status, 413);
}

TEST_F(HttpServerTest, RefusesInJsonWhatIsAskedOfTheApi) {
    start({}, [](const Request&) -> Response { throw std::runtime_error("broken"); });
    const std::string head = "Host: a\r\nContent-Length: ";
    const RawResponse large = send("POST /api/v1/lines HTTP/1.1\r\n" + head + "99999999\r\n\r\n");
    EXPECT_EQ(large.status, 413);
    EXPECT_THAT(large.head, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_EQ(large.body, R"({"error":"the body is over 1048576 bytes","code":"limit"})");
    EXPECT_THAT(get("/api/%zz").head, HasSubstr("Content-Type: application/json\r\n"));
    const RawResponse broken = get("/api/fetch");
    EXPECT_EQ(broken.status, 500);
    EXPECT_THAT(broken.body, HasSubstr(R"("error":"the server failed; its log has the reason")"));
    EXPECT_THAT(send("POST /other HTTP/1.1\r\n" + head + "99999999\r\n\r\n").head,
                HasSubstr("Content-Type: text/plain"));
}

TEST_F(HttpServerTest, ContinueIsSentBeforeTheBodyIsRead) {
    start();
    RawClient client(server_->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive(false).status, 100);
    client.send("hi");
    EXPECT_EQ(client.receive().body, "POST /\nhi");
}

TEST_F(HttpServerTest, SlowHeadersAndSilenceHoldNoThread) {
    start({.listen = {}, .threads = 4, .deadlines = {.head = milliseconds(300)}});
    std::list<RawClient> attackers;
    for (int i = 0; i < 8; ++i) {
        attackers.emplace_back(server_->port());
        if (i % 2 == 0) attackers.back().send("GET / HT");
    }
    EXPECT_EQ(get("/").status, 200);
    for (RawClient& attacker : attackers) EXPECT_EQ(attacker.receive_all(), "");
}

TEST_F(HttpServerTest, TricklingDoesNotProlongTheDeadline) {
    start({.listen = {}, .threads = 4, .deadlines = {.head = milliseconds(300)}});
    RawClient client(server_->port());
    std::atomic<bool> cut = false;
    std::jthread trickle([&] {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
        while (!cut) {
            client.send("x");
            std::this_thread::sleep_for(milliseconds(20));
        }
    });
    EXPECT_EQ(client.receive_all(), "");
    cut = true;
}

TEST_F(HttpServerTest, SlowBodiesHoldNoThread) {
    start({.listen = {}, .threads = 4, .deadlines = {.body = {.silence = milliseconds(300)}}});
    std::list<RawClient> attackers;
    for (int i = 0; i < 8; ++i) {
        attackers.emplace_back(server_->port());
        attackers.back().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx");
    }
    EXPECT_EQ(get("/").status, 200);
}

TEST_F(HttpServerTest, ABodyMayComeSteadily) {
    start({.listen = {}, .threads = 4, .deadlines = {.body = {.silence = milliseconds(1500)}}});
    RawClient client(server_->port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 80000\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
        client.send(std::string(8000, 'x'));
        std::this_thread::sleep_for(milliseconds(200));
    }
    EXPECT_EQ(client.receive().status, 200);
}

TEST_F(HttpServerTest, DribblingDoesNotProlongABody) {
    start({.listen = {}, .threads = 4, .deadlines = {.body = {.silence = milliseconds(300)}}});
    for (const std::string_view head :
         {"Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nfffff\r\n"}) {
        RawClient client(server_->port());
        std::atomic<bool> cut = false;
        std::jthread dribble([&] {
            client.send(fmt::format("POST / HTTP/1.1\r\nHost: a\r\n{}", head));
            while (!cut) {
                client.send("x");
                std::this_thread::sleep_for(milliseconds(20));
            }
        });
        EXPECT_EQ(client.receive_all(), "");
        cut = true;
    }
}

TEST_F(HttpServerTest, UnreadAnswersHoldNoThread) {
    start({.listen = {}, .threads = 2, .deadlines = {.answer = milliseconds(300)}},
          [](const Request& request) {
              Response response;
              response.body = request.path == "/big" ? std::string(64 << 20, 'x') : "small";
              return response;
          });
    std::list<RawClient> attackers;
    for (int i = 0; i < 4; ++i) {
        attackers.emplace_back(server_->port());
        attackers.back().send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    EXPECT_EQ(get("/").body, "small");
}

TEST_F(HttpServerTest, IdleConnectionsLeaveThreadsForOthers) {
    start({.listen = {}, .threads = 8, .deadlines = {.idle = std::chrono::hours(1)}});
    std::list<RawClient> idle;
    for (int i = 0; i < 32; ++i) {
        idle.emplace_back(server_->port());
        idle.back().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(idle.back().receive().status, 200) << i;
    }
    EXPECT_EQ(get("/").status, 200);
}

TEST_F(HttpServerTest, ConnectionIsKeptForTheNextRequest) {
    start();
    RawClient client(server_->port());
    for (int i = 0; i < 3; ++i) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        const RawResponse response = client.receive();
        EXPECT_EQ(response.status, 200);
        EXPECT_THAT(response.head, HasSubstr("Connection: Keep-Alive"));
    }
    client.send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_THAT(client.receive().head, HasSubstr("Connection: Close"));
}

TEST_F(HttpServerTest, StopWaitsForTheAnswerUnderWayAndEndsIdleConnections) {
    std::latch entered(1);
    std::promise<void> release;
    start({.listen = {}, .threads = 4, .deadlines = {.idle = std::chrono::hours(1)}},
          [&](const Request& request) {
              if (request.path == "/slow") {
                  entered.count_down();
                  release.get_future().wait();
              }
              return echo(request);
          });
    RawClient idle(server_->port());
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(idle.receive().status, 200);
    RawClient slow(server_->port());
    slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    entered.wait();

    std::jthread stopper([&] { server_->stop(); });
    EXPECT_EQ(idle.receive_all(), "");  // ends although the slow one is not done
    release.set_value();
    EXPECT_EQ(slow.receive().body, "GET /slow\n");
    stopper.join();
    EXPECT_FALSE(RawClient(server_->port()).connected());
}

TEST_F(HttpServerTest, Ipv6IsSpoken) {
    auto started = HttpServer::start({.listen = {.address = "::1", .port = 0}}, echo, log_);
    if (!started) GTEST_SKIP() << "no IPv6 here: " << started.error().message;
    EXPECT_GT((*started)->port(), 0);
}

TEST(ListenAddress, IsANumericAddressAndAPort) {
    const auto ok = [](std::string_view text) {
        const auto parsed = parse_listen_address(text);
        return parsed ? fmt::format("{} {}", parsed->address, parsed->port)
                      : parsed.error().message;
    };
    EXPECT_EQ(ok("127.0.0.1:5434"), "127.0.0.1 5434");
    EXPECT_EQ(ok("[::1]:0"), "::1 0");
    EXPECT_EQ(ok("localhost:80"), "127.0.0.1 80");
    for (const char* bad :
         {"", "5434", ":5434", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1:80x", "::1:80", "host.example:80", "[127.0.0.1]:80", "[]:80"}) {
        const auto parsed = parse_listen_address(bad);
        ASSERT_FALSE(parsed) << bad;
        EXPECT_EQ(parsed.error().code, ErrorCode::kInvalid);
        EXPECT_THAT(parsed.error().message, HasSubstr("127.0.0.1:5434"));
    }
}

}  // namespace
}  // namespace kurabe::server
