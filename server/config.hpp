// The server's configuration: Kurado's multi-document YAML, accepted as it is, with a few keys
// more. Rule: docs/operations.md. Loaded once into plain data; never changed afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/demo_parameters.hpp"
#include "collectors/fetch/arguments.hpp"
#include "collectors/munin/ssh_command.hpp"
#include "collectors/snmp/survey.hpp"
#include "collectors/ssh/settings.hpp"
#include "collectors/ssh/target.hpp"
#include "server/access/access_config.hpp"
#include "server/commands_reader.hpp"
#include "server/interval.hpp"
#include "server/limits.hpp"
#include "server/sender_rules.hpp"
#include "server/serving_config.hpp"
#include "server/snmp_config.hpp"
#include "server/text_place.hpp"
#include "server/unlisted_hosts.hpp"
#include "store/result.hpp"
#include "store/retention.hpp"
#include "store/time_zone.hpp"

namespace kurabe::server {

inline constexpr std::size_t kConfigBytesMax = 16 << 20;
inline constexpr std::size_t kHostsMax = 20000;
inline constexpr std::size_t kPluginsPerRollMax = 100;

inline constexpr std::string_view kBasePlugin = "base";  // always ours

// One line of a roll: "name:argument:argument...".
struct PluginLine {
    std::string name;
    std::vector<std::string> arguments = {};
    TextPlace place = {};  // in the roll's file

    // What its pages are called, and what else the line gives them: of "exec:NAME:ARGUMENT" what is
    // behind "exec".
    [[nodiscard]] std::string_view page_name() const noexcept;
    [[nodiscard]] std::span<const std::string> page_arguments() const noexcept;

    [[nodiscard]] std::string identifier() const;        // the line re-joined with ':'
    [[nodiscard]] std::string short_identifier() const;  // at most 27 characters, else 25 + ".."
};

// A roll file: which plugins its hosts have, in page order, and how the server itself collects
// them.
struct Roll {
    std::string file;                      // as the configuration names it
    std::vector<PluginLine> plugins = {};  // `base` where the file has the first of `collections`
    // Lines that name a way to collect metrics, mostly base: "ssh:watch@:2222", "snmp:oid:ups".
    std::vector<PluginLine> collections = {};
    // The main one with the roll's own over it.
    collectors::fetch::MetricsConfig metrics_config = {};
    SnmpLines snmp = {};
    std::optional<store::Seconds> interval = {};     // how often its hosts are heard
    std::optional<store::Retention> retention = {};  // of its hosts' archives
    std::string path = {};                           // of the file

    // "FILE:LINE:COLUMN: message" about one of its lines.
    [[nodiscard]] std::string message(const PluginLine& line, std::string_view what) const;
};

// How the server itself collects a host's base metrics; hosts that push need nothing. By a line of
// the roll or by our own key `collect:` beside `roll:`.
enum class CollectMethod : std::uint8_t { kNone, kLocal, kDemo, kSsh, kSnmp };

struct Host {
    std::string address = {};     // identity of the host, and the HOST of its series
    std::string connect_to = {};  // where it is reached: the same, unless it has moved
    std::string hostname = {};    // the address when the line has none
    std::string comments = {};
    CollectMethod collect = CollectMethod::kNone;
    collectors::ssh::Target ssh = {};       // of kSsh: connect_to, with the user and port given
    std::shared_ptr<const Roll> roll = {};  // never null
    // How often it is heard: polled, or pushing by itself.
    store::Seconds interval = kUsualInterval;
    TextPlace place = {};  // in the configuration's file
};

struct Section {
    std::string label;  // may be empty
    std::vector<Host> hosts = {};
};

struct Service {
    std::string name;
    std::vector<Section> sections = {};
};

// Where a host stands, found by its address. The pointers belong to the Config.
struct HostPlace {
    const Service* service;
    const Host* host;
};

inline constexpr std::string_view kUsualTheme = "kurado";

struct Config {
    std::filesystem::path file;
    std::filesystem::path data_dir;                  // absolute
    std::filesystem::path rolls_dir;                 // absolute
    std::vector<std::filesystem::path> plugin_dirs;  // searched before the built-in plugins
    // Our own key `demo:`, written by `kurabe demo`: the fleet that hosts with `collect: demo` are
    // of.
    std::optional<collectors::DemoParameters> demo;
    // Of document 1, for all plugins. May hold passwords.
    collectors::fetch::MetricsConfig metrics_config;
    // Our own key `ssh:`, for hosts with `collect: ssh`, and for munin-nodes over SSH.
    collectors::ssh::Settings ssh;
    // Our own key `munin:`, what hosts of lines `munin:ssh` are asked to run.
    std::string munin_ssh_command{collectors::munin::kUsualSshCommand};
    // Our own key `time_zone:`, of pages and pictures; none: the system's.
    std::optional<store::TimeZone> time_zone;
    // Our own key `theme:`, of pictures that are not asked for with another; none: kUsualTheme, and
    // on pages what the browser prefers.
    std::optional<std::string> theme;
    SnmpConfig snmp;  // our own key `snmp:`, for hosts watched by SNMP
    // Our own key `commands:`: programs that lines `exec:NAME` run.
    Commands commands;
    // Our own key `graphite:`, what Graphite's paths may begin with before the host.
    std::vector<std::string> graphite_prefixes;
    // Our own key `access:`: who may look and who may write.
    AccessConfig access;
    // Our own keys `tls:` and `access_log:`.
    ServingConfig serving;
    // Our own key `senders:`: who may push lines of which hosts.
    SenderRules senders;
    // Our own key `retention:`, of archives of hosts whose roll says nothing.
    store::Retention retention = store::Retention::kurado();
    // Our own key `unlisted_hosts:`: how many that are not listed here may be stored.
    std::size_t unlisted_hosts = kUnlistedHostsMax;
    Limits limits;                                        // our own key `limits:`
    std::vector<Service> services;                        // sorted by name, case-insensitively
    std::map<std::string, HostPlace, std::less<>> hosts;  // by address
    // Addresses by what their hosts are called besides, those of a name in their order. Views of
    // the services' hosts.
    std::multimap<std::string_view, std::string_view> names;
    std::vector<std::string> warnings;  // what was accepted but will not work; one line each

    // Of an address, or of the name of exactly one host; other texts stand for themselves. kInvalid
    // names two of several hosts of that name.
    [[nodiscard]] Result<std::string> address_of(std::string_view host) const;
    // What the host is called besides; empty when it is not listed, or called by its address alone.
    [[nodiscard]] std::string_view name_of(std::string_view address) const;
    // "FILE:LINE:COLUMN: message" about a host.
    [[nodiscard]] std::string message(const Host& host, std::string_view what) const;
    // Of a host that is not listed, kUsualInterval.
    [[nodiscard]] store::Seconds interval_of(std::string_view address) const;
    // What its archive is to have.
    [[nodiscard]] const store::Retention& retention_of(std::string_view address) const;

    Config() = default;
    Config(Config&&) noexcept = default;  // keeps HostPlace valid: vectors keep their storage
    Config& operator=(Config&&) noexcept = default;
    Config(const Config&) = delete;
    Config& operator=(const Config&) = delete;
};

// Errors (kInvalid, kNotFound, kLimit) read "FILE:LINE:COLUMN: what is wrong; what would be right".
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);

}  // namespace kurabe::server
