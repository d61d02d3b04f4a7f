// Whom an event is about.
#include "server/event.hpp"

namespace kurabe::server {

bool concerns(const EventScope& scope, const EventPlace& place) noexcept {
    const auto fits = [](std::string_view wanted, std::string_view is) {
        return wanted.empty() || wanted == is;
    };
    return fits(scope.service, place.service) && fits(scope.section, place.section) &&
           fits(scope.role, place.role) && fits(scope.host, place.host) &&
           fits(scope.plugin, place.plugin) && fits(scope.graph, place.graph);
}

std::string_view role_of(std::string_view roll_file) noexcept {
    for (const std::string_view ending : {".yml", ".yaml"}) {
        if (roll_file.ends_with(ending)) roll_file.remove_suffix(ending.size());
    }
    return roll_file;
}

}  // namespace kurabe::server
