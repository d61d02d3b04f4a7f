// Reads document 1 of Kurado's configuration, the server's own.
#include "server/config.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "render/themes.hpp"
#include "server/graphite/line.hpp"
#include "server/metrics_config.hpp"
#include "server/retention_key.hpp"
#include "server/sender_rules_reader.hpp"
#include "server/services_reader.hpp"
#include "server/text_file.hpp"
#include "server/yaml.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kUnlistedHostsLimit = 1'000'000;
constexpr std::string_view kDefaultDataDir = "data";
constexpr std::string_view kDefaultRollsDir = "sample_rolls";

void append(std::vector<std::string>& to, std::vector<std::string> more) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

// Compares as Kurado lists its services.
bool before_ignoring_case(const Service& left, const Service& right) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::lexicographical_compare(left.name.begin(), left.name.end(), right.name.begin(),
                                        right.name.end(), [lower](char a, char b) {
                                            return static_cast<unsigned char>(lower(a)) <
                                                   static_cast<unsigned char>(lower(b));
                                        });
}

class ConfigReader {
  public:
    ConfigReader(const fs::path& file, fs::path directory) : directory_(std::move(directory)) {
        config_.file = file;
    }

    [[nodiscard]] Result<Config> read(const std::vector<YamlNode>& documents);

  private:
    [[nodiscard]] Result<void> read_main(const YamlNode& document);
    [[nodiscard]] Result<void> read_paths(YamlMapping& config);
    [[nodiscard]] Result<void> read_plugin_dirs(YamlMapping& config);
    [[nodiscard]] Result<void> read_theme(YamlMapping& config);
    [[nodiscard]] Result<void> read_time_zone(YamlMapping& config);
    [[nodiscard]] Result<void> read_demo(YamlMapping& config);
    [[nodiscard]] Result<void> read_ssh(YamlMapping& config);
    [[nodiscard]] Result<void> read_munin(YamlMapping& config);
    [[nodiscard]] Result<void> read_graphite(YamlMapping& config);
    [[nodiscard]] Result<void> read_senders(YamlMapping& config);
    [[nodiscard]] Result<void> read_programs(YamlMapping& config);
    void index_hosts();

    [[nodiscard]] fs::path resolve(std::string_view path) const {
        return (directory_ / path).lexically_normal();
    }

    Config config_;
    fs::path directory_;
    std::optional<std::string> misspelt_;  // a warning of an unknown key of document 1
};

Result<Config> ConfigReader::read(const std::vector<YamlNode>& documents) {
    if (documents.empty()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}:1:1: the file is empty; document 1 must have 'config:'",
                                config_.file.native()));
    }
    if (auto read = read_main(documents[0]); !read) return std::unexpected(read.error());
    const auto read = read_services(std::span(documents).subspan(1), config_.rolls_dir, config_);
    if (!read && misspelt_) {
        // It may be the cause, and nobody is told warnings now.
        return fail(read.error().code,
                    fmt::format("{}; before it, {}", read.error().message, *misspelt_));
    }
    if (!read) return std::unexpected(read.error());
    std::stable_sort(config_.services.begin(), config_.services.end(), before_ignoring_case);
    index_hosts();
    return std::move(config_);
}

// Kurado's processes, which have no counterpart here: only their form is checked.
Result<void> check_workers(YamlMapping& config) {
    for (const std::string_view key : {"web_worker", "update_worker", "fetch_worker"}) {
        if (const auto number = config.positive_integer(key); !number) {
            return std::unexpected(number.error());
        }
    }
    return {};
}

// Kurado's `metrics_config` stands beside `config` or inside of it.
Result<void> ConfigReader::read_main(const YamlNode& document) {
    auto main = YamlMapping::of(document, "document 1");
    if (!main) return std::unexpected(main.error());
    const auto node = main->mapping("config");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) {
        return document.error(
            "missing 'config' in document 1; begin with 'config:' and 'data_dir'"
            " below it");
    }
    auto config = YamlMapping::of(**node, "'config'");
    for (YamlMapping* holder : {&*config, &*main}) {
        const auto free = holder->mapping("metrics_config");
        if (!free) return std::unexpected(free.error());
        config_.metrics_config =
            merged(std::move(config_.metrics_config), read_metrics_config(*free));
    }
    if (auto read = read_paths(*config); !read) return read;
    if (auto read = read_plugin_dirs(*config); !read) return read;
    if (auto checked = check_workers(*config); !checked) return checked;
    if (auto read = read_theme(*config); !read) return read;
    if (auto read = read_time_zone(*config); !read) return read;
    const auto retention = read_retention(*config);
    if (!retention) return std::unexpected(retention.error());
    config_.retention = retention->value_or(store::Retention::kurado());
    if (auto read = read_demo(*config); !read) return read;
    if (auto read = read_ssh(*config); !read) return read;
    if (auto read = read_munin(*config); !read) return read;
    if (auto read = read_graphite(*config); !read) return read;
    if (auto read = read_senders(*config); !read) return read;
    auto access =
        read_access_config(*config, [this](std::string_view path) { return resolve(path); });
    if (!access) return std::unexpected(access.error());
    config_.access = *std::move(access);
    auto serving = read_serving_config(
        *config, [this](std::string_view path) { return resolve(path); }, config_.warnings);
    if (!serving) return std::unexpected(serving.error());
    config_.serving = *std::move(serving);
    if (auto read = read_programs(*config); !read) return read;
    const auto limits = read_limits(*config, config_.warnings);
    if (!limits) return std::unexpected(limits.error());
    config_.limits = *limits;
    auto snmp = read_snmp_config(
        *config, [this](std::string_view path) { return resolve(path); }, config_.warnings);
    if (!snmp) return std::unexpected(snmp.error());
    config_.snmp = *std::move(snmp);
    for (const YamlMapping* holder : {&*main, &*config}) {
        std::vector<std::string> unknown = holder->unknown_keys();
        if (!unknown.empty() && !misspelt_) misspelt_ = unknown.front();
        append(config_.warnings, std::move(unknown));
    }
    return {};
}

// `redis` is read and not used: agents speak to this server itself.
Result<void> ConfigReader::read_paths(YamlMapping& config) {
    const auto data = config.text("data_dir");
    if (!data) return std::unexpected(data.error());
    const auto rolls = config.text("rolls_dir");
    if (!rolls) return std::unexpected(rolls.error());
    const auto redis = config.text("redis");
    if (!redis) return std::unexpected(redis.error());
    config_.data_dir = resolve(data->value_or(std::string(kDefaultDataDir)));
    config_.rolls_dir = resolve(rolls->value_or(std::string(kDefaultRollsDir)));
    return {};
}

// Kurado wants a list; its own default is one text, which is taken as a list of one.
Result<void> ConfigReader::read_plugin_dirs(YamlMapping& config) {
    const YamlNode* value = config.find("metrics_plugin_dir");
    if (value == nullptr) return {};
    const std::vector<YamlNode> one{*value};
    for (const YamlNode& item : value->is(YamlNode::Kind::kSequence) ? value->items : one) {
        const auto directory =
            yaml_text(item, "'metrics_plugin_dir' (a directory or a list of them)");
        if (!directory) return std::unexpected(directory.error());
        config_.plugin_dirs.push_back(resolve(*directory));
        std::error_code ignored;
        if (!fs::is_directory(config_.plugin_dirs.back(), ignored)) {
            config_.warnings.push_back(item.message(
                fmt::format("there is no directory {}", config_.plugin_dirs.back().native())));
        }
    }
    return {};
}

Result<void> ConfigReader::read_theme(YamlMapping& config) {
    const auto name = config.text("theme");
    if (!name) return std::unexpected(name.error());
    if (!name->has_value()) return {};
    if (const auto theme = render::parse_theme(**name); !theme) {
        return config.find("theme")->error(
            fmt::format("'theme: {}': {}", **name, theme.error().message));
    }
    config_.theme = **name;
    return {};
}

Result<void> ConfigReader::read_time_zone(YamlMapping& config) {
    const auto name = config.text("time_zone");
    if (!name) return std::unexpected(name.error());
    if (!name->has_value()) return {};
    auto zone = store::TimeZone::locate(**name);
    if (!zone) {
        return config.find("time_zone")
            ->error(fmt::format(
                "'time_zone: {}' is no time zone; write one as 'Asia/Tokyo' or 'UTC'", **name));
    }
    config_.time_zone = *std::move(zone);
    return {};
}

Result<std::int64_t> read_count(YamlMapping& mapping, std::string_view key, std::int64_t most,
                                std::string_view expected = "a whole number is needed") {
    const auto text = mapping.required_text(key, expected);
    if (!text) return std::unexpected(text.error());
    std::int64_t count = 0;
    const char* const end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, count);
    if (error != std::errc{} || rest != end || count < 0 || count > most) {
        return mapping.find(key)->error(
            fmt::format("'{}' must be a whole number up to {}, not '{}'", key, most, *text));
    }
    return count;
}

Result<void> ConfigReader::read_demo(YamlMapping& config) {
    constexpr std::int64_t kYear2200 = 7'258'118'400;
    constexpr std::string_view kFleet = "a fleet has 'seed', 'hosts' and 'end'";
    const auto node = config.mapping("demo");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return {};
    auto demo = YamlMapping::of(**node, "'demo'");
    const auto seed = read_count(*demo, "seed", std::numeric_limits<std::int64_t>::max(), kFleet);
    if (!seed) return std::unexpected(seed.error());
    const auto hosts = read_count(*demo, "hosts", collectors::kDemoHostsMax, kFleet);
    if (!hosts) return std::unexpected(hosts.error());
    const auto end = read_count(*demo, "end", kYear2200, kFleet);
    if (!end) return std::unexpected(end.error());
    config_.demo = collectors::DemoParameters{.seed = static_cast<std::uint64_t>(*seed),
                                              .hosts = static_cast<int>(*hosts),
                                              .end = store::Time{store::Seconds{*end}}};
    append(config_.warnings, demo->unknown_keys());
    return {};
}

Result<void> ConfigReader::read_ssh(YamlMapping& config) {
    const auto node = config.mapping("ssh");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return {};
    auto ssh = YamlMapping::of(**node, "'ssh'");
    const auto read = [&](std::string_view key, std::optional<fs::path>& path) -> Result<void> {
        const auto text = ssh->text(key);
        if (!text) return std::unexpected(text.error());
        if (text->has_value()) path = resolve(**text);
        return {};
    };
    if (auto done = read("identity", config_.ssh.identity); !done) return done;
    if (auto done = read("known_hosts", config_.ssh.known_hosts); !done) return done;
    const auto file = ssh->text("ssh_config");
    if (!file) return std::unexpected(file.error());
    if (file->has_value()) {
        config_.ssh.config =
            **file == collectors::ssh::kNoConfig ? fs::path(**file) : resolve(**file);
    }
    append(config_.warnings, ssh->unknown_keys());
    return {};
}

Result<void> ConfigReader::read_munin(YamlMapping& config) {
    const auto node = config.mapping("munin");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return {};
    auto munin = YamlMapping::of(**node, "'munin'");
    const auto command = munin->text("ssh_command");
    if (!command) return std::unexpected(command.error());
    if (command->has_value()) {
        if (auto checked = collectors::munin::check_ssh_command(**command); !checked) {
            return munin->find("ssh_command")->error("'ssh_command': " + checked.error().message);
        }
        config_.munin_ssh_command = **command;
    }
    append(config_.warnings, munin->unknown_keys());
    return {};
}

Result<void> ConfigReader::read_graphite(YamlMapping& config) {
    const auto node = config.mapping("graphite");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return {};
    auto graphite = YamlMapping::of(**node, "'graphite'");
    const auto items = graphite->sequence("prefixes");
    if (!items) return std::unexpected(items.error());
    for (const YamlNode& item : **items) {
        auto prefix = yaml_text(item, "a prefix");
        if (!prefix) return std::unexpected(prefix.error());
        if (!graphite::is_prefix(*prefix)) {
            return item.error(fmt::format(
                "'{}' begins no path of Graphite; name its first parts, such as 'servers' or "
                "'stats.gauges'",
                *prefix));
        }
        config_.graphite_prefixes.push_back(*std::move(prefix));
    }
    append(config_.warnings, graphite->unknown_keys());
    return {};
}

Result<void> ConfigReader::read_senders(YamlMapping& config) {
    const auto items = config.sequence("senders");
    if (!items) return std::unexpected(items.error());
    auto rules = read_sender_rules(**items, config_.warnings);
    if (!rules) return std::unexpected(rules.error());
    config_.senders = *std::move(rules);
    if (config.find("unlisted_hosts") == nullptr) return {};
    const auto most = read_count(config, "unlisted_hosts", kUnlistedHostsLimit);
    if (!most) return std::unexpected(most.error());
    config_.unlisted_hosts = static_cast<std::size_t>(*most);
    return {};
}

Result<void> ConfigReader::read_programs(YamlMapping& config) {
    const auto node = config.mapping("commands");
    if (!node) return std::unexpected(node.error());
    auto commands = read_commands(*node);
    if (!commands) return std::unexpected(commands.error());
    config_.commands = *std::move(commands);
    return {};
}

// Last, when no vector grows any more.
void ConfigReader::index_hosts() {
    for (const Service& service : config_.services) {
        for (const Section& section : service.sections) {
            for (const Host& host : section.hosts) {
                config_.hosts.emplace(host.address, HostPlace{&service, &host});
            }
        }
    }
    for (const auto& [address, place] : config_.hosts) {
        config_.names.emplace(place.host->hostname, place.host->address);
    }
}

}  // namespace

store::Seconds Config::interval_of(std::string_view address) const {
    const auto place = hosts.find(address);
    return place == hosts.end() ? kUsualInterval : place->second.host->interval;
}

const store::Retention& Config::retention_of(std::string_view address) const {
    const auto place = hosts.find(address);
    const bool has_own = place != hosts.end() && place->second.host->roll->retention;
    return has_own ? *place->second.host->roll->retention : retention;
}

std::string_view Config::name_of(std::string_view address) const {
    const auto place = hosts.find(address);
    if (place == hosts.end() || place->second.host->hostname == address) return {};
    return place->second.host->hostname;
}

Result<std::string> Config::address_of(std::string_view host) const {
    if (hosts.contains(host)) return std::string(host);
    const auto [first, end] = names.equal_range(host);
    if (first == end) return std::string(host);
    const auto second = std::next(first);
    if (second == end) return std::string(first->second);
    return fail(ErrorCode::kInvalid,
                fmt::format("{} is the name of several hosts, such as {} and {}; use the address",
                            host, first->second, second->second));
}

std::string Config::message(const Host& host, std::string_view what) const {
    return fmt::format("{}:{}: {}", file.native(), host.place.text(), what);
}

Result<Config> load_config(const fs::path& file) {
    const auto text = read_text_file(file, kConfigBytesMax);
    if (!text) return std::unexpected(text.error());
    const auto documents = parse_yaml(*text, file.native());
    if (!documents) return std::unexpected(documents.error());
    std::error_code error;
    const fs::path absolute = fs::absolute(file, error);
    if (error) {
        return fail(ErrorCode::kSystem,
                    fmt::format("{}: has no absolute path: {}", file.native(), error.message()));
    }
    return ConfigReader(file, absolute.parent_path()).read(*documents);
}

}  // namespace kurabe::server
