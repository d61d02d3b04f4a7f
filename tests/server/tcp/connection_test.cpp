// What a connection keeps in memory: no more than what it has still to do.
#include "server/tcp/connection.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include "server/resp/protocol.hpp"
#include "tests/server/resp/intake_fixture.hpp"

namespace kurabe::server::tcp {
namespace {

using testing::Gt;
using testing::Lt;

constexpr std::size_t kLarge = 4'000'000;
constexpr std::size_t kLittle = 64 << 10;

class RespConnection : public IntakeFixture {
  protected:
    RespConnection() : connection_(pair()) {}

    Connection pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        peer_ = collectors::Descriptor(ends[1]);
        return {collectors::Descriptor(ends[0]), "10.0.0.1", Clock::now()};
    }
    // Sends everything and lets the connection do what it can, but reads no answer.
    void give(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(peer_.number(), bytes.data(), bytes.size(), MSG_DONTWAIT);
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            ASSERT_TRUE(connection_.receive(buffer_, protocol_, Clock::now()));
        }
        while (connection_.receive(buffer_, protocol_, Clock::now()) && !is_drained()) {
        }
    }
    std::size_t take_answers() {
        std::size_t bytes = 0;
        std::vector<char> part(1 << 20);
        while (true) {
            const ssize_t got = ::recv(peer_.number(), part.data(), part.size(), MSG_DONTWAIT);
            if (got > 0) {
                bytes += static_cast<std::size_t>(got);
            } else if (!connection_.wants_to_send()) {
                return bytes;
            }
            EXPECT_TRUE(connection_.send(Clock::now()));
        }
    }

    collectors::Descriptor peer_;
    Connection connection_;

  private:
    bool is_drained() {
        char byte = 0;
        return ::recv(connection_.socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
    }
    std::vector<char> buffer_ = std::vector<char>(256 << 10);
    resp::RespProtocol protocol_{current_intake()};
};

std::string echo(std::size_t bytes) {
    return fmt::format("*2\r\n$4\r\nECHO\r\n${}\r\n{}\r\n", bytes, std::string(bytes, 'e'));
}

TEST_F(RespConnection, CountsTheMemoryThatItHolds) {
    EXPECT_THAT(connection_.bytes(), Lt(100U));
    give(echo(kLarge).substr(0, kLarge / 2));
    EXPECT_THAT(connection_.bytes(), Gt(kLarge / 2 - 1));
}

TEST_F(RespConnection, GivesMemoryBackWhenAnAnswerIsTaken) {
    give(echo(kLarge) + "*");
    EXPECT_THAT(connection_.bytes(), Gt(kLarge / 2));
    EXPECT_THAT(take_answers(), Gt(kLarge));
    EXPECT_THAT(connection_.bytes(), Lt(kLittle));
    give("1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(take_answers(), 7U);
}

TEST_F(RespConnection, GivesMemoryBackWhenMostOfItIsDone) {
    const std::string body = "# " + std::string(kLarge, 'x') + "\n";
    give(fmt::format("*3\r\n$5\r\nRPUSH\r\n$13\r\nkurado-update\r\n${}\r\n{}\r\n*2\r\n$4\r\nECHO",
                     body.size(), body));
    EXPECT_EQ(take_answers(), 4U);
    EXPECT_THAT(connection_.bytes(), Lt(kLittle));
}

}  // namespace
}  // namespace kurabe::server::tcp
