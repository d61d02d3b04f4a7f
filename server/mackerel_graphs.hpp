// Definitions of graphs that Mackerel's agents post. They name no host: they are for the plugin
// `mackerel` of every host, and kept with the metadata under a name that no host can have.
// Rule: docs/operations.md, "Mackerel".
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/exec/metric_graphs.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "store/guarded.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

// Where values lie that are posted in Mackerel's form.
inline constexpr std::string_view kMackerelPlugin = "mackerel";
inline constexpr std::size_t kMackerelGraphsMax = 1000;  // that are posted and not taken back

// Thread-safe. References must outlive it.
class MackerelGraphs {
  public:
    using List = std::vector<collectors::exec::MackerelGraph>;

    // Reads those that are kept.
    MackerelGraphs(Metadata& metadata, Log& log);

    // Keeps them, each in the place of one of its name; one without metrics takes that back. Those
    // beyond a limit are counted as refused.
    [[nodiscard]] Result<RefusedMeta> add(std::span<const collectors::exec::MackerelGraph> graphs,
                                          store::Time now);
    // Behind those of what the agent measures itself. Never null.
    [[nodiscard]] std::shared_ptr<const List> current() const { return *current_.lock_shared(); }

  private:
    using Posted = std::map<std::string, collectors::exec::MackerelGraph, std::less<>>;

    [[nodiscard]] Result<void> read();

    Metadata& metadata_;
    Log& log_;
    std::mutex adding_;  // taken before current_
    Posted posted_;      // of adding_
    store::Guarded<std::shared_ptr<const List>> current_;
};

}  // namespace kurabe::server
