#include "cli/rrdcached/address.hpp"

#include <gtest/gtest.h>

#include "cli/rrdcached/socket.hpp"

namespace kurabe::cli::rrdcached {
namespace {

std::string path_of(std::string_view text) {
    const auto address = parse_address(text);
    const auto* const unix_address = address ? std::get_if<UnixAddress>(&*address) : nullptr;
    return unix_address != nullptr ? unix_address->path : "none";
}

std::string network_of(std::string_view text) {
    const auto address = parse_address(text);
    const auto* const network = address ? std::get_if<NetworkAddress>(&*address) : nullptr;
    return network != nullptr ? network->host + " " + network->port : "none";
}

TEST(RrdcachedAddress, PathsAreUnixSockets) {
    EXPECT_EQ(path_of("unix:/run/x.sock"), "/run/x.sock");
    EXPECT_EQ(path_of("unix:x"), "x");
    EXPECT_EQ(path_of("/run/x:1"), "/run/x:1");
    EXPECT_EQ(path_of("x"), "none");
}

TEST(RrdcachedAddress, OthersAreHostsWithOrWithoutAPort) {
    EXPECT_EQ(network_of("host"), "host 42217");
    EXPECT_EQ(network_of("host:1"), "host 1");
    EXPECT_EQ(network_of("[::1]"), "::1 42217");
    EXPECT_EQ(network_of("[::1]:2"), "::1 2");
    EXPECT_EQ(network_of("./x"), "./x 42217");
    EXPECT_EQ(network_of(":1"), " 1");
}

TEST(RrdcachedAddress, BracketsMustBeClosed) {
    EXPECT_EQ(parse_address("[::1").error().message, "malformed address: [::1");
    EXPECT_EQ(parse_address("[::1]x").error().message, "garbage after address: x");
}

TEST(RrdcachedAddress, NumbersNeedNoLookUp) {
    EXPECT_TRUE(socket_address(NetworkAddress{"127.0.0.1", "42217"}));
    EXPECT_TRUE(socket_address(NetworkAddress{"::1", "1"}));
    EXPECT_FALSE(socket_address(NetworkAddress{"localhost", "1"}));
    EXPECT_FALSE(socket_address(NetworkAddress{"127.0.0.1", "http"}));
    EXPECT_FALSE(socket_address(NetworkAddress{"127.0.0.1", "65536"}));
    EXPECT_FALSE(socket_address(UnixAddress{std::string(200, 'x')}));
}

}  // namespace
}  // namespace kurabe::cli::rrdcached
