// One file among options.
#include "cli/rrdtool/file_argument.hpp"

#include <utility>

#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {

Result<FileArguments> parse_file_arguments(Words arguments, std::span<const OptionSpec> options,
                                           std::string_view usage, const Session& session) {
    auto parsed = parse_options(arguments, offered_options(options, session.called_as));
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() != 1) return fail(ErrorCode::kInvalid, std::string(usage));
    const std::string_view file = parsed->operands.front();
    return FileArguments{file, std::move(*parsed)};
}

}  // namespace kurabe::cli::rrdtool
