// The pages for people: what stands on them, where it links to, and how they refuse.
#include <fstream>
#include <regex>

#include <gmock/gmock.h>

#include "tests/server/pages_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(Pages, OverviewHasEveryHostWithStateBoxAndLinks) {
    const HtmlScan page = scan("/");
    EXPECT_THAT(attribute_of(page.named("input"), "value"),
                ElementsAre("10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2"));
    EXPECT_EQ(count_with(page, "span", "class", "state"), 4U);
    EXPECT_EQ(count_with(page, "a", "href", "/server?address=10.0.0.2"), 2U);
    EXPECT_EQ(count_with(page, "a", "href", "/?service=%E3%83%87%E3%83%BC%E3%82%BF"), 2U);
    std::vector<std::string> counts;
    for (const ScannedElement& span : page.named("span")) {
        const auto found = span.attributes.find("class");
        if (found != span.attributes.end() && found->second == "count") counts.push_back(span.text);
    }
    EXPECT_THAT(counts, ElementsAre("4", "2", "2"));
}

TEST_F(Pages, OverviewShowsOneServiceOnRequest) {
    const HtmlScan page = scan("/?service=Web");
    EXPECT_THAT(attribute_of(page.named("input"), "value"), ElementsAre("10.0.0.1", "10.0.0.2"));
    EXPECT_EQ(count_with(page, "a", "class", "active"), 1U);
    scan("/?service=none", 404);
    EXPECT_THAT(response_.body, HasSubstr("service"));
}

TEST_F(Pages, ComparisonWorksWithoutScript) {
    const HtmlScan page = scan("/");
    const ScannedElement form = page.named("form").at(0);
    EXPECT_EQ(form.attributes.at("action"), "/servers");
    EXPECT_EQ(form.attributes.at("method"), "get");
}

struct ImageSet {
    const char* term;
    std::size_t per_graph;
    const char* width;
};

TEST_F(Pages, EveryTermHasItsSetOfImages) {
    // traffic-eth0, cpu, loadavg-1, memory-usage, tcp-established, disk-usage, two of disk-io,
    // worker
    constexpr std::size_t kGraphs = 9;
    for (const ImageSet& set :
         {ImageSet{"day", 2, "500"}, ImageSet{"month", 4, "400"}, ImageSet{"1hour", 1, "1100"},
          ImageSet{"4hours", 1, "1100"}, ImageSet{"8hours", 1, "1100"},
          ImageSet{"3days", 1, "1100"}, ImageSet{"custom", 1, "1100"}}) {
        const HtmlScan page = scan(fmt::format("/server?address=10.0.0.1&term={}", set.term));
        const auto graphs = graphs_of(page);
        EXPECT_EQ(graphs.size(), kGraphs * set.per_graph) << set.term;
        for (const ScannedElement& graph : graphs) {
            EXPECT_THAT(graph.attributes.at("src"), HasSubstr(fmt::format("width={}", set.width)));
        }
    }
}

TEST_F(Pages, ImagesOfADayAreADayAndAWeek) {
    const auto graphs = graphs_of(scan("/server?address=10.0.1.1"));
    ASSERT_GE(graphs.size(), 2U);
    EXPECT_EQ(graphs[0].attributes.at("src"),
              "/graph?address=10.0.1.1&plugin_identifier=base&graph=traffic-eth0&width=500");
    EXPECT_EQ(graphs[1].attributes.at("src"),
              "/graph?address=10.0.1.1&plugin_identifier=base&graph=traffic-eth0&term=week"
              "&width=500");
}

TEST_F(Pages, ImagesBeyondTheFirstScreenAreLazy) {
    const auto graphs = graphs_of(scan("/server?address=10.0.0.1"));
    EXPECT_EQ(graphs.front().attributes.at("loading"), "eager");
    EXPECT_EQ(graphs.back().attributes.at("loading"), "lazy");
}

TEST_F(Pages, PromisedSizesAreTheSizesOfTheImages) {
    for (const char* target : {"/server?address=10.0.0.1", "/server?address=10.0.0.1&term=month",
                               "/servers?address=10.0.0.1&address=10.0.1.1"}) {
        for (const ScannedElement& graph : graphs_of(scan(target))) {
            const render::ImageSize size = png_size(get(graph.attributes.at("src")).body);
            EXPECT_EQ(std::to_string(size.width_px), graph.attributes.at("width"))
                << graph.attributes.at("src");
            EXPECT_EQ(std::to_string(size.height_px), graph.attributes.at("height"));
        }
    }
}

TEST_F(Pages, EveryLinkOfAPageIsAnswered) {
    for (const char* target :
         {"/", "/server?address=10.0.0.1", "/server?address=10.0.0.1&term=month",
          "/servers?address=10.0.0.1&address=10.0.1.1&term=custom", "/server?address=none"}) {
        const HtmlScan page(get(target).body);
        for (const char* attribute : {"href", "src"}) {
            for (const std::string& link : attribute_of(page.all(), attribute)) {
                const bool switches = link.contains("lang=");
                EXPECT_EQ(get(link).status, switches ? 303 : 200) << link;
            }
        }
    }
}

TEST_F(Pages, HostsThatOnlyPushCanBeChosenAndCompared) {
    store_.series_values[{"10.7.7.7", "base", "loadavg-1.gauge"}] = 1;
    const HtmlScan overview = scan("/");
    EXPECT_EQ(count_with(overview, "input", "value", "10.7.7.7"), 1U);
    EXPECT_EQ(count_with(overview, "span", "data-address", "10.7.7.7"), 1U);
    EXPECT_EQ(count_with(overview, "button", "data-most", "500"), 1U);
    scan("/servers?address=10.0.0.1&address=10.7.7.7&address=10.8.8.8");
    EXPECT_THAT(response_.body,
                HasSubstr("address=10.7.7.7&amp;plugin_identifier=base&amp;graph="));
    EXPECT_THAT(response_.body, HasSubstr("設定にないサーバ: 10.8.8.8"));
}

TEST_F(Pages, WordsClaimNoMoreThanIsKnown) {
    scan("/");
    EXPECT_THAT(response_.body, HasSubstr("data-critical=\"異常\""));
    scan("/server?address=10.0.1.2");  // of which nothing ever came
    EXPECT_THAT(response_.body, HasSubstr("停止している可能性があります"));
    scan("/server?address=nobody", 404);
    EXPECT_THAT(response_.body, HasSubstr("<p class=\"reason\" lang=\"en\">"));
}

TEST_F(Pages, CustomRangeIsKeptInLinksAndInputs) {
    const HtmlScan page =
        scan("/server?address=10.0.0.1&term=custom&from=2026-01-01+00:00&to=2026-01-02T00:00");
    EXPECT_THAT(
        attribute_of(page.named("input"), "value"),
        ElementsAre("10.0.0.1", "custom", "2026-01-01T00:00", "2026-01-02T00:00", "10.0.0.1",
                    "custom", "2026-01-01 00:00:00", "2026-01-02 00:00:00", "2025-12-31T00:00"));
    EXPECT_EQ(count_with(page, "a", "href",
                         "/server?address=10.0.0.1&plugin_identifier=http%3A80&term=custom"
                         "&from=2026-01-01%2000%3A00%3A00&to=2026-01-02%2000%3A00%3A00"),
              2U);
}

TEST_F(Pages, CustomRangeDefaultsToThirtyTwoHoursUntilTheQuarter) {
    const HtmlScan page = scan("/server?address=10.0.0.1&term=custom");
    EXPECT_THAT(attribute_of(page.named("input"), "value"),
                testing::IsSupersetOf({"2025-12-31T19:00", "2026-01-02T03:00"}));
}

// Else "Show" would lead elsewhere than the page is.
TEST_F(Pages, InputsOfARangeHoldWhatIsShown) {
    for (const char* const page : {"/server?address=10.0.0.1", "/servers?address=10.0.0.1"}) {
        EXPECT_THAT(attribute_of(scan(std::string(page) + "&term=1hour").named("input"), "value"),
                    testing::IsSupersetOf({"2026-01-02T01:54", "2026-01-02T03:04"}))
            << page;
    }
}

TEST_F(Pages, OnePluginOnRequest) {
    EXPECT_EQ(graphs_of(scan("/server?address=10.0.0.1&plugin_identifier=http:80")).size(), 2U);
    scan("/server?address=10.0.0.1&plugin_identifier=http", 404);
}

TEST_F(Pages, SilenceIsAWarningOfTheHost) {
    EXPECT_THAT(get("/server?address=10.0.1.1").body, Not(HasSubstr("__system__")));
    report_base("10.0.1.2", kNow - store::Seconds{301});
    const HtmlScan page = scan("/server?address=10.0.1.2");
    EXPECT_EQ(count_with(page, "p", "class", "alert"), 1U);
    EXPECT_EQ(count_with(page, "li", "class", "troubled"), 1U);
    EXPECT_THAT(response_.body, AllOf(HasSubstr("2026-01-02 02:59:04"),
                                      Not(HasSubstr("__system__")), Not(HasSubstr("<b></b>"))));
}

TEST_F(Pages, AHostThatNeverSentSaysHowToPush) {
    const std::string page = "/server?address=10.0.1.2";
    EXPECT_THAT(get(page, "GET", "en").body,
                HasSubstr("No data yet: run &#39;kurabe agent --server&#39; on the host"));
    EXPECT_THAT(get(page).body, HasSubstr("まだデータがありません"));
    report_base("10.0.1.2", kNow - store::Seconds{301});
    EXPECT_THAT(get(page, "GET", "en").body, Not(HasSubstr("No data yet")));
}

TEST_F(Pages, WarningsAreShownOnTheirPlugin) {
    collectors::Report given;
    given.batch.host = "10.0.1.1";
    given.warnings = {{"base", "disk_usage", "df hangs"}};
    report(given);
    scan("/server?address=10.0.1.1");
    EXPECT_THAT(response_.body, AllOf(HasSubstr("disk_usage"), HasSubstr("df hangs")));
}

TEST_F(Pages, DamagedHostIsShownWithoutItsPath) {
    store_.damaged_hosts = {"10.0.1.1"};
    scan("/server?address=10.0.1.1");
    EXPECT_THAT(response_.body,
                AllOf(HasSubstr("10.0.1.1.kurabe: bad magic"), Not(HasSubstr("/secret"))));
}

TEST_F(Pages, MetadataThatCannotBeReadIsLoggedAndLeftOut) {
    constexpr std::streamoff kDataPages = 8192;  // behind the schema and its version
    const std::filesystem::path file = directory_.path() / "metadata.sqlite";
    site_.reset();
    metadata_.reset();
    {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(kDataPages);
        stream << std::string(std::filesystem::file_size(file) - kDataPages, '\xff');
    }
    auto metadata = Metadata::open(file, Metadata::Access::kRead);
    ASSERT_TRUE(metadata) << metadata.error().message;
    metadata_ = *std::move(metadata);
    make_site();
    testing::internal::CaptureStderr();
    const Response page = get("/server?address=10.0.0.1");
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(log, HasSubstr("metadata unreadable"));
    EXPECT_THAT(log, HasSubstr("metadata.sqlite"));
    EXPECT_THAT(page.body, Not(HasSubstr("metadata.sqlite")));
}

TEST_F(Pages, HostsWithoutDevicesSaySo) {
    collectors::Report given;
    given.batch.host = "10.0.1.1";
    given.meta = {{"base", "traffic-interfaces", ""}};
    report(given);
    EXPECT_THAT(get("/server?address=10.0.1.1").body, HasSubstr("no interfaces"));
}

// Rows of a comparison as text: "plugin", or for each host the graph's name, "-" or "".
std::vector<std::string> rows_of(const std::string& html) {
    static const std::regex kRow("<tr class=\"(plugin|graphs)\">([\\s\\S]*?)</tr>");
    static const std::regex kCell("<td(?: data-host=\"[^\"]*\")?>([\\s\\S]*?)</td>");
    static const std::regex kGraph("graph=([^&]*)&");
    std::vector<std::string> rows;
    for (std::sregex_iterator row(html.begin(), html.end(), kRow), end; row != end; ++row) {
        const std::string cells = row->str(2);
        std::string text = row->str(1) == "plugin" ? "plugin" : "";
        for (std::sregex_iterator cell(cells.begin(), cells.end(), kCell); cell != end; ++cell) {
            std::smatch graph;
            const std::string content = cell->str(1);
            const bool drawn = std::regex_search(content, graph, kGraph);
            text += drawn ? graph.str(1) : content.contains("absent") ? "-" : "";
            text += '|';
        }
        rows.push_back(text);
    }
    return rows;
}

TEST_F(Pages, ComparedHostsStandInOneRowPerGraph) {
    collectors::Report given;
    given.batch.host = "10.0.1.1";
    given.meta = {{"base", "traffic-interfaces", "bond0,eth0,eth1"}};
    report(given);
    const Response response = get("/servers?address=10.0.0.1&address=10.0.1.1");
    EXPECT_THAT(
        rows_of(response.body),
        ElementsAre("plugin", "-|traffic-bond0|", "traffic-eth0|traffic-eth0|", "-|traffic-eth1|",
                    "cpu|cpu|", "loadavg-1|loadavg-1|", "memory-usage|memory-usage|",
                    "tcp-established|tcp-established|", "disk-usage-sda1|disk-usage-sda1|",
                    "disk-io-byte-sda|disk-io-byte-sda|", "disk-io-count-sda|disk-io-count-sda|",
                    "plugin", "worker||"));
}

TEST_F(Pages, ColumnsFollowTheOrderOfTheAddresses) {
    const HtmlScan page = scan("/servers?address=10.0.1.1&address=10.0.0.2&address=10.0.0.1");
    std::vector<std::string> names;
    for (const ScannedElement& name : page.named("b")) names.push_back(name.text);
    ASSERT_GE(names.size(), 3U);
    names.resize(3);
    EXPECT_THAT(names, ElementsAre("db1", "www2", "www1"));
}

TEST_F(Pages, UnknownHostsAreLeftOutAndNamed) {
    const HtmlScan page = scan("/servers?address=10.0.1.1&address=10.9.9.9");
    EXPECT_EQ(count_with(page, "th", "scope", "col"), 1U);
    EXPECT_THAT(response_.body, HasSubstr("10.9.9.9"));
    scan("/servers?address=10.9.9.9", 404);
}

TEST_F(Pages, LanguageFollowsTheBrowser) {
    EXPECT_THAT(get("/", "GET", "").body, HasSubstr("サーバ一覧"));
    EXPECT_THAT(get("/", "GET", "fr,en;q=0.8,ja;q=0.9").body, HasSubstr("サーバ一覧"));
    EXPECT_THAT(get("/", "GET", "fr-CH, fr;q=0.9, *;q=0.5").body, HasSubstr("lang=\"en\""));
    const Response english = get("/", "GET", "en-US,en;q=0.9,ja;q=0.8");
    EXPECT_THAT(english.body, AllOf(HasSubstr("lang=\"en\""), HasSubstr("Compare checked")));
    EXPECT_EQ(header_of(english, "Vary"), "Accept-Language, Cookie");
}

struct RefusedPage {
    const char* target;
    int status;
    const char* named;
};

TEST_F(Pages, BadParametersAreRefusedAndNamed) {
    for (const RefusedPage& refused : {
             RefusedPage{"/server", 400, "address"},
             RefusedPage{"/server?address=", 400, "address"},
             RefusedPage{"/server?address=10.0.0.1&address=10.0.0.2", 400, "address"},
             RefusedPage{"/server?address=10.9.9.9", 404, "address"},
             RefusedPage{"/server?address=10.0.0.1&term=decade", 400, "term"},
             RefusedPage{"/server?address=10.0.0.1&term=week", 400, "term"},
             RefusedPage{"/server?address=10.0.0.1&term=day&term=day", 400, "term"},
             RefusedPage{"/server?address=10.0.0.1&term=custom&from=x", 400, "from"},
             RefusedPage{"/server?address=10.0.0.1&from=x", 400, "from"},
             RefusedPage{"/server?address=10.0.0.1&term=custom&from=2026-01-02&to=2026-01-01", 400,
                         "from"},
             RefusedPage{"/server?address=10.0.0.1&term=custom&to=2100-01-01", 400, "to"},
             RefusedPage{"/servers", 400, "address"},
             RefusedPage{"/servers?address=10.0.0.1&address=10.0.0.1", 400, "address"},
             RefusedPage{"/servers?address=10.0.0.1&plugin_identifier=x", 404, "plugin_identifier"},
             RefusedPage{"/?service=a&service=b", 400, "service"},
             RefusedPage{"/nothing", 404, "/nothing"},
         }) {
        scan(refused.target, refused.status);
        EXPECT_THAT(response_.body, HasSubstr(refused.named)) << refused.target;
    }
}

TEST_F(Pages, EveryAnswerHasTheStrictHeaders) {
    for (const char* target :
         {"/", "/server?address=10.0.0.1", "/servers?address=10.0.0.1", "/health", "/nothing",
          "/graph?address=10.0.0.1&plugin_identifier=base&graph=cpu", "/graph", "/api/servers",
          "/api/host-status?address=1", "/api/fetch", "/api/series?host=x", "/css/kurabe.css",
          "/js/kurabe.js", "/favicon.ico"}) {
        const Response response = get(target);
        const std::string policy = header_of(response, "Content-Security-Policy");
        EXPECT_THAT(policy, HasSubstr("default-src 'none'")) << target;
        EXPECT_THAT(policy, HasSubstr("frame-ancestors")) << target;
        // Drawings have their looks in themselves; nothing runs in their sandbox.
        const bool is_drawing = response.content_type == "image/svg+xml";
        EXPECT_THAT(policy, HasSubstr(is_drawing ? "sandbox" : "script-src 'self'")) << target;
        if (!is_drawing) {
            EXPECT_THAT(policy, Not(HasSubstr("unsafe"))) << target;
        }
        EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff") << target;
        EXPECT_NE(header_of(response, "Cache-Control"), "") << target;
    }
}

TEST_F(Pages, OtherMethodsAreRefused) {
    for (const char* target : {"/", "/server?address=10.0.0.1", "/graph", "/css/kurabe.css"}) {
        for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
            const Response response = get(target, method);
            EXPECT_EQ(response.status, 405) << method << target;
            EXPECT_EQ(header_of(response, "Allow"), "GET, HEAD");
        }
    }
    EXPECT_EQ(get("/servers?address=10.0.0.1", "POST").status, 200);
    EXPECT_EQ(get("/servers?address=10.0.0.1", "PUT").status, 405);
    EXPECT_EQ(get("/", "HEAD").status, 200);
}

TEST_F(Pages, AssetsAreKeptForGoodUnderTheirVersion) {
    const HtmlScan page = scan("/");
    const std::string script = attribute_of(page.named("script"), "src").at(0);
    EXPECT_THAT(header_of(get(script), "Cache-Control"), HasSubstr("immutable"));
    EXPECT_EQ(header_of(get("/js/kurabe.js"), "Cache-Control"), "no-cache");
    EXPECT_EQ(get("/js/kurabe.js").content_type, "text/javascript; charset=utf-8");

    Request again{.method = "GET", .path = ""};
    ASSERT_TRUE(take_target("/js/kurabe.js", again));
    again.headers.emplace_back("If-None-Match", header_of(get("/js/kurabe.js"), "ETag"));
    const Response unchanged = site_->answer(again);
    EXPECT_EQ(unchanged.status, 304);
    EXPECT_EQ(unchanged.body, "");
}

// ---- Five hundred hosts ----

class ManyHosts : public SiteFixture {
  protected:
    void SetUp() override {
        std::string hosts;
        for (int i = 0; i < 600; ++i) {
            hosts += fmt::format("  - host-with-a-long-name-{}.example.jp\n", i);
        }
        open(fmt::format("---\nservice: many\nservers:\n- roll: base.yml\n  hosts:\n{}", hosts));
    }
    static std::string query(int count) {
        std::string query = "/servers?term=week";
        for (int i = 0; i < count; ++i) {
            query += fmt::format("&address=host-with-a-long-name-{}.example.jp", i);
        }
        return query;
    }
};

TEST_F(ManyHosts, FiveHundredStandSideBySideByGetAndByPost) {
    for (const char* method : {"GET", "POST"}) {
        const Response response = get(query(500), method);
        EXPECT_EQ(response.status, 200);
        const HtmlScan page(response.body);
        EXPECT_EQ(count_with(page, "th", "scope", "col"), 500U);
        EXPECT_EQ(graphs_of(page).size(), 500U * 4);
    }
    EXPECT_EQ(get(query(501)).status, 400);
}

TEST_F(ManyHosts, LongSelectionsArePostedInsteadOfLinked) {
    const HtmlScan few(get(query(3)).body);
    EXPECT_EQ(count_with(few, "form", "method", "get"), 2U);
    const HtmlScan many(get(query(500)).body);
    // For all choices, a custom range, the start of a second, and the language.
    EXPECT_EQ(count_with(many, "form", "method", "post"), 4U);
    EXPECT_EQ(count_with(many, "input", "name", "address"), 4 * 500U);
    EXPECT_EQ(count_with(many, "button", "formaction", "/servers?term=month"), 1U);
    for (const std::string& link : attribute_of(many.named("a"), "href")) {
        EXPECT_LT(link.size(), 200U);
    }
}

TEST_F(ManyHosts, ChoicesThatArePostedBringTheirRangeOnce) {
    const std::string hosts = query(500).substr(std::string("/servers?term=week").size());
    const HtmlScan page(
        get("/servers?term=custom&from=2026-01-01&to=2026-01-02" + hosts, "POST").body);
    const auto actions = attribute_of(page.named("button"), "formaction");
    ASSERT_FALSE(actions.empty());
    for (const std::string& action : actions) {
        // With it goes what the button's form holds, and that is the hosts.
        EXPECT_EQ(get(action + (action.contains('?') ? "" : "?x=1") + hosts, "POST").status, 200)
            << action;
    }
    EXPECT_EQ(count_with(page, "button", "form", "selection"), actions.size());
}

TEST_F(ManyHosts, CommandsAreNotStaleBetweenTheirRuns) {
    write("rolls/exec.yml", "metrics:\n- exec:x\n");
    write("config.yml",
          "config: { data_dir: data, rolls_dir: rolls, commands: { x: { command: [ /bin/true ],"
          " protocol: check, interval: 3600 } } }\n"
          "---\nservice: s\nservers:\n- roll: exec.yml\n  hosts: [ 10.1.0.1 a, 10.1.0.2 b ]\n");
    auto config = load_config(directory_.path() / "config.yml");
    ASSERT_TRUE(config) << config.error().message;
    *config_ = *std::move(config);
    make_site();
    collectors::Report given;
    given.plugin = "exec:x";
    given.batch.host = "10.1.0.1";
    report(given, kNow - store::Seconds{7200});
    given.batch.host = "10.1.0.2";
    report(given, kNow - store::Seconds{7201});
    EXPECT_THAT(get("/api/host-status?address=10.1.0.1&address=10.1.0.2").body,
                HasSubstr("\"10.1.0.1\":0,\"10.1.0.2\":1"));
}

// As container hosts do, whose virtual interfaces have random names.
TEST_F(ManyHosts, DevicesThatNoOtherHostHasDoNotFillThePage) {
    const auto report_devices = [this](int count) {
        for (int host = 0; host < 25; ++host) {
            collectors::Report given;
            given.batch.host = fmt::format("host-with-a-long-name-{}.example.jp", host);
            std::string names;
            for (int i = 0; i < count; ++i) names += fmt::format("veth{}x{},", host, i);
            given.meta = {{"base", "traffic-interfaces", names}};
            report(given);
        }
    };
    report_devices(200);  // 5,000 rows of 25 cells, and as many above them
    EXPECT_EQ(get(query(3)).status, 200);
    EXPECT_EQ(get(query(25)).status, 400);
    EXPECT_THAT(get(query(25)).body, HasSubstr("choose fewer hosts or one plugin"));
    report_devices(1000);
    EXPECT_EQ(get(query(25)).status, 400);
    EXPECT_THAT(get(query(25)).body, HasSubstr("choose fewer hosts"));
}

TEST_F(ManyHosts, StatesComeForFiveHundred) {
    const std::string states = get(query(500).replace(0, 18, "/api/host-status?x=1"), "POST").body;
    EXPECT_EQ(std::ranges::count(states, ':'), 500);
}

}  // namespace
}  // namespace kurabe::server
