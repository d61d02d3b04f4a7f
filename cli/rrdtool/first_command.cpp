// `first FILE`: when the oldest row of an RRA ends.
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/readable_archive.hpp"
#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::array kOptions{OptionSpec{'\0', "rraindex", true}, kDaemonOption, kServerOption,
                              kDataOption};

Result<std::size_t> index_of(std::string_view text) {
    std::size_t index = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error == std::errc{} && rest == text.data() + text.size()) return index;
    return fail(ErrorCode::kInvalid, "invalid rraindex number");
}

Result<store::Time> first_row(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, offered_options(kOptions, session.called_as));
    if (!parsed) return std::unexpected(parsed.error());
    const auto rra = index_of(parsed->value_or("rraindex", "0"));
    if (!rra) return std::unexpected(rra.error());
    if (parsed->operands.empty()) {
        return fail(ErrorCode::kInvalid,
                    "Usage: rrdtool first [--rraindex number] [--daemon|-d <addr>] <file>");
    }
    if (auto refused = refuse_daemon(*parsed, session); !refused) {
        return std::unexpected(refused.error());
    }
    const auto archive = ReadableArchive::open(parsed->operands.front(), *parsed, session);
    if (!archive) return std::unexpected(archive.error());
    const store::rrd::Header& header = (*archive)->header();
    if (*rra >= header.rras.size()) return fail(ErrorCode::kInvalid, "invalid rraindex number");
    const auto rows = static_cast<std::int64_t>(header.rras[*rra].rows);
    return store::rrd::newest_row_time(header, *rra) - header.resolution(*rra) * (rows - 1);
}

}  // namespace

// An error prints -1, as rrdtool does.
Result<void> run_first(Words arguments, Session& session) {
    const auto first = first_row(arguments, session);
    session.out.write(fmt::format("{}\n", first ? first->time_since_epoch().count() : -1));
    if (!first) return std::unexpected(first.error());
    return {};
}

}  // namespace kurabe::cli::rrdtool
