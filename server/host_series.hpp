// The data of a graph on a host's page: keys of the plugin that the graph belongs to, and series of
// other configured hosts by their full names.
#pragma once

#include <string_view>

#include "render/series_source.hpp"
#include "server/config.hpp"
#include "store/store.hpp"

namespace kurabe::server {

// All references must outlive the source.
class HostSeries final : public render::SeriesSource {
  public:
    HostSeries(const Config& config, const store::Store& store, std::string_view host,
               std::string_view plugin)
        : config_(config), store_(store), host_(host), plugin_(plugin) {}

    // "cpu-user.derive" is the plugin's; "HOST/PLUGIN/KEY" is absolute, kNotFound unless HOST is
    // configured.
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& reference,
        const store::FetchRequest& request) const override;

  private:
    const Config& config_;
    const store::Store& store_;
    std::string_view host_;
    std::string_view plugin_;
};

}  // namespace kurabe::server
