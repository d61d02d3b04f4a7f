// Reads rings.
#include "server/retention_key.hpp"

#include <fmt/format.h>

namespace kurabe::server {

Result<std::optional<store::Retention>> read_retention(YamlMapping& mapping) {
    const auto text = mapping.text("retention");
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return std::nullopt;
    const YamlNode& node = *mapping.find("retention");
    auto retention = store::Retention::parse(**text);
    if (!retention) {
        return node.error(fmt::format("'retention': {}; write it as 60:2d,5m:10d,1h:40d,1d:1100d",
                                      retention.error().message));
    }
    if (auto checked = retention->check(); !checked) {
        return node.error(fmt::format("'retention': {}", checked.error().message));
    }
    if (retention->step != store::Retention::kurado().step) {
        return node.error(fmt::format(
            "'retention' begins with {} s; series of a server have a step of {} s, so begin with "
            "60:DURATION",
            retention->step.count(), store::Retention::kurado().step.count()));
    }
    return std::optional(*std::move(retention));
}

}  // namespace kurabe::server
