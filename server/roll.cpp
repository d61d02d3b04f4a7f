// Reads a roll file and its plugin lines.
#include "server/roll.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "server/collected_line.hpp"
#include "server/metrics_config.hpp"
#include "server/retention_key.hpp"
#include "server/snmp_config.hpp"
#include "server/text_file.hpp"
#include "server/yaml.hpp"
#include "store/sample.hpp"
#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kShortIdentifierMax = 27;
constexpr std::size_t kShortIdentifierCut = 25;
constexpr std::string_view kSnmp = "snmp";
constexpr std::array<std::string_view, 2> kCollections{"ssh", "snmp"};

Result<PluginLine> read_plugin_line(const YamlNode& node) {
    const auto text = yaml_text(node, "an item of 'metrics' ('NAME:ARGUMENT:...')");
    if (!text) return std::unexpected(text.error());
    if (text->find_first_of("\n\t") != std::string::npos || text->size() > store::kPluginBytesMax) {
        return node.error(
            fmt::format("a plugin line must be one line without tabs, at most {} bytes",
                        store::kPluginBytesMax));
    }
    PluginLine line = parse_plugin_line(*text);
    line.place = node.place;
    if (line.name.empty() || line.name.find('/') != std::string::npos) {
        return node.error(fmt::format(
            "'{}' names no plugin; write 'NAME' or 'NAME:ARGUMENT:...', NAME without '/'", *text));
    }
    if (auto checked = check_collected(line); !checked) return node.error(checked.error().message);
    return line;
}

bool has(const std::vector<PluginLine>& lines, const PluginLine& line) {
    return std::any_of(lines.begin(), lines.end(), [&line](const PluginLine& other) {
        return other.identifier() == line.identifier();
    });
}

// A collection's metrics are those of `base`, or of a plugin with OIDs, which is shown where the
// first of them stands.
Result<void> take_collection(PluginLine line, const YamlNode& node, Roll& roll) {
    PluginLine shown{.name = std::string(kBasePlugin), .place = node.place};
    if (line.name == kSnmp) {
        auto added = add_snmp_line(line.arguments, roll.snmp);
        if (!added) {
            return node.error(fmt::format("'{}': {}", line.identifier(), added.error().message));
        }
        shown.name = *std::move(added);
    }
    if (!has(roll.plugins, shown)) roll.plugins.push_back(shown);
    roll.collections.push_back(std::move(line));
    return {};
}

// The lines in page order; one that stands there again is taken once.
Result<void> read_lines(const std::vector<YamlNode>& lines, Roll& roll,
                        std::vector<std::string>& warnings) {
    if (lines.size() > kPluginsPerRollMax) {
        return fail(ErrorCode::kLimit,
                    lines[kPluginsPerRollMax].message(fmt::format(
                        "more than {} plugins in a roll, the limit", kPluginsPerRollMax)));
    }
    for (const YamlNode& node : lines) {
        auto line = read_plugin_line(node);
        if (!line) return std::unexpected(line.error());
        const bool collects = is_collection(line->name);
        if (has(collects ? roll.collections : roll.plugins, *line)) {
            // `base` beside a collection is what it is shown as.
            if (line->name == kBasePlugin && !roll.collections.empty()) continue;
            warnings.push_back(node.message(fmt::format(
                "plugin '{}' stands here again; it is shown once", line->identifier())));
        } else if (collects) {
            // Of SNMP a roll may ask for several things.
            const bool is_more = !roll.collections.empty() && line->name == kSnmp &&
                                 roll.collections.front().name == kSnmp;
            if (!roll.collections.empty() && !is_more) {
                return node.error(fmt::format(
                    "'{}' beside '{}': a roll's hosts are watched in one way; make two rolls",
                    line->identifier(), roll.collections.front().identifier()));
            }
            if (auto taken = take_collection(*std::move(line), node, roll); !taken) return taken;
        } else {
            roll.plugins.push_back(*std::move(line));
        }
    }
    return {};
}

Result<std::shared_ptr<const Roll>> read_roll(const YamlNode& document, std::string_view name,
                                              const collectors::fetch::MetricsConfig& main,
                                              std::vector<std::string>& warnings) {
    auto mapping = YamlMapping::of(document, "a roll file");
    if (!mapping) return std::unexpected(mapping.error());
    const auto own = mapping->mapping("metrics_config");
    if (!own) return std::unexpected(own.error());
    const auto lines = mapping->sequence("metrics");
    if (!lines) return std::unexpected(lines.error());
    const auto interval = read_interval(*mapping);
    if (!interval) return std::unexpected(interval.error());
    auto retention = read_retention(*mapping);
    if (!retention) return std::unexpected(retention.error());
    Roll roll{.file = std::string(name),
              .metrics_config = merged(main, read_metrics_config(*own)),
              .interval = *interval,
              .retention = *std::move(retention),
              .path = *document.file};
    if (auto read = read_lines(**lines, roll, warnings); !read) {
        return std::unexpected(read.error());
    }
    if (roll.plugins.empty()) {
        warnings.push_back(
            document.message("no plugin in 'metrics': hosts of this roll show nothing"));
    }
    for (std::string& unknown : mapping->unknown_keys()) warnings.push_back(std::move(unknown));
    return std::make_shared<const Roll>(std::move(roll));
}

}  // namespace

std::string_view PluginLine::page_name() const noexcept {
    return name == kExecLine && !arguments.empty() ? arguments.front() : name;
}

std::span<const std::string> PluginLine::page_arguments() const noexcept {
    const std::span<const std::string> all = arguments;
    return name == kExecLine && !all.empty() ? all.subspan(1) : all;
}

std::string Roll::message(const PluginLine& line, std::string_view what) const {
    return fmt::format("{}:{}: {}", path, line.place.text(), what);
}

std::string PluginLine::identifier() const {
    std::string joined = name;
    for (const std::string& argument : arguments) {
        joined += ':';
        joined += argument;
    }
    return joined;
}

std::string PluginLine::short_identifier() const {
    const std::string whole = identifier();
    std::size_t cut = 0;  // where character kShortIdentifierCut ends
    std::size_t characters = 0;
    for (std::string_view rest = whole; !rest.empty(); ++characters) {
        if (characters == kShortIdentifierCut) cut = whole.size() - rest.size();
        rest.remove_prefix(std::max<std::size_t>(store::utf8_length(rest), 1));
    }
    return characters <= kShortIdentifierMax ? whole : whole.substr(0, cut) + "..";
}

bool is_collection(std::string_view name) noexcept {
    return std::find(kCollections.begin(), kCollections.end(), name) != kCollections.end();
}

PluginLine parse_plugin_line(std::string_view line) {
    PluginLine parsed;
    const std::size_t name_end = std::min(line.find(':'), line.size());
    parsed.name = line.substr(0, name_end);
    line.remove_prefix(name_end);
    while (!line.empty()) {
        line.remove_prefix(1);  // the ':'
        const std::size_t end = std::min(line.find(':'), line.size());
        parsed.arguments.emplace_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    while (!parsed.arguments.empty() && parsed.arguments.back().empty()) {
        parsed.arguments.pop_back();
    }
    return parsed;
}

Result<std::shared_ptr<const Roll>> load_roll(const std::filesystem::path& file,
                                              std::string_view name,
                                              const collectors::fetch::MetricsConfig& main,
                                              std::vector<std::string>& warnings) {
    const auto text = read_text_file(file, kRollBytesMax);
    if (!text) return std::unexpected(text.error());
    const auto documents = parse_yaml(*text, file.native());
    if (!documents) return std::unexpected(documents.error());
    if (documents->size() != 1) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}:1:1: a roll file must be one document with 'metrics:', not {}",
                                file.native(), documents->size()));
    }
    return read_roll(documents->front(), name, main, warnings);
}

}  // namespace kurabe::server
