// Makes hosts up.
#include "server/unlisted_view.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "server/roll.hpp"

namespace kurabe::server {
namespace {

struct MadeUpHost {
    Service service;
    Host host;
};

// A plugin that no line of a roll can name has no page.
Roll roll_of(const std::vector<store::SeriesInfo>& series) {
    Roll roll;
    for (const store::SeriesInfo& info : series) {
        const auto is_its = [&info](const PluginLine& line) {
            return line.identifier() == info.name.plugin;
        };
        if (std::ranges::any_of(roll.plugins, is_its)) continue;
        PluginLine line = parse_plugin_line(info.name.plugin);
        if (is_its(line)) roll.plugins.push_back(std::move(line));
        if (roll.plugins.size() == kPluginsPerRollMax) break;
    }
    std::ranges::stable_partition(roll.plugins,
                                  [](const PluginLine& line) { return line.name == kBasePlugin; });
    return roll;
}

}  // namespace

bool is_damage(const Error& error) noexcept {
    return error.code == ErrorCode::kDamaged || error.code == ErrorCode::kUnsupported;
}

Result<FoundHost> find_host(const SiteParts& parts, std::string_view address) {
    const auto listed = parts.config.hosts.find(address);
    if (listed != parts.config.hosts.end()) return FoundHost{.place = listed->second};
    const auto series = parts.store.series(address);
    if (!series && series.error().code == ErrorCode::kNotFound) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("parameter address: no host '{}' in the configuration", address));
    }
    if (!series && !is_damage(series.error())) return std::unexpected(series.error());
    auto made = std::make_shared<MadeUpHost>();
    made->host.address = address;
    made->host.hostname = address;
    made->host.roll = std::make_shared<const Roll>(series ? roll_of(*series) : Roll{});
    const HostPlace place{&made->service, &made->host};
    if (series) return FoundHost{.place = place, .kept = std::move(made)};
    return FoundHost{.place = place, .kept = std::move(made), .damage = series.error()};
}

std::vector<std::string> unlisted_hosts(const SiteParts& parts) {
    std::vector<std::string> hosts = parts.store.hosts();
    std::erase_if(hosts,
                  [&parts](const std::string& host) { return parts.config.hosts.contains(host); });
    return hosts;
}

}  // namespace kurabe::server
