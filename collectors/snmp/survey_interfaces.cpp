// Interfaces by their names, whatever their indexes are.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "collectors/device_name.hpp"
#include "collectors/snmp/mibs.hpp"
#include "collectors/snmp/survey_parts.hpp"

namespace kurabe::collectors::snmp {
namespace {

using Role = Instance::Role;

struct Interface {
    Oid index;
    std::string told = {};  // the name as the device says it
    Oid told_at = {};       // where it does
    std::string key = {};   // the name as in keys
};

bool is_up(const Tables& tables, const Oid& index) {
    return count_at(tables.column(mibs::kIfEntry, mibs::kIfAdminStatus), index, mibs::kStatusUp) ==
               mibs::kStatusUp &&
           count_at(tables.column(mibs::kIfEntry, mibs::kIfType), index, 0) != mibs::kTypeLoopback;
}

// By ifName, which is short and made to tell interfaces apart; older devices have ifDescr alone.
Interface name_of(const Tables& tables, const Oid& index) {
    Interface named{.index = index};
    named.told_at = below(below(mibs::kIfXEntry, {mibs::kIfName}), index);
    named.told = text_at(tables.column(mibs::kIfXEntry, mibs::kIfName), index);
    if (named.told.empty()) {
        named.told_at = below(below(mibs::kIfEntry, {mibs::kIfDescr}), index);
        named.told = text_at(tables.column(mibs::kIfEntry, mibs::kIfDescr), index);
    }
    named.key = named.told.empty() ? "if" + oid_text(index)
                                   : key_name(named.told.substr(0, kDeviceNameBytesMax));
    return named;
}

// Names that several interfaces have are told apart by their indexes, all of them; again, as long
// as what comes out is another's name.
void tell_apart(std::vector<Interface>& interfaces) {
    constexpr int kRoundsMax = 4;
    for (int round = 0; round < kRoundsMax; ++round) {
        std::map<std::string, int> uses;
        for (const Interface& interface : interfaces) ++uses[interface.key];
        if (uses.size() == interfaces.size()) return;
        for (Interface& interface : interfaces) {
            if (uses[interface.key] > 1) interface.key += '_' + key_name(oid_text(interface.index));
        }
    }
    std::set<std::string> seen;
    std::erase_if(interfaces, [&seen](const Interface& interface) {
        return !seen.insert(interface.key).second;
    });
}

std::vector<Interface> interfaces_of(const Planning& planning) {
    std::vector<Interface> kept;
    for (const auto& [index, descr] : planning.tables.column(mibs::kIfEntry, mibs::kIfDescr)) {
        if (!is_up(planning.tables, index)) continue;
        Interface named = name_of(planning.tables, index);
        if (planning.filters.interfaces.keeps(named.told)) kept.push_back(std::move(named));
    }
    tell_apart(kept);
    if (kept.size() > kDevicesMax) {
        kept.resize(kDevicesMax);
        complain(planning.plan, "traffic",
                 fmt::format("more than {} interfaces; the others are left out", kDevicesMax));
    }
    return kept;
}

// 64-bit counters where the device has them. For others it is asked when they began anew, if it
// tells that.
void plan_counters(const Planning& planning, const Interface& interface) {
    const Tables& tables = planning.tables;
    Plan& plan = planning.plan;
    plan.interfaces.push_back(
        {.bits_per_second =
             count_at(tables.column(mibs::kIfEntry, mibs::kIfSpeed), interface.index, 0),
         .key = interface.key});
    const bool is_64_bit =
        find(tables.column(mibs::kIfXEntry, mibs::kIfHcInOctets), interface.index) != nullptr;
    const OidView entry = is_64_bit ? OidView(mibs::kIfXEntry) : OidView(mibs::kIfEntry);
    const auto add = [&](OidView table, OidNumber column, Role role, std::string key) {
        plan.instances.push_back({.name = below(below(table, {column}), interface.index),
                                  .role = role,
                                  .key = std::move(key),
                                  .item = plan.interfaces.size()});
    };
    const Column& began = tables.column(mibs::kIfXEntry, mibs::kIfCounterDiscontinuityTime);
    if (!is_64_bit && find(began, interface.index) != nullptr) {
        add(mibs::kIfXEntry, mibs::kIfCounterDiscontinuityTime, Role::kDiscontinuity,
            "traffic-" + interface.key);
    }
    add(entry, is_64_bit ? mibs::kIfHcInOctets : mibs::kIfInOctets, Role::kCounter,
        fmt::format("traffic-{}-rxbytes", interface.key));
    add(entry, is_64_bit ? mibs::kIfHcOutOctets : mibs::kIfOutOctets, Role::kCounter,
        fmt::format("traffic-{}-txbytes", interface.key));
}

// A device that tells when its interfaces last changed need not be asked for their names each time.
bool tells_changes(const Plan& plan) {
    return std::ranges::any_of(plan.instances, [](const Instance& instance) {
        return instance.role == Role::kGuard && instance.expected != 0 &&
               are_equal(instance.name, mibs::kIfTableLastChange);
    });
}

}  // namespace

void plan_interfaces(const Planning& planning) {
    const bool asks_names = !tells_changes(planning.plan);
    std::vector<std::string> names;
    for (const Interface& interface : interfaces_of(planning)) {
        if (asks_names && !interface.told.empty()) {
            planning.plan.instances.push_back(
                {.name = interface.told_at, .role = Role::kName, .key = interface.told});
        }
        plan_counters(planning, interface);
        names.push_back(interface.key);
    }
    plan_list(planning.plan, "traffic-interfaces", names);
}

}  // namespace kurabe::collectors::snmp
