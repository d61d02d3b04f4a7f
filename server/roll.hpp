// A roll file: which plugins its hosts have. Rule: docs/operations.md.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/config.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kRollBytesMax = 1 << 20;

// "http:80:/path" -> http with two arguments. Empty arguments at the end do not count.
[[nodiscard]] PluginLine parse_plugin_line(std::string_view line);

// Whether a plugin line of this name says how base metrics are collected: "ssh", "snmp".
[[nodiscard]] bool is_collection(std::string_view name) noexcept;

// `name` is the file as the configuration names it, `main` the metrics_config of document 1; what
// is accepted but odd is appended to `warnings`. kNotFound only when there is no such file.
[[nodiscard]] Result<std::shared_ptr<const Roll>> load_roll(
    const std::filesystem::path& file, std::string_view name,
    const collectors::fetch::MetricsConfig& main, std::vector<std::string>& warnings);

}  // namespace kurabe::server
