// What a pipe survives. Its answers are compared with rrdtool's in tests/differential/.
#include "cli/rrdtool/pipe.hpp"

#include <new>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/rrdtool_session.hpp"

namespace kurabe::cli::rrdtool {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr const char* kOk =
    "OK u:[0-9]+\\.[0-9][0-9] s:[0-9]+\\.[0-9][0-9] r:[0-9]+\\.[0-9][0-9]\n";

std::string answers(std::string input, WholeProgram* whole = nullptr) {
    tests::TestSession parts(whole, std::move(input));
    EXPECT_TRUE(run_pipe({}, parts.session()));
    return parts.out().text();
}

TEST(Pipe, AnswersEachLine) {
    EXPECT_THAT(answers("pwd\n"), MatchesRegex(std::string("/[^\n]*\n") + kOk));
    EXPECT_THAT(answers("pwd"), MatchesRegex(std::string("/[^\n]*\n") + kOk));
    EXPECT_THAT(answers("last none.rrd\npwd\n"),
                MatchesRegex(std::string("-1\nERROR: opening 'none.rrd': No such file or "
                                         "directory\n/[^\n]*\n") +
                             kOk));
    EXPECT_EQ(answers(""), "");
}

TEST(Pipe, QuitEndsItWithoutAnAnswer) {
    EXPECT_EQ(answers("quit\npwd\n"), "");
    EXPECT_THAT(answers("quit now\n"), StartsWith("ERROR: invalid parameter count for quit"));
}

TEST(Pipe, ALineThatIsTooLongIsOneError) {
    const std::string longest(kLineBytesMax - 1, 'x');
    EXPECT_THAT(answers(longest + "\n"), StartsWith("RRDtool 1.7.2"));  // an unknown command alone
    for (const std::size_t more : {std::size_t{1}, kLineBytesMax, 2 * kLineBytesMax + 5}) {
        const std::string text = answers(longest + std::string(more, 'x') + "\npwd\n");
        EXPECT_THAT(
            text, MatchesRegex(std::string("ERROR: a command has at most [0-9]+ bytes\n/[^\n]*\n") +
                               kOk));
    }
}

TEST(Pipe, ZeroBytesAreRefused) {
    using namespace std::string_literals;
    EXPECT_THAT(answers("last a\0b.rrd\npwd\n"s),
                MatchesRegex(std::string("ERROR: [^\n]*zero byte\n/[^\n]*\n") + kOk));
}

TEST(Pipe, CommandsOfTheServerAreNotForIt) {
    EXPECT_EQ(answers("serve x\n"), "ERROR: unknown function 'serve'\n");
    EXPECT_EQ(answers("- x\n"), "ERROR: unknown function '-'\n");
}

class Throwing : public tests::NoWholeProgram {
  public:
    Result<void> run(std::string_view, Words arguments, Session&) override {
        if (arguments.front() == "memory") throw std::bad_alloc();
        throw std::runtime_error("a library gave up");
    }
};

TEST(Pipe, SurvivesWhatACommandThrows) {
    Throwing whole;
    EXPECT_THAT(
        answers("graph memory\ngraph x\npwd\n", &whole),
        MatchesRegex(std::string("ERROR: out of memory\nERROR: a library gave up\n/[^\n]*\n") +
                     kOk));
}

// Reads on, as `restore -` does.
class Reading : public tests::NoWholeProgram {
  public:
    Result<void> run(std::string_view, Words, Session& session) override {
        while (session.in.read_line() != "\x1A\n") {
        }
        return {};
    }
};

// A client that waits for the first answer before it sends what the second command reads.
TEST(Pipe, AnswersBeforeACommandWaitsForMore) {
    class WatchedOutput : public tests::TextOutput {
      public:
        Result<void> flush() override {
            flushed_ = text();
            return {};
        }
        std::string flushed_;
    };
    class SlowInput : public Input {
      public:
        explicit SlowInput(const WatchedOutput& out) noexcept : out_(out) {}
        std::string_view read_line() override {
            if (at_ == 2) answered_ = out_.flushed_;
            return at_ < lines_.size() ? lines_[at_++] : std::string_view{};
        }
        bool has_line() const noexcept override { return at_ == 1; }  // came with the first
        std::string answered_;

      private:
        const WatchedOutput& out_;
        std::vector<std::string_view> lines_ = {"pwd\n", "graph x\n", "text\n", "\x1A\n"};
        std::size_t at_ = 0;
    };
    tests::TestSession parts;
    WatchedOutput out;
    SlowInput in(out);
    Reading whole;
    const Session session{.out = out,
                          .in = in,
                          .clock = parts.session().clock,
                          .zone = parts.session().zone,
                          .archives = parts.session().archives,
                          .whole = whole,
                          .daemons = parts.session().daemons};
    EXPECT_TRUE(run_pipe({}, session));
    EXPECT_THAT(in.answered_, MatchesRegex(std::string("/[^\n]*\n") + kOk));
    EXPECT_THAT(out.text(), MatchesRegex(std::string("/[^\n]*\n") + kOk + kOk));
}

TEST(Pipe, StartsInADirectory) {
    tests::TestSession parts;
    const std::vector<std::string> nowhere = {"/nowhere"};
    const auto done = run_pipe(nowhere, parts.session());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "chdir /nowhere No such file or directory");
}

}  // namespace
}  // namespace kurabe::cli::rrdtool
