// Who may go on with a connection, apart from the cutting itself, which http_server_test shows.
#include "server/connection_watch.hpp"

#include <array>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kurabe::server {
namespace {

constexpr std::chrono::minutes kLong{10};

// Two connected sockets.
class SocketPair {
  public:
    SocketPair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0); }
    ~SocketPair() {
        for (const int end : ends_) ::close(end);
    }
    SocketPair(const SocketPair&) = delete;
    SocketPair& operator=(const SocketPair&) = delete;
    [[nodiscard]] int ours() const { return ends_[0]; }

  private:
    std::array<int, 2> ends_{-1, -1};
};

TEST(ConnectionWatch, NoRequestBeginsAfterTheEnd) {
    const SocketPair sockets;
    ConnectionWatch watch;
    auto watched = watch.watch(sockets.ours());
    EXPECT_TRUE(watched.begin(ConnectionPhase::kRequest, kLong));
    watch.close();
    EXPECT_FALSE(watched.begin(ConnectionPhase::kRequest, kLong));
    EXPECT_TRUE(watched.begin(ConnectionPhase::kAnswer, kLong));
}

TEST(ConnectionWatch, WhatCannotBeCutMayNotBegin) {
    ConnectionWatch watch;
    auto watched = watch.watch(-1);  // as when there is no descriptor left for the duplicate
    EXPECT_FALSE(watched.begin(ConnectionPhase::kRequest, kLong));
}

}  // namespace
}  // namespace kurabe::server
