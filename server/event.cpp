// Whom an event is about.
#include "server/event.hpp"

namespace kurabe::server {

EventPlace event_place(const Config& config, std::string_view host, std::string_view plugin,
                       std::string_view graph) {
    EventPlace place{.host = host, .plugin = plugin, .graph = graph};
    const auto found = config.hosts.find(host);
    if (found == config.hosts.end()) return place;
    const HostPlace& stands = found->second;
    place.service = stands.service->name;
    place.role = role_of(stands.host->roll->file);
    for (const Section& section : stands.service->sections) {
        const auto& hosts = section.hosts;
        if (!hosts.empty() && stands.host >= &hosts.front() && stands.host <= &hosts.back()) {
            place.section = section.label;
        }
    }
    return place;
}

bool concerns(const EventScope& scope, const EventPlace& place) noexcept {
    const auto fits = [](std::string_view wanted, std::string_view is) {
        return wanted.empty() || wanted == is;
    };
    return fits(scope.service, place.service) && fits(scope.section, place.section) &&
           fits(scope.role, place.role) && fits(scope.host, place.host) &&
           (place.plugin.empty() || fits(scope.plugin, place.plugin)) &&
           (place.graph.empty() || fits(scope.graph, place.graph));
}

std::string_view role_of(std::string_view roll_file) noexcept {
    for (const std::string_view ending : {".yml", ".yaml"}) {
        if (roll_file.ends_with(ending)) roll_file.remove_suffix(ending.size());
    }
    return roll_file;
}

}  // namespace kurabe::server
