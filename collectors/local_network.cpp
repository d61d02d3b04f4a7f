// TCP connections and the traffic of network interfaces.
// Rule: proc(5), /proc/net/snmp and /proc/net/dev; names and filters are Kurado's.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "collectors/fields.hpp"
#include "collectors/local_parts.hpp"

namespace kurabe::collectors {
namespace {

constexpr std::string_view kTraffic = "/proc/net/dev";

// The first line of a small file in /sys; empty when there is none.
std::string attribute(const HostFiles& files, const std::string& path) {
    const auto text = files.read(path);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

// Switched on by the administrator: IFF_UP, which `ip link` shows as "UP" between < and >. Not
// operstate, which is "unknown" for tunnels and "down" for a bridge that nothing is plugged into.
bool is_up(const HostFiles& files, std::string_view interface) {
    constexpr unsigned kInterfaceUp = 0x1;
    const std::string text = attribute(files, fmt::format("/sys/class/net/{}/flags", interface));
    if (!text.starts_with("0x")) return false;
    unsigned flags = 0;
    std::from_chars(text.data() + 2, text.data() + text.size(), flags, 16);
    return (flags & kInterfaceUp) != 0;
}

// A VLAN or one end of a pair, which `ip link` shows as "veth3f2a@if5" and Kurado leaves out: on a
// machine of containers hundreds of them come and go.
bool is_stacked(const HostFiles& files, std::string_view interface) {
    const std::string directory = fmt::format("/sys/class/net/{}/", interface);
    return attribute(files, directory + "iflink") != attribute(files, directory + "ifindex");
}

bool has_plain_name(std::string_view interface) {
    return !interface.empty() && interface.size() <= kDeviceNameBytesMax &&
           std::ranges::all_of(interface, [](char byte) {
               return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
           });
}

bool is_reported(const HostFiles& files, std::string_view interface) {
    return has_plain_name(interface) && interface != "lo" && is_up(files, interface) &&
           !is_stacked(files, interface);
}

}  // namespace

Result<void> collect_tcp(const LocalCollection& local) {
    constexpr std::string_view kPath = "/proc/net/snmp";
    const auto text = local.files.read(kPath);
    if (!text) return std::unexpected(text.error());
    std::vector<std::string_view> names;  // the first of the two lines "Tcp:"
    for (const std::string_view line : split_lines(*text)) {
        if (!line.starts_with("Tcp:")) continue;
        const auto fields = split_fields(line);
        if (names.empty()) {
            names = fields;
            continue;
        }
        const auto column =
            static_cast<std::size_t>(std::ranges::find(names, "CurrEstab") - names.begin());
        const auto count = column < fields.size() ? parse_count(fields[column]) : std::nullopt;
        if (!count) break;
        local.report.gauge("tcp-established", static_cast<double>(*count));
        return {};
    }
    return malformed(kPath, "no number of Tcp CurrEstab");
}

Result<void> collect_traffic(const LocalCollection& local) {
    constexpr std::size_t kReceivedBytes = 0;
    constexpr std::size_t kSentBytes = 8;
    const auto text = local.files.read(kTraffic);
    if (!text) return std::unexpected(text.error());
    Result<void> outcome;
    std::vector<std::string> interfaces;
    for (const std::string_view line : split_lines(*text)) {
        const std::size_t colon = line.find(':');  // the counter may follow without a blank
        if (colon == std::string_view::npos) continue;
        const auto name = split_fields(line.substr(0, colon));
        if (name.size() != 1 || !is_reported(local.files, name[0])) continue;
        if (interfaces.size() == kDevicesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("{}: more than {} interfaces", kTraffic, kDevicesMax));
        }
        const auto fields = split_fields(line.substr(colon + 1));
        const bool complete = fields.size() > kSentBytes;
        const auto received = complete ? parse_count(fields[kReceivedBytes]) : std::nullopt;
        const auto sent = complete ? parse_count(fields[kSentBytes]) : std::nullopt;
        if (!received || !sent) {
            if (outcome) outcome = malformed(kTraffic, fmt::format("no counters of {}", name[0]));
            continue;
        }
        local.report.derive(fmt::format("traffic-{}-rxbytes", name[0]), *received);
        local.report.derive(fmt::format("traffic-{}-txbytes", name[0]), *sent);
        interfaces.emplace_back(name[0]);
    }
    report_devices(local.report, "traffic-interfaces", interfaces);
    return outcome;
}

}  // namespace kurabe::collectors
