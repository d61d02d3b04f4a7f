// Each line becomes one of Kurado's, which the reader of those judges: one rule for both.
#include "collectors/agent/plugin_output.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "collectors/kurado_lines.hpp"
#include "collectors/line_reader.hpp"
#include "store/sample.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors::agent {
namespace {

constexpr std::size_t kReasonBytesMax = 200;
constexpr std::string_view kColumns =
    "KEY and VALUE are needed, separated by a tab, and perhaps EPOCH behind another";

std::string as_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        valid += length == 0 ? std::string_view("?") : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

bool says_nothing(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    return begin == std::string_view::npos || line[begin] == '#' ||
           line.substr(begin).starts_with("//");
}

// KEY and VALUE, or KEY, VALUE and EPOCH.
bool has_columns(std::string_view line) {
    const auto tabs = std::ranges::count(line, '\t');
    return tabs == 1 || tabs == 2;
}

// "users" -> "metrics.users.gauge"
std::string full_key(std::string_view key) {
    if (key.starts_with("meta.") || key.starts_with("warn.")) return std::string(key);
    std::string full =
        key.starts_with("metrics.") ? std::string(key) : fmt::format("metrics.{}", key);
    if (!store::ds_type_of_key(full)) full += ".gauge";
    return full;
}

// One line of ours for one of the plugin's, so that their numbers are the same. A line that is
// wrong stays so.
std::string to_line(std::string_view line, std::string_view beginning, store::Time now) {
    if (says_nothing(line)) return "\n";
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t key_end = line.find('\t');
    const std::string key = full_key(line.substr(0, key_end));
    std::string_view rest = line.substr(key_end + 1);
    const std::size_t value_end = rest.find('\t');
    // Plugins that compute nothing print nothing.
    const bool is_unknown = key.starts_with("metrics.") && rest.substr(0, value_end).empty();
    const std::string_view value = is_unknown ? "U" : rest.substr(0, value_end);
    if (value_end == std::string_view::npos) {
        return fmt::format("{}{}\t{}\t{}\n", beginning, key, value, now.time_since_epoch().count());
    }
    return fmt::format("{}{}\t{}\t{}\n", beginning, key, value, rest.substr(value_end + 1));
}

// "HOST \t PLUGIN." as kurado_lines() writes it.
std::string line_beginning(std::string_view host, std::string_view plugin) {
    Report report;
    report.batch.host = host;
    report.meta.push_back({std::string(plugin), "", ""});
    const std::string line = kurado_lines(report);
    return line.substr(0, line.find(".meta.") + 1);
}

}  // namespace

Report read_plugin_output(std::string_view output, std::string_view plugin, std::string_view host,
                          store::Time now) {
    const std::string beginning = line_beginning(host, plugin);
    const std::string text = as_utf8(output);
    std::string lines;
    std::string_view rest = text;
    std::vector<LineError> wrong;
    std::size_t count = 0;
    for (; !rest.empty() && count < kPluginLinesMax; ++count) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        if (says_nothing(line) || has_columns(line)) {
            lines += to_line(line, beginning, now);
        } else {
            lines += '\n';
            wrong.push_back({count + 1, std::string(kColumns)});
        }
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    ReadLines read = read_lines(lines);
    Report report;
    if (!read.reports.empty()) report = std::move(read.reports.front());
    report.batch.host = host;
    report.time = now;
    if (!rest.empty()) {
        report.warnings.push_back(
            {std::string(plugin), "output", fmt::format("more than {} lines", kPluginLinesMax)});
    } else if (const std::size_t refused = read.refused + wrong.size(); refused > 0) {
        std::ranges::move(read.errors, std::back_inserter(wrong));
        const LineError& first = *std::ranges::min_element(wrong, {}, &LineError::line);
        report.warnings.push_back({std::string(plugin), "output",
                                   fmt::format("{} wrong line{}; line {}: {}", refused,
                                               refused == 1 ? "" : "s", first.line.value_or(0),
                                               store::utf8_prefix(first.reason, kReasonBytesMax))});
    }
    return report;
}

}  // namespace kurabe::collectors::agent
