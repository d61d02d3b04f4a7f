// What is known about a host at this moment, gathered for pages: state, warnings, groups of graphs.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/site.hpp"
#include "server/texts.hpp"

namespace kurabe::server {

// As /api/host-status gives it.
enum class HostState : std::uint8_t { kGood = 0, kWarning = 1, kCritical = 2 };

// What the metadata holds. Pages go on without what cannot be read, and the log has the reason.
template <typename Value>
[[nodiscard]] Value known(const SiteParts& parts, Result<Value> metadata) {
    if (metadata) return *std::move(metadata);
    parts.log.error("metadata unreadable", {{"reason", metadata.error().message}});
    return {};
}

// The plugin file that describes a line of the host; null when there is none. What hosts push that
// the configuration does not list, and sections of services, may have the name of one by chance:
// "nginx" of Graphite. Such a file describes them only when it draws any of their series.
[[nodiscard]] const PluginDefinition* definition_of(const SiteParts& parts, const Host& host,
                                                    const PluginLine& line);

// Hosts whose archives were found damaged so far.
[[nodiscard]] std::set<std::string, std::less<>> damaged_hosts(const store::Store& store);

// Critical: damaged, plugin `base` stale, or a live warning that says so. Warning: any live
// warning, another plugin stale that hosts push, or one that has been silent for as long, but not
// while a server was there to hear it: after a start a host that pushes gets that time to be heard.
[[nodiscard]] HostState host_state(const SiteParts& parts, const Host& host,
                                   const std::set<std::string, std::less<>>& damaged);
// Of one that only the store has: by its series' plugins. One that nobody knows is critical.
[[nodiscard]] HostState host_state(const SiteParts& parts, std::string_view address,
                                   const std::set<std::string, std::less<>>& damaged);

struct PluginView {
    const PluginLine* line;
    std::string identifier;
    MetaMap meta = {};
    std::vector<collectors::Warning> warnings = {};  // with ours, without a key: stale
    std::vector<GraphGroup> groups = {};
};

struct HostView {
    HostPlace place;
    std::optional<std::string> damage;  // why its archive cannot be used
    std::vector<PluginView> plugins;    // in the order of the roll
    // Of plugins that are not in the roll: what an agent runs besides.
    std::vector<collectors::Warning> other_warnings = {};
};

[[nodiscard]] HostView view_host(const SiteParts& parts, const HostPlace& place,
                                 const Texts& texts);

// Of which there are series and that the roll does not name, in their order; none of a host that is
// not listed.
[[nodiscard]] std::vector<std::string> unnamed_plugins(const SiteParts& parts, const Host& host);

}  // namespace kurabe::server
