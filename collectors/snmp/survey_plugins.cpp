// Objects of plugins' own MIBs.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "collectors/device_name.hpp"
#include "collectors/snmp/survey_parts.hpp"

namespace kurabe::collectors::snmp {
namespace {

using Role = Instance::Role;

Instance instance_of(const OidMetric& metric, Oid name, std::string key, std::size_t plugin) {
    return {.name = std::move(name),
            .role = metric.is_counter ? Role::kCounter : Role::kGauge,
            .key = std::move(key),
            .factor = metric.factor,
            .plugin = plugin};
}

struct Row {
    Oid index;
    std::string told;  // by the column of names
    std::string key;
};

// The rows that any of the columns has, in their order.
std::set<Oid> indexes_of(const OidTable& table, const Tables& tables) {
    std::set<Oid> indexes;
    for (const OidMetric& metric : table.columns) {
        for (const auto& [index, value] : tables.column(metric.oid)) indexes.insert(index);
    }
    return indexes;
}

// Rows of one name are told apart by their indexes, all of them.
std::vector<Row> rows_of(const OidTable& table, const Tables& tables) {
    std::vector<Row> rows;
    std::map<std::string, int> uses;
    for (const Oid& index : indexes_of(table, tables)) {
        if (rows.size() == kDevicesMax) break;
        Row row{.index = index, .told = {}, .key = {}};
        if (!table.name.empty()) row.told = text_at(tables.column(table.name), index);
        row.key =
            key_name(row.told.empty() ? oid_text(index) : row.told.substr(0, kDeviceNameBytesMax));
        ++uses[row.key];
        rows.push_back(std::move(row));
    }
    for (Row& row : rows) {
        if (uses[row.key] > 1) row.key += '_' + key_name(oid_text(row.index));
    }
    return rows;
}

void plan_table(const Planning& planning, const OidTable& table, std::size_t plugin) {
    Plan& plan = planning.plan;
    std::vector<std::string> names;
    for (const Row& row : rows_of(table, planning.tables)) {
        if (!row.told.empty()) {
            plan.instances.push_back(
                {.name = below(table.name, row.index), .role = Role::kName, .key = row.told});
        }
        for (const OidMetric& metric : table.columns) {
            if (find(planning.tables.column(metric.oid), row.index) == nullptr) continue;
            plan.instances.push_back(instance_of(metric, below(metric.oid, row.index),
                                                 metric.key + row.key + metric.key_end, plugin));
        }
        names.push_back(row.key);
    }
    plan_list(plan, table.list, names, plugin);
}

}  // namespace

void ask_plugin(const OidPlugin& plugin, std::size_t number, Questions& questions) {
    for (const OidMetric& metric : plugin.metrics) {
        questions.scalars.push_back(instance_of(metric, metric.oid, metric.key, number));
    }
    for (const OidMeta& meta : plugin.meta) {
        questions.scalars.push_back(
            {.name = meta.oid, .role = Role::kMeta, .key = meta.key, .plugin = number});
    }
    for (const OidTable& table : plugin.tables) {
        if (!table.name.empty()) questions.columns.push_back(table.name);
        for (const OidMetric& metric : table.columns) questions.columns.push_back(metric.oid);
    }
}

void plan_plugin(const Planning& planning, const OidPlugin& plugin, std::size_t number) {
    planning.plan.plugins.push_back(plugin.name);
    for (const OidTable& table : plugin.tables) plan_table(planning, table, number);
}

}  // namespace kurabe::collectors::snmp
