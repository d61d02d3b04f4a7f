// What Mackerel's agent asks for, from its registration to its checks.
#include <gmock/gmock.h>

#include "server/mackerel_graphs.hpp"
#include "server/mackerel_request.hpp"
#include "tests/server/push_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Headers kJsonBody{{"Content-Type", "application/json"}};

class MackerelAgent : public PushFixture {
  protected:
    void SetUp() override {
        PushFixture::SetUp();
        open(
            "---\nservice: s\nservers:\n- { roll: mackerel.yml, hosts: [ 10.0.0.1 web1, "
            "10.0.0.2 twin, 10.0.0.3 twin ] }\n");
        serve();
    }
    void serve() {
        mackerel_ = std::make_unique<MackerelGraphs>(*metadata_, log_);
        site_ = std::make_unique<Site>(SiteParts{.config = *config_,
                                                 .plugins = *plugins_,
                                                 .store = store_,
                                                 .metadata = *metadata_,
                                                 .log = log_,
                                                 .zone = store::TimeZone::utc(),
                                                 .now = [this] { return now_; },
                                                 .intake = intake_.get(),
                                                 .mackerel = mackerel_.get(),
                                                 .started = now_});
    }
    void open(std::string_view services) {
        directory_.write("rolls/mackerel.yml", "metrics:\n- mackerel\n");
        SiteFixture::open(services);
        ingest_ = std::make_unique<Ingest>(store_, *metadata_, log_, [] { return kNow; });
        intake_ = std::make_unique<LineIntake>(
            *ingest_, rules_, log_, [] { return kNow; }, nullptr, nullptr, facts_of(*config_));
    }

    Response send(std::string_view method, std::string_view target, std::string_view body = {}) {
        Request request = request_to(target, body, kJsonBody);
        request.method = method;
        return site_->answer(request);
    }
    Response post(std::string_view target, std::string_view body) {
        return send("POST", target, body);
    }
    static std::string refused(std::string_view message) {
        return fmt::format(R"({{"error":{{"message":"{}"}}}})", message);
    }
    Response define(std::string_view graphs) { return post("/api/v0/graph-defs/create", graphs); }
    Response check(std::string_view host, std::string_view status, std::string_view message) {
        return post("/api/v0/monitoring/checks/report",
                    fmt::format(R"({{"reports":[{{"source":{{"type":"host","hostId":"{}"}},)"
                                R"("name":"ssh","status":"{}","message":"{}",)"
                                R"("occurredAt":1767323040,"notificationInterval":10}}]}})",
                                host, status, message));
    }

    std::unique_ptr<MackerelGraphs> mackerel_;
};

TEST_F(MackerelAgent, IsGivenTheNameOfItsHostAsItsId) {
    const std::string registered = R"({"name":"db9.example","meta":{"kernel":{"os":"Linux"}},)"
                                   R"("interfaces":null,"roleFullnames":["s:app"],"checks":[]})";
    const Response response = post("/api/v0/hosts", registered);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.body, R"({"id":"db9.example"})");
    const Response found = send("GET", "/api/v0/hosts/db9.example");
    EXPECT_EQ(found.status, 200);
    EXPECT_EQ(found.body,
              R"({"host":{"id":"db9.example","name":"db9.example","status":"working","memo":"",)"
              R"("roles":{},"isRetired":false,"createdAt":0,"meta":{},"interfaces":[]}})");
    EXPECT_EQ(send("PUT", "/api/v0/hosts/db9.example", registered).body, R"({"id":"db9.example"})");
    EXPECT_EQ(post("/api/v0/hosts", gzip(registered)).status, 400);
}

TEST_F(MackerelAgent, IsTheHostOfTheConfigurationThatIsCalledSo) {
    const std::string address = R"({"id":"10.0.0.1"})";
    EXPECT_EQ(post("/api/v0/hosts", R"({"name":"web1"})").body, address);
    EXPECT_EQ(post("/api/v0/hosts", R"({"name":"10.0.0.1"})").body, address);
    EXPECT_EQ(post("/api/v0/hosts", R"({"name":"ip-7","displayName":"web1"})").body, address);
    EXPECT_EQ(post("/api/v0/hosts", R"({"name":"web1","displayName":"Shop"})").body, address);
    EXPECT_THAT(send("GET", "/api/v0/hosts/web1").body,
                HasSubstr(R"("id":"10.0.0.1","name":"web1")"));
    const Response twin = post("/api/v0/hosts", R"({"name":"twin"})");
    EXPECT_EQ(twin.status, 400);
    EXPECT_THAT(twin.body, HasSubstr("twin is the name of several hosts"));
    EXPECT_EQ(post("/api/v0/hosts", R"({"name":"twin","displayName":"10.0.0.3"})").body,
              R"({"id":"10.0.0.3"})");
}

TEST_F(MackerelAgent, FindsNobodyByIdentifierAndSoRegisters) {
    EXPECT_EQ(send("GET",
                   "/api/v0/hosts?customIdentifier=i-1.ec2.amazonaws.com&status=working"
                   "&status=standby")
                  .body,
              R"({"hosts":[]})");
    const Response all = send("GET", "/api/v0/hosts");
    EXPECT_EQ(all.status, 400);
    EXPECT_THAT(all.body, HasSubstr("customIdentifier"));
}

TEST_F(MackerelAgent, IsToldWhatIsWrong) {
    struct Row {
        std::string body;
        const char* message;
    };
    for (const Row& row : {
             Row{"", "the body is no JSON (byte 1)"},
             Row{R"({"name":)", "the body is no JSON (byte 9)"},
             Row{"[]", "the body has to be a JSON object"},
             Row{"{}", "the body 'name' is missing"},
             Row{R"({"name":7})", "the body 'name' has to be a text"},
             Row{R"({"name":"a/b"})", "the host holds a '/'"},
             Row{fmt::format(R"({{"name":"{}"}})", std::string(300, 'a')),
                 "the body 'name' is over 255 bytes"},
             Row{R"({"name":"a","n":1e999})", "the body has a number that is too large"},
             Row{fmt::format(R"({{"name":"a","n":{}{}}})", std::string(70, '['),
                             std::string(70, ']')),
                 "the body is nested over 64 levels"},
         }) {
        const Response response = post("/api/v0/hosts", row.body);
        EXPECT_EQ(response.status, 400) << row.body;
        EXPECT_EQ(response.body, refused(row.message)) << row.body;
    }
    EXPECT_EQ(post("/api/v0/hosts", std::string(kMackerelBodyBytesMax + 1, ' ')).status, 413);
    EXPECT_EQ(send("DELETE", "/api/v0/hosts/web1").status, 405);
    EXPECT_EQ(send("PUT", "/api/v0/hosts/web1", "{}").status, 400);
    EXPECT_EQ(send("GET", "/api/v0/hosts/web1%2Fx").status, 400);
}

TEST_F(MackerelAgent, MayBeRefusedByItsAddress) {
    rules_ = SenderRules({{.hosts = {HostPattern::parse("10.0.0.*").value()}, .networks = {}}});
    const Response response = post("/api/v0/hosts", R"({"name":"web1"})");
    EXPECT_EQ(response.status, 403);
    EXPECT_THAT(response.body, AllOf(HasSubstr("10.0.0.1"), HasSubstr(R"({"error":{"message":)")));
    EXPECT_EQ(send("GET", "/api/v0/hosts/web1").status, 403);
    EXPECT_EQ(check("10.0.0.1", "OK", "").status, 403);
    rules_ = SenderRules({{.hosts = {HostPattern::parse("*").value()}, .networks = {}}});
    EXPECT_EQ(define("[]").status, 403);
}

TEST_F(MackerelAgent, HasTheStatusThatWasSetLast) {
    EXPECT_EQ(post("/api/v0/hosts/web1/status", R"({"status":"standby"})").body,
              R"({"success":true})");
    EXPECT_THAT(send("GET", "/api/v0/hosts/10.0.0.1").body, HasSubstr(R"("status":"standby")"));
    const Response wrong = post("/api/v0/hosts/web1/status", R"({"status":"on"})");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_THAT(wrong.body, HasSubstr("one of working, standby, maintenance, poweroff"));
}

TEST_F(MackerelAgent, KeepsMetadata) {
    const char* const target = "/api/v0/hosts/web1/metadata/deploy";
    EXPECT_EQ(send("GET", target).status, 404);
    EXPECT_EQ(send("PUT", target, "{\n \"version\": [1, null]\n}\n").status, 200);
    EXPECT_EQ(send("GET", target).body, R"({"version":[1,null]})");
    EXPECT_EQ(send("PUT", target, "{").status, 400);
    EXPECT_EQ(send("PUT", target, fmt::format("\"{}\"", std::string(70'000, 'a'))).status, 413);
    EXPECT_EQ(send("GET", target).body, R"({"version":[1,null]})");
    EXPECT_EQ(send("PUT", target, fmt::format("\"{}\"", std::string(900'000, '\x7f'))).status, 413);
    // JSON may hold this character as it is, what we keep may not.
    EXPECT_EQ(send("PUT", target, "[\"a\x7f\x7f\", \"\\u007f\\u0001\"]").status, 200);
    EXPECT_EQ(send("GET", target).body, R"(["a\u007f\u007f","\u007f\u0001"])");
}

TEST_F(MackerelAgent, WarnsByItsChecks) {
    const auto warnings = [this] {
        std::vector<std::string> texts;
        const auto told = metadata_->warnings("10.0.0.1", kNow + store::Seconds{3600}).value();
        for (const auto& warning : told) {
            texts.push_back(fmt::format("{} {} {}", warning.plugin, warning.key, warning.text));
        }
        return texts;
    };
    EXPECT_EQ(check("10.0.0.1", "WARNING", "slow\\nvery\\n").body, R"({"success":true})");
    EXPECT_THAT(warnings(), ElementsAre("mackerel:ssh warning slow very"));
    EXPECT_EQ(check("10.0.0.1", "CRITICAL", "").status, 200);
    EXPECT_THAT(warnings(), ElementsAre("mackerel:ssh critical no message"));
    EXPECT_EQ(check("10.0.0.1", "OK", "fine").status, 200);
    EXPECT_THAT(warnings(), IsEmpty());
    EXPECT_EQ(metadata_->last_received("10.0.0.1", "mackerel:ssh").value(), std::nullopt);
    EXPECT_EQ(check("10.0.0.1", "GOOD", "").body,
              refused("reports[0]: 'status' has to be OK, WARNING, CRITICAL or UNKNOWN"));
    EXPECT_EQ(check("", "OK", "").status, 400);

    // After a failure they come in any order; and what only ends a warning is accepted, too.
    const auto report = [](std::string_view verdict, int occurred) {
        return fmt::format(R"({{"source":{{"type":"host","hostId":"10.0.0.1"}},"name":"ssh",)"
                           R"("status":"{}","message":"m","occurredAt":{}}})",
                           verdict, occurred);
    };
    const char* const target = "/api/v0/monitoring/checks/report";
    EXPECT_EQ(post(target, fmt::format(R"({{"reports":[{},{}]}})", report("OK", 1767323040),
                                       report("CRITICAL", 1767322980)))
                  .status,
              200);
    EXPECT_THAT(warnings(), IsEmpty());
    EXPECT_EQ(
        post(target, fmt::format(R"({{"reports":[{},{{}}]}})", report("OK", 1767323040))).status,
        200);
    EXPECT_EQ(post("/api/v0/monitoring/checks/report", "{}").body,
              refused("the body 'reports' is missing"));
}

constexpr std::string_view kDice =
    R"([{"name":"custom.dice.#","displayName":"Dice","unit":"integer","metrics":[)"
    R"({"name":"custom.dice.#.d6","displayName":"","isStacked":true},)"
    R"({"name":"custom.dice.#.d20","displayName":"%1 twenty","isStacked":true}]}])";

TEST_F(MackerelAgent, DefinesTheGraphsOfAllHosts) {
    for (const char* host : {"10.0.0.1", "unlisted"}) {
        store_.series_values[{host, "mackerel", "custom.dice.a.d6.gauge"}] = 1;
        store_.series_values[{host, "mackerel", "custom.dice.a.d20.gauge"}] = 1;
        store_.series_values[{host, "mackerel", "cpu.user.percentage.gauge"}] = 1;
        store_.series_values[{host, "mackerel", "loadavg5.gauge"}] = 1;
    }
    const auto page = [this](std::string_view host) {
        return get(fmt::format("/server?address={}", host), "GET", "en").body;
    };
    EXPECT_THAT(page("10.0.0.1"), AllOf(HasSubstr("graph=custom.dice.a"), HasSubstr("Load Average"),
                                        Not(HasSubstr("Dice"))));
    EXPECT_EQ(define(kDice).body, R"({"success":true})");
    for (const int round : {0, 1}) {
        for (const char* host : {"10.0.0.1", "unlisted"}) {
            EXPECT_THAT(page(host), AllOf(HasSubstr("Dice"), HasSubstr("graph=custom.dice._"),
                                          HasSubstr("graph=loadavg"), HasSubstr("graph=cpu")))
                << round;
            EXPECT_EQ(get(fmt::format("/graph?address={}&plugin_identifier=mackerel"
                                      "&graph=custom.dice._",
                                      host))
                          .status,
                      200);
        }
        serve();  // anew, of what is kept
    }
    EXPECT_EQ(define(R"([{"name":"custom.dice.#","metrics":null}])").status, 200);
    EXPECT_THAT(page("10.0.0.1"), Not(HasSubstr("Dice")));
}

TEST_F(MackerelAgent, KeepsTheGraphsThatAreRightAndSaysWhichAreNot) {
    const Response response = define(
        R"([{"name":"custom.a","metrics":[{"name":"custom.a.x"}]},)"
        R"({"name":"cpu","metrics":[]},{"name":"custom.b","metrics":[{"name":"custom.c.x"}]}])");
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.body,
              refused("2 of 3 graphs refused: graphs[1]: 'cpu' does not begin with 'custom.'"));
    EXPECT_EQ(mackerel_->current()->back().name, "custom.a");
    EXPECT_EQ(define("{}").body, refused("the body has to be a JSON list"));
    EXPECT_EQ(define(R"([{"name":"custom.a b"}])").status, 400);
    EXPECT_EQ(define(R"([{"name":"custom.a","metrics":[{"name":"custom.a."}]}])").status, 400);
    EXPECT_EQ(
        define(R"([{"name":"custom.a","metrics":[{"name":"custom.a.b","isStacked":1}]}])").status,
        400);
}

TEST_F(MackerelAgent, DefinesNoMoreGraphsThanItMay) {
    const auto graphs = [](int first, int count) {
        std::string list;
        for (int i = first; i < first + count; ++i) {
            list +=
                fmt::format(R"({}{{"name":"custom.g{}","metrics":[{{"name":"custom.g{}.x"}}]}})",
                            list.empty() ? "[" : ",", i, i);
        }
        return list + "]";
    };
    EXPECT_EQ(define(graphs(0, 1000)).status, 200);
    const Response more = define(graphs(999, 2));
    EXPECT_EQ(more.status, 400);
    EXPECT_THAT(more.body, HasSubstr("'custom.g1000': 1000 graphs are defined already"));
    EXPECT_EQ(define(graphs(0, 1001)).status, 400);
    std::string wide = R"([{"name":"custom.w","metrics":[)";
    for (int i = 0; i < 201; ++i) {
        wide += fmt::format(R"({}{{"name":"custom.w.{}"}})", i == 0 ? "" : ",", i);
    }
    EXPECT_THAT(define(wide + "]}]").body, HasSubstr("more than 200 metrics"));
}

TEST(MackerelRequest, GraphsComeBackAsTheyWere) {
    const auto graphs = read_mackerel_graphs(kDice);
    ASSERT_TRUE(graphs) << graphs.error().message;
    const std::string text = mackerel_graph_to_json(graphs->good.at(0));
    EXPECT_EQ(fmt::format("[{}]", text), kDice);
    EXPECT_EQ(mackerel_graph_from_json(text).value(), graphs->good.at(0));
}

}  // namespace
}  // namespace kurabe::server
