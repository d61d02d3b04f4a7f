// Tokens for some hosts alone: what they see, push and mark, and that it is nothing of others.
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "server/routes.hpp"
#include "tests/server/access/access_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

class HostsOfTokens : public AccessFixture {};

// Of hosts, but for what was asked.
testing::Matcher<std::string> tells_no_address(std::string_view asked) {
    if (asked.starts_with("10.0.")) return testing::_;
    return Not(HasSubstr("10.0."));
}

TEST_F(HostsOfTokens, ATokenForSomeHostsSeesNoOthers) {
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
TEST_F(HostsOfTokens, ATokenForSomeHostsSeesNoOthersInAStrip) {
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
TEST_F(HostsOfTokens, ATokenForSomeHostsIsForAddressesAlsoBehindNames) {
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

// So may the API's "host" and "series"; pages and "/graph" know addresses alone.
TEST_F(HostsOfTokens, TheApiCallsHostsByTheirNamesToo) {
    configure("{ mode: basic, users: users }");
    store_.series_values[{"10.0.7.1", "base", "a.gauge"}] = 1;
    const GivenHeaders net = bearer("kurabe_net");
    for (const char* target :
         {"/api/v1/metrics?host=", "/api/series?host=", "/api/v1/events?host="}) {
        EXPECT_EQ(ask(fmt::format("{}front", target), net).status, 200) << target;
        EXPECT_EQ(ask(fmt::format("{}10.0.7.1", target), net).status, 200) << target;
        for (const char* host : {"web-secret", "twin", "10.0.8.1", "nobody"}) {
            const Response other = ask(fmt::format("{}{}", target, host), net);
            EXPECT_EQ(other.status, 403) << target << host;
            EXPECT_THAT(other.body, AllOf(tells_no_address(host), HasSubstr(host)));
        }
        EXPECT_THAT(ask(fmt::format("{}twin", target), kBob).body,
                    HasSubstr("twin is the name of several hosts"));
    }
    EXPECT_THAT(ask("/api/v1/metrics?host=front", net).body, HasSubstr("10.0.7.1/base/a.gauge"));
    for (const char* target : {"/api/v1/data?series=", "/api/v1/statistics?series=",
                               "/api/fetch?series=", "/api/rrd?series="}) {
        for (const char* host : {"web-secret", "twin"}) {
            const Response other = ask(fmt::format("{}{}/base/a.gauge", target, host), net);
            EXPECT_EQ(other.status, 403) << target << host;
            EXPECT_THAT(other.body, tells_no_address(host));
        }
        EXPECT_EQ(ask(fmt::format("{}twin/base/a.gauge", target), kBob).status, 400) << target;
    }
    EXPECT_EQ(ask("/api/fetch?series=front/base/a.gauge", net).status, 200);
    EXPECT_EQ(ask("/api/v1/data?series=front/base/a.gauge", net).status, 200);
    EXPECT_EQ(ask("/graph?address=front&plugin_identifier=base&graph=cpu", net).status, 403);
    EXPECT_THAT(post("/api/v1/events", "text=x&host=front", net).body, HasSubstr("10.0.7.1"));
    for (const char* form : {"text=x&host=twin", "text=x&host=web-secret"}) {
        const Response other = post("/api/v1/events", form, net);
        EXPECT_EQ(other.status, 403) << form;
        EXPECT_THAT(other.body, tells_no_address(""));
    }
}

TEST_F(HostsOfTokens, ATokenForSomeHostsWritesNoOthers) {
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

// Whose name it is, and whether it is one, is not told to a token for others.
TEST_F(HostsOfTokens, ATokenForSomeHostsPushesByNamesToo) {
    configure("{ mode: basic, users: users }");
    const GivenHeaders net = bearer("kurabe_net");
    EXPECT_EQ(push("front", net).status, 200);
    EXPECT_EQ(stored_, (std::vector<std::string>{"10.0.7.1"}));
    const GivenHeaders web = bearer("kurabe_web");
    EXPECT_EQ(push("web-secret", web).status, 403) << "its address is no web*";
    for (const char* host : {"web-secret", "twin", "nobody"}) {
        EXPECT_THAT(push(host, net).body,
                    HasSubstr(fmt::format("'{}' is no host of the token 'net'", host)));
        EXPECT_THAT(push(host, net).body, tells_no_address(host));
        for (const char* target : {"/api/v0/hosts/", "/g/"}) {
            const std::string graph = std::string_view(target) == "/g/" ? "/base/cpu.json" : "";
            const Response other = ask(fmt::format("{}{}{}", target, host, graph), net);
            EXPECT_EQ(other.status, 403) << target << host;
            EXPECT_THAT(other.body, tells_no_address(host));
        }
        Request registers = request("POST", "/api/v0/hosts", net);
        registers.headers.emplace_back("Content-Type", "application/json");
        registers.body = fmt::format(R"({{"name":"{}"}})", host);
        const Response registered = site_->answer(registers);
        EXPECT_EQ(registered.status, 403) << host;
        EXPECT_THAT(registered.body, tells_no_address(host));
    }
    EXPECT_EQ(ask("/api/v0/hosts/front", net).status, 200);
    EXPECT_EQ(push("twin", bearer("kurabe_writer")).status, 400);
    EXPECT_EQ(stored_.size(), 1U);
}

// A name may look like what a token is for; its host is another one.
TEST_F(HostsOfTokens, NoPageTellsWhoseNameItIs) {
    configure("{ mode: basic, users: users }");
    for (const char* target :
         {"/server?address=", "/servers?address=",
          "/graph?plugin_identifier=base&graph=cpu&address=",
          "/graphs?plugin_identifier=base&graph=cpu&address=", "/api/host-status?address="}) {
        const Response other = ask(fmt::format("{}web-secret", target), bearer("kurabe_web"));
        EXPECT_THAT(other.body, Not(HasSubstr("10.0.0.9"))) << target;
    }
}

TEST_F(HostsOfTokens, MarkNoOthers) {
    configure("{ mode: basic, users: users }");
    const GivenHeaders web = bearer("kurabe_web");
    constexpr std::string_view kEvents = "/api/v1/events";
    EXPECT_EQ(post(kEvents, "text=ours&host=web1", web).status, 200);
    for (const char* form : {"text=x", "text=x&host=db1", "text=x&service=s", "text=x&role=base",
                             "text=x&host=unknown", "text=x&host=%20web1"}) {
        EXPECT_EQ(post(kEvents, form, web).status, 403) << form;
    }
    EXPECT_THAT(post(kEvents, "text=x&host=db1", web).body,
                AllOf(HasSubstr("token 'web' is not for the host 'db1'"), HasSubstr("forbidden")));
    EXPECT_EQ(post("/vrule/api", "description=x", web).status, 403);
    EXPECT_EQ(post("/vrule/api/s", "description=x", web).status, 403);
    GivenHeaders of_json = web;
    of_json.emplace_back("Content-Type", "application/json");
    EXPECT_EQ(site_->answer(request("POST", "/api/v0/graph-annotations", of_json)).status, 403);
    EXPECT_EQ(post(kEvents, "text=theirs&host=db1", bearer("kurabe_writer")).status, 200);
    EXPECT_EQ(events_->all(kNow - store::Seconds{99}, kNow, 9).size(), 2U);

    EXPECT_THAT(ask("/api/v1/events?host=web1", web).body,
                AllOf(HasSubstr("ours"), Not(HasSubstr("theirs"))));
    EXPECT_EQ(ask("/api/v1/events?host=db1", web).status, 403);
    EXPECT_EQ(ask(kEvents, web).status, 403);
    EXPECT_EQ(ask("/api/v1/events/1", web).status, 200);
    const Response other = ask("/api/v1/events/2", web);
    EXPECT_EQ(other.status, 404);
    EXPECT_THAT(other.body, Not(HasSubstr("db1")));
    const auto take_back = [&](std::string_view target, const GivenHeaders& headers) {
        return site_->answer(request("DELETE", target, headers)).status;
    };
    EXPECT_EQ(take_back("/api/v1/events/2", web), 404);
    EXPECT_EQ(take_back("/api/v1/events/1", bearer("kurabe_reader")), 403);
    EXPECT_EQ(take_back("/api/v1/events/1", web), 200);
    EXPECT_THAT(log(), HasSubstr("access refused peer=10.0.0.1 method=POST path=/api/v1/events"));
}

TEST_F(HostsOfTokens, AreAskedForByEachAnswerThatHasTo) {
    configure("{ mode: basic, users: users }");
    std::size_t asked = 0;
    for (const Route& route : routes()) {
        if (route.hosts_in != HostsIn::kAnswer) continue;
        std::string target(route.path);
        for (std::size_t at = 0; (at = target.find('*', at)) != std::string::npos;)
            target[at] = '1';
        const GivenHeaders net = bearer("kurabe_net");
        for (const char* method : {"GET", "DELETE"}) {
            EXPECT_THAT(site_->answer(request(method, target, net)).status, AnyOf(403, 404, 405))
                << method << ' ' << target;
        }
        EXPECT_THAT(post(target, "text=x", net).status, AnyOf(403, 405)) << target;
        ++asked;
    }
    EXPECT_GT(asked, 0U);
}

TEST_F(HostsOfTokens, AreAServiceOfGrowthForecasts) {
    configure("{ mode: basic, users: users }");
    const GivenHeaders shop = bearer("kurabe_shop");
    const std::string_view form = "number=7&mode=modified";
    EXPECT_EQ(post("/api/shop/items/sold", form, shop).status, 200);
    EXPECT_EQ(post("/api/other/items/sold", form, bearer("kurabe_writer")).status, 200);
    stored_.clear();
    // Also where nothing would change.
    EXPECT_EQ(post("/api/other/items/sold", form, shop).status, 403);
    EXPECT_EQ(ask("/api/shop/items/sold", shop).status, 200);
    EXPECT_EQ(ask("/api/other/items/sold", shop).status, 403);
    EXPECT_EQ(ask("/api/other/items/none", shop).status, 403);
    EXPECT_EQ(post("/vrule/api/shop/items", "description=x", shop).status, 200);
    EXPECT_EQ(post("/vrule/api/other/items", "description=x", shop).status, 403);
    EXPECT_TRUE(stored_.empty());
}

// An agent's token only has to push, and what it asks for is of the hosts that it may push.
TEST_F(HostsOfTokens, AnAgentOfMackerelsAsksWithTheRightToWrite) {
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
        EXPECT_EQ(status_of(asked, "web-secret", "kurabe_web"), 403) << asked.target;
        EXPECT_EQ(status_of(asked, "web1", "kurabe_reader"), 403) << asked.target;
        EXPECT_EQ(status_of(asked, "web1", "kurabe_nobody"), 401) << asked.target;
    }
}

}  // namespace
}  // namespace kurabe::server
