// Writes plugin files.
#include "collectors/plugin_text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "store/ascii.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors {
namespace {

using store::is_control;

// A string of JSON. "{{" would begin a placeholder.
std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(character.size());
        if (length == 0) {
            result += '?';
        } else if (character == "\n") {
            result += "\\n";
        } else if (is_control(character.front())) {
            result += ' ';
        } else {
            if (character == "{" && result.ends_with('{')) result += ' ';
            if (character == "\"" || character == "\\") result += '\\';
            result += character;
        }
    }
    return result + '"';
}

// Lines of a definition; none has a line end of its own.
std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        const std::size_t begin = text.size();
        text += line;
        std::replace(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), '\n', ' ');
        text += '\n';
    }
    return text;
}

std::string badges_text(const std::vector<PageBadge>& badges) {
    std::string text = "[";
    for (const PageBadge& badge : badges) {
        if (text.size() > 1) text += ", ";
        text += fmt::format(R"({{"meta": {}, "label": {}}})", in_quotes(badge.meta),
                            in_quotes(badge.name));
    }
    return text + ']';
}

std::string scale_text(const PageGraph& graph) {
    const auto end = [](const std::optional<double>& value) {
        return value ? fmt::format("{}", *value) : "auto";
    };
    return fmt::format(
        R"({{"base": {}, "lower": {}, "upper": {}, "rigid": {}, "logarithmic": {}}})", graph.base,
        end(graph.lower), end(graph.upper), graph.rigid, graph.logarithmic);
}

}  // namespace

bool is_definition_meta(std::string_view key) noexcept {
    if (!key.starts_with(kDefinitionMeta)) return false;
    key.remove_prefix(kDefinitionMeta.size());
    return key.empty() || key.starts_with('.');
}

std::string plugin_text(const PluginPages& pages) {
    std::string text = fmt::format("{{\"plugin\": {}, \"groups\": [", in_quotes(pages.plugin));
    const auto out = std::back_inserter(text);
    std::string_view separator;
    for (const PageGroup& group : pages.groups) {
        fmt::format_to(out, "{}{{\"label\": {}, \"graphs\": [", separator, in_quotes(group.label));
        separator = "";
        for (const std::string& key : group.graphs) {
            fmt::format_to(out, "{}{}", separator, in_quotes(key));
            separator = ", ";
        }
        text += ']';
        if (!group.badges.empty()) text += ", \"badges\": " + badges_text(group.badges);
        text += '}';
        separator = ", ";
    }
    text += "], \"graphs\": {";
    separator = "";
    for (const PageGraph& graph : pages.graphs) {
        fmt::format_to(out, "{}{}: {{\"label\": {}, \"definition\": {}, \"scale\": {}}}", separator,
                       in_quotes(graph.key), in_quotes(graph.label), in_quotes(joined(graph.lines)),
                       scale_text(graph));
        separator = ", ";
    }
    return text + "}}";
}

CutPluginText cut_plugin_text(PluginPages pages) {
    CutPluginText cut{.text = plugin_text(pages)};
    while (cut.text.size() > kDefinitionBytesMax && !pages.groups.empty()) {
        const std::size_t had = pages.groups.size();
        pages.groups.resize(std::min(had - 1, had * kDefinitionBytesMax / cut.text.size()));
        cut.groups_left_out += had - pages.groups.size();
        std::set<std::string_view> shown;
        for (const PageGroup& group : pages.groups) {
            shown.insert(group.graphs.begin(), group.graphs.end());
        }
        std::erase_if(pages.graphs,
                      [&shown](const PageGraph& graph) { return !shown.contains(graph.key); });
        cut.text = plugin_text(pages);
    }
    return cut;
}

bool is_graph_statement(std::string_view line) noexcept {
    constexpr std::array<std::string_view, 14> kStatements{
        "DEF",   "CDEF", "VDEF", "PRINT", "GPRINT",    "COMMENT", "VRULE",
        "HRULE", "AREA", "TICK", "SHIFT", "TEXTALIGN", "STACK",   "LINE"};
    std::string_view word = line.substr(0, line.find(':'));
    if (word.size() == line.size()) return false;
    if (word.starts_with("LINE")) {
        while (!word.empty() &&
               ((word.back() >= '0' && word.back() <= '9') || word.back() == '.')) {
            word.remove_suffix(1);
        }
    }
    return std::ranges::find(kStatements, word) != kStatements.end();
}

std::string graph_text(std::string_view text, bool is_format) {
    std::string escaped;
    for (const char byte : text) {
        if (byte == ':') {
            escaped += "\\:";
        } else if (byte == '\\' || is_control(byte)) {
            escaped += ' ';
        } else if (byte == '%' && is_format) {
            escaped += "%%";
        } else {
            escaped += byte;
        }
    }
    return escaped;
}

std::size_t characters_of(std::string_view text) noexcept {
    std::size_t count = 0;
    for (; !text.empty(); ++count) {
        text.remove_prefix(std::max<std::size_t>(store::utf8_length(text), 1));
    }
    return count;
}

}  // namespace kurabe::collectors
