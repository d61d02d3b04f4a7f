// Metadata and events, which share a file.
#include "cli/serve_core.hpp"

#include <utility>

namespace kurabe::cli {

Result<void> open_metadata(ServeCore& core, const std::filesystem::path& file) {
    using server::EventLog;
    using server::Metadata;
    auto metadata =
        Metadata::open(file, core.only_draws ? Metadata::Access::kRead : Metadata::Access::kWrite);
    if (!metadata) return std::unexpected(metadata.error());
    core.metadata = *std::move(metadata);
    auto events =
        EventLog::open(file, core.only_draws ? EventLog::Access::kRead : EventLog::Access::kWrite);
    if (!events) return std::unexpected(events.error());
    core.events = *std::move(events);
    return {};
}

}  // namespace kurabe::cli
