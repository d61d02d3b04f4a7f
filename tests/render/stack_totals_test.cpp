// The rows of stacks' totals in the legend of a graph with a second range.
#include "render/stack_totals.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/render/comparison_test.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render {
namespace {

using testing::epoch;
using testing::kStart;
using testing::TimeSource;
using testing::Words;

// "Total: 5.0 | B (A +25 %): 4.0", a line for each stack.
Words totals_of(const EvaluatedGraph& graph) {
    Words lines;
    for (const LegendEntry& entry : graph.legend) {
        if (!entry.total) continue;
        const auto text = fmt::format("{} | {}", entry.text, entry.compared->text);
        if (entry.total->name_of) {
            lines.push_back(text);
        } else {
            lines.back() += "; " + text;
        }
    }
    return lines;
}

class StackTotals : public testing::ComparisonTest {};

// A stack of 60 and of a value that halves from A to B and is unknown for a while in both.
const Words kStack = {"-s",
                      "1700000100",
                      "-e",
                      "1700003700",
                      "--compare",
                      "1600000200",
                      "DEF:t=x:n:AVERAGE",
                      "CDEF:a=t,POP,60",
                      "CDEF:b=t,3600,%,900,LT,UNKN,t,1650000000,GT,40,20,IF,IF",
                      "AREA:a#f00:a:",
                      "GPRINT:a:LAST: Cur %.1lf"};

// The numbers of a stack's total are those that a GPRINT of the layers' sum has.
TEST_F(StackTotals, TotalsOfStacksHaveTheNumbersOfTheirSum) {
    constexpr Seconds kWeek{7 * 86400};
    const auto texts = [&](const Words& words, const Words& more) {
        const auto graph = evaluated(with(words, more), source_);
        Words last;
        for (std::size_t i = graph.legend.size() - 3; i < graph.legend.size(); ++i) {
            last.push_back(graph.legend[i].text);
        }
        return last;
    };
    const Words memory = testing::memory_graph();
    const Words sum = {
        "CDEF:sum=used,buffers,cached,free,+,+,+", "GPRINT:sum:LAST:Cur\\:%6.1lf%sByte",
        "GPRINT:sum:AVERAGE:Ave\\:%6.1lf%sByte", "GPRINT:sum:MAX:Max\\:%6.1lf%sByte"};
    const Words first = texts(memory, sum);
    const Words second = texts(
        memory, with({"-s", epoch(kStart - kWeek), "-e", epoch(testing::kSampleEnd - kWeek)}, sum));
    const auto lines = totals_of(evaluated(with({"--compare", "start-1w"}, memory), source_));
    ASSERT_EQ(lines.size(), 1);
    EXPECT_EQ(lines[0], fmt::format("Total | B (A -0.0 %); {} | {}; {} | {}; {} | {}", first[0],
                                    second[0], first[1], second[1], first[2], second[2]));
    EXPECT_EQ(first[0], "Cur:  15.2GByte");
}

// Where a layer is unknown the total is that of the others; prints are those of the highest layer
// that has any.
TEST_F(StackTotals, TotalsCountWhatIsKnown) {
    const auto totals = [&](const Words& more) {
        return totals_of(evaluated(with(kStack, more), TimeSource()));
    };
    EXPECT_EQ(totals({"AREA:b#0f0:b:STACK", "GPRINT:b:LAST:%.1lf", "GPRINT:b:MIN:%.0lf\\l"}),
              Words{"Total | B (A  +21 %); 100.0 | 80.0; 60 | 60"});
    EXPECT_EQ(totals({"AREA:b#0f0:b:STACK", "GPRINT:t:LAST:%.1lf"}),
              Words{"Total | B (A  +21 %);  Cur 100.0 |  Cur 80.0"});
    EXPECT_EQ(
        totals({"AREA:b#0f0:b:STACK", "COMMENT:x", "TEXTALIGN:left", "SHIFT:t:900",
                "PRINT:b:MAX:%.0lf", "GPRINT:b:LAST:%.1lf", "TICK:b#f00", "GPRINT:b:MIN:%.0lf"}),
        Words{"Total | B (A  +21 %); 100.0 | 80.0"});
    EXPECT_EQ(totals({"VDEF:top=b,MAXIMUM", "VDEF:of_t=t,MAXIMUM", "AREA:b#0f0:b:STACK",
                      "GPRINT:of_t:%.1lf", "GPRINT:top:top %.1lf", "GPRINT:top:%s:strftime"}),
              (Words{"Total | B (A  +21 %); top 100.0 | top 80.0; 1700001000 | 1600001100"}));
}

// Rows of 900, 1800 and 2700 s: the sum's are as long as the largest step that divides them.
TEST_F(StackTotals, RowsOfTotalsAreThoseOfACdef) {
    const Words series = {"-s",
                          "1700000100",
                          "-e",
                          "1700045700",
                          "DEF:one=x:n:AVERAGE",
                          "DEF:two=x:n:AVERAGE:step=1800",
                          "DEF:three=x:n:AVERAGE:step=2700",
                          "CDEF:a=one,7200,%,1800,LT,UNKN,one,9000,%,IF",
                          "CDEF:b=two,7000,%",
                          "CDEF:c=three,11000,%"};
    const auto numbers_of = [&](const std::string& name, const Words& more) {
        Words words = with(series, more);
        for (const char* cf : {"AVERAGE", "MIN", "MAX", "LAST"}) {
            words.push_back(fmt::format("GPRINT:{}:{}:%.3lf", name, cf));
        }
        return with(words, {fmt::format("VDEF:sum={},TOTAL", name), "GPRINT:sum:%.3lf"});
    };
    const auto expect_same = [&](const Words& stack, const std::string& name,
                                 const std::string& sum) {
        const auto total =
            evaluated(with({"--compare", "-1w"}, numbers_of(name, stack)), TimeSource());
        const auto cdef = evaluated(numbers_of("s", {"CDEF:s=" + sum}), TimeSource());
        Words of_total;
        Words of_cdef;
        for (const LegendEntry& entry : total.legend) {
            if (entry.total && !entry.total->name_of) of_total.push_back(entry.text);
        }
        for (const LegendEntry& entry : cdef.legend) of_cdef.push_back(entry.text);
        EXPECT_EQ(of_cdef.size(), 5U);
        EXPECT_EQ(of_total, of_cdef);
    };
    expect_same({"AREA:b#f00", "AREA:c#0f0:c:STACK"}, "c", "b,c,ADDNAN");
    expect_same({"AREA:c#f00", "AREA:b#0f0:b:STACK"}, "b", "c,b,ADDNAN");
    expect_same({"AREA:a#f00", "AREA:b#00f::STACK", "AREA:c#0f0:c:STACK"}, "c",
                "a,b,ADDNAN,c,ADDNAN");
}

TEST_F(StackTotals, TotalsAreNumberedAndOfStacksWithALegendOnly) {
    const auto totals = [&](const Words& more) {
        const auto graph = evaluated(
            with({"-s", "1700000100", "-e", "1700003700", "--compare", "1600000200",
                  "DEF:t=x:n:AVERAGE", "CDEF:a=t,POP,60", "CDEF:b=t,1650000000,GT,40,20,IF",
                  "DEF:c=x:n:AVERAGE:step=1800", "CDEF:d=c,POP,7", "VDEF:e=b,AVERAGE"},
                 more),
            TimeSource());
        return totals_of(graph);
    };
    EXPECT_EQ(totals({"AREA:a#f00:a", "AREA:b#0f0:b:STACK", "LINE:a#f00", "LINE:b#f00:b:STACK"}),
              (Words{"Total 1 | B (A  +25 %);   100.00  |    80.00 ",
                     "Total 2 | B (A  +25 %);   100.00  |    80.00 "}));
    // Longer rows and statistics count in each row; bare lines, too.
    EXPECT_EQ(totals({"LINE:b", "AREA:d#f00:d:STACK", "LINE1:e#123::STACK", "LINE1:3#f00::STACK"}),
              (Words{"Total | B (A  +80 %);    90.00  |    50.00 "}));
    EXPECT_EQ(totals({"AREA:a#f00", "AREA:b#0f0::STACK"}), Words());
    EXPECT_EQ(totals({"AREA:5#f00:five", "AREA:6#0f0:six:STACK"}), Words());
    EXPECT_EQ(totals({"LINE1:a::", "LINE1:b::STACK"}), Words());
    // Numbers have no rows to add up.
    EXPECT_EQ(totals({"AREA:e#f00:e", "AREA:e#0f0:e:STACK", "AREA:6#00f:six:STACK"}), Words());
    const auto bare = evaluated(with(kStack, {"AREA:b#0f0", "AREA:b#00f::STACK"}), TimeSource());
    ASSERT_TRUE(bare.comparison->title.line.has_value());
    EXPECT_EQ(bare.comparison->lines[*bare.comparison->title.line].kind,
              ComparedLine::Kind::kTotal);
}

// A VDEF's own number says nothing of the sum's rows.
TEST_F(StackTotals, ALayerThatIsANumberHasNoneForTheTotal) {
    const Words layers = {"VDEF:m=b,AVERAGE", "AREA:m#0f0:m:STACK", "GPRINT:m:m %.1lf"};
    EXPECT_EQ(totals_of(evaluated(with(kStack, layers), TimeSource())),
              Words{"Total | B (A  +25 %);  Cur 100.0 |  Cur 80.0"});
    const Words alone(kStack.begin(), kStack.end() - 1);
    EXPECT_EQ(totals_of(evaluated(with(alone, layers), TimeSource())),
              Words{"Total | B (A  +25 %);   100.00  |    80.00 "});
}

TEST_F(StackTotals, TotalsHaveALimit) {
    Words words = kStack;
    for (int i = 0; i < 100; ++i) words.emplace_back("GPRINT:a:MAX:%.0lf");
    for (int i = 0; i < 100; ++i) {
        words.insert(words.end(), {"AREA:a#f00:a", "AREA:b#0f0::STACK"});
    }
    const auto totals = totals_of(evaluated(with(words, {"AREA:b#00f::STACK"}), TimeSource()));
    EXPECT_EQ(totals.size(), kTotalsMax);
    const auto one = totals_of(evaluated(
        with(Words(words.begin(), words.begin() + 110), {"AREA:b#00f::STACK"}), TimeSource()));
    ASSERT_EQ(one.size(), 1);
    EXPECT_EQ(std::ranges::count(one.front(), ';'), kTotalPrintsMax);
}

// A row for each second.
class LongSource final : public SeriesSource {
  public:
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference&, const store::FetchRequest& request) const override {
        store::FetchedSeries series{
            .start = request.start, .end = request.end, .step = Seconds{1}, .values = {}};
        series.values.resize(static_cast<std::size_t>((series.end - series.start).count()), 1);
        return series;
    }
};

TEST_F(StackTotals, TotalsHaveABudget) {
    const auto message = [&](int stacks, const Words& stack) {
        Words words = {"-s", "1700000000", "-e", "1700000400", "--compare", "-1w"};
        words.insert(words.end(), {"DEF:a=x:n:AVERAGE:start=1699700000", "VDEF:p=a,95,PERCENT"});
        for (int i = 0; i < stacks; ++i) words = with(std::move(words), stack);
        const auto graph =
            render::evaluate(parse(words).value(), LongSource(), testing::kSampleEnd, zone_);
        return graph ? "" : graph.error().message;
    };
    Words stack = {"AREA:a#f00:a", "AREA:a#0f0::STACK"};
    EXPECT_EQ(message(20, stack), "");
    const Words prints(20, "GPRINT:p:%.0lf");
    const Words sorting = with(with({"AREA:a#f00:a"}, prints), {"AREA:a#0f0::STACK"});
    const std::string refused = "total of a stack: this graph costs too much to compute";
    EXPECT_EQ(message(1, sorting), "");
    EXPECT_TRUE(message(20, sorting).starts_with(refused)) << message(20, sorting);
    for (int i = 0; i < 90; ++i) stack.emplace_back("AREA:1#0f0::STACK");
    EXPECT_TRUE(message(20, stack).starts_with(refused)) << message(20, stack);
}

// A total's row is like those of its layers, in whatever font, and never over another.
TEST_F(StackTotals, TotalsStandInTheColumnsOfTheirLayers) {
    const Words words = {"--font",
                         "LEGEND:8:DejaVu Sans",
                         "AREA:a#f00:平均値 of them",
                         "GPRINT:a:LAST:Cur %5.1lf",
                         "GPRINT:a:MAX:Max %5.1lf\\u",
                         "AREA:b#0f0:平均値 of them:STACK",
                         "GPRINT:b:LAST:Cur %5.1lf",
                         "GPRINT:b:MAX:Max %5.1lf\\s"};
    const auto graph = rendered(with(Words(kStack.begin(), kStack.end() - 2), words), TimeSource());
    std::set<int> columns;
    std::set<int> bottoms;
    for (const RenderedText& text : graph.legend) {
        if (text.text.starts_with("Cur")) columns.insert(text.box.left);
        if (text.text.starts_with("  Total")) bottoms.insert(text.box.bottom);
        if (text.text.starts_with("  B: ")) bottoms.insert(text.box.bottom);
    }
    EXPECT_EQ(columns.size(), 1U);
    ASSERT_EQ(bottoms.size(), 2U);
    EXPECT_GT(*bottoms.rbegin() - *bottoms.begin(), 20);
    EXPECT_LE(graph.legend.back().box.bottom, graph.size.height_px);
}

// Also where the last text of the definition goes back up over others, or half a line.
TEST_F(StackTotals, TotalsStandBelowAllOtherTexts) {
    for (const char* last : {"\\u", "\\s", "\\l", ""}) {
        const auto graph =
            rendered(with(kStack, {"COMMENT:\\l", "AREA:b#0f0:b:STACK",
                                   "GPRINT:b:LAST:one %.1lf\\l", "GPRINT:b:MAX:two %.1lf\\l",
                                   std::string("GPRINT:b:MIN:last %.1lf") + last}),
                     TimeSource());
        int lowest = 0;
        int total = 0;
        for (const RenderedText& text : graph.legend) {
            if (text.text.starts_with("  Total")) total = text.box.top;
            if (total == 0) lowest = std::max(lowest, text.box.bottom);
        }
        EXPECT_GE(total, lowest) << last;
        for (const RenderedText& text : graph.legend) {
            for (const RenderedText& other : graph.legend) {
                if (&text == &other || text.box.bottom <= lowest || other.box.bottom <= lowest) {
                    continue;
                }
                EXPECT_TRUE(text.box.right <= other.box.left || other.box.right <= text.box.left ||
                            text.box.bottom <= other.box.top || other.box.bottom <= text.box.top)
                    << text.text << " / " << other.text;
            }
        }
    }
}

}  // namespace
}  // namespace kurabe::render
