// What the definitions of the gallery show altogether.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gallery/definition_file.hpp"
#include "tests/support/files.hpp"

namespace kurabe::tests {
namespace {

constexpr const char* kFolder = KURABE_SOURCE_DIR "/tests/gallery/definitions";

const std::vector<std::pair<std::string, char>> kOptions = {{"start", 's'},
                                                            {"end", 'e'},
                                                            {"step", 'S'},
                                                            {"width", 'w'},
                                                            {"height", 'h'},
                                                            {"only-graph", 'j'},
                                                            {"full-size-mode", 'D'},
                                                            {"vertical-label", 'v'},
                                                            {"right-axis", '\0'},
                                                            {"right-axis-label", '\0'},
                                                            {"right-axis-format", '\0'},
                                                            {"right-axis-formatter", '\0'},
                                                            {"left-axis-format", '\0'},
                                                            {"left-axis-formatter", '\0'},
                                                            {"upper-limit", 'u'},
                                                            {"lower-limit", 'l'},
                                                            {"rigid", 'r'},
                                                            {"allow-shrink", '\0'},
                                                            {"alt-autoscale", 'A'},
                                                            {"alt-autoscale-min", 'J'},
                                                            {"alt-autoscale-max", 'M'},
                                                            {"no-gridfit", 'N'},
                                                            {"x-grid", 'x'},
                                                            {"y-grid", 'y'},
                                                            {"week-fmt", '\0'},
                                                            {"alt-y-grid", 'Y'},
                                                            {"logarithmic", 'o'},
                                                            {"units-exponent", 'X'},
                                                            {"units-length", 'L'},
                                                            {"units", '\0'},
                                                            {"imginfo", 'f'},
                                                            {"color", 'c'},
                                                            {"grid-dash", '\0'},
                                                            {"border", '\0'},
                                                            {"dynamic-labels", '\0'},
                                                            {"zoom", 'm'},
                                                            {"font", 'n'},
                                                            {"font-render-mode", 'R'},
                                                            {"font-smoothing-threshold", 'B'},
                                                            {"pango-markup", 'P'},
                                                            {"graph-render-mode", 'G'},
                                                            {"slope-mode", 'E'},
                                                            {"imgformat", 'a'},
                                                            {"interlaced", 'i'},
                                                            {"tabwidth", 'T'},
                                                            {"base", 'b'},
                                                            {"no-legend", 'g'},
                                                            {"force-rules-legend", 'F'},
                                                            {"legend-position", '\0'},
                                                            {"legend-direction", '\0'},
                                                            {"no-minor", 'I'},
                                                            {"title", 't'},
                                                            {"watermark", 'W'},
                                                            {"use-nan-for-all-missing-data", 'Z'},
                                                            {"disable-rrdtool-tag", '\0'}};

TEST(GalleryDefinitions, AreFiveOfEachFrontEndAndMore) {
    const auto definitions = read_definitions(kFolder);
    std::map<std::string, int> counts;
    for (const DefinitionFile& definition : definitions) {
        EXPECT_NE(definition.comment, "") << definition.path();
        ++counts[definition.origin];
    }
    for (const char* const origin : {"munin", "cacti", "smokeping", "collectd", "kurado"}) {
        EXPECT_GE(counts[origin], 5) << origin;
    }
    EXPECT_GE(definitions.size(), 60u);
}

// Those of rrdgraph(1), by their long and short names, but for --daemon, --lazy and others that
// change nothing in a picture.
TEST(GalleryDefinitions, HaveEveryOptionAndElement) {
    const auto definitions = read_definitions(kFolder);
    std::set<std::string> names;
    for (const DefinitionFile& definition : definitions) {
        for (const std::string& word : definition.words) {
            names.insert(
                word.substr(0, word.find_first_of(word.starts_with('-') ? "=" : ":0123456789")));
        }
    }
    for (const auto& [name, letter] : kOptions) {
        EXPECT_TRUE(names.contains("--" + name) || names.contains(std::string{'-', letter}))
            << name;
    }
    for (const char* const element :
         {"DEF", "CDEF", "VDEF", "PRINT", "GPRINT", "COMMENT", "LINE", "AREA", "STACK", "TICK",
          "HRULE", "VRULE", "SHIFT", "TEXTALIGN", "XPORT"}) {
        EXPECT_TRUE(names.contains(element)) << element;
    }
}

TEST(GalleryDefinitions, DifferForReasonsThatAreWrittenDown) {
    const std::string rows = read_file(KURABE_SOURCE_DIR "/docs/rrdtool-differences.md");
    for (const DefinitionFile& file : read_definitions(kFolder)) {
        EXPECT_EQ(file.differs.empty(), file.because.empty()) << file.path();
        if (file.because.empty()) continue;
        EXPECT_THAT(rows, testing::HasSubstr("\n| " + file.because)) << file.path();
    }
}

}  // namespace
}  // namespace kurabe::tests
