// What a server does for itself at its times: reads its own machine, goes on with invented
// histories, and reports what it has done.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cli/collection.hpp"
#include "cli/serve_core.hpp"
#include "collectors/schedule.hpp"
#include "server/config.hpp"
#include "server/log.hpp"
#include "store/types.hpp"

namespace kurabe::cli {

using Task = std::function<void(store::Time)>;

// Want of memory in one run of a task must not end the server. The log must outlive the result.
[[nodiscard]] Task guarded(server::Log& log, Task run);

// Adds those that the configuration asks for. All must outlive the schedule's work.
void schedule_tasks(collectors::Schedule& tasks, const server::Config& config,
                    const std::vector<std::unique_ptr<Collection>>& collections, ServeCore& core);

}  // namespace kurabe::cli
