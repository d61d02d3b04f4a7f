// What an agent collects, at every tick: this machine's base metrics, and what its plugins print.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/environment.hpp"
#include "collectors/agent/commands.hpp"
#include "collectors/agent/plugin_files.hpp"
#include "collectors/report.hpp"
#include "server/log.hpp"

namespace kurabe::cli {

struct AgentSettings {
    std::optional<std::filesystem::path> conf_d;  // none: no plugins
    store::Seconds interval{60};
    store::Seconds offset{0};  // of every tick behind the multiple of the interval
};

// Used by one thread. References must outlive it.
class AgentCollecting {
  public:
    using Give = std::function<void(std::string lines)>;

    AgentCollecting(AgentSettings settings, const Environment& environment, server::Log& log,
                    Give give);

    // The tick behind `now`.
    [[nodiscard]] store::Time next_tick(store::Time now) const;
    // How many plugins there are now. What is wrong with their files, which may come later, is in
    // the log from here on.
    [[nodiscard]] std::size_t count_plugins();
    // Gives the base metrics, then what plugins printed, under the name of `host`. Plugins that
    // have not ended after 30 s, or three quarters of the interval, are ended, as all are when
    // `stop` is set.
    void collect(const std::string& host, const std::atomic<bool>& stop);

  private:
    void run_plugins(const std::string& host, const std::atomic<bool>& stop);
    [[nodiscard]] std::vector<collectors::agent::Plugin> plugins();
    void tell(const std::vector<collectors::agent::Plugin>& plugins,
              const std::vector<collectors::agent::CommandOutcome>& outcomes);

    AgentSettings settings_;
    const Environment& environment_;
    server::Log& log_;
    Give give_;
    std::set<std::string> told_;  // complaints that the log has
    // Plugins and commands of which the log knows that they fail.
    std::set<std::pair<std::string, std::string>> failing_;
};

}  // namespace kurabe::cli
