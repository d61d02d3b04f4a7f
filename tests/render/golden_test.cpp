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

// ---- A second range ----

Words compared(Words words, const Words& more = {}) {
    words.insert(words.end(), {"--compare", "-1w"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

TEST_F(Golden, ComparedStack) {
    expect_picture("compare-cpu", compared(cpu_graph()));
}

TEST_F(Golden, ComparedAreaAndLine) {
    expect_picture("compare-traffic", compared(traffic_graph()));
    expect_picture("compare-traffic-wide", compared(traffic_graph(), {"-w", "1100"}));
}

TEST_F(Golden, ComparedMemory) {
    expect_picture("compare-memory", compared(memory_graph()));
}

// The second range, not the first, has the gap.
TEST_F(Golden, ComparedLinesWithAGap) {
    Words words = page_options();
    words.insert(
        words.end(),
        {"-v", "Load Average", "-t", "Day web01.example.com", "-E", "-s", "1700276400", "-e",
         "1700308800", "--compare", "1700146800", "DEF:one=load1:n:AVERAGE",
         "CDEF:five=one,1800,TREND", "LINE1:one#CC0000:1 min ", "GPRINT:one:AVERAGE:Ave\\:%6.2lf",
         "GPRINT:one:MAX:Max\\:%6.2lf\\l", "LINE2:five#000080:30 min",
         "GPRINT:five:AVERAGE:Ave\\:%6.2lf", "GPRINT:five:MAX:Max\\:%6.2lf\\l"});
    expect_picture("compare-lines", words);
}

// ---- Marks, bands, themes ----

Words with(Words words, const Words& more) {
    std::erase_if(words, [](const std::string& word) { return word == "--color"; });
    std::erase_if(words, [](const std::string& word) {
        return word.find('#') != std::string::npos && word.find(':') == std::string::npos;
    });
    words.insert(words.begin(), more.begin(), more.end());
    return words;
}

TEST_F(Golden, MarksAndBands) {
    expect_picture("marks", with(traffic_graph(),
                                 {"--theme", "kurado", "--mark", "20231116 12\\:30:deploy 3.2",
                                  "--mark", "20231116 13\\:10:rollback#0000a0", "--mark",
                                  "end-1h:a long word at the end", "--mark", "end-8h", "--band",
                                  "20231116 22\\:00:20231117 06\\:00#6070c0:night", "--band",
                                  "start-1h:start+2h#c06000:backup"}));
}

TEST_F(Golden, GivenEndsOfTheScale) {
    expect_picture("clipped", with(traffic_graph(), {"--theme", "kurado", "--clip-below", "1e7",
                                                     "--clip-above", "65000000"}));
}

TEST_F(Golden, DarkStackOfAllColours) {
    expect_picture("dark-cpu-safe",
                   with(cpu_graph(), {"--theme", "dark", "--palette", "safe", "--border", "0"}));
}

TEST_F(Golden, DarkWithOwnColoursAndASecondRange) {
    expect_picture("dark-memory-compared",
                   with(memory_graph(), {"--theme", "dark", "--compare", "-1d", "--mark",
                                         "end-4h:deploy", "--band", "end-20h:end-15h#8090ff"}));
}

TEST_F(Golden, LightLines) {
    expect_picture("light-lines", with(page_options(), {"--theme",
                                                        "light",
                                                        "--palette",
                                                        "safe",
                                                        "-v",
                                                        "Load",
                                                        "-t",
                                                        "Load",
                                                        "-s",
                                                        "1700276400",
                                                        "-e",
                                                        "1700308800",
                                                        "--compare",
                                                        "-1d",
                                                        "DEF:a=x1:n:AVERAGE",
                                                        "DEF:b=y22:n:AVERAGE",
                                                        "CDEF:c=a,1800,TREND",
                                                        "CDEF:d=b,1800,TREND,0.7,*",
                                                        "LINE1:c#111:one",
                                                        "LINE1:d#222:two"}));
}

// The lowest layer misses one hour, the upper one another, and single values stand between gaps.
TEST_F(Golden, GapsOfAStack) {
    for (const char* mode : {"steps", "slope"}) {
        Words words = {"--theme",
                       "kurado",
                       "-s",
                       "1700276400",
                       "-e",
                       "1700308800",
                       "-w",
                       "420",
                       "DEF:a=user:n:AVERAGE",
                       "DEF:b=system:n:AVERAGE",
                       "CDEF:low=TIME,1700284000,1700287600,LIMIT,UN,a,UNKN,IF",
                       "CDEF:high=TIME,1700293000,1700296600,LIMIT,UN,b,UNKN,IF",
                       "CDEF:sparse=a,POP,TIME,7200,%,600,LT,70,UNKN,IF",
                       "AREA:low#00C000:low",
                       "AREA:high#0000C0:high:STACK",
                       "LINE2:sparse#c00000:sparse"};
        if (mode == std::string("slope")) words.emplace_back("-E");
        expect_picture(std::string("gaps-") + mode, words);
    }
}

TEST_F(Golden, NoDataInTheDark) {
    expect_picture("no-data-dark", {"--theme", "dark", "-w", "420", "-s", "-1d", "-v", "Load",
                                    "DEF:a=user:n:AVERAGE", "CDEF:b=a,UNKN,*", "AREA:b#00C000:Load",
                                    "GPRINT:b:LAST:Cur\\:%6.2lf\\l"});
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
