// Texts from the table of commands.
#include "cli/rrdtool/help.hpp"

#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::string_view kVersion = KURABE_VERSION;
// Whose command line this is; what scripts compare.
constexpr std::string_view kRrdtoolVersion = "1.7.2";

constexpr std::string_view kSeriesUsage =
    "\tFILE may also be a series, HOST/PLUGIN/KEY, of the server on this machine, or with\n"
    "\t--server URL of another one, or with --data DIR of a directory that no server uses. A\n"
    "\tserver that wants to know who asks is told by --token-file FILE.\n";

constexpr std::array<std::pair<Group, std::string_view>, 3> kTitles{{
    {Group::kFiles, "Files of RRDtool"},
    {Group::kGraphs, "Graphs"},
    {Group::kServer, "Server and its data"},
}};

std::string_view program(CalledAs called_as) noexcept {
    return called_as == CalledAs::kRrdtool ? "rrdtool" : "kurabe";
}

void append_group(std::string& text, Group group, std::string_view title) {
    fmt::format_to(std::back_inserter(text), "\n{}:\n", title);
    for (const Command& command : commands()) {
        if (command.group != group) continue;
        fmt::format_to(std::back_inserter(text), "  {:12}{}\n", command.name, command.summary);
    }
}

}  // namespace

std::string version_line(CalledAs called_as) {
    if (called_as == CalledAs::kKurabe) return fmt::format("kurabe {}\n", kVersion);
    return fmt::format("RRDtool {}  as spoken by kurabe {}\n", kRrdtoolVersion, kVersion);
}

std::string overview(const Session& session) {
    const std::string_view name = program(session.called_as);
    std::string text = version_line(session.called_as);
    fmt::format_to(std::back_inserter(text), "\nUsage: {} COMMAND ARGUMENT...\n", name);
    for (const auto& [group, title] : kTitles) {
        const bool is_offered = session.called_as == CalledAs::kKurabe && !session.in_pipe;
        if (group == Group::kServer && !is_offered) continue;
        append_group(text, group, title);
    }
    if (session.in_pipe) {
        text += "\nHere only:\n  ls, cd DIR, mkdir DIR, pwd, quit\n";
    } else {
        fmt::format_to(std::back_inserter(text), "\n  {:12}{}\n", "- [DIR]",
                       "read commands from standard input, one per line");
    }
    fmt::format_to(std::back_inserter(text), "\n'{} help COMMAND' shows its arguments.\n", name);
    return text;
}

std::string usage_of(const Command& command, CalledAs called_as) {
    std::string text = fmt::format("{}\nUsage: {} {} {}", version_line(called_as),
                                   program(called_as), command.name, command.usage);
    if (called_as == CalledAs::kKurabe && command.file == FileArgument::kFileOrSeries) {
        text += kSeriesUsage;
    }
    fmt::format_to(std::back_inserter(text), "\n{}: {}\n", command.name, command.summary);
    return text;
}

}  // namespace kurabe::cli::rrdtool
