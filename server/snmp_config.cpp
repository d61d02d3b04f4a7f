// What the configuration says of devices that the server watches by SNMP.
#include "server/snmp_config.hpp"

#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "server/yaml.hpp"

namespace kurabe::server {
namespace {

namespace snmp = collectors::snmp;

// A pattern or a list of them.
Result<void> read_patterns(YamlMapping& mapping, std::string_view key,
                           std::vector<std::string>& patterns) {
    const YamlNode* const value = mapping.find(key);
    if (value == nullptr) return {};
    const std::vector<YamlNode> one{*value};
    for (const YamlNode& item : value->is(YamlNode::Kind::kSequence) ? value->items : one) {
        auto pattern = yaml_text(item, fmt::format("'{}' (a pattern or a list of them)", key));
        if (!pattern) return std::unexpected(pattern.error());
        if (pattern->size() > snmp::kPatternBytesMax || patterns.size() == snmp::kPatternsMax) {
            return item.error(fmt::format("'{}' has at most {} patterns of {} bytes", key,
                                          snmp::kPatternsMax, snmp::kPatternBytesMax));
        }
        patterns.push_back(*std::move(pattern));
    }
    return {};
}

// `interfaces` or `disks`: what of them is kept.
Result<void> read_filter(YamlMapping& snmp_mapping, std::string_view key, snmp::Filter& filter,
                         std::vector<std::string>& warnings) {
    const auto node = snmp_mapping.mapping(key);
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return {};
    auto mapping = YamlMapping::of(**node, fmt::format("'{}'", key));
    if (auto read = read_patterns(*mapping, "only", filter.only); !read) return read;
    if (auto read = read_patterns(*mapping, "except", filter.except); !read) return read;
    std::ranges::move(mapping->unknown_keys(), std::back_inserter(warnings));
    return {};
}

Result<void> read_patience(YamlMapping& mapping, snmp::Patience& patience) {
    constexpr int kTimeoutMax = 60;
    constexpr int kRetriesMax = 10;
    const auto read = [&](std::string_view key, int most) -> Result<std::optional<int>> {
        const auto number = mapping.positive_integer(key);
        if (number && number->value_or(1) > most) {
            return mapping.find(key)->error(fmt::format("'{}' is at most {}", key, most));
        }
        return number;
    };
    const auto timeout = read("timeout", kTimeoutMax);
    if (!timeout) return std::unexpected(timeout.error());
    if (*timeout) patience.timeout = std::chrono::seconds{**timeout};
    const auto retries = read("retries", kRetriesMax);
    if (!retries) return std::unexpected(retries.error());
    if (*retries) patience.retries = **retries;
    return {};
}

}  // namespace

Result<SnmpConfig> read_snmp_config(
    YamlMapping& config, const std::function<std::filesystem::path(std::string_view)>& resolve,
    std::vector<std::string>& warnings) {
    SnmpConfig read;
    const auto node = config.mapping("snmp");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return read;
    auto mapping = YamlMapping::of(**node, "'snmp'");
    const auto credentials = mapping->text("credentials");
    if (!credentials) return std::unexpected(credentials.error());
    if (*credentials) read.credentials = resolve(**credentials);
    auto done = read_filter(*mapping, "interfaces", read.filters.interfaces, warnings);
    if (done) done = read_filter(*mapping, "disks", read.filters.disks, warnings);
    if (done) done = read_patience(*mapping, read.patience);
    if (!done) return std::unexpected(done.error());
    std::ranges::move(mapping->unknown_keys(), std::back_inserter(warnings));
    return read;
}

Result<std::string> add_snmp_line(const std::vector<std::string>& arguments, SnmpLines& lines) {
    const bool is_plugin = arguments.size() == 2 && arguments[0] == "oid" && !arguments[1].empty();
    if (is_plugin) {
        lines.plugins.push_back(arguments[1]);
        return arguments[1];
    }
    const std::string part = arguments.empty() ? "" : arguments[0];
    if (arguments.empty()) {
        lines.wanted = snmp::Wanted::everything();
    } else if (arguments.size() == 1 && part == "if") {
        lines.wanted.interfaces = true;
    } else if (arguments.size() == 1 && part == "hr") {
        lines.wanted.host_resources = true;
    } else if (arguments.size() == 1 && part == "ucd") {
        lines.wanted.ucd = true;
    } else {
        return fail(ErrorCode::kInvalid,
                    "it is 'snmp', 'snmp:if', 'snmp:hr', 'snmp:ucd' or 'snmp:oid:NAME'");
    }
    return "base";
}

}  // namespace kurabe::server
