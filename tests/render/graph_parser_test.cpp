// Variables and elements of the graph language, and the messages for bad ones.
#include "render/graph_parser.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kurabe::render {

namespace {

constexpr Time kParsedNow{Seconds{1'700'000'000}};

Result<GraphDefinition> parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"DEF:a=h/p/k:n:AVERAGE", "VDEF:v=a,MAXIMUM"});
    return parse_graph(arguments, kParsedNow, store::TimeZone::utc());
}

std::string error(const std::vector<std::string>& arguments) {
    const auto definition = parse(arguments);
    return definition ? "none" : definition.error().message;
}

template <typename Kind>
Kind element(const std::string& argument) {
    const auto definition = parse({"AREA:a#fff", argument});
    EXPECT_TRUE(definition) << argument << ": " << definition.error().message;
    const Kind* const found = std::get_if<Kind>(&definition->elements.back());
    EXPECT_NE(found, nullptr) << argument;
    return *found;
}

template <typename Kind>
Kind variable(const std::string& argument) {
    const auto definition = parse({argument});
    EXPECT_TRUE(definition) << argument << ": " << definition.error().message;
    return std::get<Kind>(definition->variables.back());
}

// ---- Variables ----

TEST(GraphParser, DataVariables) {
    const auto plain = variable<DataVariable>("DEF:b-1=dir/x\\:y.rrd:in:MAX");
    EXPECT_EQ(plain.name, "b-1");
    EXPECT_EQ(plain.reference, (SeriesReference{"dir/x:y.rrd", "in"}));
    EXPECT_EQ(plain.cf, RraCf::kMax);
    EXPECT_EQ(plain.reduce, Cf::kMax);
    EXPECT_FALSE(plain.step || plain.start || plain.end);

    const auto full = variable<DataVariable>(
        "DEF:b=x:n:LAST:step=300:start=end-1h:end=11\\:00 20230101:reduce=MIN");
    EXPECT_EQ(full.step, Seconds{300});
    EXPECT_EQ(full.reduce, Cf::kMin);
    EXPECT_EQ(*full.end, Time{Seconds{1'672'570'800}});
    EXPECT_EQ(*full.start, *full.end - Seconds{3600});
    EXPECT_EQ(*variable<DataVariable>("DEF:b=x:n:LAST:start=end-1w").start,
              kParsedNow - Seconds{7 * 86400});
}

TEST(GraphParser, FieldsOfDataVariablesMayBeNamed) {
    const auto named =
        variable<DataVariable>("DEF:step=60:cf=AVERAGE:rrd=x=y.rrd:ds=in:daemon=:vname=b");
    EXPECT_EQ(named.name, "b");
    EXPECT_EQ(named.reference, (SeriesReference{"x=y.rrd", "in"}));
    EXPECT_EQ(named.step, Seconds{60});
    EXPECT_EQ(variable<DataVariable>("DEF:b=x:ds=in:cf=MIN").reference,
              (SeriesReference{"x", "in"}));
    EXPECT_EQ(variable<DataVariable>("DEF:b=x:n:MAX:daemon=unix\\:/run/x").reference,
              (SeriesReference{"x", "n", "unix:/run/x"}));
    EXPECT_NE(error({"DEF:rrd=x:ds=n:cf=MAX"}), "none");
}

TEST(GraphParser, RowsOfTheHoltWintersFamilyAreFoldedAsRrdtoolDoes) {
    EXPECT_EQ(variable<DataVariable>("DEF:b=x:n:HWPREDICT").cf, RraCf::kHwPredict);
    EXPECT_EQ(variable<DataVariable>("DEF:b=x:n:HWPREDICT").reduce, Cf::kAverage);
    EXPECT_EQ(variable<DataVariable>("DEF:b=x:n:FAILURES").reduce, Cf::kMax);
    EXPECT_EQ(variable<DataVariable>("DEF:b=x:n:LAST:reduce=FAILURES").reduce, Cf::kMax);
    EXPECT_EQ(element<PrintElement>("PRINT:a:FAILURES:%lf").cf, Cf::kMax);
    EXPECT_EQ(element<PrintElement>("PRINT:a:SEASONAL:%lf").cf, Cf::kAverage);
}

TEST(GraphParser, ExportedColumns) {
    const auto column = element<ExportElement>("XPORT:a#f00:a legend\\: with: colons");
    EXPECT_EQ(column.variable, "a");
    EXPECT_EQ(column.legend, "a legend: with: colons");
    EXPECT_EQ(element<ExportElement>("XPORT:a:legend=x").legend, "x");
    EXPECT_EQ(element<ExportElement>("XPORT:a").legend, "");
    EXPECT_EQ(error({"XPORT"}), "No positional VNAME");
    EXPECT_EQ(error({"COMMENT"}), "No positional CF/FORMAT");
    EXPECT_EQ(error({"COMMENT:"}), "none");
    EXPECT_EQ(error({"XPORT:zz"}), "zz is not a vname nor a number");
    EXPECT_EQ(error({"XPORT:v"}), "Cannot export a VDEF: 'v' in line 'XPORT:v'");
}

TEST(GraphParser, TheFirstOfEqualDataVariablesCounts) {
    const auto definition = parse({"DEF:a=other:n:MAX"});
    ASSERT_TRUE(definition);
    EXPECT_EQ(definition->variables.size(), 2u);
    EXPECT_EQ(std::get<DataVariable>(definition->variables[0]).reference.series, "h/p/k");
}

TEST(GraphParser, StatisticVariables) {
    const auto percent = variable<StatisticVariable>("VDEF:p=a,95,PERCENT");
    EXPECT_EQ(percent.statistic, Statistic::kPercent);
    EXPECT_EQ(percent.parameter, 95);
    EXPECT_EQ(percent.series, "a");
    EXPECT_EQ(variable<StatisticVariable>("VDEF:p=a,LSLINT").statistic, Statistic::kLslIntercept);
}

TEST(GraphParser, VariableErrorsAreRrdtools) {
    EXPECT_EQ(error({"DEF:b=x"}), "No argument for definition of DS in DEF:b=x");
    EXPECT_EQ(error({"DEF:b=x:n"}), "No argument for definition of CF in DEF:b=x:n");
    EXPECT_EQ(error({"DEF:b=x:n:FOO"}), "bad CF: FOO");
    EXPECT_EQ(error({"DEF:b=x:n:MAX:step=0"}), "Bad step value: 0");
    EXPECT_EQ(error({"DEF:b=x:n:MAX:reduce=FOO"}), "bad reduce CF: FOO");
    EXPECT_EQ(error({"DEF:b=x:n:MAX:foo=1"}),
              "Unused Arguments \"foo=1\" in command : DEF:b=x:n:MAX:foo=1");
    EXPECT_EQ(error({"DEF:b=x:n:MAX:start=foo"}), "start time: unparsable time: foo");
    EXPECT_EQ(error({"DEF:b=x:n:MAX:start=end-1h:end=start+1h"}),
              "the start and end times cannot be specified relative to each other");
    EXPECT_EQ(error({"DEF:b=x:n:MAX:start=1600000000:end=1500000000"}),
              "start (1600000000) should be less than end (1500000000)");
    EXPECT_EQ(error({"CDEF:a=a,1,+"}), "trying to reuse vname a");
    EXPECT_EQ(error({"CDEF:b=1,2,+"}),
              "rpn expressions without DEF or CDEF variables are not supported");
    EXPECT_EQ(error({"CDEF:b=v,2,+"}),
              "rpn expressions without DEF or CDEF variables are not supported");
    EXPECT_EQ(error({"VDEF:b=a"}), "Comma expected in VDEF definition a");
    EXPECT_EQ(error({"VDEF:b=zz,MAXIMUM"}), "Not a valid vname: zz in line zz,MAXIMUM");
    EXPECT_EQ(error({"VDEF:b=a,FOO"}), "Unknown function 'FOO' in VDEF 'b'");
    EXPECT_EQ(error({"VDEF:b=a,PERCENT"}), "Function 'PERCENT' needs parameter in VDEF 'b'");
    EXPECT_EQ(error({"VDEF:b=a,5,MAXIMUM"}), "Function 'MAXIMUM' needs no parameter in VDEF 'b'");
    EXPECT_EQ(error({"VDEF:b=a,101,PERCENT"}), "Parameter '101' out of range in VDEF 'b'");
    EXPECT_NE(error({"CDEF:b=foo,2,+"}).find("don't understand 'foo'"), std::string::npos);
    EXPECT_NE(error({"DEF:b c=x:n:MAX"}), "none");
    EXPECT_NE(error({"VDEF:b=a,nan,PERCENT"}), "none");
}

// ---- Drawn elements ----

TEST(GraphParser, LinesAndAreas) {
    const auto line = element<LineElement>("LINE2.5:a#f00:leg\\: end:STACK:skipscale");
    EXPECT_EQ(line.width_px, 2.5);
    EXPECT_EQ(line.color, (Color{255, 0, 0, 255}));
    EXPECT_EQ(line.legend, "leg: end");
    EXPECT_TRUE(line.stack);
    EXPECT_TRUE(line.skip_scale);

    const auto invisible = element<LineElement>("LINE:100");
    EXPECT_EQ(std::get<double>(invisible.value), 100);
    EXPECT_FALSE(invisible.color);
    EXPECT_TRUE(element<LineElement>("LINE1:a::STACK").stack);

    const auto area = element<AreaElement>("AREA:v#11223344:x:STACK");
    EXPECT_EQ(std::get<std::string>(area.value), "v");
    EXPECT_TRUE(area.stack);
}

TEST(GraphParser, TheFirstFieldAfterTheValueIsTheLegend) {
    EXPECT_EQ(element<AreaElement>("AREA:a#f00:STACK").legend, "STACK");
    EXPECT_FALSE(element<AreaElement>("AREA:a#f00:STACK").stack);
}

TEST(GraphParser, DashesFollowTheLegend) {
    EXPECT_EQ(element<LineElement>("LINE1:a#f00:CPU Core    :dashes=3,6").dashes.on_off_px,
              (std::vector<double>{3, 6}));
    EXPECT_EQ(element<LineElement>("LINE1:a#f00:x:dashes").dashes.on_off_px,
              (std::vector<double>{5, 5}));
    EXPECT_EQ(element<LineElement>("LINE1:a#f00:x:dashes=4:dash-offset=2").dashes.offset_px, 2);
    EXPECT_EQ(element<HorizontalRuleElement>("HRULE:5#f00:x:dashes=1,2").dashes.on_off_px.size(),
              2u);
}

TEST(GraphParser, AreasMayHaveGradients) {
    const auto area = element<AreaElement>("AREA:a#f00#0000ff80:x:gradheight=-20:STACK");
    EXPECT_EQ(area.color, (Color{255, 0, 0, 255}));
    ASSERT_TRUE(area.gradient.has_value());
    EXPECT_EQ(area.gradient->second, (Color{0, 0, 255, 128}));
    EXPECT_EQ(area.gradient->height_px, -20);
    EXPECT_TRUE(area.stack);
    EXPECT_EQ(element<AreaElement>("AREA:a#f00#00f").gradient->height_px, 50);
    EXPECT_EQ(element<AreaElement>("AREA:a#f00#00f:x:gradheight=0").gradient->height_px, 0);
    EXPECT_FALSE(element<AreaElement>("AREA:a#f00:x:gradheight=5").gradient.has_value());
    EXPECT_EQ(element<LineElement>("LINE1:a#f00#00f:x").color, (Color{255, 0, 0, 255}));
    EXPECT_EQ(error({"AREA:a#f00#00f:x:gradheight=abc"}), "Bad gradheight: abc");
    EXPECT_EQ(error({"LINE1:a#f00:x:gradheight=5"}),
              "Unused Arguments \"gradheight\" in command : LINE1:a#f00:x:gradheight=5");
    EXPECT_EQ(error({"AREA:a#f00:x:dashes"}),
              "Unused Arguments \"dashes\" in command : AREA:a#f00:x:dashes");
}

TEST(GraphParser, DeprecatedStackTakesTheKindBefore) {
    auto definition = parse({"LINE3:a#f00", "HRULE:1#000", "STACK:a#0f0:top"});
    ASSERT_TRUE(definition);
    const auto& line = std::get<LineElement>(definition->elements[2]);
    EXPECT_EQ(line.width_px, 3);
    EXPECT_TRUE(line.stack);
    EXPECT_EQ(line.legend, "top");
    definition = parse({"AREA:a#f00", "STACK:a#0f0", "STACK:a#00f"});
    ASSERT_TRUE(definition);
    EXPECT_TRUE(std::get<AreaElement>(definition->elements[2]).stack);
}

TEST(GraphParser, RulesAndTicks) {
    EXPECT_EQ(std::get<std::string>(element<VerticalRuleElement>("VRULE:v#f00:x").time), "v");
    EXPECT_EQ(std::get<double>(element<HorizontalRuleElement>("HRULE:-2.5#f00").value), -2.5);
    const auto tick = element<TickElement>("TICK:a#f00:-0.5:leg");
    EXPECT_EQ(tick.fraction, -0.5);
    EXPECT_EQ(tick.legend, "leg");
    EXPECT_EQ(element<TickElement>("TICK:a#f00").fraction, 0.1);
}

TEST(GraphParser, ElementErrorsAreRrdtools) {
    EXPECT_EQ(error({"FOO:a"}), "'FOO' is not a valid function name in FOO:a");
    EXPECT_EQ(error({"-"}), "'-' is not a valid function name in -");
    EXPECT_EQ(error({"LINE1:zz#f00"}), "zz is not a vname nor a number");
    EXPECT_EQ(error({"LINE1:"}), " is not a vname nor a number");
    EXPECT_EQ(error({"LINEx:a#f00"}), "Bad line width: x");
    EXPECT_EQ(error({"LINE-1:a#f00"}), "Bad line width: -1");
    EXPECT_EQ(error({"LINE1:a#f00:x:dashes=x"}), "Could not parse number: x");
    EXPECT_EQ(error({"LINE1:a#f00:x:dash-offset=x"}), "Could not parse dash-offset: x");
    EXPECT_EQ(error({"STACK:a#f00"}), "No previous LINE or AREA found for STACK:a#f00");
    EXPECT_EQ(error({"HRULE:a#f00"}), "Using vname a of wrong type in line HRULE:a#f00");
    EXPECT_EQ(error({"VRULE:a#f00"}), "Using vname a of wrong type in line VRULE:a#f00");
    EXPECT_EQ(error({"TEXTALIGN:foo"}), "Unknown alignment type 'foo'");
    EXPECT_EQ(error({"SHIFT:zz:5"}), "vname zz not found");
    EXPECT_EQ(error({"SHIFT:v:5"}), "Cannot shift a VDEF: 'v' in line 'SHIFT:v:5'");
    EXPECT_EQ(error({"SHIFT:a"}), "No shift given");
    EXPECT_EQ(error({"SHIFT:a:x"}), "error parsing number x");
    EXPECT_EQ(error({"LINE1:a#f00:x\\q"}), "Unknown control code at the end of 'x\\q'");
    // The option in between shows that the rest was not meant as a legend.
    EXPECT_EQ(error({"LINE1:a#f00:x:STACK:foo"}),
              "Unused Arguments \"foo\" in command : LINE1:a#f00:x:STACK:foo");
}

// ---- Texts ----

TEST(GraphParser, PrintsOfSeriesAndStatistics) {
    const auto old = element<PrintElement>("GPRINT:a:LAST:Cur\\: %5.1lf[%%]\\l");
    EXPECT_EQ(old.cf, Cf::kLast);
    EXPECT_EQ(old.format, "Cur: %5.1lf[%%]\\l");
    EXPECT_TRUE(old.in_graph);
    const auto now = element<PrintElement>("PRINT:v:%lf%s");
    EXPECT_FALSE(now.cf || now.in_graph);
    const auto time = element<PrintElement>("GPRINT:v:at %H\\:%M:strftime");
    EXPECT_EQ(time.kind, PrintKind::kTimeOfStatistic);
    EXPECT_EQ(time.format, "at %H:%M");
    const auto value = element<PrintElement>("GPRINT:a:LAST::valstrftime");
    EXPECT_EQ(value.kind, PrintKind::kValueAsTime);
    EXPECT_EQ(value.format, "%Y-%m-%d %H:%M:%S");
    const auto duration = element<PrintElement>("PRINT:v::valstrfduration");
    EXPECT_EQ(duration.kind, PrintKind::kValueAsDuration);
    EXPECT_EQ(duration.format, "%H:%02m:%02s");
}

// rrdtool reports "Unused Arguments" for these.
TEST(GraphParser, ColonsInFreeTextsNeedNoEscape) {
    EXPECT_EQ(element<CommentElement>("COMMENT:10:30 o'clock:").text, "10:30 o'clock:");
    EXPECT_EQ(element<PrintElement>("GPRINT:a:LAST:Cur: %lf").format, "Cur: %lf");
    EXPECT_EQ(element<PrintElement>("PRINT:v:%H:%M:strftime").format, "%H:%M");
    EXPECT_EQ(element<LineElement>("LINE1:a#f00:load: 1 min:STACK").legend, "load: 1 min");
    EXPECT_EQ(element<TickElement>("TICK:a#f00:.1:a:b").legend, "a:b");
    // The price.
    EXPECT_EQ(element<AreaElement>("AREA:a#f00:load:STCK").legend, "load:STCK");
    EXPECT_EQ(element<LineElement>("LINE1:a#f00:load:dashs=5").legend, "load:dashs=5");
}

TEST(GraphParser, PrintErrorsAreRrdtools) {
    EXPECT_EQ(error({"GPRINT:zz:LAST:%lf"}), "undefined vname zz");
    EXPECT_EQ(error({"GPRINT:a:%lf"}), "bad CF for DEF/CDEF: %lf");
    EXPECT_EQ(error({"GPRINT:v:LAST:%lf"}),
              "Unused Arguments \"%lf\" in command : GPRINT:v:LAST:%lf");
    EXPECT_TRUE(
        error({"GPRINT:a:LAST:%d"}).starts_with("invalid format string '%d' (should match"));
    EXPECT_EQ(error({"GPRINT:a:LAST:%lf \\q"}), "Unknown control code at the end of '%lf \\q'");
    EXPECT_NE(error({"GPRINT:a:LAST"}), "none");
    EXPECT_EQ(error({"GPRINT:v:%q:valstrfduration"}), "Wrong duration format");
    EXPECT_EQ(parse({"GPRINT:v:%501H:valstrfduration"}).error().code, ErrorCode::kLimit);
    EXPECT_EQ(parse({"GPRINT:v:%1001H:valstrftime"}).error().code, ErrorCode::kLimit);
}

TEST(GraphParser, ShiftsKnowWhatStandsBefore) {
    const auto definition = parse({"CDEF:b=a,1,+", "SHIFT:a:600", "CDEF:c=a,1,+"});
    ASSERT_TRUE(definition);
    const auto& shift = std::get<ShiftElement>(definition->elements[0]);
    EXPECT_EQ(shift.variables_before, 3u);
    EXPECT_EQ(std::get<double>(shift.offset), 600);
}

// ---- Limits ----

TEST(GraphParser, LimitsAreErrors) {
    std::vector<std::string> many(kElementsMax + 1, "COMMENT:x");
    EXPECT_EQ(parse(many).error().code, ErrorCode::kLimit);
    many.clear();
    for (std::size_t i = 0; i <= kVariablesMax; ++i) {
        many.push_back(fmt::format("CDEF:c{}=a", i));
    }
    EXPECT_EQ(parse(many).error().code, ErrorCode::kLimit);
    EXPECT_EQ(parse({"COMMENT:" + std::string(kTextBytesMax, 'x')}).error().code,
              ErrorCode::kLimit);
    EXPECT_EQ(parse({"DEF:x=" + std::string(1'000'000, ':')}).error().code, ErrorCode::kLimit);
    EXPECT_FALSE(parse({"LINE1e300:a#f00"}));
    EXPECT_FALSE(parse({"LINE1:a#f00:x:dashes=" + std::string(500, '1')}));
    EXPECT_FALSE(parse({"LINE1:a#f00:x:dashes=0,0"}));
    EXPECT_FALSE(parse({"SHIFT:a:99999999999999"}));
    EXPECT_FALSE(parse({"LINE1:inf#f00"}));
    EXPECT_FALSE(parse({"LINE1:nan#f00"}));
}

}  // namespace

}  // namespace kurabe::render
