// `last FILE`: when the last update was.
#include <array>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kOptions{kDaemonOption};

Result<std::int64_t> last_update(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, kOptions);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() != 1) {
        return fail(ErrorCode::kInvalid, "Usage: rrdtool last [--daemon|-d <addr>] <file>");
    }
    if (auto refused = refuse_daemon(*parsed, session); !refused) {
        return std::unexpected(refused.error());
    }
    const auto archive =
        session.archives.open(parsed->operands.front(), store::File::Access::kRead);
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
