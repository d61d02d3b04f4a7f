// The graphs that other programs ask rrdtool for: each definition of definitions/ is drawn without
// a change of its words, with rrdtool's numbers and texts, and as it was looked at and found good.
// The first test writes gallery.html to the working directory: rrdtool's pictures beside ours.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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
#include "tests/support/golden.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/rrdtool_session.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

constexpr const char* kGalleryFolder = KURABE_SOURCE_DIR "/tests/gallery";

// The share of pixels within the plot.
constexpr double kPlotDifferenceMax = 0.01;

// Their bytes are Cairo's; what they show is for the eye.
const std::set<std::string> kVectorFormats = {"SVG", "PDF", "EPS"};

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
        make_sample_archives(fs::path(kGalleryFolder) / "archives.txt", data_->path());
        definitions_ = new std::vector(read_definitions(fs::path(kGalleryFolder) / "definitions"));
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
        const std::string format = entry.definition.format();
        const std::string our_file = read_file(entry.ours);
        const std::string their_file = read_file(entry.theirs);
        if (format == "PNG") {
            const double share = differing_share(our_file, their_file, report);
            if (share <= kPlotDifferenceMax) return;
            entry.differences.push_back({"plot", fmt::format("{:.4f} differs", share), "-"});
        } else if (!kVectorFormats.contains(format) && our_file != their_file) {
            entry.differences.push_back({"text", our_file, their_file});
        }
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

TEST_F(Gallery, PicturesAreThoseThatWereLookedAt) {
    for (const DefinitionFile& definition : *definitions_) {
        if (!definition.waits_for.empty() || definition.format() != "PNG") continue;
        SCOPED_TRACE(definition.path());
        const fs::path file = data_->path() / "picture.png";
        const Answer drawn = draw_ours(definition, file);
        EXPECT_TRUE(drawn.ok) << drawn.text;
        if (drawn.ok) expect_golden(definition.path(), read_file(file));
    }
}

}  // namespace
}  // namespace kurabe::tests
