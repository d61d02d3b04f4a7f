// From a definition and its series to columns, legends and prints, and the limits on the way.
#include "render/evaluate.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/variable_table.hpp"
#include "tests/support/memory_series_source.hpp"

namespace kurabe::render {

namespace {

constexpr std::int64_t kEvaluatedStart = 1'700'000'040;  // a multiple of 60
constexpr Time kEvaluatedNow{Seconds{kEvaluatedStart + 600}};

class Evaluate : public ::testing::Test {
  protected:
    Evaluate() {
        // One row for each of the ten columns, and one more at the end.
        add("up", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        add("gap", {1, 1, 1, store::kUnknown, 1, 1, 1, 1, 1, 1, 1});
    }

    void add(const std::string& name, std::vector<double> values, Seconds step = Seconds{60}) {
        const Time start{Seconds{kEvaluatedStart}};
        source_.add(name, {.start = start,
                           .end = start + step * static_cast<std::int64_t>(values.size()),
                           .step = step,
                           .values = std::move(values)});
    }

    Result<EvaluatedGraph> evaluate(const std::vector<std::string>& words) {
        std::vector<std::string> arguments = {"-s", fmt::format("{}", kEvaluatedStart),
                                              "-e", fmt::format("{}", kEvaluatedStart + 600),
                                              "-w", "10"};
        arguments.insert(arguments.end(), {"DEF:up=up:n:AVERAGE", "DEF:gap=gap:n:AVERAGE"});
        arguments.insert(arguments.end(), words.begin(), words.end());
        const auto definition = parse_graph(arguments, kEvaluatedNow, zone_);
        if (!definition) {
            return std::unexpected(definition.error());
        }
        return render::evaluate(*definition, source_, kEvaluatedNow, zone_);
    }

    std::vector<std::string> prints(const std::vector<std::string>& words) {
        const auto graph = evaluate(words);
        return graph ? graph->prints : std::vector{graph.error().message};
    }

    tests::MemorySeriesSource source_;
    store::TimeZone zone_ = store::TimeZone::utc();
};

TEST_F(Evaluate, AColumnShowsTheRowThatBeginsThere) {
    const auto graph = evaluate({"LINE1:up#f00"}).value();
    const auto& line = std::get<EvaluatedLine>(graph.drawn[0]);
    EXPECT_EQ(line.columns, (Columns{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_TRUE(graph.any_known);
}

TEST_F(Evaluate, StackedAreasStandOnWhatIsKnownBelow) {
    const auto graph = evaluate({"AREA:up#f00", "AREA:gap#0f0::STACK", "LINE1:10::STACK"}).value();
    const auto& lower = std::get<EvaluatedArea>(graph.drawn[0]);
    const auto& upper = std::get<EvaluatedArea>(graph.drawn[1]);
    const auto& line = std::get<EvaluatedLine>(graph.drawn[2]);
    EXPECT_TRUE(lower.base.empty());
    EXPECT_EQ(upper.base, lower.columns);
    EXPECT_EQ(upper.columns[2], 3);
    EXPECT_TRUE(store::is_unknown(upper.columns[3]));
    EXPECT_EQ(line.columns[2], 13);
    EXPECT_EQ(line.columns[3], 13);  // on "up" alone
}

TEST_F(Evaluate, StatisticsAndNumbersAreConstantColumns) {
    const auto graph = evaluate({"VDEF:m=up,MAXIMUM", "LINE1:m#f00", "AREA:5#f00"}).value();
    EXPECT_EQ(std::get<EvaluatedLine>(graph.drawn[0]).columns, Columns(10, 10.0));
    EXPECT_EQ(std::get<EvaluatedArea>(graph.drawn[1]).columns, Columns(10, 5.0));
}

TEST_F(Evaluate, RulesOutsideTheTimeVanishWithTheirLegend) {
    const auto graph = evaluate({fmt::format("VRULE:{}#f00:in", kEvaluatedStart + 60),
                                 fmt::format("VRULE:{}#f00:out", kEvaluatedStart - 60),
                                 "VDEF:m=up,MAXIMUM", "VRULE:m#f00:late", "HRULE:m#f00:high"})
                           .value();
    ASSERT_EQ(graph.drawn.size(), 2u);
    EXPECT_EQ(std::get<EvaluatedVerticalRule>(graph.drawn[0]).time, kEvaluatedStart + 60);
    EXPECT_EQ(std::get<EvaluatedHorizontalRule>(graph.drawn[1]).value, 10);
    ASSERT_EQ(graph.legend.size(), 2u);
    EXPECT_EQ(graph.legend[0].text, "in");
    EXPECT_EQ(graph.legend[1].text, "high");
}

TEST_F(Evaluate, LegendsKeepTheirOrder) {
    const auto graph = evaluate({"COMMENT:first\\r", "TEXTALIGN:center",
                                 "LINE1:up#f00:second:dashes=1,2", "GPRINT:up:MAX:%3.0lf %%\\l"})
                           .value();
    ASSERT_EQ(graph.legend.size(), 3u);
    EXPECT_EQ(graph.legend[0].control, LegendControl::kRight);
    EXPECT_FALSE(graph.legend[0].swatch);
    EXPECT_EQ(graph.legend[1].swatch, (Color{255, 0, 0, 255}));
    EXPECT_EQ(graph.legend[1].swatch_dashes.on_off_px.size(), 2u);
    EXPECT_EQ(graph.legend[2].text, " 10 %");
    ASSERT_EQ(graph.alignments.size(), 1u);
    EXPECT_EQ(graph.alignments[0].first_entry, 1u);
}

TEST_F(Evaluate, ShiftsMoveWhatIsDrawnAndComputedAfterwards) {
    const auto graph = evaluate({"CDEF:before=up,1,*", "LINE1:up", "SHIFT:up:125",
                                 "CDEF:after=up,1,*", "LINE1:before", "LINE1:after"})
                           .value();
    EXPECT_EQ(std::get<EvaluatedLine>(graph.drawn[0]).columns[2], 0);
    EXPECT_TRUE(store::is_unknown(std::get<EvaluatedLine>(graph.drawn[0]).columns[1]));
    EXPECT_EQ(std::get<EvaluatedLine>(graph.drawn[1]).columns[2], 2);
    EXPECT_EQ(std::get<EvaluatedLine>(graph.drawn[2]).columns[2], 0);
}

TEST_F(Evaluate, ShortRowsAreReducedToTheGraphsStep) {
    std::vector<double> seconds(700);
    for (std::size_t i = 0; i < seconds.size(); ++i) {
        seconds[i] = static_cast<double>(i % 60);
    }
    add("seconds", seconds, Seconds{1});
    EXPECT_EQ(
        prints({"DEF:s=seconds:n:AVERAGE", "DEF:m=seconds:n:MAX", "DEF:r=seconds:n:MAX:reduce=MIN",
                "PRINT:s:MAX:%.1lf", "PRINT:m:MIN:%.0lf", "PRINT:r:MAX:%.0lf"}),
        (std::vector<std::string>{"29.5", "59", "0"}));
}

TEST_F(Evaluate, TheSameRequestIsFetchedOnce) {
    ASSERT_TRUE(evaluate({"DEF:x=up:n:AVERAGE", "DEF:y=up:n:AVERAGE", "DEF:z=up:n:MAX"}));
    EXPECT_EQ(source_.fetches, 3);
}

TEST_F(Evaluate, MissingSeriesAreErrorsOrUnknown) {
    const auto failed = evaluate({"DEF:x=nowhere:n:AVERAGE"});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(failed.error().message, "no series 'nowhere'");
    EXPECT_EQ(prints({"-Z", "DEF:x=nowhere:n:AVERAGE", "CDEF:y=x,UN,7,x,IF", "PRINT:y:MAX:%.0lf"}),
              (std::vector<std::string>{"7"}));
}

TEST_F(Evaluate, ErrorsOfExpressionsNameThem) {
    EXPECT_EQ(prints({"CDEF:x=up,+"}), (std::vector<std::string>{"CDEF x: RPN stack underflow"}));
}

TEST_F(Evaluate, SeriesWithoutCommonTimeGiveNoRows) {
    EXPECT_EQ(prints({"SHIFT:up:86400", "CDEF:x=up,gap,+", "VDEF:m=x,MAXIMUM", "PRINT:m:%lf",
                      "PRINT:x:LAST:%lf", "PRINT:m:%H\\:%M:strftime"}),
              (std::vector<std::string>{"-nan", "-nan", "--:--"}));
}

TEST_F(Evaluate, TheGraphsZoneIsThatOfItsTextsAndDays) {
    const std::vector<std::string> words = {
        "CDEF:ahead=up,POP,LTIME,TIME,-", "VDEF:m=up,MAXIMUM",
        "PRINT:ahead:MAX:%.0lf",          "PRINT:m:%H\\:%M %Z:strftime",
        "PRINT:up:MAX:%H\\:%M:strftime",  "PRINT:m:%H:valstrftime"};
    const auto in_zone = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), words.begin(), words.end());
        return prints(arguments);
    };
    EXPECT_EQ(in_zone({}), (std::vector<std::string>{"0", "22:25 UTC", "22:24", "00"}));
    const std::vector<std::string> nepal = {"20700", "04:10 +0545", "04:09", "00"};
    EXPECT_EQ(in_zone({"--tz", "Asia/Kathmandu"}), nepal);
    zone_ = store::TimeZone::locate("Asia/Kathmandu").value();
    EXPECT_EQ(in_zone({}), nepal);
    EXPECT_EQ(in_zone({"--utc"}), (std::vector<std::string>{"0", "22:25 UTC", "22:24", "00"}));
}

TEST_F(Evaluate, MagnitudesCarryOverFromPrintToPrint) {
    EXPECT_EQ(prints({"CDEF:k=up,1000,*", "PRINT:k:MAX:%.1lf%s", "PRINT:up:MAX:%.3lf%S"}),
              (std::vector<std::string>{"10.0k", "0.010k"}));
}

TEST_F(Evaluate, TooManyRowsAreALimit) {
    add("seven", std::vector<double>(100'000, 1.0), Seconds{86399});
    add("eleven", std::vector<double>(100'000, 1.0), Seconds{86400});
    const auto graph =
        evaluate({"DEF:x=seven:n:AVERAGE", "DEF:y=eleven:n:AVERAGE", "CDEF:z=x,y,+"});
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::kLimit);
}

// Each DEF asks for the rows anew and keeps one of them.
TEST_F(Evaluate, RowsThatAreFetchedAreLimitedThoughFewAreKept) {
    add("fine", std::vector<double>(2'000'000, 1.0), Seconds{1});
    std::vector<std::string> words;
    for (int i = 1; i <= 300; ++i) {
        words.push_back(fmt::format("DEF:f{}=fine:n:AVERAGE:step={}", i, 86400 + i));
    }
    const auto graph = evaluate(words);
    ASSERT_FALSE(graph);
    EXPECT_EQ(graph.error().code, ErrorCode::kLimit);
    EXPECT_LT(source_.fetches, 300);
}

TEST_F(Evaluate, PredictedPercentilesPayForTheirSorting) {
    add("many", std::vector<double>(20'000, 1.0));
    const auto predict = [this](const std::string& function) {
        return evaluate({"DEF:m=many:n:AVERAGE", "CDEF:p=0,1,300000," + function, "LINE1:p"});
    };
    EXPECT_TRUE(predict("m,PREDICT"));
    EXPECT_EQ(predict("50,m,PREDICTPERC").error().code, ErrorCode::kLimit);
}

TEST_F(Evaluate, ThousandsOfElementsAreQuick) {
    std::vector<std::string> words;
    for (int i = 0; i < 900; ++i) {
        words.push_back(fmt::format("CDEF:c{}=up,{},*", i, i));
        words.push_back(fmt::format("LINE1:c{}#f00:x", i));
        words.push_back(fmt::format("GPRINT:c{}:MAX:%lf\\l", i));
    }
    const auto graph = evaluate(words);
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ(graph->legend.size(), 1800u);
}

}  // namespace

}  // namespace kurabe::render
