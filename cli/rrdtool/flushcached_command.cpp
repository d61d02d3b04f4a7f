// `flushcached FILE...`: has rrdcached write what it holds back of files.
// Rule: rrdflushcached(1).
#include <array>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kFlushcachedOptions{kDaemonOption};

std::unexpected<Error> no_daemon(bool is_given) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("Daemon address \"{}\" unknown. Please use the \"--daemon\" option to set "
                    "an address on the command line or set the \"RRDCACHED_ADDRESS\" "
                    "environment variable.",
                    is_given ? "" : "(null)"));
}

// The files before one that fails are written.
Result<void> flush(std::span<const std::string_view> files, rrdcached::Daemon& daemon) {
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto flushed = daemon.flush(files[i]);
        if (flushed) continue;
        return fail(flushed.error().code,
                    fmt::format("Flushing of file \"{}\" failed: {}. Skipping remaining {} files.",
                                files[i], flushed.error().message, files.size() - i - 1));
    }
    return {};
}

}  // namespace

Result<void> run_flushcached(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, kFlushcachedOptions);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.empty()) {
        return fail(ErrorCode::kInvalid,
                    "Usage: rrdtool flushcached [--daemon|-d <addr>] <file> [<file> ...]");
    }
    const auto daemon = find_daemon(daemon_address(*parsed, session), session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon == nullptr) return no_daemon(parsed->has(kDaemonOption.name));
    return flush(parsed->operands, **daemon);
}

}  // namespace kurabe::cli::rrdtool
