// Each host stands in one place, and each roll is read once.
#include "server/services_reader.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "collectors/host_port.hpp"
#include "server/collected_line.hpp"
#include "server/host_line.hpp"
#include "server/interval.hpp"
#include "server/kurado_scripts.hpp"
#include "server/mackerel_graphs.hpp"
#include "server/plugin_definition.hpp"
#include "server/roll.hpp"
#include "store/sample.hpp"

namespace kurabe::server {
namespace {

class ServicesReader {
  public:
    ServicesReader(const std::filesystem::path& rolls_dir, Config& config)
        : rolls_dir_(rolls_dir), config_(config) {}

    [[nodiscard]] Result<void> read_service(const YamlNode& document);

  private:
    [[nodiscard]] Result<void> read_servers(const YamlNode& entry, Service& service);
    [[nodiscard]] Result<Section*> section_for(YamlMapping& entry, Service& service);
    [[nodiscard]] Result<void> read_host(const YamlNode& node, Host host, std::string_view way,
                                         Section& section);
    [[nodiscard]] Result<std::shared_ptr<const Roll>> roll(const std::string& name,
                                                           const YamlNode& place);
    [[nodiscard]] Result<void> check_commands(const Roll& roll, const YamlNode& place) const;
    void warn_of_unknown_plugins(const Roll& roll, const YamlNode& place);
    void warn_of_unknown_keys(const YamlMapping& mapping) {
        std::ranges::move(mapping.unknown_keys(), std::back_inserter(config_.warnings));
    }

    const std::filesystem::path& rolls_dir_;
    Config& config_;
    std::map<std::string, std::shared_ptr<const Roll>, std::less<>> rolls_;
    std::map<std::string, int, std::less<>> address_lines_;
    std::map<std::string, int, std::less<>> service_lines_;
};

Result<void> ServicesReader::read_service(const YamlNode& document) {
    auto mapping = YamlMapping::of(document, "a service's document");
    if (!mapping) return std::unexpected(mapping.error());
    auto name = mapping->required_text("service", "each document after the first names one");
    if (!name) return std::unexpected(name.error());
    const YamlNode& place = *mapping->find("service");
    const auto [known, is_new] = service_lines_.emplace(*name, place.place.line);
    if (!is_new) {
        return place.error(fmt::format(
            "duplicate service '{}', already in line {}; give each service one document", *name,
            known->second));
    }
    Service service{.name = *std::move(name)};
    const auto servers = mapping->sequence("servers");
    if (!servers) return std::unexpected(servers.error());
    for (const YamlNode& entry : **servers) {
        if (auto read = read_servers(entry, service); !read) return read;
    }
    warn_of_unknown_keys(*mapping);
    config_.services.push_back(std::move(service));
    return {};
}

constexpr std::string_view kWayBegins = "ssh:";
constexpr std::string_view kBySnmp = "snmp";

struct Collecting {
    CollectMethod method = CollectMethod::kNone;
    std::string way;  // of kSsh: "[USER@][:PORT]"
};

// As the roll's lines say: "snmp", "ssh" or "ssh:[USER@][:PORT]".
Collecting collecting_by(const Roll& roll) {
    if (roll.collections.empty()) return {};
    if (roll.collections.front().name == kBySnmp) return {CollectMethod::kSnmp, {}};
    const std::string line = roll.collections.front().identifier();
    return {CollectMethod::kSsh,
            line.starts_with(kWayBegins) ? line.substr(kWayBegins.size()) : ""};
}

// "local", "demo", "snmp", "ssh" or "ssh:[USER@][:PORT]"; without the key it is left to the roll.
Result<Collecting> read_collect(YamlMapping& entry, const Roll& roll) {
    const auto text = entry.text("collect");
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return collecting_by(roll);
    if (!roll.collections.empty()) {
        return entry.find("collect")->error(
            fmt::format("'collect' beside roll '{}', which has '{}' already; leave one of them out",
                        roll.file, roll.collections.front().identifier()));
    }
    if (**text == "local") return Collecting{CollectMethod::kLocal, {}};
    if (**text == "demo") return Collecting{CollectMethod::kDemo, {}};
    if (**text == kBySnmp) return Collecting{CollectMethod::kSnmp, {}};
    if (**text == "ssh") return Collecting{CollectMethod::kSsh, {}};
    if ((*text)->starts_with(kWayBegins)) {
        return Collecting{CollectMethod::kSsh, (*text)->substr(kWayBegins.size())};
    }
    return entry.find("collect")->error(fmt::format(
        "unknown 'collect: {}'; it is 'local', 'demo', 'snmp', 'ssh' or 'ssh:[USER@][:PORT]'",
        **text));
}

// One entry of `servers`: a roll and the hosts that have it.
Result<void> ServicesReader::read_servers(const YamlNode& entry, Service& service) {
    auto mapping = YamlMapping::of(entry, "an entry of 'servers'");
    if (!mapping) return std::unexpected(mapping.error());
    const auto name = mapping->required_text("roll", "name a file of the rolls directory");
    if (!name) return std::unexpected(name.error());
    auto roll_of_hosts = roll(*name, *mapping->find("roll"));
    if (!roll_of_hosts) return std::unexpected(roll_of_hosts.error());
    const auto collect = read_collect(*mapping, **roll_of_hosts);
    if (!collect) return std::unexpected(collect.error());
    if (collect->method == CollectMethod::kDemo && !config_.demo) {
        return mapping->find("collect")->error(
            "'collect: demo' needs 'demo: { seed: ..., hosts: ..., end: ... }' in 'config'; "
            "'kurabe demo DIR' writes it");
    }
    const auto interval = read_interval(*mapping);
    if (!interval) return std::unexpected(interval.error());
    const auto section = section_for(*mapping, service);
    if (!section) return std::unexpected(section.error());
    const auto hosts = mapping->sequence("hosts");
    if (!hosts) return std::unexpected(hosts.error());
    for (const YamlNode& line : **hosts) {
        Host host{
            .collect = collect->method,
            .roll = *roll_of_hosts,
            .interval = interval->value_or((*roll_of_hosts)->interval.value_or(kUsualInterval))};
        if (auto read = read_host(line, std::move(host), collect->way, **section); !read) {
            return read;
        }
    }
    warn_of_unknown_keys(*mapping);
    return {};
}

// A labelled entry begins a section; one without label goes on with the last.
Result<Section*> ServicesReader::section_for(YamlMapping& entry, Service& service) {
    const auto label = entry.text("label");
    if (!label) return std::unexpected(label.error());
    const std::string text = label->value_or("");
    auto& sections = service.sections;
    if (!text.empty()) {
        const auto same = [&text](const Section& section) { return section.label == text; };
        if (std::any_of(sections.begin(), sections.end(), same)) {
            return entry.find("label")->error(
                fmt::format("duplicate label '{}' in service '{}'; labels of a service must differ",
                            text, service.name));
        }
    }
    if (!text.empty() || sections.empty()) sections.push_back({.label = text});
    return &sections.back();
}

// What an item of `hosts` says: Kurado's line, or our own mapping.
struct HostTexts {
    std::string address;
    std::string connect_to;  // empty: the address
    std::string hostname;    // empty: the address
    std::string comments;
};

Result<HostTexts> read_host_line(const YamlNode& node) {
    const auto text = yaml_text(
        node, "a host ('ADDRESS HOSTNAME COMMENTS' or '{ host: ..., address: ..., name: ... }')");
    if (!text) return std::unexpected(text.error());
    const auto [address, hostname, comments] = split_host_line(*text);
    return HostTexts{.address = std::string(address),
                     .connect_to = {},
                     .hostname = std::string(hostname),
                     .comments = std::string(comments)};
}

Result<HostTexts> read_host_mapping(const YamlNode& node) {
    auto mapping = YamlMapping::of(node, "a host");
    if (!mapping) return std::unexpected(mapping.error());
    auto host = mapping->required_text(
        "host", "write { host: ..., address: ... }, or quotes around a line that has ': '");
    if (!host) return std::unexpected(host.error());
    HostTexts texts{.address = *std::move(host), .connect_to = {}, .hostname = {}, .comments = {}};
    for (const auto& [key, to] : {std::pair{"address", &texts.connect_to},
                                  {"name", &texts.hostname},
                                  {"comments", &texts.comments}}) {
        auto text = mapping->text(key);
        if (!text) return std::unexpected(text.error());
        *to = text->value_or("");
        if (to->find_first_of("\n\t") != std::string::npos) {
            return mapping->find(key)->error(fmt::format("'{}' must be one line", key));
        }
    }
    if (auto known = mapping->refuse_unknown_keys(); !known) {
        return std::unexpected(known.error());
    }
    return texts;
}

Result<void> check_identity(const YamlNode& node, std::string_view address) {
    if (address.empty()) {
        return node.error("a host without address; write 'ADDRESS HOSTNAME COMMENTS'");
    }
    if (address.size() > store::kHostBytesMax ||
        address.find_first_of("/\n\t") != std::string_view::npos) {
        return node.error(
            fmt::format("address '{}' cannot name a host; it must have no '/' and at most {} bytes",
                        address, store::kHostBytesMax));
    }
    return {};
}

// How the server reaches it, where it does.
Result<void> take_way(const YamlNode& node, std::string_view way, Host& host) {
    if (host.collect == CollectMethod::kSsh) {
        auto target = collectors::ssh::Target::parse_way(way, host.connect_to);
        if (!target) return node.error("'ssh': " + target.error().message);
        host.ssh = *std::move(target);
        host.ssh.known_as = host.address;
    }
    if (host.collect == CollectMethod::kSnmp) {
        const auto place = collectors::parse_host_port(fmt::format("[{}]", host.connect_to));
        if (!place) return node.error(fmt::format("'snmp': {}", place.error()));
    }
    return {};
}

Result<void> ServicesReader::read_host(const YamlNode& node, Host host, std::string_view way,
                                       Section& section) {
    const bool is_mapping = node.is(YamlNode::Kind::kMapping);
    auto texts = is_mapping ? read_host_mapping(node) : read_host_line(node);
    if (!texts) return std::unexpected(texts.error());
    if (auto checked = check_identity(node, texts->address); !checked) return checked;
    if (address_lines_.size() >= kHostsMax) {
        return fail(ErrorCode::kLimit,
                    node.message(fmt::format("more than {} hosts, the limit", kHostsMax)));
    }
    const auto [known, is_new] = address_lines_.emplace(texts->address, node.place.line);
    if (!is_new) {
        return node.error(fmt::format(
            "duplicate address '{}', already in line {}; a host stands in one place only",
            texts->address, known->second));
    }
    host.address = texts->address;
    host.connect_to = texts->connect_to.empty() ? texts->address : std::move(texts->connect_to);
    host.hostname = texts->hostname.empty() ? texts->address : std::move(texts->hostname);
    host.comments = std::move(texts->comments);
    host.place = node.place;
    if (auto taken = take_way(node, way, host); !taken) return taken;
    section.hosts.push_back(std::move(host));
    return {};
}

Result<std::shared_ptr<const Roll>> ServicesReader::roll(const std::string& name,
                                                         const YamlNode& place) {
    if (const auto known = rolls_.find(name); known != rolls_.end()) return known->second;
    auto loaded = load_roll(rolls_dir_ / name, name, config_.metrics_config, config_.warnings);
    if (!loaded && loaded.error().code == ErrorCode::kNotFound) {
        return fail(ErrorCode::kNotFound,
                    place.message(fmt::format("no roll file {}; create it or correct 'roll'",
                                              (rolls_dir_ / name).native())));
    }
    if (!loaded) return std::unexpected(loaded.error());
    if (auto checked = check_commands(**loaded, place); !checked) {
        return std::unexpected(checked.error());
    }
    warn_of_unknown_plugins(**loaded, place);
    rolls_.emplace(name, *loaded);
    return *std::move(loaded);
}

void ServicesReader::warn_of_unknown_plugins(const Roll& roll, const YamlNode& place) {
    for (const PluginLine& plugin : roll.plugins) {
        // Its hosts, or Mackerel's agents, tell its graphs.
        if (is_collected(plugin.name) || plugin.name == kMackerelPlugin) continue;
        if (PluginCatalogue::exists(config_.plugin_dirs, plugin.name)) continue;
        if (find_scripts(config_.plugin_dirs, plugin.name)) continue;
        config_.warnings.push_back(place.message(fmt::format(
            "roll '{}' names plugin '{}', which has no definition: what hosts push of it is drawn "
            "by its names; put {}.yml, or Kurado's view/{}.pl, into a directory of "
            "'metrics_plugin_dir' for graphs of its own",
            roll.file, plugin.name, plugin.name, plugin.name)));
    }
}

Result<void> ServicesReader::check_commands(const Roll& roll, const YamlNode& place) const {
    for (const PluginLine& line : roll.plugins) {
        if (line.name != kExecLine || config_.commands.contains(line.page_name())) continue;
        return place.error(fmt::format("roll '{}' has '{}', but 'commands' of 'config' has no '{}'",
                                       roll.file, line.identifier(), line.page_name()));
    }
    return {};
}

}  // namespace

Result<void> read_services(std::span<const YamlNode> documents,
                           const std::filesystem::path& rolls_dir, Config& config) {
    ServicesReader reader(rolls_dir, config);
    for (const YamlNode& document : documents) {
        if (auto read = reader.read_service(document); !read) return read;
    }
    return {};
}

}  // namespace kurabe::server
