// The series that a request of the API is about.
// Rule: docs/operations.md, "The API".
#pragma once

#include <string_view>

#include "server/config.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"

namespace kurabe::server {

// Of "HOST/PLUGIN/KEY", in which HOST is an address or what Config::address_of() takes for one.
// kInvalid says what is wrong.
[[nodiscard]] Result<store::SeriesName> asked_series(std::string_view text, const Config& config);

}  // namespace kurabe::server
