// The graphs that other programs ask rrdtool for: each definition of definitions/ is drawn without
// a change of its words, with rrdtool's numbers and texts.
// The first test writes gallery.html to the working directory: rrdtool's pictures beside ours.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include "cli/full_program.hpp"
#include "cli/rrdtool/program.hpp"
#include "tests/gallery/definition_file.hpp"
#include "tests/gallery/gallery_page.hpp"
#include "tests/gallery/graph_report.hpp"
#include "tests/gallery/plot_pixels.hpp"
#include "tests/gallery/sample_archives.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/rrdtool_session.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

constexpr const char* kFolder = KURABE_SOURCE_DIR "/tests/gallery";

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

// The share of pixels within the plot.
constexpr double kPlotDifferenceMax = 0.01;

std::string text_of(const std::vector<Difference>& differences) {
    std::string text;
    for (const auto& [key, ours, theirs] : differences) {
        text += fmt::format("{}: {}, rrdtool: {}\n", key, ours, theirs);
    }
    return text;
}

// What graphv printed, or the error.
struct Answer {
    bool ok;
    std::string text;
};

// Another working directory for as long as this lives.
class WorkingDirectory {
  public:
    explicit WorkingDirectory(const fs::path& folder) { fs::current_path(folder); }
    ~WorkingDirectory() { fs::current_path(before_); }
    WorkingDirectory(const WorkingDirectory&) = delete;
    WorkingDirectory& operator=(const WorkingDirectory&) = delete;

  private:
    fs::path before_ = fs::current_path();
};

// Both programs run where the archives are, in a zone with summer time.
class Gallery : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        ::setenv("TZ", "Europe/Zurich", 1);
        ::setenv("LC_ALL", "C.UTF-8", 1);
        ::tzset();
        data_ = new TemporaryDirectory;
        make_sample_archives(fs::path(kFolder) / "archives.txt", data_->path());
        definitions_ = new std::vector(read_definitions(fs::path(kFolder) / "definitions"));
    }
    static void TearDownTestSuite() {
        delete data_;
        delete definitions_;
    }

    static std::vector<std::string> command(const DefinitionFile& definition,
                                            const fs::path& file) {
        std::vector<std::string> words = {"graphv", file.string()};
        words.insert(words.end(), definition.words.begin(), definition.words.end());
        return words;
    }

    Answer draw_ours(const DefinitionFile& definition, const fs::path& file) {
        const WorkingDirectory there(data_->path());
        TestSession session(&program_);
        const auto words = command(definition, file);
        const auto done = cli::rrdtool::run_program(words, session.session());
        if (!done) return {false, done.error().message};
        return {true, session.out().text()};
    }

    // In a process of its own: some options of rrdtool hold for all graphs to come.
    static Answer draw_theirs(const DefinitionFile& definition, const fs::path& file) {
        const WorkingDirectory there(data_->path());
        auto words = command(definition, file);
        words.insert(words.begin(), kRrdtool);
        const Finished done = run(words);
        return {done.status == 0, done.status == 0 ? done.out : done.err};
    }

    // Draws both into the page's folder and compares.
    GalleryEntry compare(const DefinitionFile& definition) {
        std::string ending = definition.format();
        for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const std::string name = definition.path() + "." + ending;
        GalleryEntry entry{.definition = definition,
                           .ours = fs::path("gallery/kurabe") / name,
                           .theirs = fs::path("gallery/rrdtool") / name,
                           .error = {},
                           .differences = {}};
        fs::create_directories(entry.ours.parent_path());
        fs::create_directories(entry.theirs.parent_path());
        const Answer theirs = draw_theirs(definition, fs::absolute(entry.theirs));
        EXPECT_TRUE(theirs.ok) << "rrdtool: " << theirs.text;
        const Answer ours = draw_ours(definition, fs::absolute(entry.ours));
        expect_drawn_or_waiting(definition, ours);
        if (ours.ok) {
            compare_drawn(ours.text, theirs.text, entry);
        } else {
            entry.error = ours.text;
        }
        return entry;
    }

    static void compare_drawn(const std::string& ours, const std::string& theirs,
                              GalleryEntry& entry) {
        const GraphReport report = read_report(theirs);
        entry.differences = differences(read_report(ours), report);
        if (entry.definition.format() != "PNG") return;
        const double share =
            differing_share(read_file(entry.ours), read_file(entry.theirs), report);
        if (share <= kPlotDifferenceMax) return;
        entry.differences.push_back(
            {"plot", fmt::format("{:.1f} % other pixels", 100 * share), "-"});
    }

    static void expect_drawn_or_waiting(const DefinitionFile& definition, const Answer& ours) {
        if (definition.waits_for.empty()) {
            EXPECT_TRUE(ours.ok) << ours.text;
        } else if (ours.ok) {
            ADD_FAILURE() << "is drawn: remove \"waits-for: " << definition.waits_for << '"';
        } else {
            EXPECT_THAT(ours.text, HasSubstr(definition.waits_for));
        }
    }

    // No difference but those that are meant to be, and each of these.
    static void expect_agreed(const GalleryEntry& entry) {
        std::vector<Difference> others = entry.differences;
        for (const std::string& key : entry.definition.differs) {
            const auto erased = std::erase_if(
                others, [&](const Difference& other) { return other.key.starts_with(key); });
            EXPECT_GT(erased, 0u) << "no \"" << key << "\" differs any more";
        }
        EXPECT_EQ(text_of(others), "");
    }

    static TemporaryDirectory* data_;
    static std::vector<DefinitionFile>* definitions_;
    cli::FullProgram program_;
};
TemporaryDirectory* Gallery::data_ = nullptr;
std::vector<DefinitionFile>* Gallery::definitions_ = nullptr;

TEST_F(Gallery, NumbersAndTextsAreRrdtools) {
    if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    std::vector<GalleryEntry> entries;
    for (const DefinitionFile& definition : *definitions_) {
        SCOPED_TRACE(definition.path());
        entries.push_back(compare(definition));
        expect_agreed(entries.back());
    }
    std::ofstream("gallery.html") << gallery_page(entries);
}

TEST_F(Gallery, HasFiveDefinitionsOfEachFrontEnd) {
    std::map<std::string, int> counts;
    for (const DefinitionFile& definition : *definitions_) {
        EXPECT_NE(definition.comment, "") << definition.path();
        ++counts[definition.origin];
    }
    for (const char* const origin : {"munin", "cacti", "smokeping", "collectd", "kurado"}) {
        EXPECT_GE(counts[origin], 5) << origin;
    }
    EXPECT_GE(definitions_->size(), 60u);
}

// Those of rrdgraph(1), by their long and short names, but for --daemon, --lazy and others that
// change nothing in a picture.
TEST_F(Gallery, EveryOptionAndElementOccurs) {
    std::set<std::string> names;
    for (const DefinitionFile& definition : *definitions_) {
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

}  // namespace
}  // namespace kurabe::tests
