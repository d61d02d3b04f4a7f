// Graphs of the installed rrdtool and ours of the same definition: sizes, ranges and grid lines as
// numbers.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/graph_definition.hpp"
#include "render/layout.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/rrdtool_series_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::render::testing {

using Words = std::vector<std::string>;
using Info = std::map<std::string, std::string>;  // "key = value" lines of graphv

// Split at blanks; '_' stands for a blank within a word.
[[nodiscard]] Words words_of(const std::string& text);

// a.rrd: 3000 minutes from 10 to 90 with gaps.
class RrdtoolGeometry : public ::testing::Test {
  protected:
    static void SetUpTestSuite();
    static void TearDownTestSuite();
    void SetUp() override;

    static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
    static std::string file() { return path("a.rrd"); }

    // The usual start, end and DEF of "a", then `words`.
    static Words definition(const std::string& words);

    static Info rrdtool_info(const Words& arguments, const std::string& zone = "UTC");

    struct Ours {
        GraphDefinition definition;
        EvaluatedGraph graph;
        Layout layout;
        Frame frame;
    };
    Ours ours(const Words& arguments, const std::string& zone_name = "UTC");

    void expect_same_frame(const Words& arguments);
    static void expect_same_range(const Info& theirs, const ValueRange& range);

    static tests::TemporaryDirectory* folder_;
    Canvas canvas_{"DejaVu Sans Mono"};
    tests::RrdtoolProcess rrdtool_;
    tests::RrdtoolSeriesSource source_{rrdtool_};
};

// Dotted lines of rrdtool's SVG: (major, upright, position in half pixels).
using GridSet = std::set<std::tuple<bool, bool, int>>;

class RrdtoolGrid : public RrdtoolGeometry {
  protected:
    static GridSet theirs(const Words& arguments, const std::string& zone);
    GridSet mine(const Words& arguments, const std::string& zone_name);
    void expect_same(const Words& arguments, const std::string& zone = "UTC");
};

}  // namespace kurabe::render::testing
