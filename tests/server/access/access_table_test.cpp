// Who is answered what: a table of modes, credentials and routes, asked of a whole site.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "server/access/access_control.hpp"
#include "server/access/secret_text.hpp"
#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "tests/server/site_fixture.hpp"
#include "tests/support/files.hpp"

namespace kurabe::server {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kHash = "$2y$10$abcdefghijklmnopqrstuuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kGraphPath =
    "/graph?address=web1&plugin_identifier=base&graph=cpu&width=100";

using GivenHeaders = std::vector<std::pair<std::string, std::string>>;

GivenHeaders login(std::string_view encoded) {
    return {{"Authorization", fmt::format("Basic {}", encoded)}};
}
const GivenHeaders kNobody;
const GivenHeaders kAlice = login("YWxpY2U6YQ==");  // alice:a, an admin
const GivenHeaders kBob = login("Ym9iOmI=");        // bob:b, a viewer
const GivenHeaders kWrong = login("Ym9iOmE=");      // bob:a
const GivenHeaders kMalformed = login("Ym9i");

GivenHeaders bearer(std::string_view secret) {
    return {{"Authorization", fmt::format("Bearer {}", secret)}};
}
GivenHeaders forwarded(std::string_view user) {
    return {{"X-Forwarded-User", std::string(user)}};
}

class Access : public SiteFixture {
  protected:
    void SetUp() override {
        open(
            "---\nservice: s\nservers:\n- { roll: base.yml, hosts: [ web1, web2, db1, "
            "10.0.0.9 web-secret, 10.0.7.1 front, 10.0.8.1 twin, 10.0.7.2 twin ] }\n");
        for (const char* host : {"web1", "web2", "db1"}) {
            store_.series_values[{host, "base", "a.gauge"}] = 1;
        }
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            stored_.push_back(batch.host);
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
        ingest_ = std::make_unique<Ingest>(store_, *metadata_, log_, [this] { return now_; });
        intake_ = std::make_unique<LineIntake>(*ingest_, rules_, log_, [this] { return now_; });
        write_secret("users", fmt::format("alice:{0}\nbob:{0}\n", kHash));
        write_tokens({token("reader", true, false), token("writer", false, true),
                      token("web", true, true, {"web*"}), token("net", true, true, {"10.0.7.0/24"}),
                      token("late", true, true, {}, kNow - store::Seconds{1})});
        write_secret("sign.key", to_hex(kKey));
    }

    static Token token(std::string name, bool reads, bool writes,
                       std::vector<std::string> hosts = {},
                       std::optional<store::Time> expires = {}) {
        return {.name = name,
                .digest = sha256("kurabe_" + name),
                .reads = reads,
                .writes = writes,
                .expires = expires,
                .hosts = HostScope::parse(hosts).value()};
    }
    void write_tokens(const Tokens& tokens) { write_secret("tokens", tokens_text(tokens)); }
    void write_secret(const std::string& name, std::string text) {
        ASSERT_TRUE(change_secret(
            {.path = directory_.path() / name, .bytes_max = 1 << 20},
            [&text](std::string_view) -> Result<std::string> { return std::move(text); }));
    }

    // `access` as the configuration has it.
    void configure(std::string_view access) {
        write("access.yml", fmt::format("config: {{ access: {} }}\n", access));
        auto config = load_config(directory_.path() / "access.yml");
        ASSERT_TRUE(config) << config.error().message;
        access_config_ = config->access;
        const auto matches = [this](const std::string& password, const std::string&) {
            ++computed_;
            return password == (computed_for_bob_ ? "b" : "a");
        };
        auto control = AccessControl::open({.config = access_config_,
                                            .data = directory_.path(),
                                            .credentials = {},
                                            .matches = matches},
                                           *log_file_);
        ASSERT_TRUE(control) << control.error().message;
        control_ = *std::move(control);
        site_ = std::make_unique<Site>(SiteParts{.config = *config_,
                                                 .plugins = *plugins_,
                                                 .store = store_,
                                                 .metadata = *metadata_,
                                                 .log = *log_file_,
                                                 .zone = store::TimeZone::utc(),
                                                 .now = [this] { return now_; },
                                                 .intake = intake_.get(),
                                                 .access = control_.get()});
    }

    static Request request(std::string_view method, std::string_view target, GivenHeaders headers,
                           std::string peer = "10.0.0.1") {
        Request made;
        made.method = method;
        EXPECT_TRUE(take_target(target, made));
        made.headers = std::move(headers);
        made.peer = std::move(peer);
        return made;
    }
    Response ask(std::string_view target, const GivenHeaders& headers,
                 std::string peer = "10.0.0.1") {
        computed_for_bob_ = headers == kBob || headers == kWrong;
        return site_->answer(request("GET", target, headers, std::move(peer)));
    }
    Response push(std::string_view host, const GivenHeaders& headers,
                  std::string peer = "10.0.0.1") {
        Request made = request("POST", "/api/v1/lines", headers, std::move(peer));
        computed_for_bob_ = headers == kBob || headers == kWrong;
        const auto decision = site_->decide_body(made, 100);
        if (decision.refusal) return *decision.refusal;
        made.body = fmt::format("{}\tbase.metrics.a.gauge\t1\t1767323040\n", host);
        return site_->answer(made);
    }
    int page(const GivenHeaders& headers) { return ask("/", headers).status; }
    int graph(const GivenHeaders& headers) { return ask(kGraphPath, headers).status; }
    int write(const GivenHeaders& headers) { return push("web1", headers).status; }
    [[nodiscard]] std::string log() const { return tests::read_file(directory_.path() / "log"); }
    using SiteFixture::write;

    struct Close {
        void operator()(std::FILE* file) const { (void)std::fclose(file); }
    };
    static inline const Digest kKey = sha256("a key");
    std::unique_ptr<std::FILE, Close> log_stream_{
        std::fopen((directory_.path() / "log").c_str(), "w")};
    std::unique_ptr<Log> log_file_ =
        std::make_unique<Log>(::fileno(log_stream_.get()), LogLevel::kInfo);
    SenderRules rules_;
    std::unique_ptr<Ingest> ingest_;
    std::unique_ptr<LineIntake> intake_;
    AccessConfig access_config_;
    std::unique_ptr<AccessControl> control_;
    std::vector<std::string> stored_;
    int computed_ = 0;
    bool computed_for_bob_ = false;
};

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

TEST_F(Access, ATokenForSomeHostsSeesNoOthers) {
    configure("{ mode: basic, users: users }");
    const GivenHeaders web = bearer("kurabe_web");
    for (const char* target :
         {"/server?address=web1", "/servers?address=web1&address=web2", "/api/series?host=web1",
          "/api/host-status?address=web2", "/api/fetch?series=web1/base/a.gauge",
          "/api/rrd?series=web2/base/a.gauge"}) {
        EXPECT_EQ(ask(target, web).status, 200) << target;
    }
    for (const char* target :
         {"/", "/api/servers", "/nothing", "/server?address=db1", "/server",
          "/server?address=db1&address=web1", "/servers?address=web1&address=db1",
          "/server?host=web1&address=db1", "/api/series?host=db1",
          "/api/host-status?address=web1&address=db1", "/api/fetch?series=db1/base/a.gauge",
          "/api/fetch?series=db1%2fbase%2fa.gauge", "/api/rrd?series=/web1/base/a.gauge",
          "/api/fetch?series=web1/../db1/base/a.gauge&series=db1/base/a.gauge",
          "/graph?address=db1&plugin_identifier=base&graph=cpu",
          "/graph?address=Web1&plugin_identifier=base&graph=cpu",
          "/graph?address=%77eb1%00&plugin_identifier=base&graph=cpu"}) {
        Request made;
        if (!take_target(target, made)) continue;  // answered 400 before anything else
        const int status = ask(target, web).status;
        EXPECT_TRUE(status == 403 || (status == 404 && std::string_view(target) == "/nothing"))
            << target << ": " << status;
    }
    EXPECT_EQ(ask("/g/web1/base/cpu.png", web).status, 200);
    for (const char* target :
         {"/g/db1/base/cpu.png", "/g/Web1/base/cpu.png", "/g%2Fweb1/base/cpu.png", "/g%2F*%2F*%2F*",
          "/g/db1/base/cpu.png?address=web1",
          "/api/v1/data?series=web1/base/a.gauge&series=db1/base/a.gauge",
          "/api/v1/metrics?host=db1", "/api/v1/hosts", "/api/s/t/u"}) {
        EXPECT_EQ(ask(target, web).status,
                  std::string_view(target).starts_with("/g%2F") ? 404 : 403)
            << target;
    }
    // Of a POST, the hosts come with the body.
    Request posted = request("POST", "/servers", web);
    EXPECT_FALSE(site_->decide_body(posted, 20).refusal);
    posted.parameters = {{"address", "web1"}};
    EXPECT_EQ(site_->answer(posted).status, 200);
    posted.parameters.emplace_back("address", "db1");
    EXPECT_EQ(site_->answer(posted).status, 403);
}

// Each of the hosts in one answer counts.
TEST_F(Access, ATokenForSomeHostsSeesNoOthersInAStrip) {
    configure("{ mode: basic, users: users }");
    const GivenHeaders web = bearer("kurabe_web");
    for (const auto& [hosts, status] : std::vector<std::pair<std::string, int>>{
             {"&address=web1", 200},
             {"&address=web1&address=web2", 200},
             {"&address=db1", 403},
             {"&address=web1&address=db1", 403},
             {"&address=db1&address=web1", 403},
             {"&address=web1&host=db1", 403},
             {"&address=10.0.0.9", 403},
             {"", 403},
         }) {
        const std::string target = "/graphs?plugin_identifier=base&graph=cpu&width=100" + hosts;
        const Response answer = ask(target, web);
        EXPECT_EQ(answer.status, status) << hosts;
        EXPECT_EQ(answer.body.contains("PNG"), status == 200) << hosts;
        EXPECT_EQ(ask(target, kNobody).status, 401) << hosts;
        EXPECT_EQ(ask(target, kBob).status, hosts.empty() ? 400 : 200) << hosts;
    }
    const std::string strip = "/graphs?plugin_identifier=base&graph=cpu&address=web1";
    EXPECT_EQ(ask(sign_url(strip, kNow + store::Seconds{60}, kKey).value(), kNobody).status, 401)
        << "a signature is for one picture";
}

// A path may call a host by its name; whom a token is for goes by the address that is meant.
TEST_F(Access, ATokenForSomeHostsIsForAddressesAlsoBehindNames) {
    configure("{ mode: basic, users: users }");
    const GivenHeaders web = bearer("kurabe_web");
    const GivenHeaders net = bearer("kurabe_net");
    EXPECT_EQ(ask("/g/web-secret/base/cpu.png", web).status, 403);
    EXPECT_EQ(ask("/g/10.0.0.9/base/cpu.png", web).status, 403);
    EXPECT_EQ(ask("/g/web9/base/cpu.png", web).status, 404) << "its own, and nobody's name";
    EXPECT_EQ(ask("/g/front/base/cpu.png", net).status, 200);
    EXPECT_EQ(ask("/g/10.0.7.1/base/cpu.png", net).status, 200);
    for (const char* host : {"web-secret", "web1", "twin", "10.0.8.1", "front%20", "%66ront."}) {
        EXPECT_EQ(ask(fmt::format("/g/{}/base/cpu.png", host), net).status, 403) << host;
    }
    const std::string twin = ask("/g/twin/base/cpu.json", net).body;
    EXPECT_THAT(twin, Not(HasSubstr("10.0.8.1")));
}

TEST_F(Access, ATokenForSomeHostsWritesNoOthers) {
    configure("{ mode: basic, users: users }");
    const GivenHeaders web = bearer("kurabe_web");
    EXPECT_EQ(push("web1", web).status, 200);
    for (const char* host : {"db1", "Web1", " web1", "db1/web1", "%77eb1", "xweb", ""}) {
        EXPECT_NE(push(host, web).status, 200) << host;
    }
    EXPECT_EQ(push("db1", web).status, 403);
    EXPECT_THAT(push("db1", web).body, HasSubstr("'db1' is no host of the token 'web'"));
    Request both = request("POST", "/api/v1/lines", web);
    both.body =
        "web2\tbase.metrics.a.gauge\t1\t1767323040\ndb1\tbase.metrics.a.gauge\t1\t1767323040\n";
    EXPECT_THAT(site_->answer(both).body, HasSubstr(R"("accepted":1,"refused":1)"));
    EXPECT_EQ(stored_, (std::vector<std::string>{"web1", "web2"}));
}

// An agent's token only has to push, and what it asks for is of the hosts that it may push.
TEST_F(Access, AnAgentOfMackerelsAsksWithTheRightToWrite) {
    configure("{ mode: basic, users: users }");
    struct Asked {
        const char* method;
        const char* target;
        const char* body;
        bool is_of_all = false;  // of all hosts
    };
    const auto status_of = [this](const Asked& asked, const char* host, std::string_view key) {
        Request made = request(asked.method, fmt::format(fmt::runtime(asked.target), host),
                               {{"X-Api-Key", std::string(key)}});
        made.body = fmt::format(fmt::runtime(asked.body), host);
        return site_->answer(made).status;
    };
    for (const Asked& asked : {
             Asked{"POST", "/api/v0/hosts", R"({{"name":"{}"}})"},
             Asked{"GET", "/api/v0/hosts/{}", ""},
             Asked{"PUT", "/api/v0/hosts/{}", R"({{"name":"{}"}})"},
             Asked{"POST", "/api/v0/hosts/{}/status", R"({{"status":"working"}})"},
             Asked{"PUT", "/api/v0/hosts/{}/metadata/a", "1"},
             Asked{"GET", "/api/v0/hosts/{}/metadata/a", ""},
             Asked{"POST", "/api/v0/monitoring/checks/report",
                   R"({{"reports":[{{"source":{{"hostId":"{}"}},"name":"a","status":"OK"}}]}})"},
             Asked{"POST", "/api/v0/graph-defs/create", "[]", true},
         }) {
        const int done = asked.is_of_all ? 503 : 200;  // there are none in this site
        EXPECT_EQ(status_of(asked, "web1", "kurabe_writer"), done) << asked.target;
        EXPECT_EQ(status_of(asked, "web1", "kurabe_web"), asked.is_of_all ? 403 : 200)
            << asked.target;
        EXPECT_EQ(status_of(asked, "db1", "kurabe_web"), 403) << asked.target;
        // A report names its host as the store does, which may have one of that name.
        const bool is_report = std::string_view(asked.target).ends_with("report");
        EXPECT_EQ(status_of(asked, "web-secret", "kurabe_web"), is_report ? 200 : 403)
            << asked.target;
        EXPECT_EQ(status_of(asked, "web1", "kurabe_reader"), 403) << asked.target;
        EXPECT_EQ(status_of(asked, "web1", "kurabe_nobody"), 401) << asked.target;
    }
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
        EXPECT_EQ(late.body, "this address has expired\n");
        now_ = kNow;
    }
    EXPECT_EQ(
        ask(sign_url("/g/web1/base/cpu.png", kNow + store::Seconds{60}, kKey).value(), kNobody)
            .status,
        kShown);
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
