// Established connections, and the traffic of interfaces that are up.
#include <algorithm>

#include "collectors/local_parts.hpp"

namespace kurabe::collectors {

namespace {

// Kurado's filter: no lo (its state is "unknown"), no VLAN (eth1.66), no bridge (br-1a2b).
bool is_plain_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

// What `ip link` shows as "state UP".
bool is_up(const KernelFiles& files, std::string_view interface) {
    const auto state = files.read("sys/class/net/" + std::string(interface) + "/operstate");
    return state && lines_of(*state) == std::vector<std::string_view>{"up"};
}

struct Traffic {
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
};

// Sixteen counters after the name: bytes received are the first, bytes sent the ninth.
Result<Traffic> parse_counters(std::string_view counters) {
    constexpr std::size_t kSentField = 8;
    const auto fields = fields_of(counters);
    const auto received = count_at(fields, 0);
    const auto sent = count_at(fields, kSentField);
    if (!received || !sent) {
        return fail(ErrorCode::kInvalid, "proc/net/dev is not of the kernel's form");
    }
    return Traffic{*received, *sent};
}

}  // namespace

Result<void> collect_established(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/net/snmp");
    if (!text) {
        return std::unexpected(text.error());
    }
    // Two lines: names, then values.
    std::vector<std::string_view> names;
    for (const std::string_view line : lines_of(*text)) {
        auto fields = fields_of(line);
        if (fields[0] != "Tcp:") {
            continue;
        }
        if (names.empty()) {
            names = std::move(fields);
            continue;
        }
        const auto at =
            static_cast<std::size_t>(std::ranges::find(names, "CurrEstab") - names.begin());
        const auto established = count_at(fields, at);
        if (!established) {
            break;
        }
        report.gauge("tcp-established", static_cast<double>(*established));
        return {};
    }
    return fail(ErrorCode::kInvalid, "proc/net/snmp has no CurrEstab");
}

Result<void> collect_traffic(const KernelFiles& files, BaseReport& report) {
    const auto text = files.read("proc/net/dev");
    if (!text) {
        return std::unexpected(text.error());
    }
    std::vector<std::string> interfaces;
    for (const std::string_view line : lines_of(*text)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || interfaces.size() == kDevicesMax) {
            continue;  // the two lines of headings have no colon
        }
        const auto name_fields = fields_of(line.substr(0, colon));
        if (name_fields.size() != 1 || !is_plain_name(name_fields[0]) ||
            !is_up(files, name_fields[0])) {
            continue;
        }
        const auto traffic = parse_counters(line.substr(colon + 1));
        if (!traffic) {
            return std::unexpected(traffic.error());
        }
        const std::string name(name_fields[0]);
        report.derive("traffic-" + name + "-rxbytes", traffic->received);
        report.derive("traffic-" + name + "-txbytes", traffic->sent);
        interfaces.push_back(name);
    }
    report.meta("traffic-interfaces", joined(interfaces));
    return {};
}

}  // namespace kurabe::collectors
