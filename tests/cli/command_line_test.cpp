// Arguments -> Command: defaults, repeated options, and what is refused.
#include "cli/command_line.hpp"

#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kurabe::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Command> parse(const std::vector<std::string>& words) {
    std::vector<const char*> argv = {"kurabe"};
    for (const std::string& word : words) {
        argv.push_back(word.c_str());
    }
    return parse_command_line(static_cast<int>(argv.size()), argv.data());
}

template <typename T>
T parsed(const std::vector<std::string>& words) {
    auto command = parse(words);
    EXPECT_TRUE(command) << (command ? "" : command.error().message);
    return command ? std::get<T>(*command) : T{};
}

TEST(CommandLine, ServeHasDefaults) {
    const auto serve = parsed<ServeCommand>({"serve", "--config", "k.yml"});
    EXPECT_EQ(serve.config, "k.yml");
    EXPECT_FALSE(serve.data);
    EXPECT_EQ(serve.listen, "127.0.0.1:5434");
}

TEST(CommandLine, ServeNeedsAConfiguration) {
    const auto command = parse({"serve"});
    ASSERT_FALSE(command);
    EXPECT_THAT(command.error().message, HasSubstr("--config"));
}

TEST(CommandLine, TheLastOfARepeatedOptionWins) {
    EXPECT_EQ(parsed<FetchCommand>({"fetch", "a/b/c", "MAX", "-s", "-1d", "-s", "-2d"}).start,
              "-2d");
}

TEST(CommandLine, FetchTakesOptionsAnywhereAndValuesThatLookLikeOptions) {
    const auto fetch = parsed<FetchCommand>(
        {"fetch", "-s", "-1h", "10.0.0.1/base/x.gauge", "--end=now-1m", "AVERAGE", "-r5m"});
    EXPECT_EQ(fetch.series, "10.0.0.1/base/x.gauge");
    EXPECT_EQ(fetch.cf, "AVERAGE");
    EXPECT_EQ(fetch.start, "-1h");
    EXPECT_EQ(fetch.end, "now-1m");
    EXPECT_EQ(fetch.resolution, "5m");
}

TEST(CommandLine, GraphPassesItsArgumentsOnInOrder) {
    const auto graph =
        parsed<GraphCommand>({"graph", "out.png", "--data", "d", "-w", "420",
                              "DEF:a=h/p/k.gauge:n:AVERAGE", "-h", "100", "LINE1:a#f00:[x,y]"});
    EXPECT_EQ(graph.file, "out.png");
    EXPECT_EQ(graph.place.data, "d");
    EXPECT_THAT(graph.arguments, ElementsAre("-w", "420", "DEF:a=h/p/k.gauge:n:AVERAGE", "-h",
                                             "100", "LINE1:a#f00:[x,y]"));
}

TEST(CommandLine, GraphNeedsItsFileFirst) {
    const auto command = parse({"graph", "-w", "420"});
    ASSERT_FALSE(command);
    EXPECT_THAT(command.error().message, HasSubstr("first argument is the file"));
}

TEST(CommandLine, AForgottenFileIsNotLookedForInADefinition) {
    const auto command = parse({"graph", "DEF:a=h/p/k.gauge:n:AVERAGE", "LINE1:a#f00"});
    ASSERT_FALSE(command);
    EXPECT_THAT(command.error().message, HasSubstr("first argument is the file"));
}

TEST(CommandLine, AMistypedCommandIsNamed) {
    const auto command = parse({"serv", "--config", "k.yml"});
    ASSERT_FALSE(command);
    EXPECT_THAT(command.error().message, HasSubstr("'serv'"));
}

TEST(CommandLine, AServerAndADirectoryExcludeEachOther) {
    EXPECT_FALSE(parse({"fetch", "a/b/c", "MAX", "--server", "http://x", "--data", "d"}));
    EXPECT_FALSE(parse({"graph", "-", "--server", "http://x", "--data", "d", "LINE1:1#f00"}));
}

TEST(CommandLine, GraphRefusesAnOptionWithoutItsValue) {
    EXPECT_FALSE(parse({"graph", "-", "--server"}));
}

TEST(CommandLine, DemoChecksItsCounts) {
    EXPECT_EQ(parsed<DemoCommand>({"demo", "d", "--hosts", "3", "--seed", "7"}).hosts, 3);
    EXPECT_FALSE(parse({"demo", "d", "--hosts", "0"}));
    EXPECT_FALSE(parse({"demo", "d", "--hosts", "many"}));
}

TEST(CommandLine, HelpListsTheCommands) {
    for (const auto& words : {std::vector<std::string>{}, std::vector<std::string>{"--help"}}) {
        const std::string text = parsed<TextCommand>(words).text;
        for (const char* command : {"serve", "demo", "fetch", "graph"}) {
            EXPECT_THAT(text, HasSubstr(command));
        }
    }
    EXPECT_THAT(parsed<TextCommand>({"fetch", "--help"}).text, HasSubstr("--resolution"));
    EXPECT_THAT(parsed<TextCommand>({"graph", "--help"}).text, HasSubstr("DEF:"));
}

TEST(CommandLine, ErrorsAreOneLine) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"nonsense"}, {"serve", "--nonsense"}, {"fetch"}, {"fetch", "a", "b", "c"}}) {
        const auto command = parse(words);
        ASSERT_FALSE(command);
        EXPECT_EQ(command.error().message.find('\n'), std::string::npos);
    }
}

}  // namespace
}  // namespace kurabe::cli
