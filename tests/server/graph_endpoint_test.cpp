// "/graph": parameters, defaults, caching, and pictures for what cannot be drawn.
#include <gmock/gmock.h>

#include "server/graph_service.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

constexpr std::string_view kCpuGraph = "/graph?address=10.0.0.1&plugin_identifier=base&graph=cpu";

class Graph : public SiteFixture {
  protected:
    void SetUp() override {
        write("plugins/other.yml",
              "plugin: other\n"
              "groups:\n- graphs: [ mine, theirs, stranger, broken ]\n"
              "graphs:\n"
              "  mine: { label: x, definition: \"DEF:a=x.gauge:n:AVERAGE\\nLINE1:a#000000\" }\n"
              "  theirs: { label: x, definition: "
              "\"DEF:a=10.0.0.1/base/loadavg-1.gauge:n:AVERAGE\\nLINE1:a#000000\" }\n"
              "  stranger: { label: x, definition: "
              "\"DEF:a=10.7.7.7/base/loadavg-1.gauge:n:AVERAGE\\nLINE1:a#000000\" }\n"
              "  broken: { label: x, definition: \"LINE1:nothing#000000\" }\n");
        write("rolls/other.yml", "metrics:\n- base\n- other\n");
        open(R"(---
service: Web
servers:
- roll: base.yml
  hosts: [ "10.0.0.1 www1" ]
- roll: other.yml
  label: other
  hosts: [ "10.0.0.2 www2" ]
)");
        store_.series_values[{"10.0.0.1", "base", "loadavg-1.gauge"}] = 0.5;
        store_.series_values[{"10.7.7.7", "base", "loadavg-1.gauge"}] = 0.5;
    }
    Response graph(std::string_view more) { return get(fmt::format("{}{}", kCpuGraph, more)); }
};

TEST_F(Graph, IsAPngOfTheAskedWidth) {
    const Response usual = graph("");
    EXPECT_EQ(usual.status, 200);
    EXPECT_EQ(usual.content_type, "image/png");
    const int frame = png_size(usual.body).width_px - 460;
    EXPECT_GT(frame, 0);
    EXPECT_EQ(png_size(graph("&width=200").body).width_px, 200 + frame);
    EXPECT_EQ(graph("&width=10").status, 200);
    EXPECT_EQ(png_size(graph("&width=4000").body).width_px, 4000 + frame);
}

TEST_F(Graph, HasTheThemeOfTheConfigurationUnlessAskedForAnother) {
    const std::string usual = graph("").body;
    const std::string dark = graph("&theme=dark").body;
    ASSERT_FALSE(usual == dark);
    const auto missing = [this](std::string_view more) {
        const std::string_view where = "/graph?address=10.0.0.1&plugin_identifier=base&graph=none";
        const Response response = get(fmt::format("{}{}", where, more));
        EXPECT_EQ(response.status, 404) << more;
        return response.body;
    };
    const std::string usual_message = missing("");
    const std::string dark_message = missing("&theme=dark");
    ASSERT_FALSE(usual_message == dark_message);
    config_->theme = "dark";
    make_site();
    EXPECT_TRUE(graph("").body == dark);
    EXPECT_TRUE(graph("&theme=kurado").body == usual);
    EXPECT_TRUE(missing("") == dark_message);
    EXPECT_TRUE(missing("&theme=kurado") == usual_message);
}

TEST_F(Graph, HasSeveralTimesThePixelsWithAScale) {
    const render::ImageSize usual = png_size(graph("").body);
    for (const int scale : {2, 4}) {
        const std::string with_scale = fmt::format("&scale={}", scale);
        const render::ImageSize large = png_size(graph(with_scale).body);
        EXPECT_EQ(large.width_px, scale * usual.width_px);
        EXPECT_EQ(large.height_px, scale * usual.height_px);
        const Response error = get(fmt::format(
            "/graph?address=10.0.0.1&plugin_identifier=base&graph=nothing{}", with_scale));
        EXPECT_EQ(error.status, 404);
        EXPECT_EQ(png_size(error.body).width_px % scale, 0);
        EXPECT_GT(png_size(error.body).width_px, scale * 460);
    }
}

TEST_F(Graph, MayBeADrawing) {
    const Response svg = graph("&format=svg");
    EXPECT_EQ(svg.status, 200);
    EXPECT_EQ(svg.content_type, "image/svg+xml");
    EXPECT_THAT(svg.body, testing::StartsWith("<?xml"));
    EXPECT_THAT(header_of(svg, "Content-Security-Policy"), HasSubstr("sandbox"));
    EXPECT_EQ(graph("&format=svg&scale=2").body, svg.body);
    const render::ImageSize size = png_size(graph("").body);
    EXPECT_THAT(svg.body, HasSubstr(fmt::format(R"(width="{}px" height="{}px")", size.width_px,
                                                size.height_px)));
    EXPECT_EQ(graph("&format=pdf").content_type, "application/pdf");
    EXPECT_THAT(graph("&format=pdf").body, testing::StartsWith("%PDF-"));
    EXPECT_EQ(graph("&format=eps").content_type, "application/postscript");
    EXPECT_THAT(graph("&format=eps").body, testing::StartsWith("%!PS-Adobe-3.0 EPSF"));
    EXPECT_EQ(graph("&format=png").body, graph("").body);
}

TEST_F(Graph, EveryTermIsDrawn) {
    for (const TermRule& rule : term_rules()) {
        EXPECT_EQ(graph(fmt::format("&term={}", rule.name)).status, 200) << rule.name;
    }
    EXPECT_EQ(graph("&term=custom&from=2026-01-01&to=1767312000").status, 200);
    EXPECT_EQ(graph("&term=custom&to=2020-01-01").status, 200);
    EXPECT_EQ(graph("&term=custom&from=1980-01-01").status, 200);
    EXPECT_EQ(graph("&term=custom&to=1980-01-01").status, 200);
}

struct RefusedGraph {
    std::string target;
    int status;
    const char* named;
};

TEST_F(Graph, UnusableParametersAreATextThatNamesThem) {
    const std::string cpu(kCpuGraph);
    for (const RefusedGraph& refused : {
             RefusedGraph{"/graph", 400, "address"},
             RefusedGraph{"/graph?address=10.0.0.1", 400, "plugin_identifier"},
             RefusedGraph{"/graph?address=10.0.0.1&plugin_identifier=base", 400, "graph"},
             RefusedGraph{"/graph?address=10.9.9.9&plugin_identifier=base&graph=cpu", 404,
                          "address"},
             RefusedGraph{cpu + "&graph=cpu", 400, "graph"},
             RefusedGraph{cpu + "&width=0", 400, "width"},
             RefusedGraph{cpu + "&width=4001", 400, "width"},
             RefusedGraph{cpu + "&width=-1", 400, "width"},
             RefusedGraph{cpu + "&width=1e3", 400, "width"},
             RefusedGraph{cpu + "&width=460px", 400, "width"},
             RefusedGraph{cpu + "&width=99999999999999999999", 400, "width"},
             RefusedGraph{cpu + "&width=400&width=400", 400, "width"},
             RefusedGraph{cpu + "&legend=maybe", 400, "legend"},
             RefusedGraph{cpu + "&legend_height=-1", 400, "legend_height"},
             RefusedGraph{cpu + "&legend_height=2001", 400, "legend_height"},
             RefusedGraph{cpu + "&layout=xml", 400, "layout"},
             RefusedGraph{cpu + "&scale=0", 400, "scale"},
             RefusedGraph{cpu + "&scale=5", 400, "scale"},
             RefusedGraph{cpu + "&height=2001", 400, "height"},
             RefusedGraph{cpu + "&size=huge", 400, "size"},
             RefusedGraph{cpu + "&tz=Mars/Olympus", 400, "tz"},
             RefusedGraph{cpu + "&format=csv", 400, "format"},
             RefusedGraph{cpu + "&term=custom&from=-60y", 400, "from"},
             RefusedGraph{cpu + "&term=custom&from=soon", 400, "from"},
             RefusedGraph{cpu + "&term=custom&to=start%2B1h&from=end-1h", 400, "from"},
             RefusedGraph{cpu + "&term=custom&to=later", 400, "to"},
             RefusedGraph{cpu + "&scale=1.5", 400, "scale"},
             RefusedGraph{cpu + "&format=SVG", 400, "format"},
             RefusedGraph{cpu + "&format=json", 400, "format"},
             RefusedGraph{cpu + "&term=forever", 400, "term"},
             RefusedGraph{cpu + "&term=custom&from=2026-01-02&to=2026-01-01", 400, "from"},
             RefusedGraph{cpu + "&term=custom&from=now", 400, "from"},
             RefusedGraph{cpu + "&term=custom&from=1979-12-31", 400, "from"},
             RefusedGraph{cpu + "&term=custom&from=20251231", 400, "from"},
             RefusedGraph{cpu + "&term=custom&to=2105-01-01", 400, "to"},
             RefusedGraph{cpu + "&compare=yesteryear", 400, "parameter compare - "},
             RefusedGraph{cpu + "&compare=-60y", 400, "compare"},
             RefusedGraph{cpu + "&compare=-1w&compare=-2w", 400, "compare"},
             RefusedGraph{cpu + "&compare=-1w&compare_align=moon", 400,
                          "parameter compare_align - "},
             RefusedGraph{cpu + "&compare_align=clock", 400, "compare"},
             RefusedGraph{cpu + "&mark=soon", 400, "mark"},
             RefusedGraph{cpu + "&band=end-2h:end-1h", 400, "band"},
             RefusedGraph{cpu + "&theme=pink", 400, "theme"},
             RefusedGraph{cpu + "&lower=nan", 400, "parameter lower - 'nan'"},
             RefusedGraph{cpu + "&upper=9k", 400, "parameter upper - '9k'"},
             RefusedGraph{cpu + "&lower=5&upper=5", 400, "parameter upper must be more than lower"},
             RefusedGraph{cpu + "&upper=5&upper=6", 400, "upper"},
             RefusedGraph{cpu + "&palette=pink", 400, "palette"},
         }) {
        const Response response = get(refused.target);
        EXPECT_EQ(response.status, refused.status) << refused.target;
        EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
        EXPECT_THAT(response.body, HasSubstr(refused.named)) << refused.target;
        EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
    }
}

TEST_F(Graph, WhatCannotBeDrawnIsAPictureOfTheReason) {
    const auto expect_picture = [this](const std::string& target, int status) {
        const Response response = get(target);
        EXPECT_EQ(response.status, status) << target;
        EXPECT_EQ(response.content_type, "image/png") << target;
        EXPECT_GT(png_size(response.body).width_px, 460) << target;
        EXPECT_EQ(header_of(response, "Cache-Control"), "no-store") << target;
    };
    const std::string on_1 = "/graph?address=10.0.0.1";
    const std::string on_2 = "/graph?address=10.0.0.2";
    expect_picture(on_1 + "&plugin_identifier=base&graph=nothing", 404);
    expect_picture(on_1 + "&plugin_identifier=base&graph=../../etc/passwd", 404);
    expect_picture(on_1 + "&plugin_identifier=../base&graph=cpu", 404);
    expect_picture(on_1 + "&plugin_identifier=other&graph=mine", 404);  // not on its roll
    expect_picture(on_2 + "&plugin_identifier=other&graph=broken", 400);
    store_.damaged_hosts = {"10.0.0.1"};
    expect_picture(std::string(kCpuGraph), 500);
}

// The size follows from the request: one graph has many texts in its legend, the other none.
TEST_F(Graph, TheLegendsRoomCanBeGiven) {
    const std::string other = "/graph?address=10.0.0.2&plugin_identifier=other&graph=mine";
    for (const std::string more : {"&legend=off", "&legend_height=40", "&legend_height=0",
                                   "&legend=off&width=700", "&legend_height=90&width=120"}) {
        const auto size = png_size(graph(more).body);
        EXPECT_EQ(png_size(get(other + more).body), size) << more;
        EXPECT_EQ(png_size(graph(more + "&term=year").body), size) << more;
    }
    EXPECT_EQ(png_size(graph("&legend_height=90").body).height_px,
              png_size(graph("&legend_height=40").body).height_px + 50);
    EXPECT_EQ(graph("&legend=on").body, graph("").body);
}

TEST_F(Graph, LayoutIsJsonOfTheSamePicture) {
    const Response response = graph("&layout=json&legend_height=40");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    const auto size = png_size(graph("&legend_height=40").body);
    EXPECT_THAT(response.body, HasSubstr(fmt::format(R"("image":{{"width":{},"height":{}}})",
                                                     size.width_px, size.height_px)));
    EXPECT_THAT(response.body, HasSubstr(R"("legend":[{"text":)"));
    EXPECT_EQ(header_of(response, "Cache-Control"), header_of(graph(""), "Cache-Control"));
    EXPECT_EQ(graph("&layout=json&legend_height=40&scale=3").body, response.body);
    const Response missing =
        get("/graph?address=10.0.0.1&plugin_identifier=base&graph=nothing&layout=json");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.content_type, "text/plain; charset=utf-8");
}

TEST_F(Graph, MissingSeriesAreDrawnAsUnknown) {
    EXPECT_EQ(get("/graph?address=10.0.0.2&plugin_identifier=other&graph=mine").status, 200);
}

TEST_F(Graph, OtherHostsAreReadOnlyWhenConfigured) {
    const std::string target = "/graph?address=10.0.0.2&plugin_identifier=other&graph=";
    const Response theirs = get(target + "theirs");
    const Response stranger = get(target + "stranger");
    EXPECT_EQ(theirs.status, 200);
    EXPECT_NE(theirs.body, stranger.body);
    EXPECT_EQ(stranger.body, get(target + "stranger").body);
    store_.series_values.clear();
    make_site();                                            // which has no pictures yet
    EXPECT_EQ(get(target + "theirs").body, stranger.body);  // as if there were no data
}

TEST_F(Graph, IsCachedUntilTheNextPixel) {
    const auto seconds = [this](std::string_view more) {
        const std::string header = header_of(graph(more), "Cache-Control");
        EXPECT_THAT(header, testing::StartsWith("public, max-age="));
        EXPECT_THAT(header, Not(HasSubstr("immutable")));
        return std::stoll(header.substr(16));
    };
    const auto until_next = [](std::int64_t grid) {
        return grid - kNow.time_since_epoch().count() % grid;
    };
    EXPECT_EQ(seconds(""), until_next(258));                       // 33 hours by 460 pixels
    EXPECT_EQ(seconds("&scale=2"), until_next(129));               // twice as many
    EXPECT_EQ(seconds("&term=1hour&width=1100"), until_next(10));  // rather than 3 s
    EXPECT_EQ(seconds("&term=year"), until_next(300));             // rather than 20 hours
    EXPECT_EQ(seconds("&term=custom&from=2025-12-25&to=2025-12-31"), until_next(300));
    EXPECT_EQ(seconds("&term=custom&from=-9d&to=-7d"), until_next(300));  // of another time later
}

TEST_F(Graph, BeginAndEndAreKeptApart) {
    const Response one = graph("&term=custom&from=-9d%20%2B1d&to=-7d");
    const Response other = graph("&term=custom&from=-9d&to=%2B1d%20-7d");
    EXPECT_EQ(one.status, 200) << one.body;
    EXPECT_EQ(other.status, 200) << other.body;
    EXPECT_NE(one.body, other.body);
}

TEST_F(Graph, WhatLiesInThePastIsAskedForAgainInMinutes) {
    const std::string past = "&term=custom&from=2025-12-01&to=2025-12-02";
    const std::string settled = "public, max-age=300";  // a mark or a name may yet change
    for (const std::string more :
         {"", "&theme=dark", "&upper=5", "&compare=-1w", "&mark=end-2h:deploy", "&from=end-3h"}) {
        std::string target = past + more;
        if (more.starts_with("&from")) target = "&term=custom&to=2025-12-02" + more;
        EXPECT_EQ(header_of(graph(target), "Cache-Control"), settled) << more;
    }
    for (const std::string more : {"&mark=now-1h", "&band=now-2h:now-1h%23ff0000",
                                   "&compare=2026-01-01", "&compare=now-20d"}) {
        EXPECT_NE(header_of(graph(past + more), "Cache-Control"), settled) << more;
    }
}

TEST_F(Graph, AllWithinAPixelSeeTheSamePicture) {
    now_ = store::Time{store::Seconds{258 * 6'850'000}};
    const Response first = graph("");
    EXPECT_EQ(header_of(first, "Cache-Control"), "public, max-age=258");
    store_.series_values[{"10.0.0.1", "base", "loadavg-1.gauge"}] = 7;
    const std::string load = "/graph?address=10.0.0.1&plugin_identifier=base&graph=loadavg-1";
    const Response loaded = get(load);
    store_.series_values[{"10.0.0.1", "base", "loadavg-1.gauge"}] = 9;
    now_ += store::Seconds{257};
    EXPECT_EQ(header_of(graph(""), "Cache-Control"), "public, max-age=1");
    EXPECT_EQ(graph("").body, first.body);
    EXPECT_EQ(get(load).body, loaded.body);
    now_ += store::Seconds{1};
    EXPECT_NE(get(load).body, loaded.body);
    EXPECT_EQ(header_of(graph(""), "Cache-Control"), "public, max-age=258");
}

// Of a range whose pixels are long the newest values are shown all the same.
TEST_F(Graph, ALongPixelIsDrawnAgainWithNewSamples) {
    const std::string load =
        "/graph?address=10.0.0.1&plugin_identifier=base&graph=loadavg-1&term=year";
    const std::string before = get(load).body;
    store_.series_values[{"10.0.0.1", "base", "loadavg-1.gauge"}] = 9;
    EXPECT_EQ(get(load).body, before);
    now_ += store::Seconds{300};
    EXPECT_NE(get(load).body, before);
}

TEST_F(Graph, TheWholePicturesSizeCanBeGiven) {
    for (const std::string more :
         {"", "&legend=0", "&term=year", "&compare=-1d", "&scale=2", "&theme=dark"}) {
        const int scale = more == "&scale=2" ? 2 : 1;
        const auto size = png_size(graph("&size=total&width=600&height=300" + more).body);
        EXPECT_EQ(size.width_px, 600 * scale) << more;
        EXPECT_EQ(size.height_px, 300 * scale) << more;
    }
    const auto usual = png_size(graph("&size=total").body);
    EXPECT_EQ(usual.width_px, 460);
    EXPECT_EQ(usual.height_px, 200);
    EXPECT_EQ(png_size(graph("&size=total&width=300&graph=x").body).width_px, 0);  // twice: a text
    const auto error = png_size(
        get("/graph?address=10.0.0.1&plugin_identifier=base&graph=x&size=total&width=300").body);
    EXPECT_EQ(error.width_px, 300);
    EXPECT_EQ(error.height_px, 200);
    EXPECT_EQ(png_size(graph("&height=150").body).height_px,
              png_size(graph("").body).height_px + 50);
}

TEST_F(Graph, TimesMayBeRrdtools) {
    const std::string dates = "&term=custom&from=2026-01-01T03:04:05&to=2026-01-02T03:04:05";
    EXPECT_EQ(graph("&term=custom&from=end-24h&to=2026-01-02T03:04:05").body, graph(dates).body);
    EXPECT_EQ(graph("&term=custom&from=2026-01-01T03:04:05&to=start%2B24h").body,
              graph(dates).body);
    EXPECT_EQ(graph("&term=custom&from=-24h").body, graph("&term=custom&from=end-1d&to=now").body);
    EXPECT_EQ(graph("&from=-24h").body, graph("&term=custom&from=-24h").body);
    EXPECT_EQ(graph("&from=2026-01-01").body, graph("").body);  // as in Kurado
}

TEST_F(Graph, AZoneSaysWhatDatesMeanAndIsShown) {
    const std::string past = "&term=custom&from=2025-12-01&to=2025-12-02";
    const std::string tokyo = graph(past + "&tz=Asia/Tokyo&layout=json").body;
    EXPECT_THAT(tokyo, HasSubstr(R"("start":1764514800)"));
    EXPECT_THAT(graph(past + "&layout=json").body, HasSubstr(R"("start":1764547200)"));
    EXPECT_NE(graph("&tz=Asia/Tokyo").body, graph("").body);
}

TEST_F(Graph, UnchangedGraphsAreNotSentAgain) {
    Request request{.method = "GET", .path = "/graph"};
    request.parameters = parse_form(kCpuGraph.substr(kCpuGraph.find('?') + 1)).value();
    request.headers.emplace_back("If-None-Match", "W/\"x\", " + header_of(graph(""), "ETag"));
    EXPECT_EQ(site_->answer(request).status, 304);
}

TEST_F(Graph, ASecondRangeAddsToTheLegendAlone) {
    const render::ImageSize usual = png_size(graph("").body);
    const std::string first = graph("&compare=-1w").body;
    EXPECT_EQ(png_size(first).width_px, usual.width_px);
    EXPECT_GT(png_size(first).height_px, usual.height_px);
    EXPECT_EQ(png_size(graph("&compare=2025-12-24T00:00").body), png_size(first));
    EXPECT_EQ(png_size(graph("&compare=-1w&compare_align=start").body), png_size(first));
    EXPECT_EQ(png_size(graph("&compare=1980-06-01").body), png_size(first));
    EXPECT_EQ(graph("&compare=").body, graph("").body);
    store_.damaged_hosts = {"10.0.0.1"};
    make_site();  // which has no pictures yet
    EXPECT_EQ(png_size(graph("").body), usual);
    EXPECT_EQ(png_size(graph("&compare=-1w").body), png_size(first));
}

TEST_F(Graph, TheScalesEndsCanBeGiven) {
    const std::string usual = graph("").body;
    const Response cut = graph("&lower=-5&upper=20.5");
    EXPECT_EQ(cut.status, 200);
    EXPECT_EQ(png_size(cut.body), png_size(usual));
    EXPECT_NE(cut.body, usual);
    EXPECT_THAT(graph("&lower=-5&upper=20.5&layout=json").body,
                HasSubstr(R"("value":{"min":-5,"max":20.5,)"));
    EXPECT_THAT(graph("&upper=7&layout=json").body, HasSubstr(R"("value":{"min":0,"max":7,)"));
}

TEST_F(Graph, MarksBandsThemesAndPalettesKeepItsSize) {
    const std::string usual = graph("").body;
    for (const char* more : {"&mark=end-2h:deploy", "&mark=end-2h:deploy%23ff0000&mark=end-1h",
                             "&band=end-5h:end-3h%23ff0000:night", "&theme=dark", "&theme=light",
                             "&theme=rrdtool", "&palette=safe"}) {
        const Response response = graph(more);
        EXPECT_EQ(response.status, 200) << more;
        EXPECT_EQ(png_size(response.body), png_size(usual)) << more;
        EXPECT_NE(response.body, usual) << more;
    }
    EXPECT_EQ(graph("&theme=kurado").body, usual);
    EXPECT_EQ(graph("&mark=end-3y:outside").body, usual);
}

TEST(GraphArguments, AreKurados) {
    const TimeWindow window = window_until(Term::kWeek, store::Time{store::Seconds{1767323045}});
    const auto arguments = graph_arguments({"CPU Usage[%]", {"DEF:a=x.gauge:n:AVERAGE"}}, window,
                                           {.width_px = 500}, "www1");
    const auto follows = [&](const char* option, const char* value) {
        const auto found = std::ranges::find(arguments, option);
        return found != arguments.end() && *std::next(found) == value;
    };
    EXPECT_TRUE(follows("--start", "1766631845"));
    EXPECT_TRUE(follows("--end", "1767323045"));
    EXPECT_TRUE(follows("--width", "500"));
    EXPECT_TRUE(follows("--height", "100"));
    EXPECT_TRUE(follows("--lower-limit", "0"));
    EXPECT_TRUE(follows("--upper-limit", "2"));
    EXPECT_TRUE(follows("--title", "Week www1"));
    EXPECT_TRUE(follows("--vertical-label", "CPU Usage[%]"));
    EXPECT_TRUE(follows("--x-grid", "DAY:1:DAY:1:DAY:1:86400:%a"));
    EXPECT_TRUE(follows("--theme", "kurado"));
    EXPECT_THAT(arguments, Not(Contains("--rigid")));
    EXPECT_THAT(arguments,
                IsSupersetOf({"TITLE:8:", "AXIS:8:", "LEGEND:8:", "--disable-rrdtool-tag"}));
    EXPECT_EQ(arguments.back(), "DEF:a=x.gauge:n:AVERAGE");
}

}  // namespace
}  // namespace kurabe::server
