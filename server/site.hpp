// Everything the server answers: routes a request to a page, a graph or an API call.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "server/config.hpp"
#include "server/config_state.hpp"
#include "server/event_log.hpp"
#include "server/http_types.hpp"
#include "server/line_intake.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "server/plugin_definition.hpp"
#include "server/told_definitions.hpp"
#include "store/store.hpp"
#include "store/time_zone.hpp"

namespace kurabe::store::rrd {
class RrdTree;  // store/rrd/tree.hpp
}

namespace kurabe::server {

class AccessControl;    // server/access/access_control.hpp
class MackerelGraphs;   // server/mackerel_graphs.hpp
class MetricsText;      // server/metrics_text.hpp
class StandingNumbers;  // server/standing_numbers.hpp

// What the pages show. All references must outlive the Site.
struct SiteParts {
    const Config& config;
    const PluginCatalogue& plugins;
    const store::Store& store;
    const Metadata& metadata;
    Log& log;
    store::TimeZone zone;
    std::function<store::Time()> now;
    ToldDefinitions* told = nullptr;     // the Site's own
    LineIntake* intake = nullptr;        // for what is pushed; null when nothing can be written
    StandingNumbers* numbers = nullptr;  // of GrowthForecast's graphs; null when there are none
    MackerelGraphs* mackerel = nullptr;  // null: of its graphs only those of the agent itself
    EventLog* events = nullptr;          // none: nothing is marked
    const ConfigState* config_state = nullptr;  // none: the configuration in use is all there is
    store::Time started = {};                   // when this server was
    // When an earlier run heard its last host, so about when that one ended.
    std::optional<store::Time> heard_before = {};
    // The store when it is files of RRDtool, which others update, unknown to the metadata.
    const store::rrd::RrdTree* tree = nullptr;
    AccessControl* access = nullptr;  // null: whoever asks may look and write
    // Adds to "/metrics" what the site does not know itself. Thread-safe.
    std::function<void(MetricsText&)> tell_metrics = {};
};

class Site {
  public:
    explicit Site(SiteParts parts);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    // Thread-safe; never throws.
    [[nodiscard]] Response answer(const Request& request);
    // A BodyRule: routes that write have limits of their own. Thread-safe.
    [[nodiscard]] BodyDecision decide_body(const Request& head, std::optional<std::size_t> length);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::server
