// `dump FILE|SERIES [OUT.xml]`: a file as XML.
#include <array>
#include <string>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/output_file.hpp"
#include "cli/rrdtool/readable_archive.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/dump.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace rrd = store::rrd;

constexpr std::array kDumpOptions{kDaemonOption,
                                  OptionSpec{'h', "header", true},
                                  OptionSpec{'n', "no-header", false},
                                  kServerOption,
                                  kTokenFileOption,
                                  kDataOption};

// The last one counts; any word but two stands for the default, as in rrdtool.
rrd::DumpHeading heading_of(const ParsedArguments& parsed) {
    rrd::DumpHeading heading = rrd::DumpHeading::kDtd;
    for (const GivenOption& given : parsed.options) {
        if (given.spec->letter != 'h' && given.spec->letter != 'n') continue;
        const bool is_none = given.spec->letter == 'n' || given.value == "none";
        heading = is_none                ? rrd::DumpHeading::kNone
                  : given.value == "xsd" ? rrd::DumpHeading::kXsd
                                         : rrd::DumpHeading::kDtd;
    }
    return heading;
}

std::unexpected<Error> usage() {
    return fail(ErrorCode::kInvalid,
                "usage rrdtool dump [--header|-h {none,xsd,dtd}]\n[--no-header|-n]\n"
                "[--daemon|-d address]\nfile.rrd [file.xml]");
}

Result<void> dump_to_file(const rrd::Archive& archive, rrd::DumpHeading heading,
                          const std::string& path, const Session& session) {
    auto file = OutputFile::open(path);
    if (!file) return std::unexpected(file.error());
    const auto dumped = rrd::dump(archive, heading, session.zone,
                                  [&](std::string_view text) { return file->write(text); });
    if (!dumped) return dumped;
    return file->commit();
}

}  // namespace

Result<void> run_dump(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, offered_options(kDumpOptions, session.called_as));
    if (!parsed || parsed->operands.empty() || parsed->operands.size() > 2) return usage();
    const std::string_view file = parsed->operands.front();
    if (auto flushed = flush_by_daemon(file, *parsed, session); !flushed) return flushed;
    const rrd::DumpHeading heading = heading_of(*parsed);
    const auto archive = ReadableArchive::open(file, *parsed, session);
    if (!archive) return std::unexpected(archive.error());
    if (parsed->operands.size() == 1) {
        return rrd::dump(**archive, heading, session.zone,
                         [&](std::string_view text) -> Result<void> {
                             session.out.write(text);
                             return {};
                         });
    }
    return dump_to_file(**archive, heading, std::string(parsed->operands.back()), session);
}

}  // namespace kurabe::cli::rrdtool
