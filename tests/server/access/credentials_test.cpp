// Headers that say who asks, well formed and not.
#include "server/access/credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::server {
namespace {

using GivenHeaders = std::vector<std::pair<std::string, std::string>>;

Result<Credentials> read(GivenHeaders headers) {
    Request request;
    request.headers = std::move(headers);
    return read_credentials(request);
}

TEST(CredentialsTest, ReadsUsersAndTokens) {
    const auto basic = read({{"authorization", "basic  YWxpY2U6cmlnaHQ6aG9yc2U="}});
    ASSERT_TRUE(basic && basic->password);
    EXPECT_EQ(basic->password->user, "alice");
    EXPECT_EQ(basic->password->password, "right:horse") << "a password may hold a ':'";
    EXPECT_EQ(read({{"Authorization", "Bearer kurabe_1"}})->token, "kurabe_1");
    EXPECT_EQ(read({{"x-api-key", "kurabe_1"}})->token, "kurabe_1");
    const auto both = read({{"Authorization", "Basic YTpi"}, {"X-Api-Key", "kurabe_1"}});
    ASSERT_TRUE(both && both->password);
    EXPECT_EQ(both->token, "kurabe_1");
    EXPECT_TRUE(read({})->empty());
    EXPECT_TRUE(read({{"Authorization", "Negotiate abc"}})->empty());
}

TEST(CredentialsTest, RefusesWhatCanBeReadInTwoWays) {
    for (const GivenHeaders& headers :
         {GivenHeaders{{"Authorization", "Basic YTpi"}, {"authorization", "Basic YTpj"}},
          GivenHeaders{{"Authorization", "Bearer a"}, {"X-Api-Key", "b"}},
          GivenHeaders{{"X-Api-Key", "a"}, {"X-API-KEY", "a"}},
          GivenHeaders{{"Authorization", "Basic"}},
          GivenHeaders{{"Authorization", "Basic YTpi="}},  // padding
          GivenHeaders{{"Authorization", "Basic YTpi YTpi"}},
          GivenHeaders{{"Authorization", "Basic YWI="}},      // no ':'
          GivenHeaders{{"Authorization", "Basic YTpiCg=="}},  // a newline
          GivenHeaders{{"Authorization", "Basic YTpiAA=="}},  // NUL
          GivenHeaders{{"Authorization", "Bearer"}}, GivenHeaders{{"Authorization", "Bearer a b"}},
          GivenHeaders{{"Authorization", "Bearer " + std::string(513, 'a')}},
          GivenHeaders{{"Authorization", "Basic " + std::string(4000, 'Y')}},
          GivenHeaders{{"X-Api-Key", ""}}}) {
        const auto credentials = read(headers);
        ASSERT_FALSE(credentials) << headers.front().second;
        EXPECT_EQ(credentials.error().message.find("YTpi"), std::string::npos);
    }
}

TEST(CredentialsTest, Base64HasOneFormForEachText) {
    EXPECT_EQ(base64_decode(""), "");
    EXPECT_EQ(base64_decode("Zg=="), "f");
    EXPECT_EQ(base64_decode("Zm8="), "fo");
    EXPECT_EQ(base64_decode("Zm9vYmFy"), "foobar");
    for (const char* text :
         {"Zg", "Zg=", "Zh==", "Zm9=", "Zg===", "=", "====", "Z===", "Zm-v", "Zm9v\n", "Zm 9"}) {
        EXPECT_FALSE(base64_decode(text)) << text;
    }
}

}  // namespace
}  // namespace kurabe::server
