// Runs every script of this folder: ours must print what it says, and so must rrdtool where it says
// so. KURABE_REWRITE=1 writes what ours prints into the scripts, to be looked at as a change of
// theirs.
#include "tests/scripts/script.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "tests/differential/rrd_twin.hpp"

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> script_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(KURABE_SOURCE_DIR "/tests/scripts")) {
        const fs::path& path = entry.path();
        if (path.extension() == ".txt" && path.stem() != "CMakeLists") names.push_back(path.stem());
    }
    std::ranges::sort(names);
    return names;
}

std::string text_of(const RrdTwin::Answer& answer) {
    if (answer.ok) return answer.text;
    // The error is the last line of the text.
    const auto line = answer.text.rfind('\n');
    const std::size_t begin = line == std::string::npos ? 0 : line + 1;
    return answer.text.substr(0, begin) + "ERROR: " + answer.text.substr(begin) + "\n";
}

// "create NAME.rrd ..."
std::string created_file(const std::string& command) {
    const auto begin = command.find(' ') + 1;
    return command.substr(begin, command.find(' ', begin) - begin);
}

// Goes on with rrdtool's file, so that both sides write the same rows next.
void expect_same_creation(RrdTwin& twin, const std::string& command) {
    const std::string file = created_file(command);
    EXPECT_TRUE(twin.run_ours(command).ok) << command;
    twin.expect_same_archive(file);
    twin.copy_to_ours(file);
}

class ScriptTest : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }
};

TEST_P(ScriptTest, PrintsWhatItSays) {
    const fs::path path = fs::path(KURABE_SOURCE_DIR "/tests/scripts") / (GetParam() + ".txt");
    Script script = Script::read(path);
    const bool rewrites = std::getenv("KURABE_REWRITE") != nullptr;
    RrdTwin twin;
    for (Block& block : script.blocks) {
        std::string ours;
        std::string theirs;
        for (const std::string& command : block.commands) {
            const auto answer = twin.run_theirs(command);
            if (answer.ok && command.starts_with("create ")) {
                expect_same_creation(twin, command);
                continue;
            }
            ours += text_of(twin.run_ours(command));
            theirs += text_of(answer);
        }
        SCOPED_TRACE(block.commands.front());
        if (rewrites) block.expected = ours;
        EXPECT_EQ(ours, block.expected);
        if (block.as_rrdtool) {
            EXPECT_EQ(theirs, block.expected) << "of rrdtool";
        }
    }
    if (rewrites) script.write(path);
}

INSTANTIATE_TEST_SUITE_P(All, ScriptTest, testing::ValuesIn(script_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace kurabe::tests
