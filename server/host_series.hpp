// The data of a graph on a host's page: keys of the plugin that the graph belongs to, and series of
// other configured hosts by their full names.
#pragma once

#include <cstdint>
#include <string_view>

#include "render/series_source.hpp"
#include "server/config.hpp"
#include "store/store.hpp"

namespace kurabe::server {

// What a definition may name: series of all configured hosts, or of its own host and plugin alone.
enum class SeriesReach : std::uint8_t { kConfigured, kOwn };

// All references must outlive the source.
class HostSeries final : public render::SeriesSource {
  public:
    HostSeries(const Config& config, const store::Store& store, std::string_view host,
               std::string_view plugin, SeriesReach reach = SeriesReach::kConfigured)
        : config_(config), store_(store), host_(host), plugin_(plugin), reach_(reach) {}

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
    SeriesReach reach_;
};

}  // namespace kurabe::server
