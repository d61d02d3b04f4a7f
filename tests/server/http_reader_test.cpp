// Heads and bodies as they come from a connection, in pieces of any length.
#include "server/http_reader.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http_head.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kBodyMax = 64;

// A connection on which so many bytes come at a time, and that ends.
class Connection {
  public:
    Connection(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}

    [[nodiscard]] ReadSome reader() {
        return [this](std::span<char> room) {
            const std::size_t count = std::min({room.size(), piece_, bytes_.size() - at_});
            std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), count, room.begin());
            at_ += count;
            return std::string_view(room.data(), count);
        };
    }
    [[nodiscard]] std::string left() const { return bytes_.substr(at_); }

  private:
    std::string bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

std::string body_of(const std::string& bytes, std::optional<std::size_t> length,
                    std::size_t piece = 1000) {
    Connection connection(bytes, piece);
    const auto body = read_body(connection.reader(), length, kBodyMax, [](std::size_t) {});
    return body ? *body : fmt::format("{} {}", body.error().status, body.error().body);
}

TEST(HttpReader, AHeadIsTakenToItsEndAndNoFurther) {
    Connection connection("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nbody", 1000);
    const auto head = read_head(connection.reader());
    ASSERT_TRUE(head && *head);
    EXPECT_EQ(**head, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(connection.left(), "body");
    Connection broken("GET / HTTP/1.1\r\nHost: a\r\n", 1000);
    const auto none = read_head(broken.reader());
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
}

TEST(HttpReader, HeadersAreWhatCame) {
    using testing::ElementsAre;
    using testing::Pair;
    EXPECT_THAT(headers_of("GET / HTTP/1.1\r\nHost:a:80\r\nX: \t=?utf-8?q?b?= c\t \r\nY:\r\n"
                           "Z: \r\nW : \xff\r\n\r\n"),
                ElementsAre(Pair("Host", "a:80"), Pair("X", "=?utf-8?q?b?= c"), Pair("Y", ""),
                            Pair("Z", ""), Pair("W ", "\xff")));
    EXPECT_THAT(headers_of("GET / HTTP/1.1\r\n\r\n"), testing::IsEmpty());
}

TEST(HttpReader, AnAddressAndHeadersMayBeAsLongAsTheirLimits) {
    const auto status_of = [](const std::string& bytes) {
        Connection connection(bytes, 1000);
        const auto head = read_head(connection.reader());
        return head ? 200 : head.error().status;
    };
    const auto target = [](std::size_t bytes) {
        return fmt::format("GET /{} HTTP/1.1\r\n\r\n", std::string(bytes - 1, 'a'));
    };
    EXPECT_EQ(status_of(target(kTargetBytesMax)), 200);
    EXPECT_EQ(status_of(target(kTargetBytesMax + 1)), 414);
    const auto header = [](std::size_t bytes) {
        return fmt::format("GET / HTTP/1.1\r\nX:{}\r\n\r\n", std::string(bytes - 2, 'a'));
    };
    EXPECT_EQ(status_of(header(kHeaderLineBytesMax)), 200);
    EXPECT_EQ(status_of(header(kHeaderLineBytesMax + 1)), 431);
    const auto headers = [](std::size_t count) {
        std::string lines = "GET / HTTP/1.1\r\n";
        for (std::size_t i = 0; i < count; ++i) lines += "X: y\r\n";
        return lines + "\r\n";
    };
    EXPECT_EQ(status_of(headers(kHeadersMax)), 200);
    EXPECT_EQ(status_of(headers(kHeadersMax + 1)), 431);
}

TEST(HttpReader, ABodyInChunksIsTheSameInPiecesOfAnyLength) {
    const std::string bytes =
        "3;name=\"a;b\"\r\nab\n\r\n0A\r\n0123456789\r\n2 ; x\r\n\r\n\r\n0\r\nA: b\r\nC: d\r\n\r\n";
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        EXPECT_EQ(body_of(bytes, std::nullopt, piece), "ab\n0123456789\r\n") << piece;
    }
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_EQ(body_of(bytes.substr(0, length), std::nullopt), "400 the body is incomplete\n");
    }
}

TEST(HttpReader, ABodyHasItsLengthAndNoMoreThanItMay) {
    EXPECT_EQ(body_of("abcdef", 4, 3), "abcd");
    EXPECT_EQ(body_of("abc", 4), "400 the body is incomplete\n");
    EXPECT_EQ(body_of("", kBodyMax + 1), "413 the body is over 64 bytes\n");
    const std::string most(kBodyMax, 'x');
    EXPECT_EQ(body_of("40\r\n" + most + "\r\n0\r\n\r\n", std::nullopt), most);
    EXPECT_EQ(body_of("41\r\n" + most + "x\r\n0\r\n\r\n", std::nullopt),
              "413 the body is over 64 bytes\n");
    for (const std::string wrong : {"\r\n", "g\r\n", "1\r\nab\r\n", "1\na\r\n", " 1\r\na\r\n"}) {
        EXPECT_EQ(body_of(wrong, std::nullopt), "400 the chunks are malformed\n") << wrong;
    }
    EXPECT_EQ(body_of("0\r\n" + std::string(9000, 'x') + "\r\n\r\n", std::nullopt),
              "400 the chunks are malformed\n");
}

}  // namespace
}  // namespace kurabe::server
