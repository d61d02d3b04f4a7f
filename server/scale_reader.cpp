// Reads `scale:` of a graph in a plugin file: its value axis. Rule: docs/plugins.md, "Graphs".
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "server/plugin_parts.hpp"

namespace kurabe::server {
namespace {

// Far inside of what an axis can have.
constexpr double kScaleEndMax = 1e30;

std::optional<double> parse_end(const std::string& text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool fits = error == std::errc{} && stop == end && std::abs(number) <= kScaleEndMax;
    return fits ? std::optional(number) : std::nullopt;
}

// `value` stays as it is when the key is absent.
Result<void> read_end(YamlMapping& scale, std::string_view key, std::optional<double>& value) {
    const auto text = scale.text(key);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return {};
    value = **text == "auto" ? std::nullopt : parse_end(**text);
    if (value || **text == "auto") return {};
    return scale.find(key)->error(
        fmt::format("'{}: {}' is no number that an axis can have, nor 'auto'", key, **text));
}

Result<void> read_flag(YamlMapping& scale, std::string_view key, bool& value) {
    const auto text = scale.text(key);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return {};
    value = **text == "true";
    if (value || **text == "false") return {};
    return scale.find(key)->error(fmt::format("'{}' is true or false, not '{}'", key, **text));
}

Result<void> read_base(YamlMapping& scale, int& base) {
    const auto text = scale.text("base");
    if (!text) return std::unexpected(text.error());
    if (!text->has_value() || **text == "1000") return {};
    base = 1024;
    if (**text == "1024") return {};
    return scale.find("base")->error(fmt::format("'base' is 1000 or 1024, not '{}'", **text));
}

}  // namespace

Result<GraphScale> read_scale(YamlMapping& graph) {
    GraphScale scale;
    const auto node = graph.mapping("scale");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return scale;
    auto mapping = YamlMapping::of(**node, "'scale'");
    if (auto read = read_base(*mapping, scale.base); !read) return std::unexpected(read.error());
    if (auto read = read_flag(*mapping, "logarithmic", scale.logarithmic); !read) {
        return std::unexpected(read.error());
    }
    if (scale.logarithmic) scale.lower = scale.upper = std::nullopt;
    for (const auto& [key, end] : {std::pair{"lower", &scale.lower}, {"upper", &scale.upper}}) {
        if (auto read = read_end(*mapping, key, *end); !read) return std::unexpected(read.error());
    }
    if (auto read = read_flag(*mapping, "rigid", scale.rigid); !read) {
        return std::unexpected(read.error());
    }
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    if (scale.lower && scale.upper && *scale.lower >= *scale.upper) {
        return (*node)->error("'lower' must be less than 'upper', which is 2 when it is absent");
    }
    for (const auto& end : {scale.lower, scale.upper}) {
        if (!scale.logarithmic || !end || *end > 0) continue;
        return (*node)->error("ends of a logarithmic scale must be more than 0");
    }
    return scale;
}

}  // namespace kurabe::server
