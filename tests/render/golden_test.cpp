// Pictures of the pages and what only they show: messages, and graphs of no data. Those of other
// front ends are in tests/gallery/.
#include "tests/support/golden.hpp"

#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/renderer.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render::testing {
namespace {

using Words = std::vector<std::string>;

class Golden : public ::testing::Test {
  protected:
    void expect_picture(const std::string& name, const Words& words) {
        const auto tokyo = store::TimeZone::locate("Asia/Tokyo").value();
        const auto definition = parse_graph(words, kSampleEnd, tokyo);
        ASSERT_TRUE(definition.has_value()) << definition.error().message;
        const auto graph = renderer_.render(*definition, source_, kSampleEnd, tokyo);
        ASSERT_TRUE(graph.has_value()) << graph.error().message;
        tests::expect_golden(name, graph->bytes);
    }

    Renderer renderer_;
    InventedSource source_;
};

TEST_F(Golden, CpuStack) {
    expect_picture("cpu", cpu_graph());
}

TEST_F(Golden, TrafficAreaAndLine) {
    expect_picture("traffic", traffic_graph());
}

TEST_F(Golden, TrafficInSlopeMode) {
    Words words = traffic_graph();
    words.insert(words.begin(), "--slope-mode");
    expect_picture("traffic-slope", words);
}

TEST_F(Golden, Memory) {
    expect_picture("memory", memory_graph());
}

TEST_F(Golden, JapaneseTexts) {
    Words words = {"-s",
                   "1700071200",
                   "-e",
                   "1700190000",
                   "-t",
                   "平均負荷 サーバー東京 (今日)",
                   "-v",
                   "使用率 [%]",
                   "DEF:a=user:n:AVERAGE",
                   "AREA:a#4682B4:受信バイト",
                   "GPRINT:a:AVERAGE:平均 %6.2lf%s\\l",
                   "LINE1:a#b78795:予測:dashes=4,6",
                   "HRULE:40#c00000:しきい値:dashes=6,3",
                   "VRULE:1700100000#008000:再起動\\r"};
    expect_picture("japanese", words);
}

TEST_F(Golden, NoData) {
    Words words = page_options();
    words.insert(words.end(),
                 {"-v", "Load Average", "-t", "Day web01.example.com", "DEF:a=user:n:AVERAGE",
                  "CDEF:b=a,UNKN,*", "AREA:b#00C000:Load", "GPRINT:b:LAST:Cur\\:%6.2lf\\l"});
    expect_picture("no-data", words);
}

TEST_F(Golden, NegativeTranslucentAndTicks) {
    Words words = {"-s",
                   "1700071200",
                   "-e",
                   "1700190000",
                   "-A",
                   "-W",
                   "watermark",
                   "DEF:a=rx:n:AVERAGE",
                   "DEF:b=tx:n:AVERAGE",
                   "CDEF:n=b,-1,*",
                   "CDEF:t=a,8000000,GT",
                   "AREA:a#00C00080:in",
                   "AREA:n#0000FF80:out",
                   "LINE3:b#f08000:thick",
                   "TICK:t#ff0000:-0.05:busy",
                   "TEXTALIGN:center",
                   "COMMENT:left\\tright\\n"};
    expect_picture("translucent", words);
}

TEST_F(Golden, MessageOfAnError) {
    const auto bytes = renderer_.message_picture(
        {497, 150}, "Day web01.example.com CPU使用率",
        "series 'web01/base/cpu-user.derive' was not found: no data has been received from this "
        "host within the last 30 days, or its archive was removed by hand");
    ASSERT_TRUE(bytes.has_value());
    tests::expect_golden("message", *bytes);
}

}  // namespace
}  // namespace kurabe::render::testing
