// Each roll once, however many hosts have it.
#include "server/line_check.hpp"

#include <optional>
#include <set>

#include <fmt/format.h>

namespace kurabe::server {
namespace {

std::optional<std::string> mistake_in(const PluginLine& line, const Roll& roll,
                                      const PluginDefinition& definition) {
    const auto& rules = definition.arguments();
    if (line.arguments.size() > rules.size()) {
        return fmt::format("has {} arguments, the plugin takes {} at most", line.arguments.size(),
                           rules.size());
    }
    const auto values =
        collectors::fetch::checked_argument_values(rules, line.arguments, roll.metrics_config);
    if (!values) return values.error().message;
    const auto requests = collectors::fetch::fill_requests(*definition.recipe(), "localhost",
                                                           line.arguments, roll.metrics_config);
    if (!requests) return requests.error().message;
    return std::nullopt;
}

}  // namespace

std::vector<std::string> wrong_lines(const Config& config, const PluginCatalogue& plugins) {
    std::vector<std::string> wrong;
    std::set<const Roll*> seen;
    for (const auto& [address, place] : config.hosts) {
        const Roll& roll = *place.host->roll;
        if (!seen.insert(&roll).second) continue;
        for (const PluginLine& line : roll.plugins) {
            const PluginDefinition* const definition = plugins.find(line.name);
            if (definition == nullptr || definition->recipe() == nullptr) continue;
            if (const auto mistake = mistake_in(line, roll, *definition)) {
                wrong.push_back(
                    roll.message(line, fmt::format("'{}': {}", line.identifier(), *mistake)));
            }
        }
    }
    return wrong;
}

}  // namespace kurabe::server
