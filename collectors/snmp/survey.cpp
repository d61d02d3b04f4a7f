// Which objects are asked for, and what of them a device has.
#include "collectors/snmp/survey.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "collectors/snmp/mibs.hpp"
#include "collectors/snmp/survey_parts.hpp"

namespace kurabe::collectors::snmp {
namespace {

using Role = Instance::Role;

Oid copy(OidView oid) {
    return {oid.begin(), oid.end()};
}

void ask_interfaces(Questions& questions) {
    for (const OidView guard : {OidView(mibs::kIfNumber), OidView(mibs::kIfTableLastChange)}) {
        questions.scalars.push_back({.name = copy(guard), .role = Role::kGuard});
    }
    for (const OidNumber column :
         {mibs::kIfDescr, mibs::kIfType, mibs::kIfSpeed, mibs::kIfAdminStatus}) {
        questions.columns.push_back(below(mibs::kIfEntry, {column}));
    }
    for (const OidNumber column :
         {mibs::kIfName, mibs::kIfHcInOctets, mibs::kIfCounterDiscontinuityTime}) {
        questions.columns.push_back(below(mibs::kIfXEntry, {column}));
    }
}

void ask_host_resources(Questions& questions) {
    questions.scalars.push_back({.name = copy(mibs::kHrSystemUptime), .role = Role::kHostUptime});
    for (const OidNumber column : {mibs::kHrStorageType, mibs::kHrStorageDescr,
                                   mibs::kHrStorageUnits, mibs::kHrStorageSize}) {
        questions.columns.push_back(below(mibs::kHrStorageEntry, {column}));
    }
    questions.columns.push_back(copy(mibs::kHrProcessorFrwId));
    questions.columns.push_back(copy(mibs::kHrProcessorLoad));
}

void ask_ucd_scalars(std::vector<Instance>& scalars) {
    constexpr double kKibibyte = 1024;
    constexpr std::pair<OidNumber, MemoryPart> kMemory[] = {
        {3, MemoryPart::kSwapTotal}, {4, MemoryPart::kSwapFree}, {5, MemoryPart::kTotal},
        {6, MemoryPart::kFree},      {14, MemoryPart::kBuffers}, {15, MemoryPart::kCached}};
    for (const auto& [number, part] : kMemory) {
        scalars.push_back({.name = below(mibs::kUcdMemory, {number, 0}),
                           .role = Role::kMemory,
                           .factor = kKibibyte,
                           .part = part});
    }
    constexpr std::pair<OidNumber, const char*> kLoads[] = {
        {1, "loadavg-1"}, {2, "loadavg-5"}, {3, "loadavg-15"}};
    for (const auto& [row, key] : kLoads) {
        scalars.push_back({.name = below(mibs::kUcdLoad, {row}), .role = Role::kGauge, .key = key});
    }
    constexpr std::pair<OidNumber, const char*> kProcessor[] = {
        {50, "cpu-user"},   {51, "cpu-nice"},      {52, "cpu-system"},  {53, "cpu-idle"},
        {54, "cpu-iowait"}, {56, "cpu-irq"},       {61, "cpu-softirq"}, {64, "cpu-steal"},
        {65, "cpu-guest"},  {66, "cpu-guest-nice"}};
    for (const auto& [number, key] : kProcessor) {
        scalars.push_back({.name = below(mibs::kUcdSystemStats, {number, 0}),
                           .role = Role::kProcessor,
                           .key = key});
    }
}

void ask_ucd(Questions& questions) {
    ask_ucd_scalars(questions.scalars);
    for (const OidNumber column : {mibs::kDiskPath, mibs::kDiskDevice}) {
        questions.columns.push_back(below(mibs::kUcdDiskEntry, {column}));
    }
    for (const OidNumber column : {mibs::kDiskIoDevice, mibs::kDiskIoReads, mibs::kDiskIoWrites}) {
        questions.columns.push_back(below(mibs::kDiskIoEntry, {column}));
    }
}

// What the device has of the scalars goes into the plan, guards with what they are now.
void plan_scalars(Plan& plan, std::span<const Instance> scalars, std::span<const Value> values) {
    for (std::size_t i = 0; i < scalars.size() && i < values.size(); ++i) {
        if (values[i].is_missing()) continue;
        Instance instance = scalars[i];
        if (instance.role == Role::kGuard) {
            const auto now = values[i].count();
            if (!now) continue;
            instance.expected = *now;
        }
        plan.instances.push_back(std::move(instance));
    }
}

// By a column that net-snmp has from its start, or one that others have.
void plan_processors(const Planning& planning) {
    const std::size_t count = std::max(planning.tables.column(mibs::kHrProcessorFrwId).size(),
                                       planning.tables.column(mibs::kHrProcessorLoad).size());
    if (count > 0) planning.plan.processors = static_cast<double>(count);
}

}  // namespace

Questions questions_for(const Wanted& wanted) {
    Questions questions;
    questions.scalars.push_back({.name = copy(mibs::kSysUpTime), .role = Role::kUptime});
    if (wanted.has_base()) {
        questions.scalars.push_back(
            {.name = copy(mibs::kSysDescr), .role = Role::kMeta, .key = "version"});
        questions.scalars.push_back(
            {.name = copy(mibs::kTcpCurrEstab), .role = Role::kGauge, .key = "tcp-established"});
    }
    if (wanted.interfaces) ask_interfaces(questions);
    if (wanted.host_resources) ask_host_resources(questions);
    if (wanted.ucd) ask_ucd(questions);
    for (std::size_t i = 0; i < wanted.plugins.size(); ++i) {
        ask_plugin(*wanted.plugins[i], i + 1, questions);
    }
    return questions;
}

const Column& Tables::column(OidView name) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (are_equal(names_[i], name)) return columns_[i];
    }
    return nothing_;
}

const Column& Tables::column(OidView entry, OidNumber number) const {
    return column(below(entry, {number}));
}

Plan make_plan(const Wanted& wanted, const Filters& filters, std::span<const Instance> scalars,
               std::span<const Value> values, const Tables& tables) {
    Plan plan{.is_base_wanted = wanted.has_base()};
    plan_scalars(plan, scalars, values);
    const Planning planning{.filters = filters, .tables = tables, .plan = plan};
    if (wanted.interfaces) plan_interfaces(planning);
    if (wanted.host_resources) {
        plan_storage(planning);
        plan_processors(planning);
    }
    if (wanted.ucd) plan_disk_io(planning);
    for (std::size_t i = 0; i < wanted.plugins.size(); ++i) {
        plan_plugin(planning, *wanted.plugins[i], i + 1);
    }
    return plan;
}

void plan_list(Plan& plan, std::string key, const std::vector<std::string>& names,
               std::size_t plugin) {
    if (names.empty()) return;
    plan.meta.push_back({plugin, std::move(key), fmt::format("{}", fmt::join(names, ","))});
}

void complain(Plan& plan, std::string key, std::string text) {
    plan.complaints.push_back({0, std::move(key), std::move(text)});
}

const Value* find(const Column& column, const Oid& index) {
    const auto found = column.find(index);
    return found == column.end() || found->second.is_missing() ? nullptr : &found->second;
}

std::uint64_t count_at(const Column& column, const Oid& index, std::uint64_t otherwise) {
    const Value* const value = find(column, index);
    return value == nullptr ? otherwise : value->size().value_or(otherwise);
}

std::string text_at(const Column& column, const Oid& index) {
    const Value* const value = find(column, index);
    if (value == nullptr) return {};
    std::string text = value->text;
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
    return text;
}

}  // namespace kurabe::collectors::snmp
