// Digests against published ones, passwords against hashes of Apache's own.
#include "server/access/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/access/password_hash.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(DigestTest, AreThoseOfTheStandards) {
    EXPECT_EQ(to_hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // RFC 4231, test case 1, its key filled up with zeroes as HMAC does.
    Digest key{};
    std::fill_n(key.begin(), 20, std::uint8_t{0x0b});
    EXPECT_EQ(to_hex(hmac_sha256(key, "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(DigestTest, HexIsOfOneForm) {
    const Digest digest = sha256("abc");
    EXPECT_EQ(digest_from_hex(to_hex(digest)), digest);
    std::string upper = to_hex(digest);
    upper[0] = 'B';
    EXPECT_FALSE(digest_from_hex(upper));
    EXPECT_FALSE(digest_from_hex(to_hex(digest).substr(1)));
    EXPECT_FALSE(digest_from_hex(to_hex(digest) + "0"));
    EXPECT_NE(random_secret().value(), random_secret().value());
}

TEST(DigestTest, EqualTextsAreEqual) {
    EXPECT_TRUE(are_equal("abc", "abc"));
    EXPECT_TRUE(are_equal("", ""));
    EXPECT_FALSE(are_equal("abc", "abd"));
    EXPECT_FALSE(are_equal("abc", "ab"));
}

// Of "htpasswd -nbBC 10 alice 'right horse'", and the same as "$2b$".
constexpr std::string_view kPassword = "right horse";

TEST(PasswordHash, TakesWhatItMade) {
    const auto hash = hash_password(std::string(kPassword));
    ASSERT_TRUE(hash);
    EXPECT_THAT(*hash, StartsWith("$2y$10$"));
    EXPECT_TRUE(check_password_hash(*hash));
    EXPECT_TRUE(password_matches(std::string(kPassword), *hash));
    EXPECT_FALSE(password_matches("right horsf", *hash));
    EXPECT_FALSE(password_matches(std::string(kPassword) + '\0', *hash));
    std::string other = *hash;
    other[2] = 'b';
    EXPECT_TRUE(check_password_hash(other));
    EXPECT_TRUE(password_matches(std::string(kPassword), other));
    EXPECT_NE(*hash, hash_password(std::string(kPassword)).value()) << "the salt is new";
}

TEST(PasswordHash, RefusesWhatIsWeakOrTakesForGood) {
    const std::string rest = "$abcdefghijklmnopqrstuuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    ASSERT_TRUE(check_password_hash("$2y$10" + rest)) << "the others are wrong for their reason";
    for (const std::string& hash :
         {std::string("plain"), std::string("$apr1$salt$hashhashhashhashhashha"),
          std::string("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="), std::string("rqXexS6ZhobKA"),
          "$2a$10" + rest, "$2x$10" + rest, "$6$10" + rest, "$2y$1" + rest, "$2y$10" + rest + "x",
          "$2y$10" + rest.substr(0, rest.size() - 1) + " ", "$2y$1a" + rest, std::string()}) {
        const auto checked = check_password_hash(hash);
        ASSERT_FALSE(checked) << hash;
        EXPECT_THAT(checked.error().message, HasSubstr("is no bcrypt hash")) << hash;
    }
    for (const char* cost : {"$2y$04", "$2y$09", "$2y$15", "$2y$31"}) {
        EXPECT_THAT(check_password_hash(cost + rest).error().message, HasSubstr("has the cost"));
    }
}

TEST(PasswordHash, RefusesPasswordsThatBcryptWouldCut) {
    EXPECT_TRUE(hash_password(std::string(72, 'x')));
    EXPECT_FALSE(hash_password(std::string(73, 'x')));
    EXPECT_FALSE(hash_password(""));
    EXPECT_FALSE(hash_password("long\tenough"));
}

TEST(PasswordHash, RefusesShortPasswords) {
    for (const char* password : {"1", "7654321", "\u5bc6\u5bc6\u5bc6"}) {
        const auto hash = hash_password(password);
        ASSERT_FALSE(hash) << password;
        EXPECT_EQ(hash.error().message, "the password is short: 8 characters are the least");
    }
    EXPECT_TRUE(hash_password("87654321"));
    EXPECT_TRUE(hash_password("\u5bc6\u5bc6\u5bc6\u5bc6\u5bc6\u5bc6\u5bc6\u5bc6"));
}

}  // namespace
}  // namespace kurabe::server
