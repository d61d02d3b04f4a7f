// Writes the parsed configuration, not its text.
#include "server/config_json.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

namespace kurabe::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kHidden = "***";

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

// By what it is called: whoever writes it decides what plugins find there.
bool is_secret(std::string_view key) {
    constexpr std::array<std::string_view, 6> kWords{"pass", "secret",    "token",
                                                     "key",  "community", "auth"};
    const std::string lower = lower_case(key);
    return std::ranges::any_of(
        kWords, [&lower](std::string_view word) { return lower.find(word) != std::string::npos; });
}

Json metrics_config_of(const collectors::fetch::MetricsConfig& config) {
    Json all = Json::object();
    for (const auto& [name, settings] : config) {
        Json& one = all[name] = Json::object();
        for (const auto& [path, text] : settings) {
            one[path] = is_secret(path) || is_secret(name) ? std::string(kHidden) : text;
        }
    }
    return all;
}

std::string_view name_of(CollectMethod method) {
    switch (method) {
        case CollectMethod::kLocal:
            return "local";
        case CollectMethod::kDemo:
            return "demo";
        case CollectMethod::kSsh:
            return "ssh";
        case CollectMethod::kSnmp:
            return "snmp";
        default:
            return {};
    }
}

Json host_of(const Host& host) {
    Json plugins = Json::array();
    for (const PluginLine& line : host.roll->plugins) plugins.push_back(line.identifier());
    Json json{{"address", host.address}, {"hostname", host.hostname}, {"comments", host.comments}};
    if (host.connect_to != host.address) json["connect_to"] = host.connect_to;
    json["roll"] = host.roll->file;
    json["plugins"] = std::move(plugins);
    json["interval"] = host.interval.count();
    const std::string_view collect = name_of(host.collect);
    if (!collect.empty()) json["collect"] = collect;
    return json;
}

Json service_of(const Service& service) {
    Json sections = Json::array();
    std::size_t count = 0;
    for (const Section& section : service.sections) {
        Json hosts = Json::array();
        for (const Host& host : section.hosts) hosts.push_back(host_of(host));
        count += section.hosts.size();
        sections.push_back({{"label", section.label}, {"hosts", std::move(hosts)}});
    }
    return {{"service", service.name}, {"sections", std::move(sections)}, {"host_num", count}};
}

Json path_or_null(const std::optional<std::filesystem::path>& path) {
    return path ? Json(path->native()) : Json();
}

// Files are named, not what they hold.
Json ssh_of(const collectors::ssh::Settings& ssh) {
    return {{"identity", path_or_null(ssh.identity)},
            {"credentials", path_or_null(ssh.credentials)},
            {"known_hosts", path_or_null(ssh.known_hosts)},
            {"config", path_or_null(ssh.config)},
            {"deadline_ms", ssh.deadline.count()}};
}

Json tls_of(const std::optional<TlsFiles>& tls) {
    if (!tls) return {};
    return {{"certificate", tls->certificate.native()}, {"key", tls->key.native()}};
}

Json senders_of(const SenderRules& senders) {
    Json all = Json::array();
    for (const SenderRule& rule : senders.rules()) {
        Json hosts = Json::array();
        for (const HostPattern& pattern : rule.hosts) hosts.push_back(pattern.text());
        all.push_back({{"hosts", std::move(hosts)}, {"from", rule.from}});
    }
    return all;
}

Json main_of(const Config& config) {
    Json directories = Json::array();
    for (const auto& directory : config.plugin_dirs) directories.push_back(directory.native());
    return {{"file", config.file.native()},
            {"data_dir", config.data_dir.native()},
            {"rolls_dir", config.rolls_dir.native()},
            {"metrics_plugin_dir", std::move(directories)},
            {"time_zone", config.time_zone ? Json(std::string(config.time_zone->name())) : Json()},
            {"theme", config.theme.value_or(std::string(kUsualTheme))},
            {"senders", senders_of(config.senders)},
            {"retention", config.retention.text()},
            {"ssh", ssh_of(config.ssh)},
            {"tls", tls_of(config.serving.tls)},
            {"access_log", path_or_null(config.serving.access_log)},
            {"unlisted_hosts", config.unlisted_hosts},
            {"limits", {{"picture_cache", config.limits.picture_cache_bytes}}}};
}

// "http://user:password@host/" has them hidden wherever it stands. A password may hold what would
// end it in a URL, "/", "?" or "#", what ends a URL in a text, a blank or a quote, or what looks
// like the next one: all up to the last "@" before the later of these ends is hidden, better too
// much.
std::string without_user(std::string text) {
    constexpr std::string_view kBegin = "://";
    for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at)) {
        at += kBegin.size();
        std::size_t mark = at;
        for (const std::size_t end :
             {text.find(kBegin, at), text.find_first_of(" \t\r\n\"'", at)}) {
            const std::size_t last = text.rfind('@', end);
            if (last != std::string::npos) mark = std::max(mark, last);
        }
        if (mark > at) text.replace(at, mark - at, kHidden);
    }
    return text;
}

void hide_users(Json& json) {
    if (json.is_string()) json = without_user(json.get<std::string>());
    if (!json.is_structured()) return;
    for (Json& part : json) hide_users(part);
}

}  // namespace

std::string config_to_json(const Config& config) {
    Json services = Json::array();
    for (const Service& service : config.services) services.push_back(service_of(service));
    Json all{{"config", main_of(config)},
             {"metrics_config", metrics_config_of(config.metrics_config)},
             {"services", std::move(services)}};
    hide_users(all);
    // Names are UTF-8 already; paths may be anything.
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace kurabe::server
