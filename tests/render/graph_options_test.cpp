// Options of the command line one by one: values, bounds and messages.
#include "render/graph_options.hpp"

#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/image_info.hpp"
#include "render/renderer.hpp"

namespace kurabe::render {

namespace {

constexpr Time kSplitNow{Seconds{1'700'000'000}};

Result<SplitArguments> split_words(const std::vector<std::string>& arguments) {
    return parse_options(arguments, kSplitNow, store::TimeZone::utc());
}

GraphOptions options(const std::vector<std::string>& arguments) {
    const auto split = split_words(arguments);
    EXPECT_TRUE(split) << split.error().message;
    return split->options;
}

std::string split_error(const std::vector<std::string>& arguments) {
    const auto split = split_words(arguments);
    return split ? "none" : split.error().message;
}

Color color_of(const GraphOptions& options, ColorTag tag) {
    return options.colors[static_cast<std::size_t>(tag)];
}

Font font_of(const GraphOptions& options, FontTag tag) {
    return options.fonts[static_cast<std::size_t>(tag)];
}

TEST(GraphOptions, DefaultsAreRrdtools) {
    const GraphOptions defaults = options({});
    EXPECT_EQ(defaults.end, kSplitNow);
    EXPECT_EQ(defaults.start, kSplitNow - Seconds{86400});
    EXPECT_EQ(defaults.width_px, 400);
    EXPECT_EQ(defaults.height_px, 100);
    EXPECT_EQ(defaults.base, 1000);
    EXPECT_EQ(color_of(defaults, ColorTag::kCanvas), (Color{255, 255, 255, 255}));
    EXPECT_EQ(font_of(defaults, FontTag::kTitle).size_pt, 9);
}

TEST(GraphOptions, EveryOptionIsRead) {
    const GraphOptions all = options({"-s",          "1699990000",
                                      "-e",          "1699999000",
                                      "-S",          "300",
                                      "-w",          "420",
                                      "-h",          "120",
                                      "-j",          "-t",
                                      "Tt",          "-v",
                                      "Vv",          "-l",
                                      "-5",          "-u",
                                      "1e3",         "-r",
                                      "-A",          "-b",
                                      "1024",        "-X",
                                      "3",           "-L",
                                      "8",           "-x",
                                      "none",        "-y",
                                      "10:2",        "-Y",
                                      "-I",          "-E",
                                      "-g",          "-Z",
                                      "--border",    "1",
                                      "-T",          "30",
                                      "-W",          "Ww",
                                      "-c",          "BACK#102030",
                                      "-n",          "AXIS:10:Some Font",
                                      "-a",          "PNG",
                                      "-i",          "--disable-rrdtool-tag",
                                      "-R",          "light",
                                      "-G",          "mono",
                                      "-B",          "4",
                                      "--alt-y-mrtg"});
    EXPECT_EQ(all.start, Time{Seconds{1'699'990'000}});
    EXPECT_EQ(all.end, Time{Seconds{1'699'999'000}});
    EXPECT_EQ(all.step, Seconds{300});
    EXPECT_EQ(all.width_px, 420);
    EXPECT_EQ(all.height_px, 120);
    EXPECT_TRUE(all.only_graph);
    EXPECT_EQ(all.title, "Tt");
    EXPECT_EQ(all.vertical_label, "Vv");
    EXPECT_EQ(all.lower_limit, -5);
    EXPECT_EQ(all.upper_limit, 1000);
    EXPECT_TRUE(all.rigid);
    EXPECT_TRUE(all.alt_autoscale);
    EXPECT_EQ(all.base, 1024);
    EXPECT_EQ(all.units_exponent, 3);
    EXPECT_EQ(all.units_length, 8);
    EXPECT_TRUE(all.no_x_grid);
    EXPECT_EQ(all.y_grid->step, 10);
    EXPECT_EQ(all.y_grid->label_factor, 2);
    EXPECT_TRUE(all.alt_y_grid);
    EXPECT_TRUE(all.no_minor);
    EXPECT_TRUE(all.slope_mode);
    EXPECT_TRUE(all.no_legend);
    EXPECT_TRUE(all.missing_as_unknown);
    EXPECT_EQ(all.border_px, 1);
    EXPECT_EQ(all.tab_width_px, 30);
    EXPECT_EQ(all.watermark, "Ww");
    EXPECT_EQ(color_of(all, ColorTag::kBack), (Color{0x10, 0x20, 0x30, 255}));
    EXPECT_EQ(font_of(all, FontTag::kAxis).size_pt, 10);
    EXPECT_EQ(font_of(all, FontTag::kAxis).family, "Some Font");
}

TEST(GraphOptions, FormsAndOrderAreFree) {
    const auto split = split_words({"LINE1:a", "--width=300", "-h200", "COMMENT:x", "-gEt", "first",
                                    "--title", "second", "--", "--not-an-option"});
    ASSERT_TRUE(split) << split.error().message;
    EXPECT_EQ(split->options.width_px, 300);
    EXPECT_EQ(split->options.height_px, 200);
    EXPECT_TRUE(split->options.no_legend);
    EXPECT_TRUE(split->options.slope_mode);
    EXPECT_EQ(split->options.title, "second");
    EXPECT_EQ(split->elements,
              (std::vector<std::string>{"LINE1:a", "COMMENT:x", "--not-an-option"}));
}

TEST(GraphOptions, XGridIsReadInParts) {
    const XGrid grid = *options({"-x", "MINUTE:10:HOUR:1:DAY:2:86400:%H:%M"}).x_grid;
    EXPECT_EQ(grid.minor.unit, CalendarUnit::kMinute);
    EXPECT_EQ(grid.minor.count, 10);
    EXPECT_EQ(grid.major.unit, CalendarUnit::kHour);
    EXPECT_EQ(grid.label.unit, CalendarUnit::kDay);
    EXPECT_EQ(grid.label.count, 2);
    EXPECT_EQ(grid.label_span, Seconds{86400});
    EXPECT_EQ(grid.label_format, "%H:%M");
    EXPECT_FALSE(options({"-x", "DAY:1:DAY:1:DAY:1:0:%a", "-x", "none"}).x_grid);
    EXPECT_FALSE(options({"-x", "none", "-x", "DAY:1:DAY:1:DAY:1:0:%a"}).no_x_grid);
}

TEST(GraphOptions, DefaultFontSetsAllAndEmptyPartsKeep) {
    const GraphOptions fonts = options({"-n", "DEFAULT:12:Face", "-n", "TITLE:0:", "-n", "AXIS:7"});
    EXPECT_EQ(font_of(fonts, FontTag::kLegend).size_pt, 12);
    EXPECT_EQ(font_of(fonts, FontTag::kTitle).size_pt, 12);
    EXPECT_EQ(font_of(fonts, FontTag::kTitle).family, "Face");
    EXPECT_EQ(font_of(fonts, FontTag::kAxis).size_pt, 7);
}

TEST(GraphOptions, FontSizesBelowZeroKeepToo) {
    EXPECT_EQ(font_of(options({"-n", "TITLE:-3:Face"}), FontTag::kTitle).size_pt, 9);
    EXPECT_EQ(font_of(options({"-n", "TITLE:-3:Face"}), FontTag::kTitle).family, "Face");
    EXPECT_EQ(split_error({"-n", "TITLE:"}), "invalid text property format");
    EXPECT_EQ(split_error({"-n", "TITLE::Face"}), "invalid text property format");
    EXPECT_EQ(split_error({"-n", ""}), "invalid text property format");
}

TEST(GraphOptions, MarkupAndRenderModeAreOfEveryText) {
    for (const auto& arguments : {std::vector<std::string>{"-P", "-R", "mono", "-n", "AXIS:9:A"},
                                  std::vector<std::string>{"-n", "AXIS:9:A", "-R", "mono", "-P"}}) {
        for (const Font& font : options(arguments).fonts) {
            EXPECT_TRUE(font.has_markup);
            EXPECT_EQ(font.rendering, FontRendering::kMono);
        }
    }
    EXPECT_FALSE(font_of(options({}), FontTag::kTitle).has_markup);
    EXPECT_EQ(font_of(options({"-R", "light"}), FontTag::kTitle).rendering, FontRendering::kLight);
}

TEST(GraphOptions, TimesAreOfTheGraphsZone) {
    const auto day = [](const std::vector<std::string>& zone) {
        std::vector<std::string> arguments = {"-s", "20231101 00:00", "-e", "20231102 00:00"};
        arguments.insert(arguments.end(), zone.begin(), zone.end());
        return options(arguments);
    };
    constexpr Time kMidnightUtc{Seconds{1'698'796'800}};
    EXPECT_EQ(day({}).start, kMidnightUtc);
    EXPECT_EQ(day({"--utc"}).start, kMidnightUtc);
    EXPECT_EQ(day({"--tz", "Asia/Tokyo"}).start, kMidnightUtc - Seconds{9 * 3600});
    EXPECT_EQ(day({"--tz", "America/New_York"}).end - day({"--tz", "America/New_York"}).start,
              Seconds{86400});
    EXPECT_EQ(day({"--tz", "Asia/Tokyo", "--utc"}).start, kMidnightUtc) << "the last counts";
    EXPECT_EQ(day({"--tz", "Asia/Tokyo"}).zone->name(), "Asia/Tokyo");
    EXPECT_FALSE(day({}).zone);
}

TEST(GraphOptions, ZonesAreThoseOfTheDatabaseOnly) {
    for (const std::string name :
         {"", "Nowhere/City", "../../etc/passwd", "/etc/passwd", "/usr/share/zoneinfo/Asia/Tokyo",
          "Asia/../Asia/Tokyo", "asia/tokyo", "JST-9", "Asia/Tokyo\n"}) {
        EXPECT_EQ(split_words({"--tz", name}).error().code, ErrorCode::kNotFound) << name;
    }
    EXPECT_EQ(split_error({"--tz", "Mars/Base"}),
              "no time zone 'Mars/Base' in this system's tz database; names look like Asia/Tokyo");
}

// The texts are rrdtool 1.7.2's.
TEST(GraphOptions, ErrorsAreRrdtools) {
    EXPECT_EQ(split_error({"--foo"}), "invalid option -- 'foo'");
    EXPECT_EQ(split_error({"--add-jsontime"}), "invalid option -- 'add-jsontime'");
    EXPECT_EQ(split_error({"--foo=1"}), "invalid option -- 'foo=1'");
    EXPECT_EQ(split_error({"--wid", "300"}), "invalid option -- 'wid'");
    EXPECT_EQ(split_error({"-Q"}), "invalid option -- 'Q'");
    EXPECT_EQ(split_error({"-w"}), "option requires an argument -- 'w'");
    EXPECT_EQ(split_error({"--start"}), "option requires an argument -- 'start'");
    EXPECT_EQ(split_error({"--no-legend=1"}), "option takes no arguments -- 'no-legend'");
    EXPECT_EQ(split_error({"-w", "5"}), "width below 10 pixels");
    EXPECT_EQ(split_error({"-w", "abc"}), "width below 10 pixels");
    EXPECT_EQ(split_error({"-h", "9"}), "height below 10 pixels");
    EXPECT_EQ(split_error({"-b", "1001"}),
              "the only sensible value for base apart from 1000 is 1024");
    EXPECT_EQ(split_error({"-x", "foo"}), "invalid x-grid format");
    EXPECT_EQ(split_error({"-x", "MINUTE:10:MINUTE:20:MINUTE:10"}), "invalid x-grid format");
    EXPECT_EQ(split_error({"-x", "FOO:1:MINUTE:20:MINUTE:10:0:%H"}), "unknown keyword FOO");
    EXPECT_EQ(split_error({"-y", "x"}), "invalid y-grid format");
    EXPECT_EQ(split_error({"-y", "0:1"}), "grid step must be > 0");
    EXPECT_EQ(split_error({"-y", "1:0"}), "label factor must be > 0");
    EXPECT_EQ(split_error({"-x", "hour:1:HOUR:1:HOUR:1:0:%H"}), "invalid x-grid format");
    EXPECT_EQ(split_error({"-l", "abc"}), "option -l - Cannot convert 'abc' to float");
    EXPECT_EQ(split_error({"--upper-limit="}), "option -u - Cannot convert '' to float");
    EXPECT_EQ(split_error({"-l", "1x"}),
              "option -l - Converted '1x' to 1.000000, but cannot convert 'x'");
    EXPECT_EQ(split_error({"-l", "5 "}),
              "option -l - Converted '5 ' to 5.000000, but cannot convert ' '");
    EXPECT_EQ(split_error({"--units=SI"}), "invalid argument for --units: SI");
    EXPECT_EQ(split_error({"--right-axis", "1"}), "invalid right-axis format expected scale:shift");
    EXPECT_EQ(split_error({"--right-axis", "x:y"}),
              "invalid right-axis format expected scale:shift");
    EXPECT_EQ(split_error({"--right-axis", "0:1"}), "the second_axis_scale  must not be 0");
    EXPECT_EQ(split_error({"--left-axis-formatter", "foo"}), "Unknown left axis formatter");
    EXPECT_EQ(split_error({"--right-axis-formatter", ""}), "Unknown right axis formatter");
    EXPECT_EQ(split_error({"-c", "FOO#fff"}), "invalid color name 'FOO'");
    EXPECT_EQ(split_error({"-c", "BACK"}), "invalid color def format");
    EXPECT_EQ(split_error({"-c", "BACK#ff"}), "the color format is #RRGGBB[AA]");
    EXPECT_EQ(split_error({"-n", "FOO:8"}), "invalid fonttag 'FOO'");
    EXPECT_EQ(split_error({"-n", "TITLE"}), "invalid text property format");
    EXPECT_EQ(split_error({"-a", "GIF"}), "unsupported graphics format 'GIF'");
    EXPECT_EQ(split_error({"-R", "foo"}), "unknown font-render-mode 'foo'");
    EXPECT_EQ(split_error({"-G", "foo"}), "unknown graph-render-mode 'foo'");
    EXPECT_EQ(split_error({"-s", "foo"}), "start time: unparsable time: foo");
    EXPECT_EQ(split_error({"-s", "1600000000", "-e", "1500000000"}),
              "start (1600000000) should be less than end (1500000000)");
}

TEST(GraphOptions, AxesAreRead) {
    const GraphOptions all =
        options({"-o", "-J", "-M", "--allow-shrink", "--units=si", "-L", "9", "--right-axis",
                 "-2.5:1e3", "--right-axis-label", "Rr", "--left-axis-formatter", "duration",
                 "--left-axis-format", "%H", "--right-axis-format", "%.1lf%%"});
    EXPECT_TRUE(all.logarithmic);
    EXPECT_TRUE(all.alt_autoscale_min);
    EXPECT_TRUE(all.alt_autoscale_max);
    EXPECT_TRUE(all.allow_shrink);
    EXPECT_TRUE(all.si_units);
    EXPECT_TRUE(all.keep_label_room);
    EXPECT_EQ(all.right_axis->scale, -2.5);
    EXPECT_EQ(all.right_axis->shift, 1000);
    EXPECT_EQ(all.right_axis_label, "Rr");
    EXPECT_EQ(all.left_axis_format.formatter, AxisFormatter::kDuration);
    EXPECT_EQ(all.left_axis_format.format, "%H");
    EXPECT_EQ(all.right_axis_format.formatter, AxisFormatter::kNumeric);
    EXPECT_EQ(all.right_axis_format.format, "%.1lf%%");
}

TEST(GraphOptions, UnknownAndInfiniteLimitsAreNone) {
    EXPECT_EQ(options({"-l", "3", "-l", "nan"}).lower_limit, std::nullopt);
    EXPECT_EQ(options({"-u", "-inf"}).upper_limit, std::nullopt);
}

TEST(GraphOptions, AxesAreCheckedWhateverTheOrder) {
    const std::string lower = "for a logarithmic yaxis you must specify a lower-limit > 0";
    EXPECT_EQ(split_error({"-o", "-l", "0"}), lower);
    EXPECT_EQ(split_error({"-l", "-1", "-o"}), lower);
    EXPECT_EQ(split_error({"-o", "-r", "-u", "0"}),
              "for a logarithmic yaxis you must specify an upper-limit > 0");
    EXPECT_EQ(split_error({"-o", "-u", "0"}), "none");
    const std::string clips =
        "for a logarithmic yaxis --clip-below and --clip-above must be more than 0";
    EXPECT_EQ(split_error({"-o", "--clip-below", "0"}), clips);
    EXPECT_EQ(split_error({"--clip-above", "-1", "-o"}), clips);
    EXPECT_EQ(split_error({"--clip-above", "3", "--clip-below", "3"}),
              "option --clip-above must be more than --clip-below");
    for (const char* text : {"nan", "1e999", "1e151", "-1e151", "1e-151", "5e-324", "inf"}) {
        EXPECT_NE(split_error({"--clip-above", text}), "none") << text;
    }
    EXPECT_EQ(split_error({"--clip-above", std::string(101, '1')}),
              "option --clip-above - too long for a number");
    EXPECT_EQ(split_error({"--clip-below", "5%"}), "option --clip-below - '5%' is not a number");
    EXPECT_EQ(split_error({"--clip-below", "-5", "--clip-above=1e9"}), "none");
    const std::string grammar =
        " (should match '^(?:[^%]+|%%)*%[-+ 0#]?[0-9]*(?:[.][0-9]+)?l[eEfFgG](?:[^%]+|%%)*$')";
    for (const std::string format : {"foo", "%s", "%lf %s", "%lf%S", "%d", "%lf %lf", "%"}) {
        const std::string message = "invalid format string '" + format + "'" + grammar;
        EXPECT_EQ(split_error({"--left-axis-format", format}), message);
        EXPECT_EQ(split_error({"--right-axis-format=" + format, "--right-axis", "1:0"}), message);
    }
    EXPECT_EQ(split_error({"--left-axis-format", ""}), "none");
    EXPECT_EQ(split_error({"--left-axis-format", "%H", "--left-axis-formatter", "duration"}),
              "none");
    EXPECT_EQ(split_error({"--left-axis-format", "%lf", "--left-axis-formatter", "duration"}),
              "Wrong duration format");
    EXPECT_EQ(split_error({"--left-axis-format", "%Q", "--left-axis-formatter", "timestamp"}),
              "none");
    EXPECT_NE(split_error({"--left-axis-format", "%999lf"}), "none");
}

TEST(GraphOptions, ExportFormatsAreNoPictures) {
    EXPECT_EQ(split_words({"-a", "PNG"}).value().options.format, ImageFormat::kPng);
    EXPECT_EQ(split_words({"-a", "SVG"}).value().options.format, ImageFormat::kSvg);
    EXPECT_EQ(split_words({"-a", "PDF"}).value().options.format, ImageFormat::kPdf);
    EXPECT_EQ(split_words({"-a", "EPS"}).value().options.format, ImageFormat::kEps);
    EXPECT_EQ(split_words({"-a", "SSV"}).value().options.format, ImageFormat::kSsv);
    EXPECT_EQ(split_words({"-a", "JSONTIME"}).value().options.format, ImageFormat::kJsonTime);
    EXPECT_TRUE(is_export(ImageFormat::kXml));
    EXPECT_FALSE(is_export(ImageFormat::kPng));
    EXPECT_FALSE(is_export(ImageFormat::kEps));
    EXPECT_TRUE(is_vector(ImageFormat::kSvg));
    EXPECT_TRUE(is_vector(ImageFormat::kEps));
    EXPECT_FALSE(is_vector(ImageFormat::kPng));
    EXPECT_FALSE(is_vector(ImageFormat::kXml));
}

TEST(GraphOptions, ZoomIsAnyPositiveNumberWithinTheLimit) {
    EXPECT_EQ(split_words({"-w", "100"})->options.zoom, 1);
    EXPECT_EQ(split_words({"-m", "2"})->options.zoom, 2);
    EXPECT_EQ(split_words({"--zoom", ".5"})->options.zoom, 0.5);
    EXPECT_EQ(split_error({"-m", "0"}), "zoom factor must be > 0");
    EXPECT_EQ(split_error({"-m", "-1"}), "zoom factor must be > 0");
    EXPECT_EQ(split_error({"-m", "2x"}), "option --zoom - Cannot convert '2x' to float");
    EXPECT_EQ(split_words({"-m", "21"}).error().code, ErrorCode::kLimit);
}

TEST(GraphOptions, WhatTheCommandMakesOfThePicture) {
    const auto options = split_words({"-z", "--imginfo", "<%s %lu %lu>"}).value().options;
    EXPECT_TRUE(options.lazy);
    EXPECT_EQ(options.image_info, "<%s %lu %lu>");
    EXPECT_EQ(split_words({"-f", ""}).value().options.image_info, "");
    EXPECT_EQ(split_words({"-d", ""}).value().options.image_info, std::nullopt);
    EXPECT_EQ(split_error({"-f", "%s %d %d"}),
              "invalid format string '%s %d %d' (should match "
              "'^(?:[^%]+|%%)*%s(?:[^%]+|%%)*%lu(?:[^%]+|%%)*%lu(?:[^%]+|%%)*$')");
    for (const char* const format :
         {"%s", "%lu %s %lu", "%10s %lu%lu", "%s%lu%lu%lu", "%s%lu%lu%"}) {
        EXPECT_NE(split_error({"-f", format}), "none") << format;
    }
    EXPECT_EQ(image_info_text("%%a %s %lux%lu%%", "g.png", {.width_px = 481, .height_px = 141}),
              "%a g.png 481x141%");
}

TEST(GraphOptions, ADaemonMayBeNamed) {
    EXPECT_EQ(split_words({"-d", "unix:/run/x"})->options.daemon, "unix:/run/x");
    EXPECT_EQ(split_words({"--daemon="})->options.daemon, "");
    EXPECT_EQ(split_words({"-E"})->options.daemon, std::nullopt);
}

TEST(GraphOptions, TimesOfMarksAreOfTheZoneThatIsNamed) {
    const auto split = split_words({"--mark", R"(20231114 12\:00:noon)", "--tz", "Asia/Tokyo", "-s",
                                    "20231114 00:00", "-e", "20231115 00:00"});
    ASSERT_TRUE(split) << split.error().message;
    const GraphOptions& options = split->options;
    ASSERT_EQ(options.marks.size(), 1U);
    EXPECT_EQ(options.marks[0].time - options.start, Seconds{12 * 3600});
    EXPECT_EQ(options.marks[0].time, Time{Seconds{1'699'930'800}});
}

TEST(GraphOptions, TheFrame) {
    const auto split = split_words({"-D", "-F", "--legend-position=west", "--legend-direction",
                                    "bottomup2", "--dynamic-labels", "--legend-height=40",
                                    "--legend-width", "90", "-t", "one\\ntwo", "-a", "LAYOUT"});
    ASSERT_TRUE(split) << split.error().message;
    const GraphOptions& options = split->options;
    EXPECT_TRUE(options.full_size_mode && options.force_rules_legend && options.dynamic_labels);
    EXPECT_EQ(options.legend_position, LegendPosition::kWest);
    EXPECT_EQ(options.legend_direction, LegendDirection::kBottomUp2);
    EXPECT_EQ(options.legend_height_px, 40);
    EXPECT_EQ(options.legend_width_px, 90);
    EXPECT_EQ(options.title, "one\ntwo");
    EXPECT_EQ(options.format, ImageFormat::kLayout);
    EXPECT_FALSE(is_export(options.format));
}

TEST(GraphOptions, WaysOfDrawing) {
    const auto options =
        split_words({"--grid-dash", "3:1.5", "--no-gridfit", "-G", "mono", "-E"}).value().options;
    EXPECT_EQ(options.grid_dash_on_px, 3);
    EXPECT_EQ(options.grid_dash_off_px, 1.5);
    EXPECT_TRUE(options.no_gridfit);
    EXPECT_TRUE(options.rough_edges);
    EXPECT_TRUE(options.slope_mode);
    EXPECT_FALSE(split_words({"-G", "normal"}).value().options.rough_edges);
    for (const char* const dash : {"", ":", "2", "2:", ":2", "2:x", "-1:3", "nan:1", "1e9:1"}) {
        EXPECT_EQ(split_error({"--grid-dash", dash}), "invalid grid-dash format") << dash;
    }
}

TEST(GraphOptions, AbsurdValuesAreRefused) {
    EXPECT_EQ(split_words({"-w", "4001"}).error().code, ErrorCode::kLimit);
    EXPECT_EQ(split_words({"-h", "99999999999"}).error().code, ErrorCode::kLimit);
    EXPECT_FALSE(split_words({"-w", "99999999999999999999999"}));
    EXPECT_EQ(split_words({"-t", std::string(kTextBytesMax + 1, 'x')}).error().code,
              ErrorCode::kLimit);
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"-S", "-1"},
                                               {"-l", std::string(kTextBytesMax + 1, '1')},
                                               {"--right-axis", "1:2x"},
                                               {"--right-axis", "1e400:1"},
                                               {"-X", "3x"},
                                               {"-L", "abc"},
                                               {"-S", "1e3"},
                                               {"-T", "-5"},
                                               {"--border", "-1"},
                                               {"--legend-height", "-1"},
                                               {"--legend-height", "2001"},
                                               {"--legend-width", "4001"},
                                               {"--legend-width", "x"},
                                               {"--border", "1000000"},
                                               {"-L", "99999"},
                                               {"-X", "999"},
                                               {"-n", "TITLE:1e9"},
                                               {"-n", "TITLE:nan"},
                                               {"-y", "1e400:1"},
                                               {"-y", "1:99999999999"},
                                               {"-x", "MINUTE:0:MINUTE:1:MINUTE:1:0:%H"},
                                               {"-x", "MINUTE:-1:MINUTE:1:MINUTE:1:0:%H"},
                                               {"-x", "DAY:1:DAY:1:DAY:1:-5:%H"},
                                               {"-x", "DAY:1:DAY:1:DAY:1:0:%1001H"},
                                               {"--week-fmt", "%1001H"},
                                               {"-n", "TITLE:8:" + std::string(501, 'x')},
                                               {"-e", "now+99999999y"},
                                               {"-s", "19700102"}}) {
        EXPECT_FALSE(split_words(arguments)) << arguments[0] << ' ' << arguments[1];
    }
}

}  // namespace

}  // namespace kurabe::render
