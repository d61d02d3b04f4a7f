// The table of commands.
#include "cli/rrdtool/dispatch.hpp"

#include <algorithm>
#include <array>

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kCommands{
    Command{"last", run_last,
            "* last - show when an RRD was updated last\n"
            "\n"
            "\trrdtool last filename.rrd\n"
            "\t\t[--daemon|-d address]\n"},
};

}  // namespace

const Command* find_command(std::string_view name) noexcept {
    const auto found = std::ranges::find(kCommands, name, &Command::name);
    return found == kCommands.end() ? nullptr : &*found;
}

}  // namespace kurabe::cli::rrdtool
