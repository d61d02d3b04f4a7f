// Makes hosts up.
#include "server/unlisted_view.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "server/roll.hpp"
#include "store/rrd/tree.hpp"

namespace kurabe::server {
namespace {

struct MadeUpHost {
    Service service;
    Host host;
};

// A plugin that no line of a roll can name has no page.
Roll roll_of(const std::vector<std::string>& plugins) {
    Roll roll;
    for (const std::string& plugin : plugins) {
        const auto is_its = [&plugin](const PluginLine& line) {
            return line.identifier() == plugin;
        };
        if (std::ranges::any_of(roll.plugins, is_its)) continue;
        PluginLine line = parse_plugin_line(plugin);
        if (is_its(line)) roll.plugins.push_back(std::move(line));
        if (roll.plugins.size() == kPluginsPerRollMax) break;
    }
    std::ranges::stable_partition(roll.plugins,
                                  [](const PluginLine& line) { return line.name == kBasePlugin; });
    return roll;
}

}  // namespace

Result<std::vector<std::string>> stored_plugins(const SiteParts& parts, std::string_view address) {
    if (parts.tree != nullptr) return parts.tree->plugins(address);
    const auto series = parts.store.series(address);
    if (!series) return std::unexpected(series.error());
    std::vector<std::string> plugins;
    for (const store::SeriesInfo& info : *series) {
        const std::string& plugin = info.name.plugin;
        if (plugins.empty() || plugins.back() != plugin) plugins.push_back(plugin);
    }
    return plugins;
}

Result<FoundHost> find_host(const SiteParts& parts, std::string_view address) {
    const auto listed = parts.config.hosts.find(address);
    if (listed != parts.config.hosts.end()) return FoundHost{.place = listed->second};
    const auto plugins = stored_plugins(parts, address);
    if (!plugins && plugins.error().code == ErrorCode::kNotFound) {
        // Whose name it is, is not for everybody who may ask.
        if (parts.config.names.contains(address)) {
            return fail(ErrorCode::kNotFound,
                        fmt::format("parameter address: '{}' is a name; hosts are asked for by "
                                    "their addresses here",
                                    address));
        }
        return fail(ErrorCode::kNotFound,
                    fmt::format("parameter address: no host '{}' in the configuration", address));
    }
    if (!plugins && !is_lasting(plugins.error())) return std::unexpected(plugins.error());
    auto made = std::make_shared<MadeUpHost>();
    made->host.address = address;
    made->host.hostname = address;
    made->host.roll = std::make_shared<const Roll>(plugins ? roll_of(*plugins) : Roll{});
    const HostPlace place{&made->service, &made->host};
    if (plugins) return FoundHost{.place = place, .kept = std::move(made)};
    return FoundHost{.place = place, .kept = std::move(made), .damage = plugins.error()};
}

std::vector<std::string> unlisted_hosts(const SiteParts& parts) {
    std::vector<std::string> hosts = parts.store.hosts();
    std::erase_if(hosts,
                  [&parts](const std::string& host) { return parts.config.hosts.contains(host); });
    return hosts;
}

}  // namespace kurabe::server
