// `last FILE`: when the last update was.
#include <array>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/file_argument.hpp"
#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kOptions{kDaemonOption, kServerOption, kDataOption};
constexpr std::string_view kUsage = "Usage: rrdtool last [--daemon|-d <addr>] <file>";

Result<std::int64_t> last_update(Words arguments, Session& session) {
    const auto archive = open_file_argument(arguments, kOptions, kUsage, session);
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
