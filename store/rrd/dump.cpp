// Elements in the order of the file's records, then row by row.
#include "store/rrd/dump.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "store/number_text.hpp"
#include "store/rrd/compute_program.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr std::size_t kPartBytes = 64UL << 10;
constexpr std::size_t kDumpedBlockValues = 8192;

// In names and readings, which other programs may have filled with anything.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '&') {
            result += "&amp;";
        } else if (c == '<') {
            result += "&lt;";
        } else if (c == '>') {
            result += "&gt;";
        } else {
            result += c >= '\0' && c < ' ' ? '?' : c;
        }
    }
    return result;
}

class Dump {
  public:
    Dump(const Archive& archive, const TimeZone& zone, const TextSink& sink)
        : archive_(archive), header_(archive.header()), zone_(zone), sink_(sink) {}

    Result<void> write(DumpHeading heading) {
        add_heading(heading);
        add("\t<version>{:04}</version>\n", std::max(header_.version, kVersionOfMicros));
        add("\t<step>{}</step> <!-- Seconds -->\n", header_.step.count());
        const Time last{Seconds{header_.live.last_update_seconds}};
        add("\t<lastupdate>{}</lastupdate> <!-- {} -->\n\n", last.time_since_epoch().count(),
            time_text(last));
        for (std::size_t source = 0; source < header_.sources.size(); ++source) {
            if (auto added = add_source(source); !added) return added;
        }
        add("\t<!-- Round Robin Archives -->\n");
        for (std::size_t rra = 0; rra < header_.rras.size(); ++rra) {
            add_rra(rra);
            if (auto added = add_rows(rra); !added) return added;
            add("\t\t</database>\n\t</rra>\n");
        }
        add("</rrd>\n");
        return sink_(text_);
    }

  private:
    template <typename... Arguments>
    void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
    }
    // <name>1.0000000000e+00</name>
    void add_number(std::string_view indent, std::string_view name, Slot slot) {
        add("{}<{}>", indent, name);
        append_number_text(text_, slot.number());
        add("</{}>\n", name);
    }
    void add_count(std::string_view indent, std::string_view name, Slot slot) {
        add("{}<{}>{}</{}>\n", indent, name, slot.count(), name);
    }
    [[nodiscard]] std::string time_text(Time time) const {
        return zone_.format("%Y-%m-%d %H:%M:%S %Z", time).value_or("");
    }

    void add_heading(DumpHeading heading);
    Result<void> add_source(std::size_t source);
    void add_rra(std::size_t rra);
    void add_parameters(std::size_t rra);
    void add_cdp(std::size_t rra, std::size_t source);
    Result<void> add_rows(std::size_t rra);
    void add_row(Time time, std::span<const Value> values);

    const Archive& archive_;
    const Header& header_;
    const TimeZone& zone_;
    const TextSink& sink_;
    std::string text_;  // not given to the sink yet
};

void Dump::add_heading(DumpHeading heading) {
    if (heading != DumpHeading::kNone) add("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    if (heading == DumpHeading::kDtd) {
        add("<!DOCTYPE rrd SYSTEM \"https://oss.oetiker.ch/rrdtool/rrdtool.dtd\">\n");
    }
    add("<!-- Round Robin Database Dump -->\n");
    if (heading != DumpHeading::kXsd) {
        add("<rrd>\n");
        return;
    }
    add("<rrd xmlns=\"https://oss.oetiker.ch/rrdtool/rrdtool-dump.xml\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
        "\txsi:schemaLocation=\"https://oss.oetiker.ch/rrdtool/rrdtool-dump.xml "
        "https://oss.oetiker.ch/rrdtool/rrdtool-dump.xsd\">\n");
}

Result<void> Dump::add_source(std::size_t source) {
    const SourceRecord& record = header_.sources[source];
    const PdpRecord& pdp = header_.pdps[source];
    add("\t<ds>\n\t\t<name> {} </name>\n\t\t<type> {} </type>\n", escaped(text_of(record.name)),
        escaped(text_of(record.type)));
    if (header_.source(source).type == DsType::kCompute) {
        const auto program = read_compute(record, source);
        if (!program) return std::unexpected(program.error());
        add("\t\t<cdef> {} </cdef>\n", escaped(compute_text(*program, header_.sources)));
    } else {
        const auto& parameters = record.parameters;
        add_count("\t\t", "minimal_heartbeat", parameters[SourceRecord::kHeartbeat]);
        add_number("\t\t", "min", parameters[SourceRecord::kMinimum]);
        add_number("\t\t", "max", parameters[SourceRecord::kMaximum]);
    }
    add("\n\t\t<!-- PDP Status -->\n");
    add("\t\t<last_ds>{}</last_ds>\n", escaped(text_of(pdp.last_reading)));
    add_number("\t\t", "value", pdp.slots[PdpRecord::kValue]);
    add("\t\t<unknown_sec> {} </unknown_sec>\n\t</ds>\n\n",
        pdp.slots[PdpRecord::kUnknownSeconds].count());
    return {};
}

void Dump::add_rra(std::size_t rra) {
    const RraRecord& record = header_.rras[rra];
    add("\t<rra>\n\t\t<cf>{}</cf>\n", escaped(text_of(record.cf)));
    add("\t\t<pdp_per_row>{}</pdp_per_row> <!-- {} seconds -->\n\n", record.pdp_per_row,
        header_.resolution(rra).count());
    add("\t\t<params>\n");
    add_parameters(rra);
    add("\t\t</params>\n\t\t<cdp_prep>\n");
    for (std::size_t source = 0; source < header_.sources.size(); ++source) add_cdp(rra, source);
    add("\t\t</cdp_prep>\n\t\t<database>\n");
}

void Dump::add_parameters(std::size_t rra) {
    const auto& parameters = header_.rras[rra].parameters;
    const RraCf cf = header_.cf(rra);
    switch (cf) {
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            add_number("\t\t", "hw_alpha", parameters[RraRecord::kAlpha]);
            add_number("\t\t", "hw_beta", parameters[RraRecord::kBeta]);
            break;
        case RraCf::kSeasonal:
        case RraCf::kDevSeasonal:
            add_number("\t\t", "seasonal_gamma", parameters[RraRecord::kGamma]);
            add_count("\t\t", "seasonal_smooth_idx", parameters[RraRecord::kSmoothingRow]);
            if (header_.version >= kVersionOfSmoothing) {
                add_number("\t\t", "smoothing_window", parameters[RraRecord::kSmoothingWindow]);
            }
            break;
        case RraCf::kFailures:
            add_number("\t\t", "delta_pos", parameters[RraRecord::kDeltaPositive]);
            add_number("\t\t", "delta_neg", parameters[RraRecord::kDeltaNegative]);
            add_count("\t\t", "window_len", parameters[RraRecord::kWindowLength]);
            add_count("\t\t", "failure_threshold", parameters[RraRecord::kThreshold]);
            break;
        case RraCf::kDevPredict:
            break;
        default:
            add_number("\t\t", "xff", parameters[RraRecord::kXff]);
            return;
    }
    add_count("\t\t", "dependent_rra_idx", parameters[RraRecord::kPartner]);
}

void Dump::add_cdp(std::size_t rra, std::size_t source) {
    constexpr std::string_view kIndent = "\t\t\t";
    const auto& slots = header_.cdp(rra, source).slots;
    add("\t\t\t<ds>\n");
    add_number(kIndent, "primary_value", slots[CdpRecord::kPrimary]);
    add_number(kIndent, "secondary_value", slots[CdpRecord::kSecondary]);
    switch (header_.cf(rra)) {
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            add_number(kIndent, "intercept", slots[CdpRecord::kIntercept]);
            add_number(kIndent, "last_intercept", slots[CdpRecord::kLastIntercept]);
            add_number(kIndent, "slope", slots[CdpRecord::kSlope]);
            add_number(kIndent, "last_slope", slots[CdpRecord::kLastSlope]);
            add_count(kIndent, "nan_count", slots[CdpRecord::kNullCount]);
            add_count(kIndent, "last_nan_count", slots[CdpRecord::kLastNullCount]);
            break;
        case RraCf::kSeasonal:
        case RraCf::kDevSeasonal:
            add_number(kIndent, "seasonal", slots[CdpRecord::kSeasonal]);
            add_number(kIndent, "last_seasonal", slots[CdpRecord::kLastSeasonal]);
            add_count(kIndent, "init_flag", slots[CdpRecord::kBurnIn]);
            break;
        case RraCf::kFailures: {
            const auto history = std::as_bytes(std::span(slots));
            const auto& window = header_.rras[rra].parameters[RraRecord::kWindowLength];
            std::string digits;
            for (std::size_t i = 0; i < window.count(); ++i) {
                digits += history[i] == std::byte{1} ? '1' : '0';
            }
            add("\t\t\t<history>{}</history>\n", digits);
            break;
        }
        case RraCf::kDevPredict:
            break;
        default:
            add_number(kIndent, "value", slots[CdpRecord::kValue]);
            add_count(kIndent, "unknown_datapoints", slots[CdpRecord::kUnknownPdps]);
            break;
    }
    add("\t\t\t</ds>\n");
}

// Oldest first.
Result<void> Dump::add_rows(std::size_t rra) {
    const std::size_t sources = header_.sources.size();
    const std::uint64_t rows = header_.rras[rra].rows;
    const std::uint64_t block_rows = std::max<std::uint64_t>(1, kDumpedBlockValues / sources);
    const Seconds resolution = header_.resolution(rra);
    Time time = newest_row_time(header_, rra) - resolution * static_cast<std::int64_t>(rows - 1);
    std::uint64_t row = (header_.current_rows[rra] + 1) % rows;
    std::vector<Value> values;
    for (std::uint64_t left = rows; left > 0;) {
        const std::uint64_t count = std::min(left, block_rows);
        values.resize(count * sources);
        if (auto read = archive_.read_rows(rra, row, values); !read) return read;
        for (std::uint64_t i = 0; i < count; ++i) {
            add_row(time, std::span(values).subspan(i * sources, sources));
            time += resolution;
        }
        if (text_.size() > kPartBytes) {
            if (auto written = sink_(text_); !written) return written;
            text_.clear();
        }
        row = (row + count) % rows;
        left -= count;
    }
    return {};
}

void Dump::add_row(Time time, std::span<const Value> values) {
    add("\t\t\t<!-- {} / {} --> <row>", time_text(time), time.time_since_epoch().count());
    for (const Value value : values) {
        text_ += "<v>";
        append_number_text(text_, value);
        text_ += "</v>";
    }
    text_ += "</row>\n";
}

}  // namespace

Result<void> dump(const Archive& archive, DumpHeading heading, const TimeZone& zone,
                  const TextSink& sink) {
    return Dump(archive, zone, sink).write(heading);
}

}  // namespace kurabe::store::rrd
