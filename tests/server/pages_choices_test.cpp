// What a reader chooses on the pages for people: a second range of time, the language, a folded
// header; and what those need who hear the page or have no mouse.
#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/server/pages_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// ---- Two ranges of time ----

TEST_F(Pages, SecondRangeIsDrawnOverTheFirstInEveryPicture) {
    for (const char* page : {"/server?address=10.0.0.1", "/servers?address=10.0.0.1"}) {
        const auto plain = graphs_of(scan(page));
        const auto graphs = graphs_of(scan(fmt::format("{}&compare=lastweek", page)));
        ASSERT_EQ(graphs.size(), plain.size());
        for (std::size_t i = 0; i < graphs.size(); ++i) {
            EXPECT_EQ(graphs[i].attributes.at("src"),
                      plain[i].attributes.at("src") + "&compare=start-1w");
            const render::ImageSize size = png_size(get(graphs[i].attributes.at("src")).body);
            EXPECT_EQ(std::to_string(size.height_px), graphs[i].attributes.at("height"));
            EXPECT_EQ(std::to_string(size.width_px), graphs[i].attributes.at("width"));
        }
    }
}

// Half past two comes twice: 1792891800 is the second.
TEST_F(Pages, AddressesMeanTheSameMomentWhenSummerTimeEnds) {
    zone_ = store::TimeZone::locate("Europe/Berlin").value();
    now_ = store::Time{store::Seconds{1'793'000'000}};
    make_site();
    const std::string range = "&term=custom&from=1792891800&to=1792895400";
    for (const std::string page : {"/server?address=10.0.0.1", "/servers?address=10.0.0.1"}) {
        const HtmlScan scanned = scan(page + range);
        for (const ScannedElement& graph : graphs_of(scanned)) {
            EXPECT_THAT(graph.attributes.at("src"), HasSubstr("from=1792891800&to=1792895400"));
        }
        EXPECT_THAT(response_.body, HasSubstr("from=1792891800&amp;to=2026-10-25%2003%3A30%3A00"));
    }
}

TEST_F(Pages, SecondRangeBesideTheFirstIsAsLongAndDrawnByItself) {
    const HtmlScan page = scan(
        "/servers?address=10.0.0.1&address=10.0.1.1&term=custom&from=2026-01-01+00:00"
        "&to=2026-01-01+06:00&compare=yesterday&compare_as=beside");
    const auto graphs = graphs_of(page);
    ASSERT_GE(graphs.size(), 4U);
    EXPECT_THAT(graphs[0].attributes.at("src"), HasSubstr("from=1767225600&to=1767247200"));
    EXPECT_THAT(graphs[1].attributes.at("src"), HasSubstr("from=1767139200&to=1767160800"));
    EXPECT_THAT(graphs[1].attributes.at("alt"),
                HasSubstr(" B 2025-12-31 00:00 – 2025-12-31 06:00"));
    EXPECT_THAT(graphs[0].attributes.at("src"), HasSubstr("scale_with=1767139200"));
    EXPECT_THAT(graphs[1].attributes.at("src"), HasSubstr("scale_with=1767225600"));
    EXPECT_THAT(graphs[2].attributes.at("src"), HasSubstr("address=10.0.1.1"));
    EXPECT_EQ(page.named("figcaption").size(), graphs.size());
    EXPECT_THAT(response_.body,
                HasSubstr(R"(A <span class="times">2026-01-01 00:00 – 2026-01-01 06:00</span> / )"
                          R"(B <span class="times">2025-12-31 00:00 – 2025-12-31 06:00</span>)"));
    for (const ScannedElement& graph : graphs) {
        EXPECT_EQ(get(graph.attributes.at("src")).status, 200) << graph.attributes.at("src");
    }
}

// Where lines and labels are: {"ticks": [{"time", "x", "major"}], "labels": [{"time", "x",
// "text"}]}.
nlohmann::json time_grid_of(const std::string& layout) {
    const nlohmann::json parsed = nlohmann::json::parse(layout, nullptr, false);
    EXPECT_TRUE(parsed.is_object()) << layout;
    return parsed.value("x_axis", nlohmann::json{});
}

// The same of what is at another time.
nlohmann::json without_times(nlohmann::json grid) {
    for (const char* part : {"ticks", "labels"}) {
        for (auto& one : grid[part]) {
            one.erase("time");
            one.erase("text");
        }
    }
    return grid;
}

TEST_F(Pages, RangesSideBySideHaveTheGridOfTheTerm) {
    for (const char* term : {"1hour", "4hours", "8hours", "day", "3days", "week"}) {
        for (const char* second : {"yesterday", "lastweek"}) {
            const std::string page = fmt::format("/servers?address=10.0.0.1&term={}", term);
            const std::string alone = graphs_of(scan(page)).at(0).attributes.at("src");
            const auto graphs =
                graphs_of(scan(fmt::format("{}&compare={}&compare_as=beside", page, second)));
            const auto grid = [&](const std::string& src) {
                return time_grid_of(get(src + "&layout=json").body);
            };
            const auto first = grid(graphs.at(0).attributes.at("src"));
            ASSERT_GE(first.at("labels").size(), 3U);
            EXPECT_EQ(first, grid(alone)) << term;
            EXPECT_EQ(without_times(grid(graphs.at(1).attributes.at("src"))), without_times(first))
                << term << second;
        }
    }
}

TEST_F(Pages, SecondRangeStaysInAllLinksAndFormsOfThePage) {
    for (const char* page : {"/server?address=10.0.0.1", "/servers?address=10.0.0.1"}) {
        const HtmlScan scanned =
            scan(fmt::format("{}&compare=2026-01-01T00:00&compare_as=beside", page));
        const std::string kept = "&compare=2026-01-01T00%3A00&compare_as=beside";
        EXPECT_GE(std::ranges::count_if(attribute_of(scanned.named("a"), "href"),
                                        [&](const auto& href) { return href.contains(kept); }),
                  9)
            << page;
        EXPECT_EQ(count_with(scanned, "input", "name", "compare_as"), 2U);
        EXPECT_EQ(count_with(scanned, "input", "name", "compare"), 2U);
        EXPECT_EQ(count_with(scanned, "a", "href", page), 1U);  // off
        EXPECT_EQ(count_with(scanned, "a", "href",
                             fmt::format("{}{}", page,
                                         "&compare=lastmonth"
                                         "&compare_as=beside")),
                  1U);
    }
}

TEST_F(Pages, SecondRangesThatAreNoneAreRefused) {
    for (const char* page : {"/server?address=10.0.0.1", "/servers?address=10.0.0.1"}) {
        for (const char* wrong : {"&compare=never", "&compare=2199-01-01", "&compare=1970-01-02",
                                  "&compare_as=under", "&compare=lastweek&compare=yesterday"}) {
            scan(fmt::format("{}{}", page, wrong), 400);
            EXPECT_THAT(response_.body, HasSubstr("compare")) << wrong;
        }
        scan(fmt::format("{}&compare=start-2d", page));
    }
}

TEST_F(Pages, LanguageIsSwitchedByALinkAndRememberedInACookie) {
    const HtmlScan page = scan("/server?address=10.0.0.1&term=month");
    EXPECT_EQ(count_with(page, "a", "href", "/server?address=10.0.0.1&term=month&lang=en"), 1U);
    const Response there = get("/server?address=10.0.0.1&term=month&lang=en");
    EXPECT_EQ(there.status, 303);
    EXPECT_EQ(header_of(there, "Location"), "/server?address=10.0.0.1&term=month");
    const std::string cookie = header_of(there, "Set-Cookie");
    EXPECT_THAT(cookie, AllOf(testing::StartsWith("lang=en;"), HasSubstr("SameSite=Lax")));
    for (const char* target :
         {"/", "/server?address=10.0.0.1", "/servers?address=10.0.0.1", "/server?address=none"}) {
        EXPECT_THAT(get_with_cookie(target, "open-new=true; lang=en").body,
                    HasSubstr("lang=\"en\""))
            << target;
        // What is no language of ours counts for nothing.
        EXPECT_THAT(get_with_cookie(target, "xlang=en; lang=<b>").body,
                    HasSubstr("<html lang=\"ja"))
            << target;
    }
    EXPECT_EQ(get("/?lang=xx").status, 200);
}

TEST_F(Pages, PostedPagesSwitchTheirLanguageByAForm) {
    const Response page = get("/servers?address=10.0.0.1&lang=en", "POST");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("<html lang=\"en\""));
    EXPECT_THAT(header_of(page, "Set-Cookie"), testing::StartsWith("lang=en;"));
    EXPECT_EQ(count_with(HtmlScan(page.body), "input", "value", "ja"), 1U);
}

TEST_F(Pages, FoldedHeaderIsFoldedBeforeItIsSeen) {
    for (const char* target : {"/server?address=10.0.0.1", "/servers?address=10.0.0.1"}) {
        EXPECT_THAT(get_with_cookie(target, "minimize-header=true").body, HasSubstr(" folded\""));
        EXPECT_THAT(get_with_cookie(target, "minimize-header=false").body,
                    Not(HasSubstr("folded\"")));
    }
    EXPECT_THAT(get_with_cookie("/", "minimize-header=true").body, Not(HasSubstr("folded\"")));
}

TEST_F(Pages, OnlyPicturesThatEndAboutNowAreRenewed) {
    const auto renewed = [this](const std::string& more) {
        return attribute_of(graphs_of(scan("/server?address=10.0.1.1" + more)), "data-every");
    };
    EXPECT_THAT(renewed(""), testing::Contains("237"));  // 33 hours on 500 pixels
    EXPECT_THAT(renewed("&term=1hour"), testing::Each("60"));
    EXPECT_THAT(renewed("&term=custom&from=2025-12-31&to=2026-01-01"), testing::IsEmpty());
    EXPECT_THAT(renewed("&compare=yesterday"), Not(testing::IsEmpty()));
    EXPECT_THAT(renewed("&compare=yesterday&compare_as=beside"), testing::IsEmpty());
}

TEST_F(Pages, PicturesAreSharpOnDenseScreens) {
    const auto graphs = graphs_of(scan("/server?address=10.0.1.1&compare=lastweek"));
    for (const ScannedElement& graph : graphs) {
        const std::string dense = graph.attributes.at("srcset");
        EXPECT_EQ(dense, graph.attributes.at("src") + "&scale=2 2x");
        const render::ImageSize size = png_size(get(dense.substr(0, dense.find(' '))).body);
        EXPECT_EQ(size.width_px, 2 * std::stoi(graph.attributes.at("width"))) << dense;
        EXPECT_EQ(size.height_px, 2 * std::stoi(graph.attributes.at("height"))) << dense;
    }
}

TEST_F(Pages, PicturesAreDarkWhereTheBrowserIsUnlessTheConfigurationNamesATheme) {
    for (const std::string target :
         {"/server?address=10.0.1.1&compare=lastweek",
          "/servers?address=10.0.0.1&address=10.0.1.1&compare=yesterday&compare_as=beside"}) {
        const HtmlScan page = scan(target);
        std::vector<std::string> expected;
        for (const std::string& light : attribute_of(graphs_of(page), "src")) {
            expected.push_back(fmt::format("{0}&theme=dark, {0}&theme=dark&scale=2 2x", light));
            EXPECT_NE(get(light + "&theme=dark").body, get(light).body);
        }
        EXPECT_THAT(expected, Not(testing::IsEmpty()));
        const auto sources = page.named("source");
        EXPECT_THAT(attribute_of(sources, "srcset"), testing::ElementsAreArray(expected));
        EXPECT_THAT(attribute_of(sources, "media"), testing::Each("(prefers-color-scheme:dark)"));
        EXPECT_EQ(page.named("picture").size(), expected.size());
        for (const char* theme : {"kurado", "dark"}) {
            config_->theme = theme;
            const HtmlScan themed = scan(target);
            EXPECT_EQ(graphs_of(themed).size(), expected.size());
            EXPECT_TRUE(themed.named("picture").empty());
        }
        config_->theme.reset();
    }
}

TEST_F(Pages, CellsOfAComparisonSayOnPaperWhoseTheyAre) {
    const auto names = [this] {
        const HtmlScan page = scan("/servers?address=10.0.0.1&address=10.0.0.2&address=10.0.1.1");
        const auto all = attribute_of(page.named("td"), "data-host");
        EXPECT_GE(all.size(), graphs_of(page).size());
        return std::set(all.begin(), all.end());
    };
    EXPECT_THAT(names(), testing::ElementsAre("db1", "www1", "www2"));
    config_->services.at(0).sections.at(0).hosts.at(1).hostname = "www1";
    EXPECT_THAT(names(), testing::ElementsAre("10.0.0.1 www1", "10.0.0.2 www1", "db1"));
    EXPECT_EQ(count_with(scan("/"), "link", "media", "print"), 1U);
}

// ---- As Kurado ----

TEST_F(Pages, HeadersAndTitlesNameTheHost) {
    const HtmlScan page = scan("/server?address=10.0.0.1");
    EXPECT_EQ(page.named("title").at(0).text, "www1 10.0.0.1 « Web « Kurabe");
    EXPECT_EQ(count_with(page, "a", "href", "/?service=Web"), 1U);
    EXPECT_THAT(response_.body, HasSubstr("<small>main</small>"));
    EXPECT_EQ(scan("/servers?address=10.0.0.1&address=10.0.1.1").named("title").at(0).text,
              "選択されたサーバ (2) « Kurabe");
}

TEST_F(Pages, PillsHaveShortNamesTooltipsAndAreRed) {
    collectors::Report given;
    given.batch.host = "10.0.0.1";
    given.plugin = "http:80";
    given.warnings = {{"http:80", "status", "500"}};
    report(given);
    for (const char* target :
         {"/server?address=10.0.0.1", "/servers?address=10.0.1.1&address=10.0.0.1"}) {
        const HtmlScan page = scan(target);
        std::vector<std::string> pills;
        for (const ScannedElement& link : page.named("a")) {
            const auto title = link.attributes.find("title");
            if (title == link.attributes.end() || !link.attributes.contains("aria-current")) {
                continue;
            }
            if (!title->second.empty()) pills.push_back(link.text + "|" + title->second);
        }
        EXPECT_THAT(pills, testing::ElementsAre("base|base", "http:80|http:80")) << target;
        EXPECT_EQ(count_with(page, "li", "class", "troubled"), 1U) << target;
    }
}

TEST_F(Pages, LinksLeaveOutWhatIsUsual) {
    for (const char* page : {"/server?address=10.0.0.1", "/servers?address=10.0.0.1"}) {
        scan(page);
        EXPECT_THAT(response_.body, Not(HasSubstr("term=day")));
        EXPECT_THAT(response_.body, Not(HasSubstr("compare_as=over")));
        const HtmlScan month = scan(fmt::format("{}&term=month", page));
        EXPECT_GE(count_with(month, "a", "href",
                             fmt::format("{}&plugin_identifier=base&term=month", page)),
                  1U);
    }
}

TEST_F(Pages, ColumnsLeadToTheirHostOverTheSameRanges) {
    const HtmlScan page = scan("/servers?address=10.0.0.1&term=year&compare=lastmonth");
    const std::string link = "/server?address=10.0.0.1&term=month&compare=lastmonth";
    EXPECT_EQ(count_with(page, "a", "href", link), 1U);
    EXPECT_EQ(get(link).status, 200);
    EXPECT_EQ(count_with(scan("/servers?address=10.0.0.1&term=week"), "a", "href",
                         "/server?address=10.0.0.1"),
              1U);
}

// ---- For those who hear the page, or have no mouse ----

TEST_F(Pages, EveryFieldAndPictureHasANameAndHeadingsAreInOrder) {
    for (const char* target :
         {"/", "/server?address=10.0.0.1", "/server?address=10.0.0.1&compare=lastweek",
          "/servers?address=10.0.0.1&address=10.0.1.1&compare=yesterday&compare_as=beside",
          "/server?address=none"}) {
        const HtmlScan page(get(target).body);
        EXPECT_EQ(page.named("h1").size(), 1U) << target;
        EXPECT_EQ(page.named("main").size(), 1U) << target;
        EXPECT_EQ(page.named("header").size(), 1U) << target;
        int level = 0;
        bool in_label = false;
        std::set<std::string> ids;
        for (const ScannedElement& element : page.all()) {
            const auto& given = element.attributes;
            if (element.name == "label") in_label = true;
            if (element.name == "input" && given.contains("type") && given.at("type") != "hidden") {
                EXPECT_TRUE(in_label || given.contains("aria-label")) << target;
                in_label = false;
            }
            if (element.name == "img") {
                EXPECT_TRUE(given.contains("alt")) << target;
            }
            if (element.name == "nav") {
                EXPECT_TRUE(given.contains("aria-label")) << target;
            }
            if (element.name == "button") {
                EXPECT_TRUE(!element.text.empty() || given.contains("aria-label"));
            }
            if (given.contains("id")) {
                EXPECT_TRUE(ids.insert(given.at("id")).second) << target;
            }
            if (given.contains("tabindex")) {
                EXPECT_LE(std::stoi(given.at("tabindex")), 0);
            }
            if (element.name.size() == 2 && element.name[0] == 'h' && element.name[1] != 'r') {
                const int now = element.name[1] - '0';
                EXPECT_LE(now, level + 1) << target << element.text;
                level = now;
            }
        }
    }
}

}  // namespace
}  // namespace kurabe::server
