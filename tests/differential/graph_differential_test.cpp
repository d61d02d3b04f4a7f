// xport, graph and graphv on the same files and definitions as rrdtool: texts, keys and messages.
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/rrdtool/program.hpp"
#include "cli/rrdtool/words.hpp"
#include "tests/differential/graph_fixture.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_session.hpp"

namespace kurabe::tests {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kTextFormats = {"XML", "XMLENUM", "CSV", "TSV", "SSV"};

TEST_F(GraphDifferential, XportOfRandomDefinitions) {
    for (int round = 0; round < rounds(150); ++round) {
        std::string command = "xport " + random_range();
        if (below(2) == 0) command += fmt::format(" -m {}", 10 + below(2000));
        if (below(4) == 0) command += " --step " + any({"1", "60", "100", "300", "3600"});
        if (below(3) == 0) command += " -t";
        const bool json = below(5) == 0;
        command += json ? " --json" : any({"", " --enumds"});
        command += random_variables();
        std::string columns = random_columns(false);
        if (json) std::erase(columns, '\\');  // which rrdtool does not quote
        command += columns;
        (void)twin_.expect_same(command);
        if (HasFailure()) return;
    }
}

TEST_F(GraphDifferential, ExportFormatsOfRandomGraphs) {
    for (int round = 0; round < rounds(150); ++round) {
        std::string command =
            fmt::format("graph - -a {} -w {} ", any(kTextFormats), 10 + below(900)) +
            random_range();
        if (below(4) == 0) command += " -x \"MINUTE:1:HOUR:1:HOUR:1:0:%d.%m. %H-%M\"";
        command += random_variables() + random_columns(true) + " XPORT:a" + random_prints();
        (void)twin_.expect_same(command);
        if (HasFailure()) return;
    }
}

TEST_F(GraphDifferential, TextsOfPrintAreTheSame) {
    for (int round = 0; round < rounds(150); ++round) {
        const std::string command =
            fmt::format("{} x.png -w {} ", any({"graph", "graphv"}), 20 + below(600)) +
            random_range() + random_variables() + random_prints() + " PRINT:v:%H-%M:strftime";
        const auto theirs = twin_.run_theirs(command);
        const auto ours = twin_.run_ours(command);
        ASSERT_TRUE(theirs.ok && ours.ok) << command << '\n' << theirs.text << '\n' << ours.text;
        const auto prints = [](const std::string& text) {
            std::istringstream lines(text);
            std::string kept;
            for (std::string line; std::getline(lines, line);) {
                const bool is_place =
                    line.find(" = ") != std::string::npos && !line.starts_with("print[");
                if (!is_place) kept += line + "\n";
            }
            return kept;
        };
        ASSERT_EQ(prints(ours.text), prints(theirs.text)) << command;
    }
}

// The same texts as rrdtool's XML for everything that its own JSON does not get right.
TEST_F(GraphDifferential, JsonHasTheNumbersOfXml) {
    for (int round = 0; round < rounds(40); ++round) {
        const std::string words = random_range() + random_variables() + random_columns(true) +
                                  " \"XPORT:a:back\\slash\"" + random_prints();
        const auto answer = twin_.run_ours("graph - -a JSONTIME " + words);
        ASSERT_TRUE(answer.ok) << answer.text;
        const auto json = nlohmann::json::parse(answer.text, nullptr, false);
        ASSERT_FALSE(json.is_discarded()) << answer.text;
        const auto xml = twin_.run_theirs("graph - -a XML " + words);
        const std::regex row_pattern("<row>(.*)</row>");
        const std::regex value_pattern("<([tv])>([^<]*)</");
        std::size_t row = 0;
        for (std::sregex_iterator at(xml.text.begin(), xml.text.end(), row_pattern), end; at != end;
             ++at, ++row) {
            const std::string values = (*at)[1];
            std::size_t column = 0;
            for (std::sregex_iterator value(values.begin(), values.end(), value_pattern);
                 value != end; ++value, ++column) {
                const auto& ours = json["data"].at(row).at(column);
                if ((*value)[1] == "t") {
                    EXPECT_EQ(ours, (*value)[2]);
                } else if (ours.is_null()) {
                    EXPECT_FALSE(std::isfinite(std::stod((*value)[2])));
                } else {
                    EXPECT_EQ(ours, std::stod((*value)[2]));
                }
            }
            ASSERT_EQ(json["data"].at(row).size(), column);
        }
        ASSERT_EQ(json["data"].size(), row);
        if (HasFailure()) FAIL() << words;
    }
}

// All but where texts stand, which depends on fonts.
TEST_F(GraphDifferential, KeysOfGraphv) {
    const std::string range = fmt::format("-s {} -e {}", kFirst + 600, kFirst + 60'000);
    const std::string data = " DEF:a=a.rrd:one:AVERAGE DEF:b=b.rrd:x:AVERAGE VDEF:m=a,MAXIMUM";
    const std::regex font_dependent("(^|\n)coords\\[[0-9]+\\] = [^\n]*");
    for (const std::string words :
         {" LINE1:a", " AREA:a#f00:text PRINT:m:%lf \"COMMENT:said\\l\" LINE2:b#0f0:more", "",
          " PRINT:m:%lf", " HRULE:3#f00", " GPRINT:m:%lf", " COMMENT:x", " LINE1:b -j",
          " LINE1:b -g --imginfo \"<%s %lu %lu%%>\" PRINT:m:%le", " AREA:b --imginfo \"\"",
          " XPORT:a", " XPORT:a -a CSV PRINT:m:%lf", " LINE1:a -a XML --imginfo \"%s%lu%lu\""}) {
        const std::string command = "graphv x.png " + range + data + words;
        const auto theirs = twin_.run_theirs(command);
        const auto ours = twin_.run_ours(command);
        EXPECT_EQ(ours.ok, theirs.ok) << command << '\n' << ours.text << theirs.text;
        EXPECT_EQ(std::regex_replace(ours.text, font_dependent, ""),
                  std::regex_replace(theirs.text, font_dependent, ""))
            << command;
        const std::string graph = "graph x.png " + range + data + words;
        (void)twin_.expect_same(graph);
    }
    (void)twin_.expect_same("graphv - -a SSV " + range + data + " XPORT:b PRINT:m:%lf");
}

TEST_F(GraphDifferential, MissingDataIsUnknownWhenAskedFor) {
    for (const std::string range : {"-s 1700001000 -e 1700001300", "-s 1700001000 -e 1700009300",
                                    "-s 1700001001 -e 1700001777 --step 30"}) {
        for (const std::string data :
             {"none.rrd:a:AVERAGE", "none.rrd:a:AVERAGE:step=420", "h.rrd:h:MHWPREDICT"}) {
            (void)twin_.expect_same("graph - -Z -a CSV " + range + " DEF:a=" + data + " XPORT:a");
            (void)twin_.expect_same("graph - -a CSV " + range + " DEF:a=" + data + " XPORT:a");
        }
    }
    (void)twin_.expect_same(
        "graph - -Z -a CSV -s 1700001000 -e 1700009300 "
        "DEF:a=none.rrd:a:AVERAGE DEF:b=b.rrd:x:AVERAGE XPORT:a LINE1:b");
}

// A pixel of these graphs is a hundred seconds.
TEST_F(GraphDifferential, LazyPictures) {
    const std::string range = " -s 1700010000 -e 1700050000 DEF:a=a.rrd:one:AVERAGE ";
    for (const int age : {50, 150}) {
        (void)twin_.expect_same("graph x.png" + range + "LINE1:a");
        for (const auto& directory : {twin_.ours(), twin_.theirs()}) {
            std::filesystem::last_write_time(
                directory / "x.png",
                std::filesystem::file_time_type::clock::now() - std::chrono::seconds{age});
        }
        const std::string ours = read_file(twin_.ours() / "x.png");
        const std::string theirs = read_file(twin_.theirs() / "x.png");
        (void)twin_.expect_same("graph x.png -z" + range + "AREA:a#f00:text PRINT:a:MAX:%lf");
        EXPECT_EQ(read_file(twin_.ours() / "x.png") == ours, age < 100);
        EXPECT_EQ(read_file(twin_.theirs() / "x.png") == theirs, age < 100);
    }
    (void)twin_.expect_same("graphv x.png -z" + range +
                            "LINE1:a PRINT:a:MIN:%lf -f \"%s %lu %lu\"");
    std::ofstream(twin_.ours() / "x.png") << "no picture";
    (void)twin_.run_ours("graph x.png -z" + range + "LINE1:a");
    EXPECT_TRUE(read_file(twin_.ours() / "x.png").starts_with("\x89PNG"));
}

// rrdtool gives unknown values for a damaged file and an error for a missing DS: the other way
// round than its manual has it.
TEST_F(GraphDifferential, AMissingDataSourceIsUnknownAndADamagedFileAnError) {
    const std::string words = "graph - -Z -a CSV -s 1700001000 -e 1700009300 ";
    const auto missing = twin_.run_ours(words + "DEF:a=a.rrd:none:AVERAGE XPORT:a");
    ASSERT_TRUE(missing.ok) << missing.text;
    EXPECT_THAT(missing.text, HasSubstr(",\"NaN\"\r\n"));
    std::ofstream(twin_.ours() / "text.rrd") << std::string(500, 'x');
    const auto damaged = twin_.run_ours(words + "DEF:a=text.rrd:a:AVERAGE XPORT:a");
    EXPECT_FALSE(damaged.ok);
    EXPECT_EQ(damaged.text, "'text.rrd' is not an RRD file");
}

// rrdtool divides by zero.
TEST_F(GraphDifferential, MissingDataOfAShortRange) {
    const auto answer = twin_.run_ours(
        "graph - -Z -a CSV -s 1700001000 -e 1700001003 DEF:a=none.rrd:a:MIN XPORT:a");
    EXPECT_EQ(answer.text,
              "\"time\",\"\"\r\n1700001001,\"NaN\"\r\n1700001002,\"NaN\"\r\n"
              "1700001003,\"NaN\"\r\n");
}

// rrdtool writes an export to standard output then, and says nothing.
TEST_F(GraphDifferential, WhatCannotBeWrittenIsAnError) {
    const std::string data = " -s 1700001000 -e 1700009300 DEF:a=a.rrd:one:AVERAGE";
    for (const std::string words : {" -a CSV XPORT:a", " LINE1:a"}) {
        const auto answer = twin_.run_ours("graph /nowhere/x" + data + words);
        EXPECT_FALSE(answer.ok);
        EXPECT_EQ(answer.text, "creating '/nowhere/x': No such file or directory");
    }
}

TEST_F(GraphDifferential, MessagesAreTheSame) {
    std::ofstream(twin_.ours() / "text.rrd") << "no archive, but text of some length";
    std::ofstream(twin_.theirs() / "text.rrd") << "no archive, but text of some length";
    const std::string range = fmt::format("-s {} -e {} ", kFirst + 600, kFirst + 60'000);
    const std::string data = "DEF:a=a.rrd:one:AVERAGE ";
    for (const std::string& words :
         {range + "DEF:a=none.rrd:a:AVERAGE XPORT:a",
          range + "DEF:a=a.rrd:none:AVERAGE XPORT:a",
          range + "DEF:a=h.rrd:h:MHWPREDICT XPORT:a",
          range + "DEF:a=text.rrd:a:MIN XPORT:a",
          range + "DEF:a=a.rrd:one:FOO XPORT:a",
          range + "DEF:a=a.rrd:one XPORT:a",
          range + "DEF:a=a.rrd XPORT:a",
          range + data + "XPORT:b",
          range + data + "XPORT",
          range + data,
          range,
          std::string("-m 9"),
          std::string("-m x"),
          std::string("-m"),
          std::string("--foo"),
          std::string("-s foo"),
          std::string("-e foo"),
          std::string("-s 20000101 -e 19990101"),
          std::string("-s 19710101 -e 19990101"),
          range + data + "FOO:a",
          range + data + "XPORT:a -m 10x",
          range + data + "XPORT:a --step x",
          fmt::format("-s {0} -e {0} ", kFirst + 120) + data + "XPORT:a",
          fmt::format("--json -s {0} -e {0} ", kFirst + 120) + data + "XPORT:a",
          fmt::format("-s {0} -e {0} ", kFirst + 130) + data + "XPORT:a",
          range + "DEF:a=a.rrd:one:AVERAGE:start=foo XPORT:a",
          range + "DEF:a=a.rrd:one:AVERAGE:step=0 XPORT:a",
          range + "DEF:cf=AVERAGE:ds=one:rrd=a.rrd:vname=b:step=300 XPORT:b",
          range + "DEF:a=./a.rrd:one:AVERAGE:end=start+1d:start=end-2d XPORT:a"}) {
        (void)twin_.expect_same("xport " + words);
    }
    for (const std::string& words :
         {range + "-a GIF x.png", range + "-w 5 x.png", std::string("-s 20000101"),
          range + "-f %s x.png LINE1:1", range + "x.png DEF:a=none.rrd:a:AVERAGE COMMENT:x",
          range + "- -a CSV " + data, range + "- -a JSON " + data + "HRULE:1#f00",
          range + "x.png y.png", range + data + "x.png LINE1:a"}) {
        (void)twin_.expect_same("graph " + words);
        (void)twin_.expect_same("graphv " + words);
    }
}

// One row may still lie in it.
TEST_F(GraphDifferential, ARangeOfNoLengthIsDrawn) {
    for (const int past : {60, 90}) {
        const std::string range = fmt::format("-s {0} -e {0} ", kFirst + past);
        const std::string data = "DEF:a=a.rrd:one:AVERAGE CDEF:b=a,STEPWIDTH,+,TIME,+ ";
        const std::string drawn =
            "LINE1:a#f00:hello AREA:b#00f TICK:b#0f0:0.1 VDEF:m=a,MAXIMUM VDEF:t=a,TOTAL "
            "VRULE:m#f00 "
            "PRINT:a:MAX:%lf PRINT:t:%lf PRINT:b:AVERAGE:%lf";
        (void)twin_.expect_same("graphv x.png " + range + data + drawn);
        (void)twin_.expect_same("graph x.png " + range + "COMMENT:hello HRULE:3#f00");
        (void)twin_.expect_same("graph - -a CSV " + range + data + "LINE1:a#f00:hello");
    }
}

// The scale must not begin on the only value there is, or its area is empty.
TEST_F(GraphDifferential, ScalesOfRoundNumbers) {
    for (const auto& [low, high] : std::vector<std::pair<double, double>>{
             {5, 5}, {1, 1}, {100, 100}, {-5, -5}, {2, 5}, {-5, -2}, {0, 1}, {0.5, 4000}, {0, 0}}) {
        (void)twin_.expect_same(
            fmt::format("graphv x.png -s {} -e {} DEF:a=a.rrd:one:AVERAGE CDEF:low=a,POP,{},0,+ "
                        "CDEF:high=a,POP,{},0,+ LINE1:low#f00 AREA:high#0f0",
                        kFirst, kFirst + 3600, low, high));
    }
}

// Compared with the zone of rrdtool's process.
TEST_F(GraphDifferential, ZonesAreNamedOrTheProcesss) {
    const std::string words =
        " -s '20231115 06:00' -e '20231115 09:00' DEF:a=a.rrd:one:AVERAGE "
        "CDEF:days=a,POP,NEWDAY,LTIME,+ ";
    const auto zoned = [&](const std::string& command, const std::string& ours,
                           const std::string& zone) {
        ::setenv("TZ", zone.c_str(), 1);
        RrdTwin::Answer theirs;
        {
            RrdtoolProcess rrdtool;
            (void)rrdtool.run("cd " + twin_.theirs().string());
            theirs = rrdtool.run(command);
        }
        ::unsetenv("TZ");
        ::tzset();
        const auto answer = twin_.run_ours(command + ours);
        EXPECT_EQ(answer.text, theirs.text) << zone;
        EXPECT_TRUE(answer.ok);
    };
    for (const std::string zone : {"Asia/Tokyo", "America/New_York", "Asia/Kathmandu"}) {
        zoned("xport -t" + words + "XPORT:a XPORT:days", " --tz " + zone, zone);
        zoned("graph - -a XML" + words + "XPORT:days -x MINUTE:1:HOUR:1:HOUR:1:0:%c",
              " --tz " + zone, zone);
    }
    zoned("xport -t" + words + "XPORT:a XPORT:days", " --tz Asia/Tokyo --utc", "UTC");
    EXPECT_THAT(twin_.run_ours("xport --tz ../etc/passwd" + words + "XPORT:a").text,
                HasSubstr("no time zone '../etc/passwd'"));
}

TEST_F(GraphDifferential, TheDefaultFontMayBeNamed) {
    const auto picture = [this](std::string_view font, const std::string& options) {
        TestSession ours(&program_);
        ours.session().default_font = font;
        const auto words = cli::rrdtool::split_words(
            fmt::format("graphv - -s {} -e {} DEF:a=a.rrd:one:AVERAGE LINE1:a#f00:xylophone {}",
                        kFirst, kFirst + 3600, options));
        EXPECT_TRUE(cli::rrdtool::run_program(*words, ours.session()));
        return ours.out().text();
    };
    EXPECT_EQ(picture("DejaVu Serif", ""), picture("", "-n 'DEFAULT:0:DejaVu Serif'"));
    EXPECT_NE(picture("DejaVu Serif", ""), picture("", ""));
    EXPECT_EQ(picture("DejaVu Serif", "-n 'DEFAULT:0:DejaVu Sans'"),
              picture("", "-n 'DEFAULT:0:DejaVu Sans'"));
}

// A colon in a file's name.
TEST_F(GraphDifferential, NamesWithColons) {
    std::filesystem::copy_file(twin_.ours() / "b.rrd", twin_.ours() / "x:y.rrd");
    std::filesystem::copy_file(twin_.theirs() / "b.rrd", twin_.theirs() / "x:y.rrd");
    (void)twin_.expect_same(fmt::format("xport -s {} -e {} DEF:a=x\\:y.rrd:x:AVERAGE XPORT:a",
                                        kFirst + 600, kFirst + 3600));
}

}  // namespace
}  // namespace kurabe::tests
