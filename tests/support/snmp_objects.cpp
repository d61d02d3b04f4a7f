// Objects for devices that tests make.
#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

#include "tests/support/snmp_answerer.hpp"

namespace kurabe::tests {
namespace {

SnmpOid parse_dotted(std::string_view text) {
    SnmpOid oid;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        if (*at == '.') ++at;
        unsigned long number = 0;
        const auto [stop, error] = std::from_chars(at, end, number);
        if (error != std::errc{}) throw std::runtime_error("no OID: " + std::string(text));
        oid.push_back(number);
        at = stop;
    }
    return oid;
}

// "STRING: \"eth0\"", "Timeticks: (12) 0:00:00.12", "Counter64: 7"
SnmpValue parse_value(std::string_view text) {
    if (text == "\"\"") return {.tag = SnmpTag::kText};
    const std::size_t colon = text.find(": ");
    const std::string_view type = text.substr(0, colon);
    std::string_view rest = text.substr(colon + 2);
    if (type == "STRING") {
        if (rest.starts_with('"')) rest = rest.substr(1, rest.size() - 2);
        return {.tag = SnmpTag::kText, .text = std::string(rest)};
    }
    if (type == "OID") return {.tag = SnmpTag::kOid, .oid = parse_dotted(rest)};
    if (type == "Timeticks") rest.remove_prefix(1);
    std::int64_t number = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
    const SnmpTag tag = type == "INTEGER"     ? SnmpTag::kInteger
                        : type == "Gauge32"   ? SnmpTag::kGauge
                        : type == "Counter32" ? SnmpTag::kCounter32
                        : type == "Counter64" ? SnmpTag::kCounter64
                        : type == "Timeticks" ? SnmpTag::kTicks
                                              : SnmpTag::kNull;
    return {.tag = tag, .number = static_cast<std::uint64_t>(number)};
}

}  // namespace

SnmpObjects objects_of_walk(std::string_view text) {
    SnmpObjects objects;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::size_t equals = line.find(" = ");
        if (equals == std::string_view::npos) continue;
        objects.insert_or_assign(parse_dotted(line.substr(0, equals)),
                                 parse_value(line.substr(equals + 3)));
    }
    return objects;
}

SnmpObjects switch_objects(unsigned ports, std::uint64_t octets) {
    constexpr std::uint64_t kGigabit = 1'000'000'000;
    SnmpObjects objects;
    objects[{1, 3, 6, 1, 2, 1, 1, 1, 0}] = {.tag = SnmpTag::kText, .text = "A switch, for tests"};
    objects[{1, 3, 6, 1, 2, 1, 1, 3, 0}] = {.tag = SnmpTag::kTicks, .number = 8'640'000};
    objects[{1, 3, 6, 1, 2, 1, 2, 1, 0}] = {.tag = SnmpTag::kInteger, .number = ports};
    objects[{1, 3, 6, 1, 2, 1, 31, 1, 5, 0}] = {.tag = SnmpTag::kTicks, .number = 4711};
    for (unsigned port = 1; port <= ports; ++port) {
        const auto plain = [&](unsigned long column) -> SnmpValue& {
            return objects[{1, 3, 6, 1, 2, 1, 2, 2, 1, column, port}];
        };
        const auto more = [&](unsigned long column) -> SnmpValue& {
            return objects[{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, column, port}];
        };
        const std::string number = std::to_string(port);
        plain(2) = {.tag = SnmpTag::kText, .text = "GigabitEthernet1/0/" + number};
        plain(3) = {.tag = SnmpTag::kInteger, .number = 6};
        plain(5) = {.tag = SnmpTag::kGauge, .number = kGigabit};
        plain(7) = {.tag = SnmpTag::kInteger, .number = 1};
        plain(10) = {.tag = SnmpTag::kCounter32, .number = (octets + port) & 0xffffffff};
        plain(16) = {.tag = SnmpTag::kCounter32, .number = (octets + 1000 + port) & 0xffffffff};
        more(1) = {.tag = SnmpTag::kText, .text = "Gi1/0/" + number};
        more(6) = {.tag = SnmpTag::kCounter64, .number = octets + port};
        more(10) = {.tag = SnmpTag::kCounter64, .number = octets + 1000 + port};
        more(19) = {.tag = SnmpTag::kTicks, .number = 0};
    }
    return objects;
}

}  // namespace kurabe::tests
