// What Mackerel's agent posts besides values: its host, definitions of graphs, reports of checks,
// metadata. A wrapper of nlohmann-json.
// Rule: Mackerel's API documentation, and what the agent's and its client's sources send;
// docs/operations.md, "Mackerel".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/exec/metric_graphs.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kMackerelBodyBytesMax = 1 << 20;  // unpacked
inline constexpr std::size_t kMackerelDepthMax = 64;           // of its lists and objects
inline constexpr std::size_t kMackerelNameBytesMax = 255;      // of graphs, metrics and checks
inline constexpr std::size_t kMackerelLabelBytesMax = 1024;
inline constexpr std::size_t kMackerelUnitBytesMax = 64;
inline constexpr std::size_t kMackerelListMax = 1000;    // of graphs or reports
inline constexpr std::size_t kMackerelMetricsMax = 200;  // of a graph

// How a host calls itself.
struct MackerelHost {
    std::string name;
    std::string display_name;  // empty when it has none
};
// {"name", "displayName", ...}; the rest says what the host is, and is not read.
[[nodiscard]] Result<MackerelHost> read_mackerel_host(std::string_view json);

// "working", "standby", "maintenance" or "poweroff" of {"status"}.
[[nodiscard]] Result<std::string> read_mackerel_status(std::string_view json);

enum class MackerelVerdict : std::uint8_t { kOk, kWarning, kCritical, kUnknown };

struct MackerelCheck {
    std::string host;
    std::string name;
    MackerelVerdict verdict = MackerelVerdict::kOk;
    std::string message;
    std::int64_t occurred = 0;  // seconds since 1970; 0: it is not said
};

// Elements of a list that could be read, and what is wrong with the others: "reports[3]: ...".
template <typename T>
struct MackerelList {
    std::vector<T> good = {};
    std::vector<std::string> wrong = {};
};

// {"reports": [{"source": {"type": "host", "hostId"}, "name", "status", "message", "occurredAt"}]},
// as they occurred: after a failure the agent sends them in any order.
[[nodiscard]] Result<MackerelList<MackerelCheck>> read_mackerel_checks(std::string_view json);

// [{"name", "displayName", "unit", "metrics": [{"name", "displayName", "isStacked"}]}], where the
// names of metrics begin with the graph's, and all with "custom.".
[[nodiscard]] Result<MackerelList<collectors::exec::MackerelGraph>> read_mackerel_graphs(
    std::string_view json);
// One element of such a list, on one line, and back.
[[nodiscard]] std::string mackerel_graph_to_json(const collectors::exec::MackerelGraph& graph);
[[nodiscard]] Result<collectors::exec::MackerelGraph> mackerel_graph_from_json(
    std::string_view json);

// Any document, on one line.
[[nodiscard]] Result<std::string> one_line_json(std::string_view json);

// {"host":{"id","name","status",...}}: what the agent asks for, and what its client cannot do
// without.
[[nodiscard]] std::string mackerel_host_to_json(std::string_view id, std::string_view name,
                                                std::string_view status);
// {"id":"..."}
[[nodiscard]] std::string mackerel_id_to_json(std::string_view id);

}  // namespace kurabe::server
