// A second range in the same graph: its numbers are those of a graph of that range, and both fit.
#include "render/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"
#include "render/layout.hpp"
#include "render/renderer.hpp"
#include "render/value_range.hpp"
#include "tests/render/comparison_test.hpp"
#include "tests/render/sample_graphs.hpp"

namespace kurabe::render {
namespace {

using testing::epoch;
using testing::kStart;
using testing::TimeSource;
using testing::Words;

bool is_of_definition(const LegendEntry& entry) {
    return !entry.total;
}

// The same values at all times.
class FlatSource final : public SeriesSource {
  public:
    explicit FlatSource(Time known_from) : known_from_(known_from) {}
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference&, const store::FetchRequest& request) const override {
        constexpr Seconds kRow{60};
        store::FetchedSeries series{
            .start = request.start, .end = request.end + kRow, .step = kRow, .values = {}};
        for (Time time = series.start; time < series.end; time += kRow) {
            series.values.push_back(time < known_from_ ? store::kUnknown : 5);
        }
        return series;
    }

  private:
    Time known_from_;
};

class Comparison : public testing::ComparisonTest {};

TEST_F(Comparison, NumbersAreThoseOfAGraphOfThatRange) {
    constexpr Seconds kWeek{7 * 86400};
    for (const Words& words :
         {testing::cpu_graph(), testing::traffic_graph(), testing::memory_graph()}) {
        const auto both = evaluated(with({"--compare", "start-1w"}, words), source_);
        const auto first = evaluated(words, source_);
        const auto second = evaluated(
            with(words, {"-s", epoch(kStart - kWeek), "-e", epoch(testing::kSampleEnd - kWeek)}),
            source_);
        ASSERT_EQ(std::ranges::count_if(both.legend, is_of_definition), first.legend.size());
        ASSERT_EQ(first.legend.size(), second.legend.size());
        for (std::size_t i = 0; i < first.legend.size(); ++i) {
            EXPECT_EQ(both.legend[i].text, first.legend[i].text);
            ASSERT_TRUE(both.legend[i].compared.has_value());
            if (both.legend[i].swatch) continue;
            EXPECT_EQ(both.legend[i].compared->text, second.legend[i].text);
        }
        ASSERT_TRUE(both.comparison.has_value());
        for (const ComparedLine& line : both.comparison->lines) {
            const bool drawn_by_second =
                std::ranges::any_of(second.drawn, [&line](const Drawn& drawn) {
                    const auto same = [&line](const Columns& columns) {
                        return std::ranges::equal(columns, line.columns, [](Value a, Value b) {
                            return a == b || (std::isnan(a) && std::isnan(b));
                        });
                    };
                    const auto* const own = std::get_if<EvaluatedLine>(&drawn);
                    const auto* const area = std::get_if<EvaluatedArea>(&drawn);
                    return (own != nullptr && same(own->columns)) ||
                           (area != nullptr && same(area->columns));
                });
            EXPECT_TRUE(drawn_by_second || line.kind == ComparedLine::Kind::kTotal);
        }
    }
}

TEST_F(Comparison, LinesAreLinesAreasOutlinesAndStacksTotals) {
    const Words words = {"-s",
                         epoch(kStart),
                         "-e",
                         epoch(testing::kSampleEnd),
                         "--compare",
                         "-1d",
                         "DEF:a=rx:n:AVERAGE",
                         "DEF:b=tx:n:AVERAGE",
                         "DEF:c=user:n:AVERAGE",
                         "AREA:a#f00",
                         "AREA:b#0f0:of b:STACK",
                         "AREA:c#00f",
                         "LINE2:c#ff0:c",
                         "LINE1:b#0ff:b:dashes:skipscale",
                         "AREA:a#f0f",
                         "LINE1:100#000:constant",
                         "LINE1:a",
                         "LINE0:a#123"};
    const auto graph = evaluated(words, source_);
    const auto& lines = graph.comparison->lines;
    ASSERT_EQ(lines.size(), 4);
    EXPECT_EQ(lines[0].kind, ComparedLine::Kind::kTotal);
    // The line along an area's edge has its outline, as a pale line is not seen on the area.
    EXPECT_EQ(lines[1].kind, ComparedLine::Kind::kOutline);
    EXPECT_EQ(lines[1].width_px, 2);
    EXPECT_EQ(lines[1].color, (Color{255, 255, 0}));
    EXPECT_TRUE(lines[2].dashed);
    EXPECT_TRUE(lines[2].skip_scale);
    EXPECT_EQ(lines[3].kind, ComparedLine::Kind::kOutline);
    EXPECT_EQ(graph.comparison->title.line, std::nullopt);  // it has a text of its own
    ASSERT_EQ(graph.legend.size(), 6);
    EXPECT_EQ(graph.legend[4].text, "Total");
    EXPECT_EQ(graph.legend[4].compared->line, 0);
    EXPECT_EQ(graph.legend[0].compared->line, std::nullopt);  // one layer of a stack
    EXPECT_EQ(graph.legend[1].compared->line, 1);
    EXPECT_EQ(graph.legend[2].compared->line, 2);
}

TEST_F(Comparison, ATotalIsKnownWhereAnyLayerIs) {
    const Words words = {"-s",
                         "1700000000",
                         "-e",
                         "1700000600",
                         "-w",
                         "10",
                         "--compare",
                         "-1h",
                         "DEF:t=x:n:AVERAGE",
                         "CDEF:early=t,1699996700,LT,1,UNKN,IF",
                         "CDEF:late=t,1699996500,LT,UNKN,2,IF",
                         "AREA:early#f00",
                         "AREA:late#0f0::STACK"};
    const auto graph = evaluated(words, TimeSource());
    ASSERT_EQ(graph.comparison->lines.size(), 1);
    const Columns& total = graph.comparison->lines[0].columns;
    EXPECT_TRUE(std::ranges::none_of(total, store::is_unknown));
}

TEST_F(Comparison, DifferencesAreReadAtAGlance) {
    EXPECT_EQ(difference_text(121.8, 100), "+22 %");
    EXPECT_EQ(difference_text(101.26, 100), "+1.3 %");
    EXPECT_EQ(difference_text(50, 100), "-50 %");
    EXPECT_EQ(difference_text(0, 100), "-100 %");
    EXPECT_EQ(difference_text(5, 5), "+0.0 %");
    EXPECT_EQ(difference_text(0, 0), "+0.0 %");
    EXPECT_EQ(difference_text(123, 10), "x12");
    EXPECT_EQ(difference_text(1e9, 1), ">x1000");
    EXPECT_EQ(difference_text(1, 0), "+inf %");
    EXPECT_EQ(difference_text(-1, 0), "-inf %");
    EXPECT_EQ(difference_text(-50, -100), "+50 %");
    EXPECT_EQ(difference_text(10, -10), "+200 %");
    EXPECT_EQ(difference_text(store::kUnknown, 1), "");
    EXPECT_EQ(difference_text(1, store::kUnknown), "");
    EXPECT_EQ(difference_text(1e308, -1e-308), "+inf %");
}

TEST_F(Comparison, TheLegendComparesAverages) {
    const Words words = {"-s",
                         epoch(kStart),
                         "-e",
                         epoch(testing::kSampleEnd),
                         "--compare",
                         "-1d",
                         "DEF:a=rx:n:AVERAGE",
                         "CDEF:b=TIME," + epoch(kStart) + ",LT,100,150,IF,a,POP",
                         "CDEF:c=a,POP,TIME," + epoch(kStart) + ",LT,100,150,IF",
                         "LINE1:c#f00:load",
                         "GPRINT:c:AVERAGE:%5.1lf"};
    auto plain = words;
    std::erase_if(plain, [](const std::string& word) { return word.starts_with("CDEF:b"); });
    const auto graph = evaluated(plain, source_);
    EXPECT_EQ(graph.legend[0].compared->text.substr(0, 5), "B (A ");
    EXPECT_EQ(graph.legend[1].text, "150.0");
}

// Kurado's plugins align their numbers by blanks at the beginning of the next text.
TEST_F(Comparison, NumbersAlignedByBlanksStayAligned) {
    const Words words = {"-s",
                         epoch(kStart),
                         "-e",
                         epoch(testing::kSampleEnd),
                         "--compare",
                         "-1d",
                         "DEF:a=rx:n:AVERAGE",
                         "AREA:a#f00:User",
                         "GPRINT:a:AVERAGE:   Cur\\:%6.1le\\l",
                         "LINE1:a#0f0:System",
                         "GPRINT:a:AVERAGE: Cur\\:%6.1le\\l"};
    Canvas canvas("DejaVu Sans Mono");
    const int blank_px =
        canvas.measure(" ", parse(words)->options.fonts[static_cast<std::size_t>(FontTag::kLegend)])
            .width_px;
    std::vector<int> starts;
    for (const RenderedText& text : rendered(words, source_).legend) {
        const std::size_t cur = text.text.find("Cur");
        if (cur == std::string::npos) continue;
        starts.push_back(text.box.left + static_cast<int>(cur) * blank_px);
    }
    ASSERT_EQ(starts.size(), 4U);
    EXPECT_EQ(std::set<int>(starts.begin(), starts.end()).size(), 1U);
}

// ---- Clock ----

TEST_F(Comparison, ColumnsShowTheSameClock) {
    zone_ = store::TimeZone::locate("Europe/Berlin").value();
    const auto at = [this](int month, int day) {
        return zone_.to_time({.year = 2026, .month = month, .day = day});
    };
    const auto columns = [&](Time first, Time end, const Words& more) {
        const Words words = with({"-s", epoch(first), "-e", epoch(end), "-w", "96"}, more);
        const auto graph =
            evaluated(with(words, {"DEF:t=x:n:AVERAGE", "LINE1:t#f00"}), TimeSource());
        return graph.comparison->lines.at(0).columns;
    };
    const auto title = [&](Time first, Time end) {
        const auto graph = evaluated({"-s", epoch(first), "-e", epoch(end), "--compare", "-1w",
                                      "DEF:t=x:n:AVERAGE", "LINE1:t#f00"},
                                     TimeSource());
        return graph.comparison->title.texts.front();
    };
    EXPECT_EQ(title(at(4, 5), at(4, 6)),
              "B: Sun 2026-03-29 00:00 to Mon 2026-03-30 00:00 (-60 min); % of averages");
    EXPECT_EQ(title(at(11, 1), at(11, 2)),
              "B: Sun 2026-10-25 00:00 to Mon 2026-10-26 00:00 (+60 min); % of averages");
    // 24 hours, 96 columns: the 8th to the 11th show 02:00 to 03:00.
    const Columns spring = columns(at(4, 5), at(4, 6), {"--compare", "-1w"});
    for (std::size_t i = 0; i < 96; ++i) {
        EXPECT_EQ(store::is_unknown(spring[i]), i >= 8 && i < 12) << i;
    }
    EXPECT_EQ(spring[12] - spring[7], 900);
    const Columns autumn = columns(at(11, 1), at(11, 2), {"--compare", "-1w"});
    EXPECT_EQ(autumn[12] - autumn[11], 900 + 3600);
    const Columns by_start =
        columns(at(11, 1), at(11, 2), {"--compare", "-1w", "--compare-align", "start"});
    EXPECT_EQ(by_start[12] - by_start[11], 900);
}

// ---- Scale, geometry and texts ----

TEST_F(Comparison, TheScaleCoversBoth) {
    const Words words = {"-s", "1700000000", "-e", "1700003600", "--compare", "1600000000"};
    const auto range = [&](const char* line) {
        return rendered(with(words, {"DEF:t=x:n:AVERAGE", line}), TimeSource());
    };
    EXPECT_LE(range("LINE1:t#f00").value_min, 1.6e9);
    EXPECT_GE(range("LINE1:t#f00").value_max, 1.7e9);
    EXPECT_GT(range("LINE1:t#f00::skipscale").value_min, -1);
    EXPECT_LT(range("LINE1:t#f00::skipscale").value_max, 1e9);
}

TEST_F(Comparison, TheFrameDoesNotDependOnData) {
    for (const Words& words : {testing::cpu_graph(), testing::traffic_graph()}) {
        const auto compared = with({"--compare", "-1d"}, words);
        const auto graph = rendered(compared, source_);
        const auto other = rendered(compared, FlatSource(kStart));
        const auto empty = rendered(compared, FlatSource(testing::kSampleEnd + Seconds{86400}));
        EXPECT_EQ(graph.size, other.size);
        EXPECT_EQ(graph.size, empty.size);
        EXPECT_EQ(graph.plot, rendered(words, source_).plot);
    }
}

// Rows of a line stay in order where lines do not, and "\\u" goes back over both.
TEST_F(Comparison, LinesOfTwoRowsMoveAsOne) {
    const Words words = {"--compare",          "-1d",
                         "DEF:t=x:n:AVERAGE",  "LINE1:t#f00:one\\l",
                         "LINE1:t#0f0:two\\u", "COMMENT:right\\r"};
    const auto bottom_of = [](const RenderedGraph& graph, std::string_view start) {
        const auto found = std::ranges::find_if(graph.legend, [start](const RenderedText& text) {
            return text.text.find(start) != std::string::npos;
        });
        EXPECT_NE(found, graph.legend.end()) << start;
        return found == graph.legend.end() ? 0 : found->box.bottom;
    };
    const auto graph = rendered(words, source_);
    EXPECT_LT(bottom_of(graph, "one"), bottom_of(graph, "two"));
    EXPECT_NEAR(bottom_of(graph, "two"), bottom_of(graph, "right"), 1);
    const auto turned = rendered(with({"--legend-direction", "bottomup"}, words), source_);
    EXPECT_EQ(turned.size, graph.size);
    EXPECT_NEAR(bottom_of(turned, "two"), bottom_of(graph, "one"), 1);
    EXPECT_NEAR(bottom_of(turned, "one"), bottom_of(graph, "two"), 1);
    EXPECT_NEAR(bottom_of(turned, "B: "), bottom_of(graph, "B: "), 1);
}

TEST_F(Comparison, HasTheColumnsOfAFullSizePicturesPlot) {
    const Words words =
        with(testing::traffic_graph(), {"--compare", "-1d", "--full-size-mode", "-w", "500", "-h",
                                        "300", "--legend-position", "east"});
    const auto definition = parse(words).value();
    const auto graph = evaluate(definition, source_, testing::kSampleEnd, store::TimeZone::utc(),
                                [](const EvaluatedGraph& texts) {
                                    EXPECT_TRUE(texts.comparison.has_value());
                                    return 321;
                                });
    ASSERT_TRUE(graph && graph->comparison);
    ASSERT_FALSE(graph->comparison->lines.empty());
    EXPECT_EQ(graph->comparison->lines.front().columns.size(), 321U);
    EXPECT_EQ(rendered(words, source_).size, (ImageSize{500, 300}));
}

TEST_F(Comparison, ALogarithmicScaleCoversBoth) {
    const auto graph = rendered({"-s", "1700000000", "-e", "1700003600", "--compare", "1600000000",
                                 "-o", "DEF:t=x:n:AVERAGE", "LINE1:t#f00"},
                                TimeSource());
    EXPECT_GT(graph.value_min, 0);
    EXPECT_LE(graph.value_min, 1.6e9);
    EXPECT_GE(graph.value_max, 1.7e9);
}

TEST_F(Comparison, TextsOfBothRangesStandBelowEachOther) {
    for (const char* width : {"420", "1100"}) {
        for (const Words& words :
             {testing::cpu_graph(), testing::traffic_graph(), testing::memory_graph()}) {
            const auto graph =
                rendered(with(with({"--compare", "-1w"}, words), {"-w", width}), source_);
            std::size_t pairs = 0;
            for (const RenderedText& text : graph.legend) {
                EXPECT_GE(text.box.left, 0);
                EXPECT_LE(text.box.right, graph.size.width_px);
                EXPECT_LE(text.box.bottom, graph.size.height_px);
                for (const RenderedText& other : graph.legend) {
                    if (&text == &other) continue;
                    pairs += other.box.left == text.box.left && other.box.top == text.box.bottom;
                    EXPECT_FALSE(text.box.left < other.box.right &&
                                 other.box.left < text.box.right &&
                                 text.box.top < other.box.bottom && other.box.top < text.box.bottom)
                        << text.text << " / " << other.text;
                }
            }
            EXPECT_GE(pairs, (graph.legend.size() - 1) / 2);
        }
    }
}

TEST_F(Comparison, SaysWhenThereIsNoData) {
    const auto graph =
        evaluated(with({"--compare", "-1w"}, testing::traffic_graph()), FlatSource(kStart));
    EXPECT_TRUE(graph.comparison->lines.empty());
    EXPECT_TRUE(graph.comparison->title.texts.front().ends_with(": no data"))
        << graph.comparison->title.texts.back();
    EXPECT_EQ(graph.legend[0].compared->text, "B (no data) ");
    EXPECT_TRUE(graph.any_known);
}

TEST_F(Comparison, TheTitleIsAsLongAsThereIsRoom) {
    const auto title = [&](const char* width, const SeriesSource& source,
                           const char* start = "-1d") {
        Words words = with({"--compare", start}, testing::traffic_graph());
        *std::next(std::ranges::find(words, "-w")) = width;
        return rendered(words, source).legend.back().text;
    };
    EXPECT_EQ(title("420", source_),
              "  B: Wed 2023-11-15 03:00 to Thu 2023-11-16 12:00; % of averages");
    EXPECT_EQ(title("330", source_), "  B: Wed 2023-11-15 03:00 to Thu 2023-11-16 12:00");
    EXPECT_EQ(title("280", source_), "  B: 2023-11-15 03:00 to 2023-11-16 12:00");
    EXPECT_EQ(title("200", source_), "  B: 11-15 03:00 to 11-16 12:00");
    const FlatSource flat(kStart);
    EXPECT_EQ(title("280", flat, "-1w"), "  B: 11-09 03:00 to 11-10 12:00: no data");
    EXPECT_EQ(title("100", flat, "-1w"), "  B: no data");
}

TEST_F(Comparison, EqualRangesDrawNothingMore) {
    const auto graph = evaluated(with({"--compare", "start+0"}, testing::cpu_graph()), source_);
    EXPECT_TRUE(graph.comparison->lines.empty());
    EXPECT_EQ(graph.legend[0].compared->text, "B (A +0.0 %)");
}

TEST_F(Comparison, RulesOfStatisticsMoveWithTheRange) {
    const Words words = {"-s",
                         epoch(kStart),
                         "-e",
                         epoch(testing::kSampleEnd),
                         "--compare",
                         "-1d",
                         "DEF:a=rx:n:AVERAGE",
                         "VDEF:m=a,MAXIMUM",
                         "HRULE:m#f00:top",
                         "HRULE:5#0f0:five",
                         "VRULE:m#00f:when"};
    const auto graph = evaluated(words, source_);
    const auto& rules = graph.comparison->rules;
    ASSERT_EQ(rules.size(), 2);
    const auto& moved = std::get<EvaluatedVerticalRule>(rules[1]);
    EXPECT_GE(moved.time, static_cast<double>(kStart.time_since_epoch().count()));
    EXPECT_LE(moved.time, static_cast<double>(testing::kSampleEnd.time_since_epoch().count()));
}

// ---- Hostile ----

TEST_F(Comparison, OddRangesAreDrawnOrRefused) {
    const auto drawn = [this](const char* compare) {
        const auto definition = parse(with({"--compare", compare}, testing::traffic_graph()));
        return definition && renderer_.render(*definition, source_, testing::kSampleEnd, zone_);
    };
    for (const char* compare :
         {"start+0", "start+1h", "-5", "end-1w", "+10y", "19800101", "1600000000", "32000000000",
          "noon yesterday", "2023-11-01T10:00"}) {
        EXPECT_TRUE(drawn(compare)) << compare;
    }
    for (const char* compare : {"", "x", "-60y", "+2000y", "29991231", "-99999999999999999999w",
                                "1e9", "--", "start-1w:"}) {
        EXPECT_FALSE(drawn(compare)) << compare;
    }
    EXPECT_FALSE(drawn(std::string(3000, '1').c_str()));
}

TEST_F(Comparison, MistakesAreNamed) {
    const auto message = [this](const Words& words) {
        const auto definition = parse(with(words, testing::traffic_graph()));
        return definition ? "" : definition.error().message;
    };
    EXPECT_EQ(message({"--compare-align", "clock"}), "option --compare-align needs --compare");
    EXPECT_EQ(message({"--compare", "-1w", "--compare-align", "sun"}),
              "option --compare-align - 'sun' is neither start nor clock");
    EXPECT_EQ(message({"--compare", "-1w", "-a", "CSV"}),
              "option --compare is for pictures, not for exported numbers");
    EXPECT_EQ(message({"--compare", "-60y"}),
              "option --compare - -60y does not begin between 1980 and 3000");
}

TEST_F(Comparison, AnErrorOfTheSecondRangeSaysSo) {
    const auto definition =
        parse({"-s", epoch(kStart), "--compare", "-1w", "DEF:a=missing:n:AVERAGE", "LINE1:a#f00"});
    const auto graph = renderer_.render(*definition, source_, testing::kSampleEnd, zone_);
    ASSERT_FALSE(graph.has_value());
}

// Two pictures side by side, each with the other's start, have one scale and are else as they were.
TEST_F(Comparison, ARangeThatOnlyTheScaleHoldsIsNotDrawn) {
    constexpr Seconds kWeek{7 * 86400};
    const Words of_week_before{"-s", epoch(kStart - kWeek), "-e",
                               epoch(testing::kSampleEnd - kWeek)};
    const Words words = testing::traffic_graph();
    const auto alone = evaluated(words, source_);
    const auto before = evaluated(with(words, of_week_before), source_);
    const auto first = evaluated(with({"--scale-with", "start-1w"}, words), source_);
    const auto second =
        evaluated(with({"--scale-with", epoch(kStart)}, with(words, of_week_before)), source_);
    EXPECT_EQ(first.drawn.size(), alone.drawn.size());
    EXPECT_FALSE(first.comparison.has_value());
    ASSERT_EQ(first.legend.size(), alone.legend.size());
    for (std::size_t i = 0; i < alone.legend.size(); ++i) {
        EXPECT_EQ(first.legend[i].text, alone.legend[i].text);
        EXPECT_FALSE(first.legend[i].compared.has_value());
    }
    const auto range_of = [](const EvaluatedGraph& graph) {
        return drawn_range(graph, Scaling::kLinear).value();
    };
    EXPECT_NE(range_of(alone), range_of(before));
    EXPECT_EQ(range_of(first), range_of(second));
    EXPECT_EQ(range_of(first), (ValueRange{std::min(range_of(alone).min, range_of(before).min),
                                           std::max(range_of(alone).max, range_of(before).max)}));
}

TEST_F(Comparison, ARangeForTheScaleIsNotGivenTwiceNorForNumbers) {
    for (const auto& [more, reason] : std::vector<std::pair<Words, std::string>>{
             {{"--compare", "-1w", "--scale-with", "-1w"},
              "option --scale-with is not needed with --compare"},
             {{"--imgformat", "CSV", "--scale-with", "-1w"},
              "option --scale-with is for pictures, not for exported numbers"},
             {{"--compare-align", "clock", "--scale-with", "-1w"},
              "option --compare-align needs --compare"}}) {
        const auto parsed = parse(with(more, {"DEF:a=x:n:AVERAGE", "LINE1:a#f00"}));
        ASSERT_FALSE(parsed.has_value());
        EXPECT_EQ(parsed.error().message, reason);
    }
}

}  // namespace
}  // namespace kurabe::render
