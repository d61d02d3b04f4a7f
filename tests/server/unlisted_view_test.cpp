// Pages of hosts that push and stand in no service.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/html_scan.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class UnlistedView : public SiteFixture {
  protected:
    void SetUp() override {
        open(
            "---\nservice: shop\nservers:\n"
            "- { roll: base.yml, hosts: [ 10.0.0.1, 10.0.0.2 www2 ] }\n");
        for (const char* plugin : {"memcached:11211", "base", "odd:"}) {
            store_.series_values[{"<b>9", plugin, "loadavg-1.gauge"}] = 1;
        }
        report_base("<b>9");
    }
    std::string page(std::string_view target) { return get(target, "GET", "en").body; }
};

TEST_F(UnlistedView, TheOverviewNamesThemLast) {
    const std::string all = page("/");
    EXPECT_THAT(all, HasSubstr("Not in the configuration"));
    EXPECT_THAT(all, HasSubstr("href=\"/server?address=%3Cb%3E9\""));
    EXPECT_THAT(all, HasSubstr("<span>Show all</span><span class=\"count\">3</span>"));
    EXPECT_LT(all.find("10.0.0.1"), all.find("&lt;b&gt;9"));
    EXPECT_THAT(page("/?service=shop"), Not(HasSubstr("&lt;b&gt;9")));
    store_.series_values.clear();
    EXPECT_THAT(page("/"), Not(HasSubstr("Not in the configuration")));
}

TEST_F(UnlistedView, TheirPageHasThePluginsOfTheirSeries) {
    const Response response = get("/server?address=%3Cb%3E9", "GET", "en");
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body,
                AllOf(HasSubstr("Not in the configuration"),
                      HasSubstr("plugin_identifier=base&amp;graph=loadavg-1"),
                      HasSubstr("plugin_identifier=memcached%3A11211"), Not(HasSubstr("odd"))));
    EXPECT_LT(response.body.find("plugin_identifier=base"),
              response.body.find("plugin_identifier=memcached"));
    const Response graph =
        get("/graph?address=%3Cb%3E9&plugin_identifier=base&graph=loadavg-1&term=day");
    EXPECT_EQ(graph.status, 200);
    EXPECT_THAT(graph.body, StartsWith("\x89PNG"));
}

// Whoever sends "web1.nginx.ok" in Graphite's protocol means no plugin of ours.
TEST_F(UnlistedView, APluginWithNoneOfItsOwnSeriesIsDrawnByNames) {
    store_.series_values[{"web1", "nginx", "ok.gauge"}] = 7;
    EXPECT_THAT(page("/server?address=web1"), HasSubstr("plugin_identifier=nginx&amp;graph=ok"));
    const std::string graph = "/graph?address=web1&plugin_identifier=nginx&graph=";
    EXPECT_EQ(get(graph + "ok").status, 200);
    EXPECT_EQ(get(graph + "reqs").status, 404);
    store_.series_values[{"web1", "nginx", "reqs.derive"}] = 7;
    EXPECT_THAT(page("/server?address=web1"),
                AllOf(HasSubstr("graph=reqs"), Not(HasSubstr("graph=ok"))));
    EXPECT_EQ(get(graph + "reqs").status, 200);
}

TEST_F(UnlistedView, PicturesByNamesAreAsLargeAsTheirPlacesOnThePage) {
    store_.series_values[{"web1", "app", "a.one.gauge"}] = 7;
    store_.series_values[{"web1", "app", "a.two.gauge"}] = 7;
    store_.series_values[{"web1", "app", "hits.derive"}] = 7;
    for (const char* path : {"/server?address=web1", "/servers?address=web1&compare=yesterday"}) {
        const auto graphs = HtmlScan(page(path)).named("img");
        std::size_t compared = 0;
        for (const ScannedElement& graph : graphs) {
            const std::string& source = graph.attributes.at("src");
            if (!source.starts_with("/graph?")) continue;
            const render::ImageSize size = png_size(get(source).body);
            EXPECT_EQ(graph.attributes.at("width"), std::to_string(size.width_px)) << source;
            EXPECT_EQ(graph.attributes.at("height"), std::to_string(size.height_px)) << source;
            ++compared;
        }
        EXPECT_GE(compared, 2U) << path;
    }
}

TEST_F(UnlistedView, TheirNameStandsOnceInTitles) {
    store_.series_values[{"web1", "app", "hits.derive"}] = 7;
    const std::string one = page("/server?address=web1");
    EXPECT_THAT(one, AllOf(HasSubstr("<title>web1 « "), Not(HasSubstr("class=\"hostname\""))));
    EXPECT_THAT(page("/servers?address=web1"), Not(HasSubstr("class=\"address\"")));
}

TEST_F(UnlistedView, AConfigurationWithoutHostsSaysSoOnTheOverview) {
    EXPECT_THAT(page("/"), Not(HasSubstr("No hosts")));
    open("---\nservice: empty\nservers: []\n");
    EXPECT_THAT(page("/"), AllOf(HasSubstr("No hosts: the configuration gives none"),
                                 HasSubstr("&lt;b&gt;9")));
}

TEST_F(UnlistedView, ADamagedOneSaysSo) {
    store_.damaged_hosts.insert("worn");
    EXPECT_THAT(page("/server?address=worn"), HasSubstr("The archive of this host cannot be read"));
    EXPECT_THAT(page("/server?address=worn&plugin_identifier=base"),
                HasSubstr("The archive of this host cannot be read"));
    const std::string graph = "/graph?address=worn&plugin_identifier=base&graph=cpu&term=day";
    const Response picture = get(graph);
    EXPECT_EQ(picture.status, 500);
    EXPECT_THAT(picture.body, StartsWith("\x89PNG"));
    const Response layout = get(graph + "&layout=json");
    EXPECT_EQ(layout.status, 500);
    EXPECT_THAT(layout.body, AllOf(HasSubstr("worn.kurabe: bad magic"), Not(HasSubstr("secret"))));
}

// Its archive is of a later program; the others' pages must not depend on it.
TEST_F(UnlistedView, OneOfAnUnknownFormatHidesNoOther) {
    store_.series_values[{"later", "base", "loadavg-1.gauge"}] = 1;
    store_.unreadable_hosts.insert_or_assign(
        "later", Error{ErrorCode::kUnsupported, "/secret/later.kurabe: format version 9"});
    const Response wall = get("/servers?address=%3Cb%3E9&address=later", "GET", "en");
    EXPECT_EQ(wall.status, 200);
    EXPECT_THAT(wall.body,
                AllOf(HasSubstr("plugin_identifier=base&amp;graph=loadavg-1"),
                      HasSubstr("later.kurabe: format version 9"), Not(HasSubstr("secret"))));
    EXPECT_THAT(page("/server?address=later"), HasSubstr("later.kurabe: format version 9"));
    const Response graph = get("/graph?address=later&plugin_identifier=base&graph=cpu&layout=json");
    EXPECT_EQ(graph.status, 500) << "not the client's mistake";
    EXPECT_THAT(graph.body, AllOf(HasSubstr("archive of later cannot be read: later.kurabe: "),
                                  Not(HasSubstr("secret"))));
    EXPECT_EQ(get("/").status, 200);
    EXPECT_THAT(get("/api/v1/hosts").body,
                HasSubstr(R"("address":"later","hostname":"later","comments":"","service":null,)"
                          R"("section":null,"roll":null,"plugins":[],"status":"critical")"));
}

// Neither a page without graphs nor "not found": the store could not tell.
TEST_F(UnlistedView, OneThatCannotBeReadNowIsAnError) {
    store_.unreadable_hosts.insert_or_assign(
        "busy", Error{ErrorCode::kSystem, "/secret/busy.kurabe: too many open files"});
    const Response response = get("/server?address=busy", "GET", "en");
    EXPECT_EQ(response.status, 500);
    EXPECT_THAT(response.body, Not(HasSubstr("secret")));
    EXPECT_EQ(get("/graph?address=busy&plugin_identifier=base&graph=cpu").status, 500);
}

// What a listed host pushes besides its roll is on no page.
TEST_F(UnlistedView, PluginsThatARollDoesNotNameAreNamed) {
    store_.series_values[{"10.0.0.1", "base", "loadavg-1.gauge"}] = 1;
    EXPECT_THAT(page("/server?address=10.0.0.1"), Not(HasSubstr("does not name")));
    for (const char* plugin : {"app", "<i>", "app"}) {
        store_.series_values[{"10.0.0.1", plugin, "users.gauge"}] = 1;
    }
    EXPECT_THAT(page("/server?address=10.0.0.1"),
                HasSubstr("base.yml does not name these plugins, of which there is data: "
                          "&lt;i&gt;, app</p>"));
    EXPECT_THAT(page("/server?address=10.0.0.1&plugin_identifier=base"),
                Not(HasSubstr("does not name")));
    EXPECT_THAT(page("/server?address=%3Cb%3E9"), Not(HasSubstr("does not name")));
}

TEST_F(UnlistedView, OthersAreNotFound) {
    EXPECT_THAT(page("/server?address=www2"), HasSubstr("is a name; hosts are asked for by"));
    EXPECT_EQ(get("/server?address=10.0.0.7").status, 404);
    EXPECT_EQ(get("/graph?address=10.0.0.7&plugin_identifier=base&graph=cpu").status, 404);
}

}  // namespace
}  // namespace kurabe::server
