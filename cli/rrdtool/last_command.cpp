// `last FILE`: when the last update was.
#include <array>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "store/rrd/archive.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kOptions{OptionSpec{'d', "daemon", true}};

Result<std::int64_t> last_update(Words arguments) {
    const auto parsed = parse_options(arguments, kOptions);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() != 1) {
        return fail(ErrorCode::kInvalid, "Usage: rrdtool last [--daemon|-d <addr>] <file>");
    }
    const auto archive =
        store::rrd::Archive::open(parsed->operands.front(), store::File::Access::kRead);
    if (!archive) return std::unexpected(archive.error());
    return archive->header().live.last_update_seconds;
}

}  // namespace

// An error prints -1, as rrdtool does.
Result<void> run_last(Words arguments, Session& session) {
    const auto last = last_update(arguments);
    session.out.write(fmt::format("{}\n", last.value_or(-1)));
    if (!last) return std::unexpected(last.error());
    return {};
}

}  // namespace kurabe::cli::rrdtool
