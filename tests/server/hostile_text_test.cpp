// Texts from outside - names, comments, meta, warnings, parameters - never become markup: each page
// is read back, and has the same elements as with harmless texts.
#include <gmock/gmock.h>

#include "store/utf8.hpp"
#include "tests/server/html_scan.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHostile[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=alert(1) x=\"",
    "</title><script>alert(1)</script>",
    "</textarea></style></script><svg/onload=alert(1)>",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "<?xml version=\"1.0\"?>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;b&#62;",
    "&amp",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/",
    "{{constructor.constructor('alert(1)')()}}",
    "${7*7}",
    "%3Cscript%3E",
    "\\\"><script>alert(1)</script>",
    "<a href=\"javascript:alert(1)\">",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    ">||<b>raw</b>",
    "\xc0\xbcscript\xc0\xbe",
    "\xff\xfe<b>",
    "\xe2\x80\xae<b>",
};

// The elements of a page with the names of their attributes: all that could be injected.
std::string structure_of(const std::string& html) {
    std::string structure;
    const HtmlScan page(html);
    for (const ScannedElement& element : page.all()) {
        structure += element.name;
        for (const auto& [name, value] : element.attributes) {
            structure += ' ' + name;
            const bool is_address = name == "href" || name == "src" || name == "action";
            if (is_address) {
                EXPECT_TRUE(value.starts_with('/') && !value.starts_with("//")) << value;
            }
        }
        structure += '\n';
    }
    return structure;
}

// A YAML double-quoted scalar.
std::string yaml_quoted(std::string_view text) {
    std::string result = "\"";
    for (const char byte : text) {
        if (byte == '"' || byte == '\\') result += '\\';
        result += byte;
    }
    return result + '"';
}

std::string without(std::string_view text, std::string_view unwanted) {
    std::string result;
    for (const char byte : text) {
        result += unwanted.find(byte) == std::string_view::npos ? byte : '_';
    }
    return result;
}

class HostileText : public SiteFixture {
  protected:
    // Opens a site that holds `text` wherever a text of its kind can stand.
    void open_with(std::string_view text) {
        site_.reset();
        metadata_.reset();
        for (const char* suffix : {"", "-wal", "-shm"}) {
            std::filesystem::remove(directory_.path() / fmt::format("metadata.sqlite{}", suffix));
        }
        // A configuration is well-formed UTF-8; what agents send is any bytes.
        const std::string configured = utf8(text) ? std::string(text) : "x";
        write("rolls/any.yml",
              fmt::format("metrics:\n- base\n- {}\n", yaml_quoted("base:" + configured)));
        open(fmt::format(
            "---\nservice: {}\nservers:\n- roll: any.yml\n  label: {}\n  hosts:\n"
            "  - {}\n",
            yaml_quoted(configured), yaml_quoted(configured),
            yaml_quoted(fmt::format("10.0.0.1 h{} c{}", without(configured, " "), configured))));
        collectors::Report given;
        given.batch.host = "10.0.0.1";
        // Lists of devices take plain names only.
        given.meta = {{"base", "traffic-interfaces", "eth0"},
                      {"base", "version", std::string(text)},
                      {"base", "disk-usage-devices", "sda"},
                      {"base", "disk-usage-sda-mount", std::string(text)},
                      {"base", "disk-io-devices", "sda"}};
        given.warnings = {{"base", "k" + std::string(text), std::string(text)}};
        report(given);
    }
    static bool utf8(std::string_view text) {
        for (std::size_t bytes = 0; !text.empty(); text.remove_prefix(bytes)) {
            bytes = store::utf8_length(text);
            if (bytes == 0) return false;
        }
        return true;
    }
    // Pages that show all of it; also those that only repeat a parameter.
    static std::vector<std::string> targets(std::string_view text) {
        const std::string encoded = percent_encode(text);
        std::vector<std::string> list{"/",
                                      "/server?address=10.0.0.1",
                                      "/server?address=10.0.0.1&term=month",
                                      "/servers?address=10.0.0.1&address=10.0.0.2" + encoded,
                                      "/?service=none" + encoded,
                                      "/server?address=" + encoded + "x",
                                      "/server?address=10.0.0.1&term=" + encoded + "x",
                                      "/server?address=10.0.0.1&plugin_identifier=" + encoded + "x",
                                      "/server?address=10.0.0.1&term=custom&from=" + encoded + "x",
                                      "/server?address=10.0.0.1&compare=" + encoded + "x",
                                      "/servers?address=10.0.0.1&other=" + encoded + "x",
                                      "/no" + encoded};
        return list;
    }
};

TEST_F(HostileText, ChangesNoElementOfAnyPage) {
    std::vector<std::string> expected;
    open_with("harmless");
    for (const std::string& target : targets("harmless")) {
        expected.push_back(structure_of(get(target).body));
    }
    for (const std::string_view text : kHostile) {
        SCOPED_TRACE(text);
        open_with(text);
        const auto all = targets(text);
        for (std::size_t i = 0; i < all.size(); ++i) {
            EXPECT_EQ(structure_of(get(all[i]).body), expected[i]) << all[i];
        }
    }
}

TEST_F(HostileText, IsShownAsItIs) {
    constexpr std::string_view kText = "<b onclick=\"x\">&amp;'</b>";
    open_with(kText);
    const std::string body = get("/server?address=10.0.0.1").body;
    std::size_t shown = 0;
    const HtmlScan page(body);
    for (const ScannedElement& element : page.all()) {
        shown += element.text.find(kText) == std::string::npos ? 0U : 1U;
    }
    EXPECT_GE(shown, 6U);  // service, comments, mount, badge, warning
}

TEST_F(HostileText, StaysTextInJsonAndPlainText) {
    for (const std::string_view text : kHostile) {
        open_with(text);
        const Response states = get("/api/host-status?address=" + percent_encode(text));
        EXPECT_EQ(states.content_type, "application/json");
        const Response servers = get("/api/servers");
        EXPECT_EQ(servers.content_type, "text/plain; charset=utf-8");
        EXPECT_EQ(get("/graph?address=" + percent_encode(text)).content_type,
                  "text/plain; charset=utf-8");
        EXPECT_EQ(
            get("/graph?address=10.0.0.1&plugin_identifier=base&graph=" + percent_encode(text))
                .content_type,
            "image/png");
    }
}

}  // namespace
}  // namespace kurabe::server
