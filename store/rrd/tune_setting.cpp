// One function per kind of setting.
#include "store/rrd/tune_setting.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "store/duration.hpp"
#include "store/number.hpp"
#include "store/rrd/ring.hpp"
#include "store/rrd/source_definition.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr double kDeltaMin = 0.1;
// Ends what is read of the field; rrdtool leaves the rest as it was.
constexpr std::string_view kUnknownReading{"UNKN", 5};

struct SourceArgument {
    std::size_t source;
    std::string_view value;
};

// "name:value"
Result<SourceArgument> split_argument(const Header& header, std::string_view argument,
                                      std::string_view complaint) {
    const auto colon = argument.find(':');
    const std::string_view name = argument.substr(0, colon);
    if (colon == std::string_view::npos || colon + 1 == argument.size() || !is_source_name(name)) {
        return invalid(fmt::format("invalid arguments for {}", complaint));
    }
    const auto source = find_source(header, name);
    if (!source) return invalid(fmt::format("unknown data source name '{}'", name));
    return SourceArgument{*source, argument.substr(colon + 1)};
}

// What a computed data source has in place of these is its program.
Result<void> expect_readings(const Header& header, std::size_t source) {
    if (header.source(source).type != DsType::kCompute) return {};
    return invalid(fmt::format("data source '{}' is computed: change its type first",
                               text_of(header.sources[source].name)));
}

Result<void> set_heartbeat(Header& header, std::string_view argument) {
    const auto split = split_argument(header, argument, "heartbeat");
    if (!split) return std::unexpected(split.error());
    const auto heartbeat = parse_scaled_duration(split->value, Seconds{1});
    if (!heartbeat) return invalid("invalid arguments for heartbeat");
    if (auto expected = expect_readings(header, split->source); !expected) return expected;
    header.sources[split->source].parameters[SourceRecord::kHeartbeat] = Slot::of_count(*heartbeat);
    return {};
}

std::optional<Value> limit_in(std::string_view text) {
    if (text == "U") return kUnknown;
    const bool has_digits = text.find_first_not_of("0123456789.e+-") == std::string_view::npos;
    const auto number = parse_number(text);
    if (!number || !(has_digits || is_unknown(*number))) return std::nullopt;
    return *number;
}

Result<void> set_limit(Header& header, std::string_view argument, std::size_t slot) {
    const std::string_view complaint =
        slot == SourceRecord::kMinimum ? "minimum ds value" : "maximum ds value";
    const auto split = split_argument(header, argument, complaint);
    if (!split) return std::unexpected(split.error());
    const auto limit = limit_in(split->value);
    if (!limit) return invalid(fmt::format("invalid arguments for {}", complaint));
    if (auto expected = expect_readings(header, split->source); !expected) return expected;
    header.sources[split->source].parameters[slot] = Slot::of_number(*limit);
    return {};
}

// A reading of another type says nothing.
Result<void> set_type(Header& header, std::string_view argument) {
    const auto split = split_argument(header, argument, "data source type");
    if (!split) return std::unexpected(split.error());
    if (split->value.front() < 'A' || split->value.front() > 'Z') {
        return invalid("invalid arguments for data source type");
    }
    const auto type = parse_ds_type(split->value);
    if (!type) {
        return invalid(fmt::format("unknown data acquisition function '{}'", split->value));
    }
    const DsType old = header.source(split->source).type;
    if (*type == old) return {};
    if (*type == DsType::kCompute) return invalid("a data source cannot become a COMPUTE");
    SourceRecord& record = header.sources[split->source];
    set_text(record.type, split->value);
    kUnknownReading.copy(header.pdps[split->source].last_reading.data(), kUnknownReading.size());
    if (old != DsType::kCompute) return {};
    record.parameters = {};
    record.parameters[SourceRecord::kMinimum] = kUnknownSlot;
    record.parameters[SourceRecord::kMaximum] = kUnknownSlot;
    return {};
}

Result<void> rename(Header& header, std::string_view argument) {
    const auto split = split_argument(header, argument, "data source type");
    if (!split) return std::unexpected(split.error());
    if (!is_source_name(split->value)) {
        return invalid(fmt::format("'{}' is no name: 1 to {} letters, digits, - and _",
                                   split->value, kSourceNameBytesMax));
    }
    const auto other = find_source(header, split->value);
    if (other && *other != split->source) {
        return invalid(fmt::format("Duplicate DS name: {}", split->value));
    }
    set_text(header.sources[split->source].name, split->value);
    return {};
}

// The first RRA of that CF.
std::optional<std::size_t> find_rra(const Header& header, RraCf cf) {
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        if (header.cf(rra) == cf) return rra;
    }
    return std::nullopt;
}

Result<std::size_t> find_failures(const Header& header) {
    const auto rra = find_rra(header, RraCf::kFailures);
    if (rra) return *rra;
    return invalid("Failures RRA does not exist in this RRD");
}

Result<void> set_delta(Header& header, std::string_view argument, std::size_t slot) {
    const auto delta = parse_number(argument);
    if (delta && *delta < kDeltaMin) return invalid("Parameter specified is too small");
    const auto rra = find_failures(header);
    if (!rra) return std::unexpected(rra.error());
    if (!delta || is_unknown(*delta)) return invalid("Unable to parse parameter in set_deltaarg");
    header.rras[*rra].parameters[slot] = Slot::of_number(*delta);
    return {};
}

// As many rows as the window has.
void clear_history(Header& header, std::size_t rra, std::size_t source) noexcept {
    const auto window = header.rras[rra].parameters[RraRecord::kWindowLength].count();
    const auto history = std::as_writable_bytes(std::span(header.cdp(rra, source).slots));
    std::ranges::fill(history.first(std::min<std::size_t>(window, CdpRecord::kHistoryMax)),
                      std::byte{0});
}

Result<void> set_window(Header& header, std::string_view argument, std::size_t slot) {
    const auto count = parse_number(argument);
    if (!count || !(*count >= 1 && *count <= static_cast<double>(kWindowLengthMax)) ||
        *count != static_cast<double>(static_cast<std::uint64_t>(*count))) {
        return invalid(fmt::format("Parameter must be between 1 and {}", kWindowLengthMax));
    }
    const auto rra = find_failures(header);
    if (!rra) return std::unexpected(rra.error());
    header.rras[*rra].parameters[slot] = Slot::of_count(static_cast<std::uint64_t>(*count));
    for (std::size_t source = 0; source < header.sources.size(); ++source) {
        clear_history(header, *rra, source);
    }
    return {};
}

// A parameter of the first RRA of the first of these CFs that there is.
struct HoltWintersSetting {
    char letter;
    std::array<RraCf, 2> cfs;
    std::size_t slot;
    bool is_window;  // 0 and 1 are in range; counts from version 4 on
};

constexpr std::array kHoltWintersSettings{
    HoltWintersSetting{'x', {RraCf::kHwPredict, RraCf::kMhwPredict}, RraRecord::kAlpha, false},
    HoltWintersSetting{'y', {RraCf::kHwPredict, RraCf::kMhwPredict}, RraRecord::kBeta, false},
    HoltWintersSetting{'z', {RraCf::kSeasonal, RraCf::kSeasonal}, RraRecord::kGamma, false},
    HoltWintersSetting{'v', {RraCf::kDevSeasonal, RraCf::kDevSeasonal}, RraRecord::kGamma, false},
    HoltWintersSetting{
        's', {RraCf::kSeasonal, RraCf::kSeasonal}, RraRecord::kSmoothingWindow, true},
    HoltWintersSetting{
        'S', {RraCf::kDevSeasonal, RraCf::kDevSeasonal}, RraRecord::kSmoothingWindow, true},
};

Result<void> set_holt_winters(Header& header, std::string_view argument,
                              const HoltWintersSetting& setting) {
    const auto number = parse_number(argument);
    if (!number || is_unknown(*number)) return invalid("Unable to parse Holt-Winters parameter");
    const bool is_inside = *number > 0 && *number < 1;
    const bool is_end = *number == 0 || *number == 1;
    if (!is_inside && !(setting.is_window && is_end)) {
        return invalid("Holt-Winters parameter must be between 0 and 1");
    }
    auto rra = find_rra(header, setting.cfs.front());
    if (!rra) rra = find_rra(header, setting.cfs.back());
    if (!rra) return invalid("Holt-Winters RRA does not exist in this RRD");
    header.rras[*rra].parameters[setting.slot] = Slot::of_number(*number);
    if (setting.is_window) {
        // No raise_version(): rrdtool leaves the other window as it was, even one ignored till now.
        header.version = std::max(header.version, kVersionOfSmoothing);
    }
    return {};
}

// What the Holt-Winters family has learnt of a data source.
Result<void> forget(Header& header, std::string_view name, ForgottenColumns& forgotten) {
    const auto source = find_source(header, name);
    if (!source) return invalid(fmt::format("unknown data source name '{}'", name));
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        auto& slots = header.cdp(rra, *source).slots;
        switch (header.cf(rra)) {
            case RraCf::kHwPredict:
            case RraCf::kMhwPredict:
                for (const std::size_t slot : {CdpRecord::kIntercept, CdpRecord::kLastIntercept,
                                               CdpRecord::kSlope, CdpRecord::kLastSlope}) {
                    slots[slot] = kUnknownSlot;
                }
                slots[CdpRecord::kNullCount] = Slot::of_count(1);
                slots[CdpRecord::kLastNullCount] = Slot::of_count(1);
                break;
            case RraCf::kSeasonal:
            case RraCf::kDevSeasonal:
                slots[CdpRecord::kSeasonal] = kUnknownSlot;
                slots[CdpRecord::kLastSeasonal] = kUnknownSlot;
                forgotten.emplace(rra, *source);
                break;
            case RraCf::kFailures:
                clear_history(header, rra, *source);
                break;
            default:
                break;
        }
    }
    return {};
}

}  // namespace

Result<void> apply_setting(char letter, std::string_view argument, Header& header,
                           ForgottenColumns& forgotten) {
    switch (letter) {
        case 'h':
            return set_heartbeat(header, argument);
        case 'i':
            return set_limit(header, argument, SourceRecord::kMinimum);
        case 'a':
            return set_limit(header, argument, SourceRecord::kMaximum);
        case 'd':
            return set_type(header, argument);
        case 'r':
            return rename(header, argument);
        case 'p':
            return set_delta(header, argument, RraRecord::kDeltaPositive);
        case 'n':
            return set_delta(header, argument, RraRecord::kDeltaNegative);
        case 'f':
            return set_window(header, argument, RraRecord::kThreshold);
        case 'w':
            return set_window(header, argument, RraRecord::kWindowLength);
        case 'b':
            return forget(header, argument, forgotten);
        default:
            break;
    }
    const auto setting =
        std::ranges::find(kHoltWintersSettings, letter, &HoltWintersSetting::letter);
    if (setting != kHoltWintersSettings.end()) return set_holt_winters(header, argument, *setting);
    return invalid(fmt::format("there is no setting -{}", letter));
}

Result<void> check_settings(const Header& header) {
    for (std::size_t i = 0; i < header.sources.size(); ++i) {
        const DataSource source = header.source(i);
        if (source.type == DsType::kCompute || source.heartbeat > Seconds{0}) continue;
        return invalid(
            fmt::format("data source '{}' needs a heartbeat", text_of(header.sources[i].name)));
    }
    return {};
}

Result<void> commit_settings(Archive& archive, const Header& header,
                             const ForgottenColumns& forgotten) {
    RowWrites writes(header.sources.size());
    for (auto column = forgotten.begin(); column != forgotten.end();) {
        const std::size_t rra = column->first;
        auto ring = Ring::read(archive, header, rra);
        if (!ring) return std::unexpected(ring.error());
        for (; column != forgotten.end() && column->first == rra; ++column) {
            ring->forget(column->second);
        }
        for (std::uint64_t row = 0; row < ring->rows(); ++row) {
            std::ranges::copy(ring->row(row), writes.add({.rra = rra, .row = row}).begin());
        }
    }
    return archive.commit_header(header, writes);
}

}  // namespace kurabe::store::rrd
