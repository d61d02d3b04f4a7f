// Reads lists and definitions, and replaces templates by names of series.
#include "collectors/kurado/view_output.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "collectors/line_text.hpp"
#include "collectors/printable.hpp"
#include "store/trimmed.hpp"

namespace kurabe::collectors::kurado {
namespace {

constexpr std::size_t kKeyBytesMax = 128;
constexpr std::size_t kLinesMax = 500;  // of one graph
constexpr std::size_t kShownLineBytes = 60;

// The next line without its end.
std::string_view take_line(std::string_view& text) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::vector<std::string_view> columns_of(std::string_view line) {
    std::vector<std::string_view> columns;
    while (true) {
        columns.push_back(line.substr(0, line.find('\t')));
        if (columns.back().size() == line.size()) return columns;
        line.remove_prefix(columns.back().size() + 1);
    }
}

std::string without_mark(std::string_view value) {
    constexpr std::string_view kMark = ">||";
    std::string text(value);
    for (std::size_t at = 0; (at = text.find(kMark)) != std::string::npos;) {
        text.erase(at, kMark.size());
    }
    return text;
}

ViewGroup read_group(std::string_view line) {
    const auto columns = columns_of(line);
    ViewGroup group{.label = std::string(store::trimmed(columns[0])), .badges = {}, .graphs = {}};
    for (std::size_t i = 1; i + 1 < columns.size(); i += 2) {
        group.badges.emplace_back(store::trimmed(columns[i]),
                                  without_mark(store::trimmed(columns[i + 1])));
    }
    return group;
}

// A key of a series as it may stand in a DEF.
std::string in_definition(std::string_view key) {
    std::string escaped;
    for (const char byte : key) {
        if (byte == ':' || byte == '\\') escaped += '\\';
        escaped += byte;
    }
    return escaped;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (text = store::trimmed(text); !text.empty(); text = store::trimmed(text)) {
        words.push_back(text.substr(0, text.find_first_of(" \t")));
        text.remove_prefix(words.back().size());
    }
    return words;
}

// "RRD KEY", "RRD_FOR KEY", "RRD_EXTEND PLUGIN HOST KEY"; none for anything else.
std::optional<std::string> series_of(std::string_view directive, const ViewPlace& place) {
    const auto words = words_of(directive);
    if (words.size() == 2 && (words[0] == "RRD" || words[0] == "RRD_FOR")) {
        return in_definition(words[1]);
    }
    if (words.size() != 4 || words[0] != "RRD_EXTEND") return std::nullopt;
    const std::string plugin = percent_decoded(words[1]);
    if (words[2] == place.host && plugin == place.plugin) return in_definition(words[3]);
    return in_definition(fmt::format("{}/{}/{}", words[2], plugin, words[3]));
}

std::string with_series(std::string_view line, const ViewPlace& place) {
    std::string filled;
    while (true) {
        const std::size_t begin = line.find("<%");
        const std::size_t end = line.find("%>", begin);
        if (end == std::string_view::npos) return filled + std::string(line);
        const auto series = series_of(line.substr(begin + 2, end - begin - 2), place);
        filled += line.substr(0, begin);
        filled += series ? *series : std::string(line.substr(begin, end + 2 - begin));
        line.remove_prefix(end + 2);
    }
}

// Where a field that begins at `at` ends: at a ':' that is not escaped.
std::size_t field_end(std::string_view line, std::size_t at) {
    for (; at < line.size() && line[at] != ':'; ++at) {
        if (line[at] == '\\') ++at;
    }
    return std::min(at, line.size());
}

// "DEF:v=SERIES:DS:CF": Kurado calls all data sources `n`, whatever the script says.
std::string with_source(std::string line) {
    constexpr std::string_view kDef = "DEF:";
    if (!line.starts_with(kDef)) return line;
    const std::size_t series_end = field_end(line, kDef.size());
    const std::size_t source_end = field_end(line, series_end + 1);
    if (source_end >= line.size()) return line;
    return line.replace(series_end + 1, source_end - series_end - 1, "n");
}

bool is_comment(std::string_view line) {
    return line.empty() || line.starts_with('#') || line.starts_with("//");
}

}  // namespace

std::vector<ViewGroup> read_view_list(std::string_view output) {
    std::vector<ViewGroup> groups;
    std::set<std::string, std::less<>> known;
    while (!output.empty()) {
        const std::string_view line = take_line(output);
        if (line.starts_with("//") || store::trimmed(line).empty()) continue;
        if (line.starts_with('#')) {
            if (groups.size() < kViewGraphsMax) groups.push_back(read_group(line.substr(1)));
            continue;
        }
        const std::string_view key = store::trimmed(line);
        if (key.size() > kKeyBytesMax || known.size() >= kViewGraphsMax || !is_utf8(key)) continue;
        if (!known.emplace(key).second) continue;
        if (groups.empty()) groups.emplace_back();
        groups.back().graphs.emplace_back(key);
    }
    return groups;
}

PageGraph read_view_graph(std::string_view output, std::string_view key, const ViewPlace& place,
                          std::vector<std::string>& complaints) {
    // Kurado's axis.
    PageGraph graph{.key = std::string(key), .label = {}, .lines = {}, .lower = 0, .upper = 2};
    bool has_label = false;
    while (!output.empty() && graph.lines.size() < kLinesMax) {
        std::string_view line = take_line(output);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (is_comment(line)) continue;
        if (!std::exchange(has_label, true)) {
            const bool is_none = line.starts_with("DEF:") || line.starts_with("CDEF:");
            graph.label = is_none ? place.name : store::trimmed(line);
            if (!is_none) continue;
        }
        std::string filled = with_source(with_series(line, place));
        if (is_graph_statement(filled)) {
            graph.lines.push_back(std::move(filled));
        } else {
            complaints.push_back(
                fmt::format("graph {}: '{}' is no statement of rrdtool's graph "
                            "language",
                            printable(key, kShownLineBytes), printable(filled, kShownLineBytes)));
        }
    }
    return graph;
}

}  // namespace kurabe::collectors::kurado
