// Sizes of zoomed pictures and of vector pictures, in their files and in what graphv says of them,
// and which are kept by --lazy.
#include <filesystem>
#include <fstream>
#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/graph_fixture.hpp"
#include "tests/support/files.hpp"

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;

// The size that a file says it has.
std::string size_in(const std::string& file) {
    if (file.starts_with("\x89PNG")) return file.substr(16, 8);
    static const std::regex pattern(
        R"-((<svg [^>]*width="([^"]*)" height="([^"]*)" viewBox="([^"]*)")-"
        R"-(|/MediaBox \[[^\]]*\]|\n%%BoundingBox: [-0-9 ]*))-");
    std::smatch match;
    return std::regex_search(file, match, pattern) ? match.str() : "none";
}

// Keys and values but for the legend's boxes, which rrdtool measures in zoomed letters.
std::string without_boxes(const std::string& report) {
    return std::regex_replace(report, std::regex("coords[^\n]*\n"), "");
}

TEST_F(GraphDifferential, ZoomedAndVectorPicturesHaveRrdtoolsSizes) {
    for (int round = 0; round < rounds(40); ++round) {
        const std::string command = fmt::format(
            "graphv x -a {} -m {} -w {} -h {} {} {} DEF:a=a.rrd:one:AVERAGE "
            "AREA:a#00c000:area PRINT:a:MAX:%lf",
            any({"PNG", "SVG", "PDF", "EPS"}),
            any({"1", "2", "3", "1.5", "0.5", "0.1", "1.7", ".333", "2.25"}), 10 + below(900),
            10 + below(300), random_range(), any({"", "-j"}));
        const auto theirs = twin_.run_theirs(command);
        const auto ours = twin_.run_ours(command);
        ASSERT_TRUE(theirs.ok && ours.ok) << command << '\n' << theirs.text << '\n' << ours.text;
        EXPECT_EQ(without_boxes(ours.text), without_boxes(theirs.text)) << command;
        EXPECT_EQ(size_in(read_file(twin_.ours() / "x")), size_in(read_file(twin_.theirs() / "x")))
            << command;
        if (HasFailure()) return;
    }
}

TEST_F(GraphDifferential, LazinessKeepsVectorPicturesByTheirAge) {
    const auto drawn = [&](const std::string& format, const std::string& content, bool is_old) {
        std::string kept;
        for (const fs::path& side : {twin_.ours(), twin_.theirs()}) {
            std::ofstream(side / "x", std::ios::trunc) << content;
            if (is_old) {
                fs::last_write_time(side / "x",
                                    fs::file_time_type::clock::now() - std::chrono::hours(48));
            }
        }
        const std::string command = fmt::format("graph x -a {} -z -s {} -e {} HRULE:1#f00", format,
                                                kFirst, kFirst + 86'400);
        EXPECT_TRUE(twin_.run_ours(command).ok && twin_.run_theirs(command).ok);
        const auto is_new = [&](const fs::path& side) { return read_file(side / "x") != content; };
        EXPECT_EQ(is_new(twin_.ours()), is_new(twin_.theirs())) << format << content << is_old;
        return is_new(twin_.ours());
    };
    EXPECT_FALSE(drawn("SVG", "anything", false));
    EXPECT_FALSE(drawn("PDF", "anything", false));
    EXPECT_FALSE(drawn("EPS", "anything", false));
    EXPECT_TRUE(drawn("SVG", "anything", true));
    EXPECT_TRUE(drawn("PNG", "anything", false));
}

TEST_F(GraphDifferential, ZoomsThatAreNoneAreErrors) {
    for (const char* const zoom : {"0", "-1", "-0"}) {
        (void)twin_.expect_same(fmt::format("graph x.png -m {} HRULE:1#f00", zoom));
    }
}

}  // namespace
}  // namespace kurabe::tests
