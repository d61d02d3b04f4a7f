// `lastupdate FILE`: the readings of the last update, as they were given.
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/file_argument.hpp"
#include "cli/rrdtool/readable_archive.hpp"
#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kLastupdateOptions{kDaemonOption, kServerOption, kTokenFileOption,
                                        kDataOption};
constexpr std::string_view kLastupdateUsage =
    "Usage: rrdtool lastupdate [--daemon|-d <addr>] <file>";

std::string last_readings_of(const store::rrd::Header& header) {
    std::string text;
    for (const auto& source : header.sources) {
        fmt::format_to(std::back_inserter(text), " {}", store::rrd::text_of(source.name));
    }
    fmt::format_to(std::back_inserter(text), "\n\n{:10}:", header.live.last_update_seconds);
    for (const auto& pdp : header.pdps) {
        fmt::format_to(std::back_inserter(text), " {}", store::rrd::text_of(pdp.last_reading));
    }
    text += '\n';
    return text;
}

Result<std::string> last_readings(Words arguments, Session& session) {
    const auto given =
        parse_file_arguments(arguments, kLastupdateOptions, kLastupdateUsage, session);
    if (!given) return std::unexpected(given.error());
    if (auto flushed = flush_by_daemon(given->file, given->parsed, session); !flushed) {
        return std::unexpected(flushed.error());
    }
    const auto archive = ReadableArchive::open(given->file, given->parsed, session);
    if (!archive) return std::unexpected(archive.error());
    return last_readings_of((*archive)->header());
}

}  // namespace

// The file is not locked while its text is written: who reads it may be slow.
Result<void> run_lastupdate(Words arguments, Session& session) {
    const auto text = last_readings(arguments, session);
    if (!text) return std::unexpected(text.error());
    session.out.write(*text);
    return {};
}

}  // namespace kurabe::cli::rrdtool
