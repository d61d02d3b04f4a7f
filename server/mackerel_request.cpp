// Reads documents as trees, whose size and depth are limited.
#include "server/mackerel_request.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "store/ascii.hpp"
#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

using collectors::exec::MackerelGraph;
using collectors::exec::MackerelMetric;
using Tree = nlohmann::ordered_json;

constexpr std::string_view kOwnMetrics = "custom.";
constexpr std::size_t kShownPartBytesMax = 100;

Result<Tree> tree_of(std::string_view text) {
    if (text.size() > kMackerelBodyBytesMax) {
        return fail(ErrorCode::kLimit, fmt::format("is over {} bytes", kMackerelBodyBytesMax));
    }
    bool is_deep = false;
    const auto is_kept = [&is_deep](int depth, Tree::parse_event_t, Tree&) {
        const bool is_ok = depth <= static_cast<int>(kMackerelDepthMax);
        is_deep |= !is_ok;
        return is_ok;
    };
    try {
        Tree tree = Tree::parse(text, is_kept);
        if (!is_deep) return tree;
        return fail(ErrorCode::kInvalid,
                    fmt::format("is nested over {} levels", kMackerelDepthMax));
    } catch (const Tree::parse_error& error) {
        return fail(ErrorCode::kInvalid, fmt::format("is no JSON (byte {})", error.byte));
    } catch (const Tree::out_of_range&) {
        return fail(ErrorCode::kInvalid, "has a number that is too large");
    }
}

Result<Tree> object_of(std::string_view text) {
    auto tree = tree_of(text);
    if (tree && !tree->is_object()) return fail(ErrorCode::kInvalid, "has to be a JSON object");
    return tree;
}

// Null as if it were not there, as Go's programs write what they do not have.
const Tree* member(const Tree& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

// Empty when there is none.
Result<std::string> optional_text(const Tree& object, const char* name, std::size_t bytes_max) {
    const Tree* const found = member(object, name);
    if (found == nullptr) return std::string();
    if (!found->is_string()) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}' has to be a text", name));
    }
    auto text = found->get<std::string>();
    if (text.size() <= bytes_max) return text;
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is over {} bytes", name, bytes_max));
}

Result<std::string> needed_text(const Tree& object, const char* name, std::size_t bytes_max) {
    auto text = optional_text(object, name, bytes_max);
    if (!text || !text->empty()) return text;
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is missing", name));
}

// A label of a graph or of a line, as text of one line.
Result<std::string> label_of(const Tree& object) {
    auto label = optional_text(object, "displayName", kMackerelLabelBytesMax);
    if (!label) return label;
    std::ranges::replace_if(*label, store::is_control, ' ');
    return label;
}

// As series have them, with wildcards.
Result<std::string> pattern_of(const Tree& object) {
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-#*";
    auto name = needed_text(object, "name", kMackerelNameBytesMax);
    if (!name) return name;
    const std::string shown(store::utf8_prefix(*name, kShownPartBytesMax));
    if (!name->starts_with(kOwnMetrics)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' does not begin with '{}'", shown, kOwnMetrics));
    }
    if (name->find_first_not_of(kAllowed) != std::string::npos) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' has other characters than A-Z a-z 0-9 . _ - # *", shown));
    }
    return name;
}

Result<MackerelMetric> metric_of(const Tree& tree, const std::string& graph) {
    if (!tree.is_object()) return fail(ErrorCode::kInvalid, "a metric is no JSON object");
    const auto name = pattern_of(tree);
    if (!name) return std::unexpected(name.error());
    const std::string beginning = graph + ".";
    if (!name->starts_with(beginning) || name->size() == beginning.size()) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}' does not begin with '{}'",
                                                     name->substr(0, kShownPartBytesMax),
                                                     beginning.substr(0, kShownPartBytesMax)));
    }
    auto label = label_of(tree);
    if (!label) return std::unexpected(label.error());
    const Tree* const stacked = member(tree, "isStacked");
    if (stacked != nullptr && !stacked->is_boolean()) {
        return fail(ErrorCode::kInvalid, "'isStacked' has to be true or false");
    }
    return MackerelMetric{.name = name->substr(beginning.size()),
                          .label = *std::move(label),
                          .stacked = stacked != nullptr && stacked->get<bool>()};
}

Result<MackerelGraph> graph_of(const Tree& tree) {
    if (!tree.is_object()) return fail(ErrorCode::kInvalid, "is no JSON object");
    MackerelGraph graph;
    auto name = pattern_of(tree);
    if (!name) return std::unexpected(name.error());
    graph.name = *std::move(name);
    auto label = label_of(tree);
    if (!label) return std::unexpected(label.error());
    graph.label = *std::move(label);
    auto unit = optional_text(tree, "unit", kMackerelUnitBytesMax);
    if (!unit) return std::unexpected(unit.error());
    graph.unit = *std::move(unit);
    const Tree* const metrics = member(tree, "metrics");
    if (metrics == nullptr) return graph;
    if (!metrics->is_array()) return fail(ErrorCode::kInvalid, "'metrics' has to be a list");
    if (metrics->size() > kMackerelMetricsMax) {
        return fail(ErrorCode::kInvalid, fmt::format("more than {} metrics", kMackerelMetricsMax));
    }
    for (const Tree& one : *metrics) {
        auto metric = metric_of(one, graph.name);
        if (!metric) return std::unexpected(metric.error());
        graph.metrics.push_back(*std::move(metric));
    }
    return graph;
}

Result<MackerelVerdict> verdict_of(const Tree& report) {
    const auto status = needed_text(report, "status", kMackerelNameBytesMax);
    if (!status) return std::unexpected(status.error());
    constexpr std::array<std::string_view, 4> kNames{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    const auto found = std::ranges::find(kNames, *status);
    if (found != kNames.end()) return static_cast<MackerelVerdict>(found - kNames.begin());
    return fail(ErrorCode::kInvalid, "'status' has to be OK, WARNING, CRITICAL or UNKNOWN");
}

Result<MackerelCheck> check_of(const Tree& report) {
    if (!report.is_object()) return fail(ErrorCode::kInvalid, "is no JSON object");
    const Tree* const source = member(report, "source");
    if (source == nullptr) return fail(ErrorCode::kInvalid, "'source' is missing");
    auto host = needed_text(*source, "hostId", kMackerelNameBytesMax);
    if (!host) return std::unexpected(host.error());
    auto name = needed_text(report, "name", kMackerelNameBytesMax);
    if (!name) return std::unexpected(name.error());
    auto verdict = verdict_of(report);
    if (!verdict) return std::unexpected(verdict.error());
    auto message = optional_text(report, "message", kMackerelBodyBytesMax);
    if (!message) return std::unexpected(message.error());
    const Tree* const occurred = member(report, "occurredAt");
    const bool is_told = occurred != nullptr && occurred->is_number_integer();
    return MackerelCheck{.host = *std::move(host),
                         .name = *std::move(name),
                         .verdict = *verdict,
                         .message = *std::move(message),
                         .occurred = is_told ? occurred->get<std::int64_t>() : 0};
}

template <typename T>
Result<MackerelList<T>> list_of(const Tree& list, std::string_view name,
                                Result<T> (*read)(const Tree&)) {
    if (!list.is_array()) return fail(ErrorCode::kInvalid, "has to be a JSON list");
    if (list.size() > kMackerelListMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("has more than {} {}", kMackerelListMax, name));
    }
    MackerelList<T> read_list;
    for (std::size_t i = 0; i < list.size(); ++i) {
        auto one = read(list[i]);
        if (one) {
            read_list.good.push_back(*std::move(one));
        } else {
            read_list.wrong.push_back(fmt::format("{}[{}]: {}", name, i, one.error().message));
        }
    }
    return read_list;
}

std::string line_of(const Tree& tree) {
    const std::string dumped = tree.dump(-1, ' ', false, Tree::error_handler_t::replace);
    std::string line;
    line.reserve(dumped.size());
    for (const char byte : dumped) {
        // The one control character that JSON may hold as it is; texts that are kept hold none.
        if (byte == '\x7f') {
            line += "\\u007f";
        } else {
            line += byte;
        }
    }
    return line;
}

}  // namespace

Result<MackerelHost> read_mackerel_host(std::string_view json) {
    const auto tree = object_of(json);
    if (!tree) return std::unexpected(tree.error());
    auto name = needed_text(*tree, "name", kMackerelNameBytesMax);
    if (!name) return std::unexpected(name.error());
    auto display_name = optional_text(*tree, "displayName", kMackerelNameBytesMax);
    if (!display_name) return std::unexpected(display_name.error());
    return MackerelHost{.name = *std::move(name), .display_name = *std::move(display_name)};
}

Result<std::string> read_mackerel_status(std::string_view json) {
    const auto tree = object_of(json);
    if (!tree) return std::unexpected(tree.error());
    auto status = needed_text(*tree, "status", kMackerelNameBytesMax);
    if (!status) return status;
    constexpr std::array<std::string_view, 4> kNames{"working", "standby", "maintenance",
                                                     "poweroff"};
    if (std::ranges::find(kNames, *status) != kNames.end()) return status;
    return fail(ErrorCode::kInvalid,
                fmt::format("'status' has to be one of {}", fmt::join(kNames, ", ")));
}

Result<MackerelList<MackerelCheck>> read_mackerel_checks(std::string_view json) {
    const auto tree = object_of(json);
    if (!tree) return std::unexpected(tree.error());
    const Tree* const reports = member(*tree, "reports");
    if (reports == nullptr) return fail(ErrorCode::kInvalid, "'reports' is missing");
    auto list = list_of<MackerelCheck>(*reports, "reports", check_of);
    if (list) std::ranges::stable_sort(list->good, {}, &MackerelCheck::occurred);
    return list;
}

Result<MackerelList<MackerelGraph>> read_mackerel_graphs(std::string_view json) {
    const auto tree = tree_of(json);
    if (!tree) return std::unexpected(tree.error());
    return list_of<MackerelGraph>(*tree, "graphs", graph_of);
}

std::string mackerel_graph_to_json(const MackerelGraph& graph) {
    Tree metrics = Tree::array();
    for (const MackerelMetric& metric : graph.metrics) {
        metrics.push_back({{"name", fmt::format("{}.{}", graph.name, metric.name)},
                           {"displayName", metric.label},
                           {"isStacked", metric.stacked}});
    }
    return line_of({{"name", graph.name},
                    {"displayName", graph.label},
                    {"unit", graph.unit},
                    {"metrics", std::move(metrics)}});
}

Result<MackerelGraph> mackerel_graph_from_json(std::string_view json) {
    const auto tree = tree_of(json);
    if (!tree) return std::unexpected(tree.error());
    return graph_of(*tree);
}

Result<std::string> one_line_json(std::string_view json) {
    const auto tree = tree_of(json);
    if (!tree) return std::unexpected(tree.error());
    return line_of(*tree);
}

std::string mackerel_host_to_json(std::string_view id, std::string_view name,
                                  std::string_view status) {
    return line_of({{"host",
                     {{"id", id},
                      {"name", name},
                      {"status", status},
                      {"memo", ""},
                      {"roles", Tree::object()},
                      {"isRetired", false},
                      {"createdAt", 0},
                      {"meta", Tree::object()},
                      {"interfaces", Tree::array()}}}});
}

std::string mackerel_id_to_json(std::string_view id) {
    return line_of({{"id", id}});
}

}  // namespace kurabe::server
