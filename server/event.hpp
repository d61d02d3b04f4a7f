// What happened at a moment or over a span of time, and whom it is about: drawn on graphs as a mark
// or a band. Rule: our own, docs/operations.md, "Marks".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/config.hpp"
#include "store/types.hpp"

namespace kurabe::server {

// Each part that is not empty narrows it: without any it is about the whole fleet.
struct EventScope {
    std::string service = {};
    std::string section = {};  // label of one, within services
    std::string role = {};     // file name of a roll, without ".yml"
    std::string host = {};
    std::string plugin = {};  // identifier
    std::string graph = {};

    bool operator==(const EventScope&) const = default;
};

// Where a graph stands, or all graphs of a host or plugin. Views; the host's parts are empty for
// one that no service has.
struct EventPlace {
    std::string_view service = {};
    std::string_view section = {};
    std::string_view role = {};
    std::string_view host = {};
    std::string_view plugin = {};
    std::string_view graph = {};
};

struct Event {
    std::int64_t id = 0;  // given by the log that keeps it
    store::Time time;
    std::optional<store::Time> end = {};  // none: a moment
    std::string text = {};                // one line
    std::string color = {};               // "#rrggbb"; empty: the usual one
    std::string source = {};              // "api", "reboot"; who said it
    EventScope scope = {};
};

// Of a graph, or with an empty plugin or graph of all those. The views are of the arguments.
[[nodiscard]] EventPlace event_place(const Config& config, std::string_view host,
                                     std::string_view plugin, std::string_view graph);

[[nodiscard]] bool concerns(const EventScope& scope, const EventPlace& place) noexcept;

// "httpd.yml" -> "httpd"
[[nodiscard]] std::string_view role_of(std::string_view roll_file) noexcept;

}  // namespace kurabe::server
