// A handler learns whether its client still waits.
#include <future>
#include <latch>
#include <memory>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/http_server.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class WaitingClient : public testing::Test {
  protected:
    std::uint16_t start(HttpServer::Handler handler) {
        auto started = HttpServer::start({.listen = {.address = "127.0.0.1", .port = 0}},
                                         std::move(handler), log_);
        EXPECT_TRUE(started) << started.error().message;
        server_ = *std::move(started);
        return server_->port();
    }

    Log log_{STDERR_FILENO, LogLevel::kError};
    std::unique_ptr<HttpServer> server_;
};

// Also with words behind its request that nobody reads, as TLS has a farewell.
TEST_F(WaitingClient, IsMissedOnceItHasGone) {
    for (const std::string_view farewell : {"", "bye"}) {
        std::latch is_asked(1);
        std::promise<bool> at_first;
        std::promise<bool> after_it_left;
        const std::uint16_t port = start([&](const Request& request) {
            at_first.set_value(request.is_wanted());
            is_asked.count_down();
            after_it_left.set_value(tests::wait_for([&] { return !request.is_wanted(); }));
            return Response{};
        });
        {
            RawClient client(port);
            client.send(kRequest);
            is_asked.wait();
            client.send(farewell);
        }
        EXPECT_TRUE(at_first.get_future().get());
        EXPECT_TRUE(after_it_left.get_future().get()) << farewell;
        server_.reset();
    }
}

// The next request is there already.
TEST_F(WaitingClient, StillWaitsWhenItAsksForMore) {
    const std::uint16_t port = start([](const Request& request) {
        Response response;
        response.body = request.is_wanted() ? "wanted" : "not wanted";
        return response;
    });
    RawClient client(port);
    client.send(kRequest);
    client.send(kRequest);
    EXPECT_EQ(client.receive().body, "wanted");
    EXPECT_EQ(client.receive().body, "wanted");
}

}  // namespace
}  // namespace kurabe::server
