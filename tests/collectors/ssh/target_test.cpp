// How a host is named on a command line, and what is refused because others would misread it.
#include "collectors/ssh/target.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kurabe::collectors::ssh {
namespace {

TEST(Target, IsUserHostAndPort) {
    EXPECT_EQ(Target::parse("web1").value(), (Target{"", "web1"}));
    EXPECT_EQ(Target::parse("watch@web1").value(), (Target{"watch", "web1"}));
    EXPECT_EQ(Target::parse("watch@10.0.0.9:2222").value(), (Target{"watch", "10.0.0.9", 2222}));
    EXPECT_EQ(Target::parse("::1").value(), (Target{"", "::1"}));
    EXPECT_EQ(Target::parse("[::1]").value(), (Target{"", "::1"}));
    EXPECT_EQ(Target::parse("a@[fe80::1%eth0]:65535").value(),
              (Target{"a", "fe80::1%eth0", 65535}));
}

TEST(Target, TextIsWhatParseReads) {
    for (const char* text : {"web1", "watch@web1", "10.0.0.9:2222", "a@[fe80::1%eth0]:22", "::1"}) {
        EXPECT_EQ(Target::parse(text).value().text(), text);
    }
}

TEST(Target, TheWayToAHostMayNameUserAndPort) {
    const auto way = [](const char* text, const char* host = "web1") {
        return Target::parse_way(text, host).value().text();
    };
    EXPECT_EQ(way(""), "web1");
    EXPECT_EQ(way("watch@"), "watch@web1");
    EXPECT_EQ(way(":2222"), "web1:2222");
    EXPECT_EQ(way("watch@:2222"), "watch@web1:2222");
    EXPECT_EQ(way("watch@:2222", "::1"), "watch@[::1]:2222");
    EXPECT_EQ(way("watch@", "::1"), "watch@::1");
    for (const char* text :
         {"watch", "watch@other", "watch@other:22", ":", "watch@:", "@", ":0", "a@b@", "2222"}) {
        EXPECT_FALSE(Target::parse_way(text, "web1")) << text;
    }
    EXPECT_FALSE(Target::parse_way("", "not a host"));
}

TEST(Target, RefusesWhatAShellOrAProgramWouldMisread) {
    for (const std::string text : {"",           "@web1",    "web1:",   "web1:0",
                                   "web1:65536", "web1:22x", "web1:-1", "-oProxyCommand=x",
                                   "-l@web1",    "a@-v",     "web1;id", "$(id)",
                                   "`id`",       "a b",      "web1\n",  "../x",
                                   "a/b",        "[::1",     "[::1]22", "[]",
                                   "[]:22",      "a@b@c",    "a'b",     "a\"b",
                                   "wéb"}) {
        const auto target = Target::parse(text);
        ASSERT_FALSE(target) << text;
        EXPECT_TRUE(target.error().message.ends_with("it is [USER@]HOST[:PORT]"));
    }
    EXPECT_TRUE(Target::parse(std::string(128, 'a')));
    EXPECT_FALSE(Target::parse(std::string(129, 'a')));
    EXPECT_FALSE(Target::parse(std::string(65, 'a') + "@h"));
}

}  // namespace
}  // namespace kurabe::collectors::ssh
