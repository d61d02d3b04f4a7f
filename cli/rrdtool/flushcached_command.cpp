// `flushcached FILE...`: asks rrdcached to write a file. Without a daemon there is nothing to
// flush.
#include <array>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kOptions{kDaemonOption};

}  // namespace

Result<void> run_flushcached(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, kOptions);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.empty()) {
        return fail(ErrorCode::kInvalid,
                    "Usage: rrdtool flushcached [--daemon|-d <addr>] <file> [<file> ...]");
    }
    if (auto refused = refuse_daemon(*parsed, session); !refused) return refused;
    return fail(
        ErrorCode::kUnsupported,
        "there is no rrdcached to ask, and nothing is held back: updates are in their files "
        "at once");
}

}  // namespace kurabe::cli::rrdtool
