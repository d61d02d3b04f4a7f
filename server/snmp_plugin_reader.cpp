// Reads `snmp:` of a plugin file: which objects are its metrics.
#include "server/snmp_plugin_reader.hpp"

#include <utility>

#include <fmt/format.h>

#include "collectors/text_template.hpp"
#include "store/sample.hpp"

namespace kurabe::server {
namespace {

using collectors::TextTemplate;
using collectors::snmp::Oid;
using collectors::snmp::OidMetric;
using collectors::snmp::OidPlugin;
using collectors::snmp::OidTable;

Result<Oid> read_oid(const YamlNode& node) {
    const auto text = yaml_text(node, "an OID");
    if (!text) return std::unexpected(text.error());
    auto oid = collectors::snmp::parse_oid(*text);
    if (!oid) return node.error(oid.error().message);
    return oid;
}

Result<double> read_factor(YamlMapping& value, bool is_counter) {
    const auto text = value.text("times");
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return 1;
    if (is_counter) {
        return value.find("times")->error(
            "'times' is for .gauge; of a counter a graph computes it");
    }
    return value.factor("times");
}

// OID, or { oid: OID, times: NUMBER }.
Result<void> read_value(const YamlNode& node, OidMetric& metric) {
    if (!node.is(YamlNode::Kind::kMapping)) {
        auto oid = read_oid(node);
        if (!oid) return std::unexpected(oid.error());
        metric.oid = *std::move(oid);
        return {};
    }
    auto value = YamlMapping::of(node, "a metric");
    const YamlNode* const place = value->find("oid");
    if (place == nullptr) return node.error("missing 'oid' of a metric");
    auto oid = read_oid(*place);
    if (!oid) return std::unexpected(oid.error());
    metric.oid = *std::move(oid);
    const auto factor = read_factor(*value, metric.is_counter);
    if (!factor) return std::unexpected(factor.error());
    metric.factor = *factor;
    return value->refuse_unknown_keys();
}

// "temperature.gauge", and in tables "fan-{{row}}-speed.gauge".
Result<OidMetric> read_metric(const YamlEntry& entry, bool is_in_table) {
    const auto wrong = [&entry](std::string_view what) {
        return entry.value.error(fmt::format("'{}' cannot name a metric; {}", entry.key, what));
    };
    const auto key = TextTemplate::parse(entry.key);
    if (!key) return wrong(key.error().message);
    const auto names = key->names();
    if (is_in_table && (names.size() != 1 || names[0] != "row")) {
        return wrong("one of a table has '{{row}}' in it, once");
    }
    if (!is_in_table && !names.empty()) return wrong("'{{row}}' is for tables");
    const auto type = store::ds_type_of_key(entry.key);
    OidMetric metric{.key = std::string(key->prefix()), .oid = {}};
    if (is_in_table) metric.key_end = key->suffix();
    metric.is_counter = type && *type == store::DsType::kDerive;
    if (!type || (!metric.is_counter && *type != store::DsType::kGauge) ||
        !store::check_key(entry.key)) {
        return wrong("it ends in .gauge, or in .derive for a counter");
    }
    std::string& last = is_in_table ? metric.key_end : metric.key;
    last.resize(last.rfind('.'));
    if (auto read = read_value(entry.value, metric); !read) return std::unexpected(read.error());
    return metric;
}

Result<void> read_metrics(const YamlNode* node, bool is_in_table, std::size_t most,
                          std::vector<OidMetric>& metrics) {
    if (node == nullptr) return {};
    if (node->entries.size() > most) {
        return node->error(fmt::format("more than {} metrics, the limit", most));
    }
    for (const YamlEntry& entry : node->entries) {
        auto metric = read_metric(entry, is_in_table);
        if (!metric) return std::unexpected(metric.error());
        metrics.push_back(*std::move(metric));
    }
    return {};
}

Result<OidTable> read_table(const YamlNode& node) {
    auto mapping = YamlMapping::of(node, "a table");
    if (!mapping) return std::unexpected(mapping.error());
    auto list = mapping->required_text("list", "it is the meta that has the names of the rows");
    if (!list) return std::unexpected(list.error());
    OidTable table{.list = *std::move(list), .columns = {}};
    if (const YamlNode* const name = mapping->find("name"); name != nullptr) {
        auto oid = read_oid(*name);
        if (!oid) return std::unexpected(oid.error());
        table.name = *std::move(oid);
    }
    const auto columns = mapping->mapping("columns");
    if (!columns) return std::unexpected(columns.error());
    if (*columns == nullptr || (*columns)->entries.empty()) {
        return node.error("missing 'columns' of a table; name at least one");
    }
    const auto read = read_metrics(*columns, true, collectors::snmp::kOidColumnsMax, table.columns);
    if (!read) return std::unexpected(read.error());
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return table;
}

Result<void> read_meta(YamlMapping& snmp, OidPlugin& plugin) {
    const auto meta = snmp.mapping("meta");
    if (!meta) return std::unexpected(meta.error());
    if (*meta == nullptr) return {};
    if ((*meta)->entries.size() > collectors::snmp::kOidMetricsMax) {
        return (*meta)->error(
            fmt::format("more than {} meta, the limit", collectors::snmp::kOidMetricsMax));
    }
    for (const YamlEntry& entry : (*meta)->entries) {
        auto oid = read_oid(entry.value);
        if (!oid) return std::unexpected(oid.error());
        plugin.meta.push_back({.key = entry.key, .oid = *std::move(oid)});
    }
    return {};
}

Result<void> read_tables(YamlMapping& snmp, OidPlugin& plugin) {
    const auto tables = snmp.sequence("tables");
    if (!tables) return std::unexpected(tables.error());
    for (const YamlNode& node : **tables) {
        if (plugin.tables.size() == collectors::snmp::kOidTablesMax) {
            return node.error(
                fmt::format("more than {} tables, the limit", collectors::snmp::kOidTablesMax));
        }
        auto table = read_table(node);
        if (!table) return std::unexpected(table.error());
        plugin.tables.push_back(*std::move(table));
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<const OidPlugin>> read_oid_plugin(YamlMapping& plugin,
                                                         const std::string& name) {
    const auto node = plugin.mapping("snmp");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return nullptr;
    auto snmp = YamlMapping::of(**node, "'snmp'");
    auto read = std::make_shared<OidPlugin>();
    read->name = name;
    const auto metrics = snmp->mapping("metrics");
    if (!metrics) return std::unexpected(metrics.error());
    auto done = read_metrics(*metrics, false, collectors::snmp::kOidMetricsMax, read->metrics);
    if (done) done = read_meta(*snmp, *read);
    if (done) done = read_tables(*snmp, *read);
    if (done) done = snmp->refuse_unknown_keys();
    if (!done) return std::unexpected(done.error());
    if (read->metrics.empty() && read->tables.empty()) {
        return (*node)->error("'snmp' has neither 'metrics' nor 'tables'");
    }
    return read;
}

}  // namespace kurabe::server
