// A plugin whose metrics are objects of somebody's own MIB: which they are and what they are
// called. Plain data; docs/plugins.md says how a plugin file describes it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "collectors/snmp/oid.hpp"

namespace kurabe::collectors::snmp {

inline constexpr std::size_t kOidMetricsMax = 200;  // of a plugin, and of its meta
inline constexpr std::size_t kOidTablesMax = 20;    // of a plugin
inline constexpr std::size_t kOidColumnsMax = 50;   // of a table

// Of a table the key has the row's name between `key` and `key_end`. Without its type.
struct OidMetric {
    std::string key;
    std::string key_end = {};
    bool is_counter = false;  // DERIVE, else GAUGE
    Oid oid;                  // of a table the column's
    double factor = 1;        // of GAUGE
};

struct OidMeta {
    std::string key;
    Oid oid;
};

struct OidTable {
    std::string list;  // the meta that has the rows' names, joined by commas
    Oid name = {};     // the column with the rows' names; empty: they are named by their indexes
    std::vector<OidMetric> columns;
};

struct OidPlugin {
    std::string name;
    std::vector<OidMetric> metrics;
    std::vector<OidMeta> meta;
    std::vector<OidTable> tables;
};

}  // namespace kurabe::collectors::snmp
