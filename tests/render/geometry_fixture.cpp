// Runs rrdtool, reads its keys and its SVG.
#include "tests/render/geometry_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <regex>
#include <sstream>

#include <fmt/format.h>

#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"
#include "render/plot_shapes.hpp"
#include "render/x_axis.hpp"
#include "render/y_axis.hpp"
#include "tests/render/rrdtool_program.hpp"
#include "tests/support/files.hpp"

namespace kurabe::render::testing {

namespace {

constexpr Time kStart{Seconds{1700000040}};
constexpr int kMinutes = 3000;

Info parse_info(const std::string& text) {
    Info info;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find(" = ");
        if (equals != std::string::npos) info[line.substr(0, equals)] = line.substr(equals + 3);
    }
    return info;
}

// In half pixels.
int place(double pixels) {
    return static_cast<int>(std::lround(pixels * 2 + 0.1));
}

GridSet svg_grid(const std::string& svg) {
    static const std::regex path(
        "style=\"[^\"]*stroke-width:0\\.([46]);[^\"]*dasharray[^\"]*\" "
        "d=\"M ([-0-9.]+) ([-0-9.]+) L ([-0-9.]+) ([-0-9.]+) \"");
    GridSet grid;
    for (std::sregex_iterator i(svg.begin(), svg.end(), path), end; i != end; ++i) {
        const bool upright = (*i)[2] == (*i)[4];
        grid.insert({(*i)[1] == "6", upright, place(std::stod(upright ? (*i)[2] : (*i)[3]))});
    }
    return grid;
}

// Lines that have no equal in `without`, to half a pixel for heights: the file's are rounded.
std::string text_of(const GridSet& grid, const GridSet& without) {
    std::string text;
    for (const auto& [major, upright, at] : grid) {
        const int slack = upright ? 0 : 1;
        bool found = false;
        for (int near = at - slack; near <= at + slack; ++near) {
            found = found || without.contains({major, upright, near});
        }
        if (found) continue;
        text += fmt::format(" {}{}{}", major ? 'M' : 'm', upright ? 'x' : 'y', at / 2.0);
    }
    return text;
}

}  // namespace

Words words_of(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) {
        // '_' stands for a blank in these tests' texts.
        for (char& c : word) c = c == '_' ? ' ' : c;
        words.push_back(word);
    }
    return words;
}

tests::TemporaryDirectory* RrdtoolGeometry::folder_ = nullptr;

void RrdtoolGeometry::SetUpTestSuite() {
    if (!tests::RrdtoolProcess::is_installed()) return;
    folder_ = new tests::TemporaryDirectory;
    std::vector<double> values;
    for (int i = 0; i < kMinutes; ++i) {
        values.push_back(i % 500 < 30 ? std::nan("") : 50 + 40 * std::sin(i / 200.0));
    }
    write_minutes(path("a.rrd"), kStart, values);
}

void RrdtoolGeometry::TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
}

void RrdtoolGeometry::SetUp() {
    if (folder_ == nullptr) GTEST_SKIP() << "rrdtool is not installed";
}

Words RrdtoolGeometry::definition(const std::string& words) {
    Words all = {"-s", "1700020000", "-e", "1700106400", "DEF:a=" + file() + ":n:AVERAGE"};
    for (std::string& word : words_of(words)) all.push_back(std::move(word));
    return all;
}

Info RrdtoolGeometry::rrdtool_info(const Words& arguments, const std::string& zone) {
    Words command = {"graphv", path("o.png")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ProgramOutput output = run_rrdtool(command, zone);
    EXPECT_EQ(output.status, 0) << output.text;
    return parse_info(output.text);
}

RrdtoolGeometry::Ours RrdtoolGeometry::ours(const Words& arguments, const std::string& zone_name) {
    const auto zone = store::TimeZone::locate(zone_name);
    EXPECT_TRUE(zone.has_value());
    const Time now{Seconds{1700200000}};
    auto definition = parse_graph(arguments, now, *zone);
    EXPECT_TRUE(definition.has_value()) << (definition ? "" : definition.error().message);
    auto graph = evaluate(*definition, source_, now, *zone);
    EXPECT_TRUE(graph.has_value()) << (graph ? "" : graph.error().message);
    auto layout = lay_out(definition->options, *graph, *zone, canvas_);
    EXPECT_TRUE(layout.has_value());
    Frame frame = place_frame(definition->options, *graph, canvas_);
    return {*std::move(definition), *std::move(graph), *std::move(layout), std::move(frame)};
}

void RrdtoolGeometry::expect_same_frame(const Words& arguments) {
    const Info theirs = rrdtool_info(arguments);
    const Ours mine = ours(arguments);
    const auto number = [&](const char* key) { return std::stod(theirs.at(key)); };
    EXPECT_EQ(mine.layout.plot.left_px, number("graph_left"));
    EXPECT_EQ(mine.layout.plot.top_px, number("graph_top"));
    EXPECT_EQ(mine.layout.plot.width_px, number("graph_width"));
    EXPECT_EQ(mine.layout.plot.height_px, number("graph_height"));
    EXPECT_EQ(mine.layout.size.width_px, number("image_width"));
    EXPECT_EQ(mine.layout.size.height_px, number("image_height"));
    expect_same_range(theirs, mine.layout.range);
}

void RrdtoolGeometry::expect_same_range(const Info& theirs, const ValueRange& range) {
    const double low = std::stod(theirs.at("value_min"));
    const double high = std::stod(theirs.at("value_max"));
    EXPECT_LT(range.min, range.max);
    // rrdtool turns some ranges upside down when limits contradict each other or the data.
    if (low > high) return;
    const double tolerance = 1e-8 * std::max({std::abs(low), std::abs(high), 1e-30});
    EXPECT_NEAR(range.min, low, tolerance);
    EXPECT_NEAR(range.max, high, tolerance);
}

GridSet RrdtoolGrid::theirs(const Words& arguments, const std::string& zone) {
    Words command = {"graph", path("o.svg"), "-a", "SVG"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ProgramOutput output = run_rrdtool(command, zone);
    EXPECT_EQ(output.status, 0) << output.text;
    return svg_grid(tests::read_file(path("o.svg")));
}

GridSet RrdtoolGrid::mine(const Words& arguments, const std::string& zone_name) {
    const Ours o = ours(arguments, zone_name);
    const auto zone = store::TimeZone::locate(zone_name);
    const auto& options = o.definition.options;
    const auto axis = x_axis(options, *zone);
    const TimeSpan span = {options.start, options.end};
    GridSet grid;
    const auto add = [&](const std::vector<Time>& times, bool major) {
        for (const Time time : times) {
            const int column = column_of(time, span, options.width_px);
            grid.insert({major, true, place(o.layout.plot.left_px + column)});
        }
    };
    add(axis->minor, false);
    add(axis->major, true);
    const PlotScale scale = {o.layout.plot, o.layout.range, scaling_of(options)};
    for (const YLine& line :
         y_grid(options, fit_value_axis(options, drawn_range(o.graph, scaling_of(options))))) {
        grid.insert({line.major, false, place(scale.y_of(line.value))});
    }
    return grid;
}

void RrdtoolGrid::expect_same(const Words& arguments, const std::string& zone) {
    const GridSet rrdtool = theirs(arguments, zone);
    const GridSet kurabe = mine(arguments, zone);
    EXPECT_EQ(text_of(rrdtool, kurabe), "") << "only rrdtool has these";
    EXPECT_EQ(text_of(kurabe, rrdtool), "") << "only kurabe has these";
}

}  // namespace kurabe::render::testing
