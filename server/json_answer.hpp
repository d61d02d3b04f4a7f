// An answer of the API, which nobody keeps.
#pragma once

#include <string>

#include "server/http_types.hpp"

namespace kurabe::server {

[[nodiscard]] Response json_answer(std::string json, int status = 200);

}  // namespace kurabe::server
