// Hosts and ports as they are named on a command line.
#include "collectors/host_port.hpp"

#include <gtest/gtest.h>

namespace kurabe::collectors {
namespace {

std::string round_trip(std::string_view text) {
    const auto parsed = parse_host_port(text);
    return parsed ? parsed->text() : std::string(parsed.error());
}

TEST(HostPort, IsReadWithAndWithoutPort) {
    for (const char* text : {"web1", "web1:161", "10.0.0.9:1", "fe80::1%eth0", "[::1]:65535"}) {
        EXPECT_EQ(round_trip(text), text);
    }
    EXPECT_EQ(round_trip("[::1]"), "::1");
}

TEST(HostPort, WhatCanBeNoHostIsRefused) {
    for (const char* text : {"", ":1", "-x", ".x", "a;b", "a b", "[::1]x", "a/b", "$(x)"}) {
        EXPECT_EQ(round_trip(text), "no such name can be a host's") << text;
    }
    EXPECT_EQ(round_trip(std::string(129, 'a')), "no such name can be a host's");
}

TEST(HostPort, WhatCanBeNoPortIsRefused) {
    for (const char* text : {"a:", "a:0", "a:65536", "a:x", "a:1x", "[::1]:-1"}) {
        EXPECT_EQ(round_trip(text), "the port is no number from 1 to 65535") << text;
    }
}

}  // namespace
}  // namespace kurabe::collectors
