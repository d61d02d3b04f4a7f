// `info FILE`: everything in the header, a line each.
// Keys and their order: measured on rrdtool 1.7.2.
#include <array>
#include <cstring>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/file_argument.hpp"
#include "cli/rrdtool/readable_archive.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "store/rrd/compute_program.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace rrd = store::rrd;
using rrd::CdpRecord;
using rrd::RraCf;
using rrd::RraRecord;

constexpr std::array kInfoOptions{kDaemonOption, OptionSpec{'F', "noflush", false}, kServerOption,
                                  kTokenFileOption, kDataOption};
constexpr std::string_view kInfoUsage =
    "Usage: rrdtool info [--daemon |-d <addr> [--noflush|-F]] <file>";

// Lines "prefix.key = value".
class InfoText {
  public:
    void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }
    void text(std::string_view key, std::string_view value) {
        fmt::format_to(end(), "{}{} = \"{}\"\n", prefix_, key, value);
    }
    void count(std::string_view key, std::uint64_t value) {
        fmt::format_to(end(), "{}{} = {}\n", prefix_, key, value);
    }
    void number(std::string_view key, store::Value value) {
        if (store::is_unknown(value)) {
            fmt::format_to(end(), "{}{} = NaN\n", prefix_, key);
        } else {
            fmt::format_to(end(), "{}{} = {:.10e}\n", prefix_, key, value);
        }
    }
    [[nodiscard]] const std::string& lines() const noexcept { return lines_; }

  private:
    [[nodiscard]] std::back_insert_iterator<std::string> end() {
        return std::back_inserter(lines_);
    }
    std::string prefix_;
    std::string lines_;
};

void add_file(const rrd::Archive& archive, InfoText& info) {
    const rrd::Header& header = archive.header();
    info.text("filename", archive.path().native());
    info.text("rrd_version", fmt::format("{:04}", header.version));
    info.count("step", static_cast<std::uint64_t>(header.step.count()));
    info.count("last_update", static_cast<std::uint64_t>(header.live.last_update_seconds));
    info.count("header_size", header.bytes());
}

// A decoded header's programs are readable.
std::string compute_text_of(const rrd::Header& header, std::size_t source) {
    const std::span<const rrd::SourceRecord> sources(header.sources);
    return rrd::compute_text(rrd::read_compute(sources[source], source).value(),
                             sources.first(source));
}

void add_source(const rrd::Header& header, std::size_t source, InfoText& info) {
    const rrd::SourceRecord& record = header.sources[source];
    const rrd::PdpRecord& pdp = header.pdps[source];
    info.set_prefix(fmt::format("ds[{}].", rrd::text_of(record.name)));
    info.count("index", source);
    info.text("type", rrd::text_of(record.type));
    if (header.source(source).type == store::DsType::kCompute) {
        info.text("cdef", compute_text_of(header, source));
    } else {
        info.count("minimal_heartbeat", record.parameters[rrd::SourceRecord::kHeartbeat].count());
        info.number("min", record.parameters[rrd::SourceRecord::kMinimum].number());
        info.number("max", record.parameters[rrd::SourceRecord::kMaximum].number());
    }
    info.text("last_ds", rrd::text_of(pdp.last_reading));
    info.number("value", pdp.slots[rrd::PdpRecord::kValue].number());
    info.count("unknown_sec", pdp.slots[rrd::PdpRecord::kUnknownSeconds].count());
}

void add_parameters(const RraRecord& record, RraCf cf, int version, InfoText& info) {
    const auto& parameters = record.parameters;
    switch (cf) {
        case RraCf::kAverage:
        case RraCf::kMin:
        case RraCf::kMax:
        case RraCf::kLast:
            info.number("xff", parameters[RraRecord::kXff].number());
            break;
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            info.number("alpha", parameters[RraRecord::kAlpha].number());
            info.number("beta", parameters[RraRecord::kBeta].number());
            break;
        case RraCf::kSeasonal:
        case RraCf::kDevSeasonal:
            info.number("gamma", parameters[RraRecord::kGamma].number());
            if (version >= rrd::kVersionOfSmoothing) {
                info.number("smoothing_window", parameters[RraRecord::kSmoothingWindow].number());
            }
            break;
        case RraCf::kFailures:
            info.number("delta_pos", parameters[RraRecord::kDeltaPositive].number());
            info.number("delta_neg", parameters[RraRecord::kDeltaNegative].number());
            info.count("failure_threshold", parameters[RraRecord::kThreshold].count());
            info.count("window_length", parameters[RraRecord::kWindowLength].count());
            break;
        case RraCf::kDevPredict:
            break;
    }
}

// A digit for each row of the window: whether it was a violation.
std::string history_of(const CdpRecord& cdp, std::uint64_t window_length) {
    std::array<char, sizeof cdp.slots> bytes{};
    std::memcpy(bytes.data(), cdp.slots.data(), bytes.size());
    std::string digits;
    for (std::size_t i = 0; i < window_length; ++i) digits += bytes[i] == 1 ? '1' : '0';
    return digits;
}

void add_cdp(const CdpRecord& cdp, const RraRecord& record, RraCf cf, InfoText& info) {
    switch (cf) {
        case RraCf::kAverage:
        case RraCf::kMin:
        case RraCf::kMax:
        case RraCf::kLast:
            info.number("value", cdp.slots[CdpRecord::kValue].number());
            info.count("unknown_datapoints", cdp.slots[CdpRecord::kUnknownPdps].count());
            break;
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            info.number("intercept", cdp.slots[CdpRecord::kIntercept].number());
            info.number("slope", cdp.slots[CdpRecord::kSlope].number());
            info.count("NaN_count", cdp.slots[CdpRecord::kNullCount].count());
            break;
        case RraCf::kSeasonal:
            info.number("seasonal", cdp.slots[CdpRecord::kSeasonal].number());
            break;
        case RraCf::kDevSeasonal:
            info.number("deviation", cdp.slots[CdpRecord::kSeasonal].number());
            break;
        case RraCf::kFailures:
            info.text("history",
                      history_of(cdp, record.parameters[RraRecord::kWindowLength].count()));
            break;
        case RraCf::kDevPredict:
            break;
    }
}

void add_rra(const rrd::Header& header, std::size_t rra, InfoText& info) {
    const RraRecord& record = header.rras[rra];
    const RraCf cf = header.cf(rra);
    info.set_prefix(fmt::format("rra[{}].", rra));
    info.text("cf", rra_cf_name(cf));
    info.count("rows", record.rows);
    info.count("cur_row", header.current_rows[rra]);
    info.count("pdp_per_row", record.pdp_per_row);
    add_parameters(record, cf, header.version, info);
    for (std::size_t source = 0; source < header.sources.size(); ++source) {
        info.set_prefix(fmt::format("rra[{}].cdp_prep[{}].", rra, source));
        add_cdp(header.cdp(rra, source), record, cf, info);
    }
}

std::string info_of(const rrd::Archive& archive) {
    const rrd::Header& header = archive.header();
    InfoText info;
    add_file(archive, info);
    for (std::size_t i = 0; i < header.sources.size(); ++i) add_source(header, i, info);
    for (std::size_t i = 0; i < header.rras.size(); ++i) add_rra(header, i, info);
    return info.lines();
}

Result<std::string> info_by_daemon(const FileArguments& given, rrdcached::Daemon& daemon) {
    if (!given.parsed.has("noflush")) {
        if (auto flushed = daemon.flush(given.file); !flushed) {
            return std::unexpected(flushed.error());
        }
    }
    return daemon.info(given.file);
}

Result<std::string> info(Words arguments, Session& session) {
    const auto given = parse_file_arguments(arguments, kInfoOptions, kInfoUsage, session);
    if (!given) return std::unexpected(given.error());
    const auto daemon = find_daemon_of(given->file, given->parsed, session);
    if (!daemon) return std::unexpected(daemon.error());
    if (*daemon != nullptr) return info_by_daemon(*given, **daemon);
    const auto archive = ReadableArchive::open(given->file, given->parsed, session);
    if (!archive) return std::unexpected(archive.error());
    return info_of(**archive);
}

}  // namespace

// The file is not locked while its text is written: who reads it may be slow.
Result<void> run_info(Words arguments, Session& session) {
    const auto text = info(arguments, session);
    if (!text) return std::unexpected(text.error());
    session.out.write(*text);
    return {};
}

}  // namespace kurabe::cli::rrdtool
