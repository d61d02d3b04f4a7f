// Signed addresses: that they open what was signed, and that no change of them opens anything.
#include "server/access/signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/request_text.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const store::Time kNow{store::Seconds{1'767'323'045}};
const Digest kKey = sha256("a key");
constexpr std::string_view kUrl =
    "/graph?address=10.0.0.1&plugin_identifier=http%3A80&graph=cpu&mark=1%3Aa&mark=2%3Ab";

Result<void> check(std::string_view target, store::Time now = kNow, SigningKeys keys = {kKey}) {
    Request request;
    const auto taken = take_target(target, request);
    EXPECT_TRUE(taken) << target;
    return check_signature(request, keys, now);
}

std::string signed_url(std::string_view url = kUrl) {
    return sign_url(url, kNow + store::Seconds{60}, kKey).value();
}

TEST(SignatureTest, OpensWhatWasSignedUntilItExpires) {
    const std::string url = signed_url();
    EXPECT_THAT(url, StartsWith(std::string(kUrl) + "&expires=1767323105&signature="));
    EXPECT_TRUE(check(url));
    EXPECT_TRUE(check(url, kNow + store::Seconds{59}));
    const auto late = check(url, kNow + store::Seconds{60});
    EXPECT_THAT(late.error().message, HasSubstr("has expired"));
    EXPECT_EQ(late.error().code, ErrorCode::kForbidden);
    EXPECT_EQ(check(url + "0").error().code, ErrorCode::kInvalid);
}

TEST(SignatureTest, WantsAPathAndPutsItsParametersBehindIt) {
    for (const char* url :
         {"https://h", "https://h?", "https://h?a=1/", "http://?x=1&signature="}) {
        const auto signed_one = sign_url(url, kNow + store::Seconds{60}, kKey);
        ASSERT_FALSE(signed_one) << url;
        EXPECT_THAT(signed_one.error().message, HasSubstr("has no path"));
    }
    for (const char* url : {"https://h/?a=1", "/g/a&", "/g/a?b?", "/g/a?", "/g/a?b&"}) {
        EXPECT_TRUE(check(signed_url(url))) << url;
    }
}

TEST(SignatureTest, IsOfTheAddressBehindTheHost) {
    const std::string url =
        sign_url("https://graphs.example.org" + std::string(kUrl), kNow + store::Seconds{60}, kKey)
            .value();
    EXPECT_TRUE(check(url.substr(std::string_view("https://graphs.example.org").size())));
    EXPECT_TRUE(check(signed_url("/graph?x=http://y"))) << "an address in a parameter is none";
    EXPECT_TRUE(check(signed_url("/graph")));
    EXPECT_TRUE(check(signed_url("/g/a%2Fb/c/d.png?")));
}

TEST(SignatureTest, TheSameInOtherWordsIsTheSame) {
    const std::string url = signed_url();
    const std::string tail = url.substr(kUrl.size());
    EXPECT_TRUE(
        check("/graph?graph=cpu&mark=1:a&plugin_identifier=http:80&address=10.0.0.1&mark="
              "2:b" +
              tail))
        << "order and spelling of different parameters mean nothing";
    EXPECT_FALSE(
        check("/graph?address=10.0.0.1&plugin_identifier=http%3A80&graph=cpu&mark=2%3Ab&"
              "mark=1%3Aa" +
              tail))
        << "those of one name have an order";
}

TEST(SignatureTest, NoChangeOfAByteOpensAnything) {
    const std::string url = signed_url();
    std::size_t tried = 0;
    for (std::size_t at = 0; at < url.size(); ++at) {
        for (const char other : {'0', 'z', '=', '&', '/', '?', '+', 'A'}) {
            std::string changed = url;
            changed[at] = other;
            Request request;
            if (changed == url || !take_target(changed, request)) continue;
            ++tried;
            EXPECT_FALSE(check_signature(request, {kKey}, kNow)) << changed;
        }
    }
    EXPECT_GT(tried, 1000U);
}

TEST(SignatureTest, NoParameterIsAddedDroppedDoubledOrMoved) {
    const std::string url = signed_url();
    for (const char* more :
         {"&width=4000", "&address=10.0.0.2", "&graph=cpu", "&expires=1767323105", "&x",
          "&=", "&expires=9767323105", "&mark=3%3Ac", "&signature=0"}) {
        EXPECT_FALSE(check(url + more)) << more;
    }
    const std::string signature = url.substr(url.find("&signature="));
    EXPECT_FALSE(check(url + signature)) << "twice the same signature";
    for (const char* part :
         {"address=10.0.0.1&", "&graph=cpu", "&mark=1%3Aa", "&mark=2%3Ab", "&expires=1767323105"}) {
        std::string dropped = url;
        dropped.erase(dropped.find(part), std::string_view(part).size());
        EXPECT_FALSE(check(dropped)) << part;
    }
    EXPECT_FALSE(check(url.substr(0, url.find("&signature="))));
    // Text that moves from a value into the next name, and from the path into a parameter.
    EXPECT_NE(signed_url("/graph?a=b%26c=d"), signed_url("/graph?a=b&c=d"));
    EXPECT_FALSE(check("/graph?a=b&c=d" + signed_url("/graph?a=b%26c=d").substr(16)));
    EXPECT_FALSE(check("/g/a/b/c.png" + signed_url("/g/a%2Fb/c.png").substr(14)));
}

TEST(SignatureTest, KeysAreChangedOneAfterTheOther) {
    const Digest next = sha256("the next key");
    const std::string url = signed_url();
    EXPECT_TRUE(check(url, kNow, {next, kKey}));
    EXPECT_FALSE(check(url, kNow, {next}));
    EXPECT_FALSE(check(url, kNow, {}));
}

TEST(SignatureTest, SignsNoOddAddress) {
    for (const char* url : {"graph?x=1", "/graph#top", "/graph?expires=1", "/graph?signature=1",
                            "ftp://h/graph", "/graph?x=%zz", ""}) {
        EXPECT_FALSE(sign_url(url, kNow, kKey)) << url;
    }
}

TEST(SignatureTest, ReadsItsFileOfKeys) {
    const auto keys = parse_signing_keys(new_signing_key().value(), "sign.key");
    ASSERT_TRUE(keys) << keys.error().message;
    EXPECT_EQ(keys->size(), 1U);
    const std::string hex = to_hex(kKey);
    EXPECT_EQ(parse_signing_keys(hex + "\n" + hex, "f").value().size(), 2U);
    EXPECT_THAT(parse_signing_keys("#\nabc\n", "f").error().message, HasSubstr("f:2: a key has"));
    EXPECT_FALSE(parse_signing_keys(hex + "\n" + hex + "\n" + hex + "\n" + hex + "\n" + hex, "f"));
}

}  // namespace
}  // namespace kurabe::server
