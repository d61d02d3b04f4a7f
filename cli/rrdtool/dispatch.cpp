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
    Command{"update", run_update,
            "* update - add readings to an RRD\n"
            "\n"
            "\trrdtool update filename.rrd\n"
            "\t\t[--template|-t ds-name[:ds-name...]]\n"
            "\t\t[--skip-past-updates|-s]\n"
            "\t\t[--locking|-L try|block|none]\n"
            "\t\t[--daemon|-d address]\n"
            "\t\ttime|N:value[:value...] | at-time@value[:value...] ...\n"},
    Command{"updatev", run_updatev,
            "* updatev - update, and print what was written\n"
            "\n"
            "\trrdtool updatev filename.rrd\n"
            "\t\t[--template|-t ds-name[:ds-name...]]\n"
            "\t\t[--skip-past-updates|-s]\n"
            "\t\t[--locking|-L try|block|none]\n"
            "\t\ttime|N:value[:value...] | at-time@value[:value...] ...\n"},
};

}  // namespace

const Command* find_command(std::string_view name) noexcept {
    const auto found = std::ranges::find(kCommands, name, &Command::name);
    return found == kCommands.end() ? nullptr : &*found;
}

}  // namespace kurabe::cli::rrdtool
