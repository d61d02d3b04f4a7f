// Arguments of plugin lines: what fills them, and what none may be.
#include "collectors/fetch/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::collectors::fetch {
namespace {

using testing::HasSubstr;

const std::vector<ArgumentRule> kRules{
    {"port", ArgumentType::kPort, "3306", "MySQL.port"},
    {"path", ArgumentType::kPath, "/status", ""},
    {"host", ArgumentType::kHost, "", ""},
};

Result<ArgumentValues> values(std::vector<std::string> given, const MetricsConfig& config = {}) {
    return checked_argument_values(kRules, given, config);
}

TEST(Arguments, ComeFromTheLineThenTheConfigurationThenTheDefault) {
    EXPECT_EQ(values({})->at("port"), "3306");
    EXPECT_EQ(values({}, {{"MySQL", {{"port", "3307"}}}})->at("port"), "3307");
    EXPECT_EQ(values({"3308"}, {{"MySQL", {{"port", "3307"}}}})->at("port"), "3308");
    EXPECT_EQ(values({"", "/x"})->at("port"), "3306") << "an empty one is none";
    EXPECT_EQ(values({"", "/x"})->at("path"), "/x");
    EXPECT_EQ(values({})->at("host"), "");
}

TEST(Arguments, FindSettingsWhateverTheCaseOfTheirKey) {
    const MetricsConfig config{{"MYSQL", {{"user", "a"}}}};
    ASSERT_NE(find_setting(config, "MySQL.user"), nullptr);
    EXPECT_EQ(*find_setting(config, "MySQL.user"), "a");
    EXPECT_EQ(*find_setting({{"MYSQL", {{"user", "a"}}}, {"MySQL", {{"user", "b"}}}}, "MySQL.user"),
              "b");
    EXPECT_EQ(find_setting(config, "MySQL.password"), nullptr);
    EXPECT_EQ(find_setting(config, "MySQL"), nullptr);
    EXPECT_EQ(find_setting(config, ""), nullptr);
}

TEST(Arguments, AreOfTheirTypes) {
    for (const char* port : {"0", "65536", "-1", "+80", "80 ", "8o", "80\r\n", "99999999999999"}) {
        EXPECT_FALSE(values({port}).has_value()) << port;
    }
    for (const char* path : {"status", "/a b", "/a\r\nHost: evil", "/a#b", "/\x7f", "/\xc3\xa4",
                             "//\\evil", "http://other/"}) {
        EXPECT_FALSE(values({"", path}).has_value()) << path;
    }
    for (const char* host : {"a/b", "a b", "a\r\nX: y", "-x", ".x", "[::1]", "a@b"}) {
        EXPECT_FALSE(values({"", "", host}).has_value()) << host;
    }
    EXPECT_TRUE(values({"65535", "/server-status?auto&x=%20", "www.example.com"}).has_value());
    EXPECT_FALSE(fits(ArgumentType::kWord, "-rf"));
    EXPECT_FALSE(fits(ArgumentType::kWord, "$(x)"));
    EXPECT_FALSE(fits(ArgumentType::kWord, ""));
    EXPECT_FALSE(fits(ArgumentType::kWord, std::string(kArgumentBytesMax + 1, 'a')));
    EXPECT_TRUE(fits(ArgumentType::kWord, "a-b_c.9"));
}

TEST(Arguments, AreOfTheirChoices) {
    const std::vector<ArgumentRule> rules{{"kind", ArgumentType::kWord, "", "", {"tcp", "dns"}}};
    for (const char* kind : {"tcp", "dns", ""}) {
        EXPECT_TRUE(checked_argument_values(rules, std::vector<std::string>{kind}, {})) << kind;
    }
    const auto other = checked_argument_values(rules, std::vector<std::string>{"udp"}, {});
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().message, "argument 'kind' must be one of tcp, dns, not 'udp'");
}

TEST(Arguments, AreRefusedInOneLine) {
    EXPECT_EQ(values({"x\n"}).error().message,
              "argument 'port' must be a port from 1 to 65535, not 'x?'");
    EXPECT_EQ(values({"1", "/", "h", "more"}).error().message,
              "4 arguments, where the plugin takes 3");
    EXPECT_THAT(values({"", std::string(1000, 'x')}).error().message, HasSubstr("xxx..."));
}

}  // namespace
}  // namespace kurabe::collectors::fetch
