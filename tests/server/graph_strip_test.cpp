// "/graphs": pictures of several hosts in one answer are those of "/graph", one after the other.
#include <charconv>

#include <gmock/gmock.h>

#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;

struct Part {
    std::string head;  // "200 image/png"
    std::string body;
};

// What an answer of "/graphs" holds; a test fails when it breaks off.
std::vector<Part> parts_of(std::string_view bytes) {
    std::vector<Part> parts;
    while (!bytes.empty()) {
        const std::size_t line = bytes.find('\n');
        if (line == std::string_view::npos) break;
        const std::string_view head = bytes.substr(0, line);
        bytes.remove_prefix(line + 1);
        const std::size_t length = head.find(' ') + 1;
        const std::size_t type = head.find(' ', length) + 1;
        std::size_t size = 0;
        std::from_chars(head.data() + length, head.data() + type - 1, size);
        if (size > bytes.size()) break;
        parts.push_back({fmt::format("{} {}", head.substr(0, length - 1), head.substr(type)),
                         std::string(bytes.substr(0, size))});
        bytes.remove_prefix(size);
    }
    EXPECT_TRUE(bytes.empty());
    return parts;
}

class Strip : public SiteFixture {
  protected:
    void SetUp() override {
        open(R"(---
service: Web
servers:
- roll: base.yml
  hosts: [ "10.0.0.1 www1", "10.0.0.2 www2", "10.0.0.3 www3" ]
)");
        for (const char* host : {"10.0.0.1", "10.0.0.2", "10.0.0.3"}) {
            store_.series_values[{host, "base", "loadavg-1.gauge"}] = host[7] - '0';
        }
    }

    static constexpr std::string_view kLook =
        "plugin_identifier=base&graph=loadavg-1&width=200&theme=dark";

    Response strip(std::string_view hosts) {
        return get(fmt::format("/graphs?{}{}", kLook, hosts));
    }
    Response single(std::string_view host) {
        return get(fmt::format("/graph?{}&address={}", kLook, host));
    }
};

TEST_F(Strip, HasThePicturesOfItsHostsInTheirOrder) {
    const Response answer = strip("&address=10.0.0.3&address=10.0.0.1");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.content_type, "application/octet-stream");
    const auto parts = parts_of(answer.body);
    ASSERT_EQ(parts.size(), 2);
    EXPECT_EQ(parts[0].head, "200 image/png");
    EXPECT_TRUE(parts[0].body == single("10.0.0.3").body);
    EXPECT_TRUE(parts[1].body == single("10.0.0.1").body);
    EXPECT_FALSE(parts[0].body == parts[1].body);
}

TEST_F(Strip, IsKeptAsItsPicturesAre) {
    const std::string two = "&address=10.0.0.1&address=10.0.0.2";
    EXPECT_EQ(header_of(strip(two), "Cache-Control"),
              header_of(single("10.0.0.1"), "Cache-Control"));
    const std::string closed = "&term=custom&from=2025-11-01&to=2025-11-02" + two;
    EXPECT_EQ(
        header_of(strip(closed), "Cache-Control"),
        header_of(single("10.0.0.1&term=custom&from=2025-11-01&to=2025-11-02"), "Cache-Control"));

    Request again{.method = "GET", .path = ""};
    ASSERT_TRUE(take_target(fmt::format("/graphs?{}{}", kLook, two), again));
    again.headers.emplace_back("If-None-Match", header_of(strip(two), "ETag"));
    const Response unchanged = site_->answer(again);
    EXPECT_EQ(unchanged.status, 304);
    EXPECT_EQ(unchanged.body, "");
}

TEST_F(Strip, IsKeptAsLongAsThePictureThatBecomesOldFirst) {
    const std::string closed = "&term=custom&from=2025-12-29&to=2025-12-30";
    now_ = kNow - kNow.time_since_epoch() % store::Seconds{86'400};  // three days after its end
    EXPECT_EQ(header_of(single("10.0.0.1" + closed), "Cache-Control"), "public, max-age=300");
    now_ += store::Seconds{60};  // settled, but for the picture that is there
    EXPECT_EQ(header_of(single("10.0.0.2" + closed), "Cache-Control"), "public, max-age=300");
    EXPECT_EQ(header_of(strip(closed + "&address=10.0.0.2&address=10.0.0.1&address=10.0.0.3"),
                        "Cache-Control"),
              "public, max-age=240");
}

// A client shows it in the picture's place; the others are drawn.
TEST_F(Strip, SaysForEachHostWhyItHasNoPicture) {
    store_.damaged_hosts.insert("10.0.0.2");
    const Response answer = strip("&address=10.0.0.1&address=10.9.9.9&address=10.0.0.2");
    const auto parts = parts_of(answer.body);
    ASSERT_EQ(parts.size(), 3);
    EXPECT_EQ(parts[0].head, "200 image/png");
    EXPECT_EQ(parts[1].head, "404 text/plain; charset=utf-8");
    EXPECT_THAT(parts[1].body, HasSubstr("10.9.9.9"));
    EXPECT_EQ(parts[1].body, single("10.9.9.9").body) << "with its line feed";
    EXPECT_EQ(parts[2].head, "500 image/png");
    EXPECT_TRUE(parts[2].body == single("10.0.0.2").body);
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(answer, "ETag"), "");
}

TEST_F(Strip, RefusesWhatMakesNoSense) {
    std::string many;
    for (int host = 0; host < 51; ++host) many += fmt::format("&address=10.1.0.{}", host);
    for (const auto& [query, named] : std::vector<std::pair<std::string, std::string>>{
             {fmt::format("{}", kLook), "address"},
             {fmt::format("{}{}", kLook, many), "address"},
             {fmt::format("{}&address=10.0.0.1&address=10.0.0.1", kLook), "address"},
             {"plugin_identifier=base&address=10.0.0.1", "graph"},
             {"graph=cpu&address=10.0.0.1", "plugin_identifier"},
             {fmt::format("{}&address=10.0.0.1&scale=9", kLook), "scale"},
         }) {
        const Response answer = get("/graphs?" + query);
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_THAT(answer.body, HasSubstr(named)) << query;
    }
    EXPECT_EQ(get("/graphs", "POST").status, 405);
}

// Parts that are not changed cannot be told apart in an answer: each is whole.
TEST_F(Strip, HasWholePicturesWhateverTheClientHas) {
    Request request{.method = "GET", .path = ""};
    ASSERT_TRUE(take_target(fmt::format("/graphs?{}&address=10.0.0.1", kLook), request));
    request.headers.emplace_back("If-None-Match", header_of(single("10.0.0.1"), "ETag"));
    const auto parts = parts_of(site_->answer(request).body);
    ASSERT_EQ(parts.size(), 1);
    EXPECT_EQ(parts[0].head, "200 image/png");
}

}  // namespace
}  // namespace kurabe::server
