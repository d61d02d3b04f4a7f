// Finds it by its name.
#include "server/service_parameter.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::server {

Result<const Service*> requested_service(Parameters& parameters, const Config& config) {
    const std::string_view name = parameters.text("service");
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    if (name.empty()) return nullptr;
    const auto found = std::ranges::find(config.services, name, &Service::name);
    if (found != config.services.end()) return &*found;
    return fail(ErrorCode::kNotFound,
                fmt::format("parameter service: no service '{}' in the configuration", name));
}

}  // namespace kurabe::server
