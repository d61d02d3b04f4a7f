// `last FILE`: when the last update was.
#include <array>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/file_argument.hpp"
#include "cli/rrdtool/readable_archive.hpp"
#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kLastOptions{kDaemonOption, kServerOption, kTokenFileOption, kDataOption};
constexpr std::string_view kLastUsage = "Usage: rrdtool last [--daemon|-d <addr>] <file>";

Result<std::int64_t> last_update(Words arguments, Session& session) {
    const auto given = parse_file_arguments(arguments, kLastOptions, kLastUsage, session);
    if (!given) return std::unexpected(given.error());
    const auto daemon = find_daemon_of(given->file, given->parsed, session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon != nullptr) return (*daemon)->last(given->file);
    const auto archive = ReadableArchive::open(given->file, given->parsed, session);
    if (!archive) return std::unexpected(archive.error());
    return (*archive)->header().live.last_update_seconds;
}

}  // namespace

// An error prints -1, as rrdtool does.
Result<void> run_last(Words arguments, Session& session) {
    const auto last = last_update(arguments, session);
    session.out.write(fmt::format("{}\n", last.value_or(-1)));
    if (!last) return std::unexpected(last.error());
    return {};
}

}  // namespace kurabe::cli::rrdtool
