// Who is answered what: a table of modes, credentials and routes, asked of a whole site.
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/server/access/access_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class Access : public AccessFixture {};

struct Row {
    const char* what;
    GivenHeaders headers;
    int page;   // "/"
    int graph;  // of web1
    int write;  // a line of web1
};

void expect_rows(const std::vector<Row>& rows, const std::function<int(const GivenHeaders&)>& page,
                 const std::function<int(const GivenHeaders&)>& graph,
                 const std::function<int(const GivenHeaders&)>& write) {
    for (const Row& row : rows) {
        EXPECT_EQ(page(row.headers), row.page) << row.what << ", page";
        EXPECT_EQ(graph(row.headers), row.graph) << row.what << ", graph";
        EXPECT_EQ(write(row.headers), row.write) << row.what << ", write";
    }
}
#define EXPECT_ROWS(...)                                                        \
    expect_rows(                                                                \
        __VA_ARGS__, [this](const GivenHeaders& given) { return page(given); }, \
        [this](const GivenHeaders& given) { return graph(given); },             \
        [this](const GivenHeaders& given) { return write(given); })

// What a graph without a definition in the test's store is answered: anything but a refusal.
constexpr int kShown = 200;

TEST_F(Access, OpenIsForEverybody) {
    configure("{ mode: open }");
    EXPECT_ROWS({{"nobody", kNobody, 200, kShown, 200},
                 {"a login for the proxy in front", kBob, 200, kShown, 200},
                 {"a malformed one", kMalformed, 200, kShown, 200},
                 {"a token of the proxy's", bearer("other"), 200, kShown, 200},
                 {"a header that means nothing here", forwarded("alice"), 200, kShown, 200},
                 {"a token of ours", bearer("kurabe_reader"), 200, kShown, 403},
                 {"one to write", bearer("kurabe_writer"), 403, 403, 200},
                 {"one for some hosts", bearer("kurabe_web"), 403, kShown, 200},
                 {"an expired one", bearer("kurabe_late"), 401, 401, 401},
                 {"one that was never made", bearer("kurabe_x"), 401, 401, 401}});
    EXPECT_EQ(computed_, 0);
}

TEST_F(Access, OpenMayWantTokensForWriting) {
    configure("{ mode: open, tokens_required: true }");
    EXPECT_ROWS({{"nobody", kNobody, 200, kShown, 401},
                 {"somebody else's token", bearer("other"), 200, kShown, 401},
                 {"a token to read", bearer("kurabe_reader"), 200, kShown, 403},
                 {"one to write", bearer("kurabe_writer"), 403, 403, 200},
                 {"as Mackerel's agents", {{"X-Api-Key", "kurabe_writer"}}, 403, 403, 200}});
}

TEST_F(Access, BasicIsForUsers) {
    configure("{ mode: basic, users: users, admins: [ alice ] }");
    EXPECT_ROWS({{"nobody", kNobody, 401, 401, 401},
                 {"an admin", kAlice, 200, kShown, 200},
                 {"a viewer", kBob, 200, kShown, 403},
                 {"a wrong password", kWrong, 401, 401, 401},
                 {"malformed", kMalformed, 401, 401, 401},
                 {"a header that means nothing here", forwarded("alice"), 401, 401, 401},
                 {"an unknown token", bearer("other"), 401, 401, 401},
                 {"a token to read", bearer("kurabe_reader"), 200, kShown, 403},
                 {"one to write", bearer("kurabe_writer"), 403, 403, 200},
                 {"one for some hosts", bearer("kurabe_web"), 403, kShown, 200},
                 {"an expired one", bearer("kurabe_late"), 401, 401, 401},
                 {"a user and a token",
                  {kAlice.front(), {"X-Api-Key", "kurabe_reader"}},
                  200,
                  kShown,
                  403}});
}

TEST_F(Access, ProxyNamesUsers) {
    configure("{ mode: proxy, from: [ 127.0.0.0/8 ], admins: [ alice ] }");
    const auto from = [this](const GivenHeaders& headers, const std::string& peer) {
        return std::array{ask("/", headers, peer).status, push("web1", headers, peer).status};
    };
    using Statuses = std::array<int, 2>;
    EXPECT_EQ(from(forwarded("alice"), "127.0.0.1"), (Statuses{200, 200}));
    EXPECT_EQ(from(forwarded("bob"), "127.0.0.1"), (Statuses{200, 403}));
    EXPECT_EQ(from({{"x-forwarded-user", "bob"}}, "::ffff:127.0.0.1"), (Statuses{200, 403}));
    EXPECT_EQ(from(kNobody, "127.0.0.1"), (Statuses{401, 401}));
    EXPECT_EQ(from(kAlice, "127.0.0.1"), (Statuses{401, 401})) << "there are no passwords";
    // Nobody else may use the name, nor pass by the one that the proxy gave.
    EXPECT_EQ(from(forwarded("alice"), "10.0.0.1"), (Statuses{403, 403}));
    EXPECT_EQ(from(forwarded("alice"), "128.0.0.1"), (Statuses{403, 403}));
    EXPECT_EQ(from({{"X-FORWARDED-USER", "alice"}}, "10.0.0.1"), (Statuses{403, 403}));
    EXPECT_EQ(from({{"Remote-User", "alice"}, {"X_Forwarded_User", "alice"}}, "127.0.0.1"),
              (Statuses{401, 401}));
    EXPECT_EQ(from({{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-User", "alice"}}, "10.0.0.1"),
              (Statuses{403, 403}));
    EXPECT_EQ(from({{"X-Forwarded-User", "bob"}, {"X-Forwarded-User", "alice"}}, "127.0.0.1"),
              (Statuses{403, 403}));
    EXPECT_EQ(from(forwarded("bob, alice"), "127.0.0.1"), (Statuses{403, 403}));
    EXPECT_EQ(from(forwarded(""), "127.0.0.1"), (Statuses{403, 403}));
    EXPECT_EQ(from(forwarded("alice "), "127.0.0.1"), (Statuses{403, 403}));
    // Agents do not go through the proxy's login.
    EXPECT_EQ(from(bearer("kurabe_writer"), "10.0.0.1"), (Statuses{403, 200}));
}

TEST_F(Access, WhatIsForEverybodyStaysSo) {
    for (const char* access : {"{ mode: open, tokens_required: true }",
                               "{ mode: basic, users: users }", "{ mode: proxy, from: [ ::1 ] }"}) {
        configure(access);
        EXPECT_EQ(ask("/health", kNobody).status, 200);
        EXPECT_EQ(ask("/health", bearer("kurabe_x")).status, 200);
        EXPECT_EQ(ask("/css/kurabe.css", kNobody).status, 200);
    }
    // Whoever is not let in learns of no address.
    EXPECT_EQ(ask("/nothing", kNobody).status, 401);
    EXPECT_EQ(ask("/api/nothing", kNobody).status, 401);
    for (const char* target :
         {"/server?address=web1", "/servers?address=web1", "/api/servers",
          "/api/host-status?address=web1", "/api/series?host=web1",
          "/api/fetch?series=web1/base/a.gauge", "/api/rrd?series=web1/base/a.gauge"}) {
        EXPECT_EQ(ask(target, kNobody).status, 401) << target;
    }
}

TEST_F(Access, AsksBrowsersAndProgramsEachInTheirForm) {
    configure("{ mode: basic, users: users }");
    const Response page = ask("/", kNobody);
    EXPECT_EQ(header_of(page, "WWW-Authenticate"), "Basic realm=\"Kurabe\", charset=\"UTF-8\"");
    EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
    EXPECT_THAT(page.body, HasSubstr("this needs a login"));
    const Response api = ask("/api/servers", kNobody);
    EXPECT_EQ(api.content_type, "application/json");
    EXPECT_THAT(api.body, HasSubstr("this needs a login"));
    const Response pushed = push("web1", kNobody);
    EXPECT_EQ(pushed.content_type, "application/json");
    EXPECT_NE(header_of(pushed, "WWW-Authenticate"), "");
    configure("{ mode: proxy, from: [ ::1 ] }");
    EXPECT_EQ(header_of(ask("/", kNobody), "WWW-Authenticate"), "Bearer realm=\"Kurabe\"");
}

TEST_F(Access, PagesOfOthersWriteNothingEvenWithALogin) {
    configure("{ mode: basic, users: users, admins: [ alice ] }");
    for (const std::pair<std::string, std::string>& header :
         {std::pair<std::string, std::string>{"Origin", "https://evil.example"},
          {"Origin", "null"},
          {"Sec-Fetch-Site", "cross-site"}}) {
        GivenHeaders headers = kAlice;
        headers.push_back(header);
        EXPECT_EQ(push("web1", headers).status, 403);
    }
    EXPECT_TRUE(stored_.empty());
    EXPECT_EQ(site_->answer(request("GET", "/api/v1/lines", kAlice)).status, 405);
    EXPECT_EQ(header_of(ask("/", kAlice), "Set-Cookie"), "");
}

TEST_F(Access, ARevokedTokenIsOutWithinASecond) {
    configure("{ mode: basic, users: users }");
    EXPECT_EQ(write(bearer("kurabe_writer")), 200);
    write_tokens({token("reader", true, false)});
    now_ += store::Seconds{1};
    EXPECT_EQ(write(bearer("kurabe_writer")), 401);
    EXPECT_EQ(page(bearer("kurabe_reader")), 200);
    write_secret("tokens", "broken\n");
    now_ += store::Seconds{1};
    EXPECT_EQ(page(bearer("kurabe_reader")), 200) << "what it said before holds";
    EXPECT_THAT(log(), HasSubstr("tokens:1: a token has a field too few"));
    write_secret("users", "alice:" + kHash + "\n");
    now_ += store::Seconds{1};
    EXPECT_EQ(page(kBob), 401);
    EXPECT_EQ(page(kAlice), 200);
}

TEST_F(Access, ASignatureShowsOnePictureAndNothingElse) {
    const std::string url = sign_url(kGraphPath, kNow + store::Seconds{60}, kKey).value();
    const std::string tail = url.substr(kGraphPath.size());
    for (const char* access : {"{ mode: basic, users: users }", "{ mode: proxy, from: [ ::1 ] }"}) {
        configure(access);
        EXPECT_EQ(ask(url, kNobody).status, kShown);
        EXPECT_EQ(site_->answer(request("HEAD", url, {})).status, kShown);
        EXPECT_EQ(site_->answer(request("POST", url, {})).status, 405);
        EXPECT_EQ(ask(url + "&width=200", kNobody).status, 403);
        EXPECT_EQ(
            ask("/graph?address=db1&plugin_identifier=base&graph=cpu&width=100" + tail, kNobody)
                .status,
            403);
        const Response unsigned_one = ask(std::string(kGraphPath) + "&expires=1767323105", kNobody);
        EXPECT_EQ(unsigned_one.status, 403);
        EXPECT_EQ(unsigned_one.body, "this address must have one 'expires' and one 'signature'\n");
        now_ = kNow + store::Seconds{60};
        const Response late = ask(url, kNobody);
        EXPECT_EQ(late.status, 403);
        EXPECT_EQ(late.content_type, "image/png") << "it stands in a wiki";
        EXPECT_EQ(header_of(late, "Cache-Control"), "no-store");
        now_ = kNow;
    }
    EXPECT_EQ(
        ask(sign_url("/g/web1/base/cpu.png", kNow + store::Seconds{60}, kKey).value(), kNobody)
            .status,
        kShown);
    const std::string values =
        sign_url("/g/web1/base/cpu.csv", kNow - store::Seconds{1}, kKey).value();
    EXPECT_EQ(ask(values, kNobody).body, "this address has expired\n");
    const std::string nothing =
        sign_url("/g/web1/base/cpu.bmp", kNow - store::Seconds{1}, kKey).value();
    EXPECT_EQ(ask(nothing, kNobody).body, "this address has expired\n");
    // Not another route, although the signature is good for its address.
    configure("{ mode: basic, users: users }");
    for (const char* target :
         {"/server?address=web1", "/api/fetch?series=web1/base/a.gauge", "/"}) {
        EXPECT_EQ(ask(sign_url(target, kNow + store::Seconds{60}, kKey).value(), kNobody).status,
                  401)
            << target;
    }
    EXPECT_EQ(ask(std::string(kGraphPath) + "&expires=1&signature=2", kBob).status, kShown)
        << "who is logged in needs none";
    EXPECT_EQ(ask(url, kWrong).status, kShown);
    write_secret("sign.key", to_hex(sha256("another key")));
    now_ += store::Seconds{1};
    EXPECT_EQ(ask(url, kNobody).status, 403);
}

TEST_F(Access, NoCacheOfManyKeepsWhatOneWasShown) {
    configure("{ mode: open }");
    EXPECT_THAT(header_of(ask(kGraphPath, kNobody), "Cache-Control"), HasSubstr("public"));
    configure("{ mode: basic, users: users }");
    EXPECT_THAT(header_of(ask(kGraphPath, kBob), "Cache-Control"), HasSubstr("private"));
    EXPECT_THAT(header_of(ask("/css/kurabe.css", kNobody), "Cache-Control"),
                Not(HasSubstr("private")));
}

TEST_F(Access, AGuesserIsToldToWait) {
    configure("{ mode: basic, users: users }");
    for (int i = 0; i < kPasswordFailuresMax; ++i) EXPECT_EQ(page(kWrong), 401);
    const Response refused = ask("/", kWrong);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(header_of(refused, "Retry-After"), "60");
    EXPECT_EQ(ask("/", kBob, "10.0.0.2").status, 200);
}

TEST_F(Access, TheLogSaysWhoWroteAndWhoWasRefusedAndNoSecret) {
    configure("{ mode: basic, users: users, admins: [ alice ] }");
    EXPECT_EQ(write(bearer("kurabe_writer")), 200);
    EXPECT_EQ(write(bearer("kurabe_writer")), 200);
    EXPECT_EQ(write(kAlice), 200);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(page(kNobody), 401);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(page(bearer("kurabe_late")), 401);
    EXPECT_EQ(ask("/x%22%20status=200", kBob, "10.0.0.7\n").status, 404);
    EXPECT_EQ(ask("/", kWrong, "10.0.0.8").status, 401);
    const std::string told = log();
    const auto count = [&told](std::string_view text) {
        std::size_t found = 0;
        for (std::size_t at = 0; (at = told.find(text, at)) != std::string::npos; ++at) ++found;
        return found;
    };
    EXPECT_EQ(count("info write token=writer peer=10.0.0.1"), 1U) << told;
    EXPECT_EQ(count("info write user=alice"), 1U) << told;
    EXPECT_EQ(count("access refused peer=10.0.0.1"), 2U) << told;
    EXPECT_EQ(count("name=late"), 1U) << told;
    EXPECT_EQ(count("access refused peer=10.0.0.8"), 1U) << told;
    EXPECT_EQ(count("kurabe_"), 0U) << told;
    EXPECT_EQ(count("Ym9i"), 0U) << told;
}

TEST_F(Access, WhatIsWrongWithTheFilesStopsTheStart) {
    access_config_ = {
        .is_stated = true, .mode = AccessMode::kBasic, .users = directory_.path() / "users"};
    const auto error = [this] {
        const auto opened = AccessControl::open(
            {.config = access_config_, .data = directory_.path(), .matches = {}}, *log_file_);
        return opened ? "no error" : opened.error().message;
    };
    write_secret("users", "bob:plain\n");
    EXPECT_THAT(error(), HasSubstr("users:1: the password of 'bob' is no bcrypt hash"));
    std::filesystem::remove(directory_.path() / "users");
    EXPECT_THAT(error(), HasSubstr("there is no such file of users; make it with"));
    write_secret("users", "");
    EXPECT_EQ(error(), "no error");
    std::filesystem::permissions(directory_.path() / "tokens", std::filesystem::perms{0644});
    EXPECT_THAT(error(), HasSubstr("tokens: others may read it; 'chmod 600' it"));
}

}  // namespace
}  // namespace kurabe::server
