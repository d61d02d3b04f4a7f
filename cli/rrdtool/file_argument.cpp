// One file, opened.
#include "cli/rrdtool/file_argument.hpp"

#include "cli/rrdtool/daemon_option.hpp"

namespace kurabe::cli::rrdtool {

Result<store::rrd::OpenArchives::Reading> open_file_argument(Words arguments,
                                                             std::span<const OptionSpec> options,
                                                             std::string_view usage,
                                                             Session& session) {
    const auto parsed = parse_options(arguments, options);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() != 1) return fail(ErrorCode::kInvalid, std::string(usage));
    if (auto refused = refuse_daemon(*parsed, session); !refused) {
        return std::unexpected(refused.error());
    }
    return session.archives.read(parsed->operands.front());
}

}  // namespace kurabe::cli::rrdtool
