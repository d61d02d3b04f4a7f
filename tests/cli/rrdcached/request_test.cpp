#include "cli/rrdcached/request.hpp"

#include <gtest/gtest.h>

namespace kurabe::cli::rrdcached {
namespace {

Request request_of(std::string_view command, std::string_view word) {
    Request request(command);
    request.add(word);
    return request;
}

TEST(RrdcachedRequest, BlanksAndBackslashesAreEscaped) {
    Request request = request_of("UPDATE", "/a b\\c.rrd");
    request.add("1:2 3");
    EXPECT_EQ(request.line().value(), "UPDATE /a\\ b\\\\c.rrd 1:2\\ 3\n");
}

TEST(RrdcachedRequest, ControlCharactersAreRefused) {
    for (const char control : {'\n', '\r', '\t', '\0', '\x1b', '\x7f'}) {
        const auto line = request_of("LAST", std::string("a") + control + "b").line();
        ASSERT_FALSE(line);
        EXPECT_EQ(line.error().message, "control characters cannot be sent to rrdcached: 'LAST a" +
                                            std::string(control == '\t' ? "\t" : "?") + "b'");
    }
    EXPECT_TRUE(request_of("LAST", "größe.rrd").line());
}

TEST(RrdcachedRequest, HasALimit) {
    const std::string longest(kRequestBytesMax - std::string_view("LAST \n").size(), 'x');
    EXPECT_EQ(request_of("LAST", longest).line().value().size(), kRequestBytesMax);
    EXPECT_EQ(request_of("LAST", longest + "x").line().error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace kurabe::cli::rrdcached
