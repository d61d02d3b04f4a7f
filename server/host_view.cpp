// Asks the store, the metadata and the plugins about a host.
#include "server/host_view.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "server/collected_line.hpp"
#include "server/drawable_graphs.hpp"
#include "server/http_error.hpp"
#include "server/interval.hpp"
#include "server/listed_devices.hpp"
#include "server/named_pages.hpp"
#include "server/standing_numbers.hpp"
#include "server/unlisted_view.hpp"
#include "store/rrd/tree.hpp"

namespace kurabe::server {
namespace {

// A plugin that was silent for longer is stale. A command that runs seldom is silent in between.
store::Seconds silence_max(const SiteParts& parts, const Host& host, const PluginLine& line) {
    store::Seconds interval = host.interval;
    if (parts.tree != nullptr) {
        const auto step = parts.tree->longest_step(host.address, line.identifier());
        interval = std::max(interval, step.value_or(interval));
    }
    const store::Seconds silence = stale_after(interval);
    if (line.name != kExecLine) return silence;
    const auto command = parts.config.commands.find(line.page_name());
    if (command == parts.config.commands.end()) return silence;
    return std::max(silence, 2 * command->second.interval.value_or(host.interval));
}

std::optional<store::Time> last_received(const SiteParts& parts, const Host& host,
                                         const PluginLine& line) {
    const std::string plugin = line.identifier();
    if (parts.tree == nullptr) {
        return known(parts, parts.metadata.last_received(host.address, plugin));
    }
    return parts.tree->last_update(host.address, plugin,
                                   parts.now() - silence_max(parts, host, line));
}

// Whether silence means something: of what the server fetches itself, a failure is a warning.
bool is_pushed(const SiteParts& parts, const Host& host, const PluginLine& line) {
    if (parts.tree != nullptr) return true;
    const PluginDefinition* const definition = parts.plugins.find(line.name);
    return definition == nullptr || definition->recipe() == nullptr ||
           !parts.config.hosts.contains(host.address);
}

enum class Silence : std::uint8_t {
    kNone,
    kNotYet,  // nobody was there to hear it for long enough
    kStale,
};

// Silence while no server ran says nothing about the host: what counts is that before the stop and
// that since the start. Files of RRDtool are updated without us.
Silence silence_of(const SiteParts& parts, std::optional<store::Time> last, store::Seconds most) {
    const store::Time now = parts.now();
    if (last && now - *last <= most) return Silence::kNone;
    if (parts.tree != nullptr || (last && *last >= parts.started)) return Silence::kStale;
    store::Seconds silence = now - parts.started;
    if (last && parts.heard_before) {
        silence += std::max(store::Seconds{0}, *parts.heard_before - *last);
    }
    return silence > most ? Silence::kStale : Silence::kNotYet;
}

Silence silence_of(const SiteParts& parts, const Host& host, const PluginLine& line) {
    if (!is_pushed(parts, host, line)) return Silence::kNone;
    return silence_of(parts, last_received(parts, host, line), silence_max(parts, host, line));
}

// By those that are counted.
template <typename IsCounted>
HostState state_by_warnings(const std::vector<collectors::Warning>& warnings,
                            const IsCounted& is_counted) {
    HostState state = HostState::kGood;
    for (const collectors::Warning& warning : warnings) {
        if (!is_counted(warning)) continue;
        if (warning.key == collectors::kCriticalWarning) return HostState::kCritical;
        state = HostState::kWarning;
    }
    return state;
}

bool is_of_roll(const collectors::Warning& warning, const Host& host) {
    const auto& lines = host.roll->plugins;
    return std::ranges::find(lines, warning.plugin, &PluginLine::identifier) != lines.end();
}

std::vector<collectors::Warning> all_warnings(const SiteParts& parts, const Host& host) {
    return known(parts, parts.metadata.warnings(host.address, parts.now()));
}

std::vector<collectors::Warning> other_warnings(const SiteParts& parts, const Host& host) {
    auto warnings = all_warnings(parts, host);
    std::erase_if(warnings, [&host](const auto& warning) { return is_of_roll(warning, host); });
    return warnings;
}

std::string told_silence(const SiteParts& parts, const Host& host, const PluginLine& line,
                         Silence silence, const Texts& texts) {
    const auto last = last_received(parts, host, line);
    std::string when = last ? format_date(*last, parts.zone) : std::string(texts.never);
    const bool is_pushed_base =
        line.name == kBasePlugin && parts.tree == nullptr && host.collect == CollectMethod::kNone;
    if (!last && is_pushed_base) when += texts.never_sent;
    if (silence == Silence::kNotYet) {
        return fmt::format("{}{}{}{}", texts.not_yet, format_date(parts.started, parts.zone),
                           texts.not_yet_last, when);
    }
    return fmt::format(
        "{}{}{}{}", texts.stale,
        std::chrono::floor<std::chrono::minutes>(silence_max(parts, host, line)).count(),
        texts.stale_minutes, when);
}

using Series = std::vector<store::SeriesInfo>;

std::vector<GraphGroup> drawable_groups(const PluginDefinition& definition, const Host& host,
                                        const PluginLine& line, const MetaMap& meta,
                                        const SeriesKeys& keys) {
    auto groups = definition.groups(
        meta, collectors::fetch::argument_values(definition.arguments(), line.page_arguments(),
                                                 host.roll->metrics_config));
    keep_drawable(groups, definition, meta, keys);
    return groups;
}

PluginView view_plugin(const SiteParts& parts, const Host& host, const PluginLine& line,
                       const Series& series, const Texts& texts) {
    PluginView view{.line = &line, .identifier = line.identifier()};
    const store::Time now = parts.now();
    const SeriesKeys keys = keys_of(series, view.identifier);
    view.meta = with_listed_devices(
        known(parts, parts.metadata.meta(host.address, view.identifier)), view.identifier, keys);
    if (const Silence silence = silence_of(parts, host, line); silence != Silence::kNone) {
        view.warnings.push_back(
            {view.identifier, "", told_silence(parts, host, line, silence, texts)});
    }
    std::ranges::move(known(parts, parts.metadata.warnings(host.address, view.identifier, now)),
                      std::back_inserter(view.warnings));
    const PluginDefinition* const definition = definition_of(parts, host, line);
    if (definition != nullptr && definition->has_graphs()) {
        view.groups = drawable_groups(*definition, host, line, view.meta, keys);
    } else {
        const bool is_described = definition != nullptr || ToldDefinitions::any(view.meta);
        // The definition by names counts as told: pictures are drawn by it, and are as large as it
        // says.
        if (!is_described) {
            view.meta =
                with_named_pages(std::move(view.meta), view.identifier, keys, parts.mackerel);
        }
        ToldPages told = parts.told->pages(view.meta);
        view.groups = std::move(told.groups);
        for (auto& [key, reason] : told.mistakes) {
            view.warnings.push_back({view.identifier, key, std::move(reason)});
        }
    }
    return view;
}

}  // namespace

const PluginDefinition* definition_of(const SiteParts& parts, const Host& host,
                                      const PluginLine& line) {
    if (host.address.starts_with(kServiceHost)) return nullptr;
    const PluginDefinition* const found = parts.plugins.find(line.page_name());
    const bool is_meant = line.name == kBasePlugin || parts.config.hosts.contains(host.address);
    if (found == nullptr || !found->has_graphs() || is_meant) return found;
    const auto series = parts.store.series(host.address);
    const std::string plugin = line.identifier();
    const SeriesKeys keys = series ? keys_of(*series, plugin) : SeriesKeys{};
    if (keys.empty()) return found;
    const MetaMap meta =
        with_listed_devices(known(parts, parts.metadata.meta(host.address, plugin)), plugin, keys);
    const bool draws_any =
        std::ranges::any_of(drawable_groups(*found, host, line, meta, keys),
                            [](const GraphGroup& group) { return !group.graphs.empty(); });
    return draws_any ? found : nullptr;
}

std::set<std::string, std::less<>> damaged_hosts(const store::Store& store) {
    std::set<std::string, std::less<>> hosts;
    for (store::DamagedArchive& damaged : store.damaged()) hosts.insert(std::move(damaged.host));
    return hosts;
}

HostState host_state(const SiteParts& parts, const Host& host,
                     const std::set<std::string, std::less<>>& damaged) {
    if (damaged.contains(host.address)) return HostState::kCritical;
    const auto warnings = all_warnings(parts, host);
    HostState state = state_by_warnings(
        warnings, [&host](const auto& warning) { return !is_of_roll(warning, host); });
    if (state == HostState::kCritical) return state;
    for (const PluginLine& line : host.roll->plugins) {
        const std::string plugin = line.identifier();
        const Silence silence = silence_of(parts, host, line);
        const HostState warned = state_by_warnings(
            warnings, [&plugin](const auto& warning) { return warning.plugin == plugin; });
        // A warning that lives longer than the last sample counts is of a poll that failed.
        const bool is_silent = silence == Silence::kStale ||
                               (silence == Silence::kNotYet && warned != HostState::kGood);
        if (is_silent && line.name == kBasePlugin) return HostState::kCritical;
        if (warned == HostState::kCritical) return warned;
        if (silence != Silence::kNone || warned != HostState::kGood) state = HostState::kWarning;
    }
    return state;
}

HostState host_state(const SiteParts& parts, std::string_view address,
                     const std::set<std::string, std::less<>>& damaged) {
    const auto found = find_host(parts, address);
    if (!found || found->damage) return HostState::kCritical;
    return host_state(parts, *found->place.host, damaged);
}

HostView view_host(const SiteParts& parts, const HostPlace& place, const Texts& texts) {
    HostView view{place, std::nullopt, {}};
    view.other_warnings = other_warnings(parts, *place.host);
    auto series = parts.store.series(place.host->address);
    if (!series && is_lasting(series.error())) view.damage = client_text(series.error());
    const Series known = series ? *std::move(series) : Series();
    for (const PluginLine& line : place.host->roll->plugins) {
        view.plugins.push_back(view_plugin(parts, *place.host, line, known, texts));
    }
    return view;
}

std::vector<std::string> unnamed_plugins(const SiteParts& parts, const Host& host) {
    if (host.roll->file.empty()) return {};
    const auto stored = stored_plugins(parts, host.address);
    if (!stored) return {};
    std::set<std::string, std::less<>> plugins(stored->begin(), stored->end());
    for (const PluginLine& line : host.roll->plugins) plugins.erase(line.identifier());
    return {plugins.begin(), plugins.end()};
}

}  // namespace kurabe::server
