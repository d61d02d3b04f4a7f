// Whatever a text holds, it comes out as the same text and never as markup or another address.
#include "server/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http_error.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string escaped(std::string_view text) {
    std::string output;
    append_escaped(output, text);
    return output;
}

TEST(Html, SpecialCharactersAreEscaped) {
    EXPECT_EQ(escaped(R"(<a b="c" d='e'>&amp;)"),
              "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
}

TEST(Html, WellFormedTextOfAnyScriptPasses) {
    for (const char* text : {"比べ", "naïve", "🐟", "a\tb\nc", "\xed\x9f\xbf"}) {
        EXPECT_EQ(escaped(text), text);
    }
}

TEST(Html, MalformedBytesAndControlsAreReplaced) {
    EXPECT_EQ(escaped("a\xff"), "a\xef\xbf\xbd");
    EXPECT_EQ(escaped("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(escaped("\xe6\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(escaped(std::string_view("a\0b", 3)),
              "a\xef\xbf\xbd"
              "b");
    EXPECT_EQ(escaped("\x1b[31m"), "\xef\xbf\xbd[31m");
    EXPECT_EQ(escaped("\xe2\x80\xae"
                      "gnp.exe"),
              "\xef\xbf\xbdgnp.exe");
}

TEST(Html, ElementsCloseInTheOrderOfTheirScopes) {
    Html html;
    {
        const auto outer = html.open("div", {{"class", "a\"b"}});
        const auto inner = html.open("p");
        html.text("<x>");
        html.empty("input",
                   {{"name", "n"}, Attribute::flag("checked"), Attribute::flag("disabled", false)});
    }
    EXPECT_EQ(
        std::move(html).take(),
        "<!DOCTYPE html>\n<div class=\"a&quot;b\"><p>&lt;x&gt;<input name=\"n\" checked></p>\n"
        "</div>\n");
}

TEST(Html, AddressesAreEncodedAndEscaped) {
    Html html;
    html.element("a", {{"href", Url("/server").with("address", "a&b\"<>#?/é").with("t", "1 2")}},
                 "x");
    EXPECT_THAT(
        std::move(html).take(),
        HasSubstr("<a href=\"/server?address=a%26b%22%3C%3E%23%3F%2F%C3%A9&amp;t=1%202\">"));
}

TEST(Url, DecodingUndoesEncoding) {
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
    EXPECT_EQ(percent_decode(percent_encode(every_byte)).value(), every_byte);
    EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
    for (const char* bad : {"%", "a%4", "%g0", "%0g", "%%41"}) {
        EXPECT_FALSE(percent_decode(bad)) << bad;
    }
}

TEST(Url, FormsKeepOrderRepetitionAndEmptyValues) {
    const auto fields = parse_form("b=1&a=&&b=%E6%AF%94+x&c&=d");
    ASSERT_TRUE(fields);
    EXPECT_THAT(*fields, testing::ElementsAre(testing::Pair("b", "1"), testing::Pair("a", ""),
                                              testing::Pair("b", "比 x"), testing::Pair("c", ""),
                                              testing::Pair("", "d")));
    EXPECT_TRUE(parse_form("")->empty());
    EXPECT_FALSE(parse_form("a=%00"));
    EXPECT_FALSE(parse_form("a=%"));
}

TEST(HttpError, EveryCodeHasItsStatus) {
    EXPECT_EQ(http_status(ErrorCode::kInvalid), 400);
    EXPECT_EQ(http_status(ErrorCode::kLimit), 400);
    EXPECT_EQ(http_status(ErrorCode::kNotFound), 404);
    EXPECT_EQ(http_status(ErrorCode::kOutdated), 409);
    EXPECT_EQ(http_status(ErrorCode::kDamaged), 500);
    EXPECT_EQ(http_status(ErrorCode::kSystem), 500);
    EXPECT_EQ(http_status(ErrorCode::kInUse), 503);
    EXPECT_EQ(http_status(ErrorCode::kNoSpace), 507);
}

TEST(HttpError, ClientsLearnNoPathsAndNoReasonsOfTheSystem) {
    EXPECT_EQ(client_text({ErrorCode::kDamaged, "in: /var/lib/kurabe/hosts/a.kurabe: bad magic"}),
              "in: a.kurabe: bad magic");
    EXPECT_EQ(client_text({ErrorCode::kNotFound, "no plugin http:80:/server-status"}),
              "no plugin http:80:/server-status");
    EXPECT_THAT(client_text({ErrorCode::kSystem, "cannot open /etc/x: EACCES"}),
                Not(HasSubstr("/etc")));
}

}  // namespace
}  // namespace kurabe::server
