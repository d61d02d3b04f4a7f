// `senders:` of the configuration.
#include "server/sender_rules_reader.hpp"

#include <utility>

namespace kurabe::server {
namespace {

constexpr std::string_view kItself = "itself";

Result<void> read_hosts(YamlMapping& mapping, SenderRule& rule) {
    const auto items = mapping.sequence("hosts");
    if (!items) return std::unexpected(items.error());
    for (const YamlNode& item : **items) {
        const auto text = yaml_text(item, "one of 'hosts' (an address, a network or a beginning)");
        if (!text) return std::unexpected(text.error());
        auto pattern = HostPattern::parse(*text);
        if (!pattern) return item.error(pattern.error().message);
        rule.hosts.push_back(*std::move(pattern));
    }
    if (rule.hosts.empty()) {
        return mapping.node().error(
            "a rule without hosts; give it 'hosts: [ 10.0.7.0/24, db1, \"web*\" ]'");
    }
    return {};
}

Result<void> read_networks(YamlMapping& mapping, SenderRule& rule) {
    const auto items = mapping.sequence("from");
    if (!items) return std::unexpected(items.error());
    for (const YamlNode& item : **items) {
        const auto text = yaml_text(item, "one of 'from' (a network or 'itself')");
        if (!text) return std::unexpected(text.error());
        rule.from.push_back(*text);
        if (*text == kItself) {
            rule.allows_itself = true;
            continue;
        }
        auto network = IpNetwork::parse(*text);
        if (!network) return item.error(network.error().message);
        rule.networks.push_back(*network);
    }
    if (rule.networks.empty() && !rule.allows_itself) {
        return mapping.node().error(
            "a rule that lets nobody send; give it 'from: [ itself ]' or 'from: [ 10.0.0.0/8 ]'");
    }
    return {};
}

}  // namespace

Result<SenderRules> read_sender_rules(const std::vector<YamlNode>& items,
                                      std::vector<std::string>& warnings) {
    std::vector<SenderRule> rules;
    for (const YamlNode& item : items) {
        if (rules.size() >= kSenderRulesMax) return item.error("too many rules in 'senders'");
        auto mapping = YamlMapping::of(item, "an entry of 'senders'");
        if (!mapping) return std::unexpected(mapping.error());
        SenderRule rule;
        if (auto read = read_hosts(*mapping, rule); !read) return std::unexpected(read.error());
        if (auto read = read_networks(*mapping, rule); !read) return std::unexpected(read.error());
        for (std::string& warning : mapping->unknown_keys()) {
            warnings.push_back(std::move(warning));
        }
        rules.push_back(std::move(rule));
    }
    return SenderRules(std::move(rules));
}

}  // namespace kurabe::server
