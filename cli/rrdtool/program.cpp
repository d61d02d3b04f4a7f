// Finds the command, and says how commands are used.
// Rule for called as rrdtool: measured on rrdtool 1.7.2 (tests/differential/).
#include "cli/rrdtool/program.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/rrdtool/dispatch.hpp"
#include "cli/rrdtool/help.hpp"
#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {
namespace {

// kurabe's own commands are not rrdtool's, and none for a pipe.
const Command* find_offered(std::string_view name, const Session& session) noexcept {
    const Command* const command = find_command(name);
    if (command == nullptr || command->group != Group::kServer) return command;
    const bool is_offered = session.called_as == CalledAs::kKurabe && !session.in_pipe;
    return is_offered ? command : nullptr;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> names) noexcept {
    return std::ranges::find(names, word) != names.end();
}

bool asks_for_version(Words words, CalledAs called_as) noexcept {
    constexpr std::array<std::string_view, 3> kNames{"-v", "--version", "version"};
    if (!is_one_of(words.front(), kNames)) return false;
    // Alone it is an unknown command to rrdtool, which shows the version with the overview.
    return called_as == CalledAs::kKurabe || words.size() > 1;
}

bool asks_for_help(Words words) noexcept {
    constexpr std::array<std::string_view, 3> kNames{"help", "--help", "-h"};
    return is_one_of(words.front(), kNames);
}

bool asks_for_usage(const Command& command, Words arguments, CalledAs called_as) noexcept {
    if (command.group == Group::kServer) return false;  // these have more to say about themselves
    if (arguments.empty()) return true;
    return called_as == CalledAs::kKurabe && arguments.front() == "--help";
}

Result<void> run_command(const Command& command, Words arguments, Session& session) {
    if (asks_for_usage(command, arguments, session.called_as)) {
        session.out.write(usage_of(command, session.called_as));
        return {};
    }
    const bool is_for_files =
        command.group != Group::kServer && command.file == FileArgument::kFile;
    if (is_for_files && session.called_as == CalledAs::kKurabe) {
        auto checked = check_works_without_series(command.name, arguments);
        if (!checked) return checked;
    }
    if (command.run == nullptr) return session.whole.run(command.name, arguments, session);
    return command.run(arguments, session);
}

// "help COMMAND" is "COMMAND --help".
Result<void> print_help(Words names, Session& session) {
    const Command* const command = names.empty() ? nullptr : find_offered(names.front(), session);
    if (command != nullptr && command->group == Group::kServer) {
        std::vector<std::string> asking(names.begin() + 1, names.end());
        asking.emplace_back("--help");
        return run_command(*command, asking, session);
    }
    const bool is_known = command != nullptr && names.size() == 1;
    session.out.write(is_known ? usage_of(*command, session.called_as) : overview(session));
    return {};
}

Result<void> run_unknown(Words words, Session& session) {
    if (session.called_as == CalledAs::kKurabe) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("unknown command '{}'; see 'kurabe --help'", words.front()));
    }
    if (words.size() > 1) {
        return fail(ErrorCode::kInvalid, fmt::format("unknown function '{}'", words.front()));
    }
    session.out.write(overview(session));
    return {};
}

bool is_pipe(Words words, const Session& session) noexcept {
    return words.front() == "-" && words.size() <= 2 && !session.in_pipe;
}

}  // namespace

Result<void> run_program(Words words, Session& session) {
    if (words.empty()) {
        session.out.write(overview(session));
        return {};
    }
    const Words arguments = words.subspan(1);
    if (is_pipe(words, session)) return session.whole.run("-", arguments, session);
    if (asks_for_version(words, session.called_as)) {
        session.out.write(version_line(session.called_as));
        return {};
    }
    if (asks_for_help(words)) return print_help(arguments, session);
    const Command* const command = find_offered(words.front(), session);
    if (command == nullptr) return run_unknown(words, session);
    return run_command(*command, arguments, session);
}

}  // namespace kurabe::cli::rrdtool
