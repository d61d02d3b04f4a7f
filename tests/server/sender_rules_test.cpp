// Which peers may send lines of which hosts, and how the configuration says so.
#include "server/sender_rules.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_places.hpp"

namespace kurabe::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

bool contains(std::string_view network, std::string_view address) {
    return IpNetwork::parse(network).value().contains(IpAddress::parse(address).value());
}

TEST(IpNetwork, ContainsItsAddresses) {
    EXPECT_TRUE(contains("10.0.0.0/8", "10.255.1.2"));
    EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(contains("10.0.7.4/30", "10.0.7.7"));
    EXPECT_FALSE(contains("10.0.7.4/30", "10.0.7.8"));
    EXPECT_TRUE(contains("10.0.0.9", "10.0.0.9"));
    EXPECT_FALSE(contains("10.0.0.9", "10.0.0.8"));
    EXPECT_TRUE(contains("0.0.0.0/0", "255.1.2.3"));
    EXPECT_FALSE(contains("0.0.0.0/0", "fd00::1"));
    EXPECT_TRUE(contains("::/0", "10.0.0.1"));
    EXPECT_TRUE(contains("fd00::/8", "fdff::1"));
    EXPECT_FALSE(contains("fd00::/8", "fe00::1"));
    EXPECT_TRUE(contains("fd00:7::/33", "fd00:7:7fff::"));
    EXPECT_FALSE(contains("fd00:7::/33", "fd00:7:8000::"));
}

TEST(IpNetwork, TakesMappedAddressesForIpv4) {
    EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
    EXPECT_EQ(IpAddress::parse("::ffff:10.1.2.3"), IpAddress::parse("10.1.2.3"));
    EXPECT_EQ(IpAddress::parse("fe80::1%eth0"), IpAddress::parse("fe80::1"));
}

TEST(IpNetwork, ShowsMappedAddressesAsIpv4) {
    EXPECT_EQ(unmapped("::ffff:10.0.0.9"), "10.0.0.9");
    EXPECT_EQ(unmapped("10.0.0.9"), "10.0.0.9");
    EXPECT_EQ(unmapped("::1"), "::1");
    EXPECT_EQ(unmapped("::ffff:1"), "::ffff:1");
}

TEST(IpNetwork, RefusesWhatIsNone) {
    for (const char* text : {"", "10", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "/8",
                             "fd00::/129", "10.0.0.1/8", "fd00::1/64", "host", "10.0.0.0/8/8",
                             "[::1]", "fe80::1%eth0/64", "010.0.0.1", "10.0.0.0/8 "}) {
        EXPECT_FALSE(IpNetwork::parse(text)) << text;
    }
}

SenderRules rules_of(std::string_view senders, std::string* error = nullptr) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.write("kurabe.yml", "config:\n" + std::string(senders));
    auto config = load_config(file);
    if (config) {
        EXPECT_THAT(config->warnings, ElementsAre());
        return std::move(config->senders);
    }
    if (error == nullptr) ADD_FAILURE() << config.error().message;
    if (error != nullptr) *error = tests::without_columns(config.error().message);
    return {};
}

TEST(SenderRules, WithoutThemAnybodyMaySendAnything) {
    const SenderRules rules = rules_of("  data_dir: data\n");
    EXPECT_TRUE(rules.empty());
    EXPECT_TRUE(rules.check("10.0.0.9", "192.0.2.1"));
}

TEST(SenderRules, TheFirstThatIsAboutTheHostDecides) {
    const SenderRules rules = rules_of(
        "  senders:\n"
        "  - { hosts: [ db1, 10.0.7.0/24, 'fd00:7::/64' ], from: [ 10.0.7.0/24, 'fd00:7::/64' ] }\n"
        "  - { hosts: [ 'web*' ], from: [ 10.0.8.1 ] }\n"
        "  - { hosts: [ '10.*' ], from: [ itself, 10.0.0.5 ] }\n");
    EXPECT_TRUE(rules.check("db1", "10.0.7.200"));
    EXPECT_TRUE(rules.check("db1", "fd00:7::9"));
    EXPECT_FALSE(rules.check("db1", "10.0.8.1"));
    EXPECT_TRUE(rules.check("10.0.7.3", "10.0.7.4"));
    EXPECT_FALSE(rules.check("10.0.7.3", "10.0.0.5"));
    EXPECT_TRUE(rules.check("fd00:7::1", "::ffff:10.0.7.4"));
    EXPECT_TRUE(rules.check("web17", "10.0.8.1"));
    EXPECT_FALSE(rules.check("web17", "10.0.8.2"));
    EXPECT_TRUE(rules.check("10.0.9.9", "10.0.9.9"));
    EXPECT_TRUE(rules.check("10.0.9.9", "::ffff:10.0.9.9"));
    EXPECT_TRUE(rules.check("10.0.9.9", "10.0.0.5"));
    EXPECT_FALSE(rules.check("10.0.9.9", "10.0.9.8"));
    EXPECT_FALSE(rules.check("10.0.9.9", ""));
    EXPECT_TRUE(rules.check("other", "192.0.2.1"));
    EXPECT_EQ(rules.check("web17", "10.0.8.2").error().message,
              "'web17' may not be sent from 10.0.8.2");
}

TEST(SenderRules, AStarIsForAllHosts) {
    const SenderRules rules = rules_of("  senders:\n  - { hosts: [ '*' ], from: [ itself ] }\n");
    EXPECT_TRUE(rules.check("10.0.0.9", "10.0.0.9"));
    EXPECT_FALSE(rules.check("10.0.0.9", "10.0.0.8"));
    EXPECT_FALSE(rules.check("name", "10.0.0.8"));
}

// A host may be called by either; which one a line says is no matter.
TEST(SenderRules, AreAboutAHostByItsAddressOrItsName) {
    const SenderRules rules = rules_of(
        "  senders:\n"
        "  - { hosts: [ db1 ], from: [ 10.0.7.1 ] }\n"
        "  - { hosts: [ 10.0.0.2 ], from: [ 10.0.7.2 ] }\n"
        "  - { hosts: [ '*' ], from: [ itself ] }\n");
    EXPECT_TRUE(rules.check("10.0.0.1", "10.0.7.1", "db1"));
    EXPECT_FALSE(rules.check("10.0.0.1", "10.0.0.1", "db1")) << "the first one decides";
    EXPECT_TRUE(rules.check("10.0.0.2", "10.0.7.2", "db2"));
    EXPECT_FALSE(rules.check("10.0.0.2", "10.0.7.1", "db2"));
    EXPECT_TRUE(rules.check("10.0.0.3", "10.0.0.3", "db3")) << "itself is the address";
    EXPECT_FALSE(rules.check("10.0.0.3", "10.0.0.4", "10.0.0.4"));
}

TEST(SenderRules, MistakesNameFileAndLine) {
    const auto error_of = [](std::string_view senders) {
        std::string error;
        (void)rules_of(senders, &error);
        return error;
    };
    EXPECT_THAT(error_of("  senders:\n  - { from: [ itself ] }\n"),
                HasSubstr("kurabe.yml:3: a rule without hosts"));
    EXPECT_THAT(error_of("  senders:\n  - { hosts: [ a ] }\n"), HasSubstr("lets nobody send"));
    EXPECT_THAT(error_of("  senders:\n  - hosts: [ a ]\n    from:\n    - 10.0.0.1/8\n"),
                HasSubstr("kurabe.yml:5: '10.0.0.1/8' has bits set behind its prefix"));
    EXPECT_THAT(error_of("  senders:\n  - { hosts: [ 'a*b' ], from: [ itself ] }\n"),
                HasSubstr("before its end"));
    EXPECT_THAT(error_of("  senders:\n  - { hosts: [ 10.0.0.0/99 ], from: [ itself ] }\n"),
                HasSubstr("prefix length"));
    EXPECT_THAT(error_of("  senders: all\n"), HasSubstr("senders"));
    EXPECT_THAT(error_of("  senders: [ x ]\n"), HasSubstr("an entry of 'senders'"));
}

TEST(UnlistedHosts, AreAsManyAsTheConfigurationSays) {
    const tests::TemporaryDirectory directory;
    const auto read = [&directory](const std::string& text) {
        return load_config(directory.write("kurabe.yml", "config:\n  data_dir: data\n" + text));
    };
    EXPECT_EQ(read("").value().unlisted_hosts, 1000U);
    EXPECT_EQ(read("  unlisted_hosts: 0\n").value().unlisted_hosts, 0U);
    EXPECT_EQ(read("  unlisted_hosts: 20000\n").value().unlisted_hosts, 20000U);
    for (const char* wrong : {"-1", "many", "1000001", "[ 1 ]"}) {
        const auto config = read(fmt::format("  unlisted_hosts: {}\n", wrong));
        ASSERT_FALSE(config) << wrong;
        EXPECT_THAT(tests::without_columns(config.error().message),
                    HasSubstr("kurabe.yml:3: 'unlisted_hosts'"));
    }
}

}  // namespace
}  // namespace kurabe::server
