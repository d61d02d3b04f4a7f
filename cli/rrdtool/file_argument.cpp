// One file, opened.
#include "cli/rrdtool/file_argument.hpp"

#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {

Result<ReadableArchive> open_file_argument(Words arguments, std::span<const OptionSpec> options,
                                           std::string_view usage, Session& session) {
    const auto parsed = parse_options(arguments, offered_options(options, session.called_as));
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() != 1) return fail(ErrorCode::kInvalid, std::string(usage));
    if (auto refused = refuse_daemon(*parsed, session); !refused) {
        return std::unexpected(refused.error());
    }
    return ReadableArchive::open(parsed->operands.front(), *parsed, session);
}

}  // namespace kurabe::cli::rrdtool
