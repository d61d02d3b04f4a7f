// `access:` of the configuration, and where a server may listen with it.
#include "server/access/access_config.hpp"

#include <gmock/gmock.h>

#include "tests/server/config_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class AccessConfigTest : public ConfigFixture {
  protected:
    static std::string text(std::string_view access) {
        return "config:\n  access:\n    " + std::string(access) + "\n";
    }
    std::string error(std::string_view access) { return error_of(text(access)); }
    AccessConfig read(std::string_view access) {
        auto config = load(text(access));
        EXPECT_TRUE(config) << config.error().message;
        if (!config) return {};
        EXPECT_THAT(config->warnings, IsEmpty());
        return std::move(config->access);
    }
};

TEST_F(AccessConfigTest, ReadsEachMode) {
    const AccessConfig open = read("{ mode: open, tokens: t, tokens_required: true }");
    EXPECT_TRUE(open.is_stated);
    EXPECT_EQ(open.mode, AccessMode::kOpen);
    EXPECT_TRUE(open.tokens_required);
    EXPECT_EQ(open.tokens_file("/data"), directory_.path() / "t");
    const AccessConfig basic = read("{ mode: basic, users: u, admins: [ alice ] }");
    EXPECT_EQ(basic.mode, AccessMode::kBasic);
    EXPECT_EQ(basic.users, directory_.path() / "u");
    EXPECT_TRUE(basic.admins.contains("alice"));
    EXPECT_EQ(basic.tokens_file("/data"), "/data/tokens");
    const AccessConfig proxy = read("{ mode: proxy, from: [ 127.0.0.1, 10.0.0.0/8 ] }");
    EXPECT_EQ(proxy.mode, AccessMode::kProxy);
    EXPECT_EQ(proxy.header, "X-Forwarded-User");
    EXPECT_EQ(proxy.proxies.size(), 2U);
    EXPECT_EQ(read("{ mode: proxy, header: Remote-User, from: [ ::1 ] }").header, "Remote-User");
    EXPECT_FALSE(load("config: {}")->access.is_stated);
}

TEST_F(AccessConfigTest, SaysWhatIsWrongInWhichLine) {
    EXPECT_THAT(error("users: u"), HasSubstr("kurabe.yml:3: missing 'mode'"));
    EXPECT_EQ(error("mode: closed"), "kurabe.yml:3: 'mode' is open, basic or proxy, not 'closed'");
    EXPECT_THAT(error("mode: basic"), HasSubstr("missing 'users'"));
    EXPECT_THAT(error("mode: proxy"), HasSubstr("missing 'from'; name the proxies"));
    EXPECT_THAT(error("{ mode: proxy, from: [ 10.0.0.0/33 ] }"), HasSubstr("kurabe.yml:3: "));
    EXPECT_THAT(error("{ mode: proxy, from: [ ::1 ], header: 'a b' }"), HasSubstr("no name of a"));
    EXPECT_EQ(error("{ mode: open, users: u }"), "kurabe.yml:3: 'users' is for mode basic only");
    EXPECT_THAT(error("{ mode: basic, users: u, from: [ ::1 ] }"), HasSubstr("for mode proxy"));
    EXPECT_THAT(error("{ mode: open, admins: [ a ] }"), HasSubstr("for mode basic or proxy only"));
    EXPECT_THAT(error("{ mode: basic, users: u, tokens_required: true }"),
                HasSubstr("for mode open only"));
    EXPECT_THAT(error("{ mode: open, tokens_required: maybe }"), HasSubstr("true or false"));
    EXPECT_THAT(error("{ mode: basic, users: u, admins: [ 'a:b' ] }"), HasSubstr("the name holds"));
    EXPECT_THAT(error("{ mode: basic, users: u, admin: [ a ] }"), HasSubstr("unknown key 'admin'"));
    EXPECT_THAT(error_of("config: { access: open }"), HasSubstr("'access' must be a mapping"));
}

TEST_F(AccessConfigTest, ListensElsewhereOnlyWhenToldWhoMayLook) {
    const AccessConfig unstated;
    for (const char* address : {"127.0.0.1", "127.8.0.1", "::1"}) {
        EXPECT_TRUE(check_listening(unstated, address, "f.yml")) << address;
    }
    for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "fd00::1", "128.0.0.1"}) {
        const auto checked = check_listening(unstated, address, "f.yml");
        ASSERT_FALSE(checked) << address;
        EXPECT_THAT(checked.error().message, HasSubstr("f.yml: 'access' is needed to listen on"));
        EXPECT_TRUE(check_listening({.is_stated = true}, address, "f.yml"));
    }
}

}  // namespace
}  // namespace kurabe::server
