// The refusal in one line.
#include "cli/rrdtool/daemon_option.hpp"

#include <fmt/format.h>

namespace kurabe::cli::rrdtool {

Result<void> refuse_daemon(const ParsedArguments& parsed, const Session& session) {
    const bool is_given = parsed.has(kDaemonOption.name);
    const std::string_view address = parsed.value_or(kDaemonOption.name, session.daemon_address);
    if (address.empty()) return {};
    return fail(ErrorCode::kUnsupported,
                fmt::format("rrdcached is not supported, and {} names '{}': files are read and "
                            "written directly",
                            is_given ? "--daemon" : "RRDCACHED_ADDRESS", address));
}

}  // namespace kurabe::cli::rrdtool
