// The parameter "service" of pages and the API.
#pragma once

#include "server/config.hpp"
#include "server/parameters.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// The service that is asked for, null for all of them. kNotFound names one that there is not; an
// error of any parameter that was read before comes first.
[[nodiscard]] Result<const Service*> requested_service(Parameters& parameters,
                                                       const Config& config);

}  // namespace kurabe::server
