// A fleet of invented hosts, to see Kurabe full without having one: fills a history fast and goes
// on with it live.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/demo_machine.hpp"
#include "collectors/demo_parameters.hpp"
#include "collectors/report.hpp"

namespace kurabe::collectors {

// `service` and `label` group hosts as a Kurado configuration does; hosts of one service follow one
// another, and so do those of one label within it.
struct DemoHost {
    std::string address;
    std::string hostname;
    std::string comments;
    std::string service;
    std::string label;
};

// Everything is a function of the parameters, of the host and the time: two fleets made from the
// same parameters agree at all times. Immutable, so any number of threads may read it.
class DemoFleet {
  public:
    // Fleets of 8 and more have each demo::Oddity once, relative to parameters.end; smaller ones
    // have none.
    explicit DemoFleet(const DemoParameters& parameters);

    [[nodiscard]] const std::vector<DemoHost>& hosts() const noexcept { return hosts_; }
    // Index of an address, none when not of the fleet.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view address) const noexcept;
    // What makes this host stand out.
    [[nodiscard]] demo::Oddity oddity(std::size_t host) const noexcept;

    // Everything the host reports at `time`; nothing when it is down or not yet installed. `host`
    // is an index into hosts(), here and below.
    [[nodiscard]] std::optional<Report> report(std::size_t host, store::Time time) const;

    // To fill fast: the keys once, of the plugin "base", then readings in their order.
    [[nodiscard]] std::vector<std::string> keys(std::size_t host) const;
    // As many values as keys(); counters are integers and higher each minute, except the guests'
    // (always 0) and those of the host with kTrafficCut. False, with `values` untouched, when the
    // host reports nothing.
    [[nodiscard]] bool readings(std::size_t host, store::Time time,
                                std::span<store::RawValue> values) const noexcept;

  private:
    std::vector<DemoHost> hosts_;
    std::vector<demo::Machine> machines_;
};

}  // namespace kurabe::collectors
