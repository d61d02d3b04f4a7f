// `first FILE`: when the oldest row of an RRA ends.
#include <array>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/readable_archive.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "store/integer.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kFirstOptions{OptionSpec{'\0', "rraindex", true}, kDaemonOption, kServerOption,
                                   kTokenFileOption, kDataOption};

Result<std::size_t> index_of(std::string_view text) {
    const auto index = store::whole_integer<std::size_t>(text);
    if (index) return *index;
    return fail(ErrorCode::kInvalid, "invalid rraindex number");
}

Result<std::int64_t> first_row_of(const store::rrd::Header& header, std::size_t rra) {
    if (rra >= header.rras.size()) return fail(ErrorCode::kInvalid, "invalid rraindex number");
    const auto rows = static_cast<std::int64_t>(header.rras[rra].rows);
    const store::Time first =
        store::rrd::newest_row_time(header, rra) - header.resolution(rra) * (rows - 1);
    return first.time_since_epoch().count();
}

Result<std::int64_t> first_row(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, offered_options(kFirstOptions, session.called_as));
    if (!parsed) return std::unexpected(parsed.error());
    const auto rra = index_of(parsed->value_or("rraindex", "0"));
    if (!rra) return std::unexpected(rra.error());
    if (parsed->operands.empty()) {
        return fail(ErrorCode::kInvalid,
                    "usage rrdtool first [--rraindex number] [--daemon|-d <addr>] file.rrd");
    }
    const std::string_view file = parsed->operands.front();
    const auto daemon = find_daemon_of(file, *parsed, session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon != nullptr) return (*daemon)->first(file, *rra);
    const auto archive = ReadableArchive::open(file, *parsed, session);
    if (!archive) return std::unexpected(archive.error());
    return first_row_of((*archive)->header(), *rra);
}

}  // namespace

// An error prints -1, as rrdtool does.
Result<void> run_first(Words arguments, Session& session) {
    const auto first = first_row(arguments, session);
    session.out.write(fmt::format("{}\n", first.value_or(-1)));
    if (!first) return std::unexpected(first.error());
    return {};
}

}  // namespace kurabe::cli::rrdtool
