// The table of an export and its three families of text. Against rrdtool: tests/differential/.
#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "render/export_text.hpp"
#include "render/graph_parser.hpp"
#include "tests/support/memory_series_source.hpp"

namespace kurabe::render {

namespace {

constexpr std::int64_t kExportedStart = 1'700'000'100;  // a multiple of 300
constexpr Time kExportedNow{Seconds{kExportedStart + 600}};

class Export : public ::testing::Test {
  protected:
    Export() {
        add("minutes", 0, 60, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        add("fast", 0, 90, {0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5});
        add("late", 120, 60, {2, 3, 4});
        add("odd", 0, 60, {1, store::kUnknown, HUGE_VAL, -HUGE_VAL});
    }

    void add(const std::string& name, std::int64_t offset, std::int64_t step,
             std::vector<double> values) {
        const Time start{Seconds{kExportedStart + offset}};
        const Seconds length{step};
        source_.add(name, {.start = start,
                           .end = start + length * static_cast<std::int64_t>(values.size()),
                           .step = length,
                           .values = std::move(values)});
    }

    Result<ExportTable> table(const std::vector<std::string>& words,
                              ExportColumns columns = ExportColumns::kExportedAndDrawn) {
        std::vector<std::string> arguments = {"-s", fmt::format("{}", kExportedStart), "-e",
                                              fmt::format("{}", kExportedStart + length_)};
        for (const char* const name : {"minutes", "fast", "late", "odd"}) {
            arguments.push_back(fmt::format("DEF:{0}={0}:n:AVERAGE", name));
        }
        arguments.insert(arguments.end(), words.begin(), words.end());
        auto definition = parse_graph(arguments, kExportedNow, zone_);
        if (!definition) return std::unexpected(definition.error());
        options_ = definition->options;
        return evaluate_export(*definition, columns, source_, kExportedNow, zone_);
    }

    std::string text(const std::vector<std::string>& words) {
        const auto exported = table(words);
        if (!exported) return exported.error().message;
        return export_text(*exported, options_, zone_).value();
    }

    std::int64_t length_ = 600;
    GraphOptions options_;
    tests::MemorySeriesSource source_;
    store::TimeZone zone_ = store::TimeZone::utc();
};

TEST_F(Export, ColumnsShareTheGreatestStepThatDividesTheirs) {
    const auto exported = table({"XPORT:minutes:m", "XPORT:fast"}).value();
    EXPECT_EQ(exported.step, Seconds{30});
    EXPECT_EQ(exported.start, Time{Seconds{kExportedStart}});
    EXPECT_EQ(exported.end, Time{Seconds{kExportedStart + 600}});
    EXPECT_EQ(exported.rows(), 20u);
    EXPECT_EQ(exported.columns[0].legend, "m");
    EXPECT_EQ(exported.columns[0].values[4], 2);
    EXPECT_EQ(exported.columns[1].values[5], 1.5);
    EXPECT_EQ(exported.columns[1].values[6], 2.5);
}

TEST_F(Export, RowsCoverTheRangeInWholeSteps) {
    length_ = 601;
    const auto exported = table({"XPORT:fast"}).value();
    EXPECT_EQ(exported.step, Seconds{90});
    EXPECT_EQ(exported.start.time_since_epoch().count(), kExportedStart / 90 * 90);
    EXPECT_EQ(exported.end.time_since_epoch().count(), (kExportedStart + 601 + 89) / 90 * 90);
}

TEST_F(Export, RowsBesideASeriesAreUnknown) {
    const auto values = table({"XPORT:late"}).value().columns[0].values;
    ASSERT_EQ(values.size(), 10u);
    EXPECT_TRUE(store::is_unknown(values[1]));
    EXPECT_EQ(values[2], 2);
    EXPECT_EQ(values[4], 4);
    EXPECT_TRUE(store::is_unknown(values[5]));
}

TEST_F(Export, GraphsExportWhatTheyDraw) {
    const std::vector<std::string> words = {"VDEF:top=minutes,MAXIMUM", "LINE1:minutes#f00:line",
                                            "AREA:fast#0f0:area:STACK", "LINE1:top#00f", "AREA:3"};
    const auto exported = table(words).value();
    ASSERT_EQ(exported.columns.size(), 4u);
    EXPECT_EQ(exported.columns[1].values[0], 0.5) << "values are not stacked";
    EXPECT_EQ(exported.columns[2].values[0], 10) << "a VDEF is the same in every row";
    EXPECT_EQ(exported.columns[3].values[7], 3);
    const auto failed = table(words, ExportColumns::kExported);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "no XPORT found, nothing to do");
    EXPECT_FALSE(table({"LINE1:3"}));
}

TEST_F(Export, WordsAndRulesComeAlong) {
    const auto exported =
        table({"XPORT:minutes", "VDEF:top=minutes,MAXIMUM", "PRINT:top:%.1lf",
               "CDEF:no=minutes,UNKN,+", "PRINT:no:MAX:%lf", "GPRINT:top:<%.0lf>",
               "COMMENT:said\\l", "TEXTALIGN:center", "AREA:fast#0f0:area", "HRULE:top#f00:h",
               "VRULE:1700000200#00f", "TICK:minutes#f00:0.1:t"})
            .value();
    EXPECT_EQ(exported.prints, (std::vector<std::string>{"10.0", "nan"}));
    ASSERT_EQ(exported.notes.size(), 4u);
    EXPECT_EQ(exported.notes[0].text, "<10>");
    EXPECT_EQ(exported.notes[1].text, "said\\l");
    EXPECT_EQ(exported.notes[2].kind, "align");
    EXPECT_EQ(exported.notes[3].text, "  area");
    ASSERT_EQ(exported.rules.size(), 2u);
    EXPECT_EQ(exported.rules[0].place, 10);
    EXPECT_EQ(exported.rules[1].place, 1'700'000'200);
}

TEST_F(Export, TextsThatRrdtoolLeavesOut) {
    const auto exported = table({"XPORT:minutes", "CDEF:no=minutes,UNKN,+", "VDEF:top=no,MAXIMUM",
                                 "CDEF:huge=minutes,0,*,1e20,+,1,*", "PRINT:huge:MAX:%.0lf",
                                 "PRINT:top:%H\\:%M:strftime", "PRINT:huge:MAX::valstrftime",
                                 "PRINT:no:MAX:%H:valstrftime", "PRINT:no:MAX::valstrfduration"});
    ASSERT_TRUE(exported) << exported.error().message;
    EXPECT_EQ(exported->prints, (std::vector<std::string>{"100000000000000000000", "--:--",
                                                          "100000000000000000000", "nan", "nan"}));
}

TEST_F(Export, SeparatedValues) {
    length_ = 240;
    EXPECT_EQ(text({"-a", "CSV", "XPORT:odd:a \"b\""}),
              "\"time\",\"a \"b\"\"\r\n"
              "1700000160,\"1.0000000000e+00\"\r\n"
              "1700000220,\"NaN\"\r\n"
              "1700000280,\"inf\"\r\n"
              "1700000340,\"-inf\"\r\n");
    length_ = 60;
    EXPECT_EQ(text({"-a", "SSV", "XPORT:odd", "-x", "MINUTE:1:MINUTE:1:MINUTE:1:0:%H\\:%M"}),
              "\"time\";\"\"\r\n22\\:16;\"1.0000000000e+00\"\r\n");
}

TEST_F(Export, XmlWithEnumeratedValues) {
    length_ = 60;
    EXPECT_EQ(text({"-a", "XMLENUM", "XPORT:odd:x", "XPORT:minutes", "PRINT:odd:MAX:%.0lf",
                    "HRULE:2#f00", "VRULE:1700000160#f00", "COMMENT:c"}),
              "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n\n<xport>\n  <meta>\n"
              "    <start>1700000160</start>\n    <end>1700000160</end>\n    <step>60</step>\n"
              "    <rows>1</rows>\n    <columns>2</columns>\n    <legend>\n"
              "      <entry>x</entry>\n      <entry></entry>\n    </legend>\n"
              "    <prints>\n        <print>1</print>\n    </prints>\n"
              "    <gprints>\n        <comment>c</comment>\n    </gprints>\n"
              "    <rules>\n        <hrule>2.0000000000e+00</hrule>\n"
              "        <vrule>1700000160</vrule>\n    </rules>\n"
              "  </meta>\n  <data>\n    <row><t>1700000160</t><v0>1.0000000000e+00</v0>"
              "<v1>0.0000000000e+00</v1></row>\n  </data>\n</xport>\n");
}

// A hostile text in every place that takes one.
TEST_F(Export, JsonIsAlwaysJson) {
    length_ = 240;
    const std::string hostile = "\"\\\b\x1f\n</script>\xff\xc3(\xe6\x97\xa5 %s";
    const std::string json =
        text({"-a", "JSONTIME", "XPORT:odd:" + hostile, "LINE1:minutes#f00:" + hostile + "\\l",
              "PRINT:odd:LAST:\"\\%lf\n", "COMMENT:" + hostile, "HRULE:1#f00",
              "VRULE:1700000200#f00", "-x", "DAY:1:DAY:1:DAY:1:0:\"%H\""});
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    ASSERT_FALSE(parsed.is_discarded()) << json;
    EXPECT_EQ(parsed["meta"]["legend"][0],
              "\"\\\b\x1f\n</script>\xef\xbf\xbd\xef\xbf\xbd(\xe6\x97\xa5 %s");
    EXPECT_EQ(parsed["meta"]["start"], "\"22\"");
    EXPECT_EQ(parsed["meta"]["prints"].size(), 1u);
    EXPECT_EQ(parsed["meta"]["gprints"].size(), 2u);
    EXPECT_EQ(parsed["meta"]["rules"].size(), 2u);
    ASSERT_EQ(parsed["data"].size(), 4u);
    EXPECT_EQ(parsed["data"][0][1], 1);
    for (int row = 1; row < 4; ++row) EXPECT_TRUE(parsed["data"][row][1].is_null());
}

TEST_F(Export, TooManyValuesAreRefused) {
    length_ = 5'000'000;
    add("one", 0, 12'501, {1});
    add("other", 0, 12'502, {1});
    std::vector<std::string> words = {"DEF:one=one:n:AVERAGE", "DEF:other=other:n:AVERAGE",
                                      "XPORT:other"};
    words.insert(words.end(), 10, "XPORT:one");
    const auto failed = table(words);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::kLimit);
}

}  // namespace

}  // namespace kurabe::render
