// All of a server that follows from one reading of its configuration. A reload makes the next
// generation beside the one at work, and lets that one end what it has begun.
#pragma once

#include <memory>
#include <vector>

#include "cli/collection.hpp"
#include "cli/loaded_config.hpp"
#include "cli/serve_core.hpp"
#include "collectors/schedule.hpp"
#include "server/access/access_control.hpp"
#include "server/line_intake.hpp"
#include "server/pushed_series.hpp"
#include "server/site.hpp"
#include "server/unlisted_hosts.hpp"

namespace kurabe::cli {

// Site and intake may be used by any thread as long as somebody holds the generation, even after
// stop(); the others belong to one.
class ServeGeneration {
  public:
    // Everything that can be wrong is found here; nothing runs yet. The core must outlive it.
    [[nodiscard]] static Result<std::shared_ptr<ServeGeneration>> prepare(LoadedConfig loaded,
                                                                          ServeCore& core);
    ~ServeGeneration();  // as stop()
    ServeGeneration(const ServeGeneration&) = delete;
    ServeGeneration& operator=(const ServeGeneration&) = delete;

    // Begins to collect; once.
    void start();
    // Begins nothing more; what is under way goes on.
    void wind_down();
    [[nodiscard]] bool is_idle() const;
    // Waits for what cannot be given up. May be called again, and without start().
    void stop();

    [[nodiscard]] server::Site& site() noexcept { return *site_; }
    [[nodiscard]] server::LineIntake& intake() noexcept { return *intake_; }
    [[nodiscard]] const LoadedConfig& loaded() const noexcept { return loaded_; }

  private:
    ServeGeneration(LoadedConfig loaded, ServeCore& core);
    void make_intake();
    void warn_of_hidden_hosts();
    [[nodiscard]] Result<void> open_access();
    void make_site();
    [[nodiscard]] Result<void> prepare_collections();

    const LoadedConfig loaded_;
    ServeCore& core_;
    std::unique_ptr<server::UnlistedHosts> unlisted_;
    std::unique_ptr<server::PushedSeries> pushed_series_;
    std::unique_ptr<server::LineIntake> intake_;
    std::unique_ptr<server::AccessControl> access_;
    std::unique_ptr<server::Site> site_;
    std::vector<std::unique_ptr<Collection>> collections_;  // from other machines
    collectors::Schedule tasks_;                            // on this one
};

}  // namespace kurabe::cli
