// Resolves what a DEF names.
#include "server/host_series.hpp"

#include <fmt/format.h>

namespace kurabe::server {

Result<store::FetchedSeries> HostSeries::fetch(const render::SeriesReference& reference,
                                               const store::FetchRequest& request) const {
    if (!reference.series.contains('/')) {
        const store::SeriesName name{std::string(host_), std::string(plugin_), reference.series};
        return store_.fetch(name, request);
    }
    if (reach_ == SeriesReach::kOwn) {
        return fail(ErrorCode::kInvalid, "a definition that a host told has its own series only");
    }
    const auto name = store::SeriesName::parse(reference.series);
    if (!name) return std::unexpected(name.error());
    if (!config_.hosts.contains(name->host)) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("no host {} in the configuration", name->host));
    }
    return store_.fetch(*name, request);
}

}  // namespace kurabe::server
